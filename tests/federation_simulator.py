"""Hubs in one process over a bad line: real envelopes, a virtual clock, everything repeatable by a seed.

The line loses, doubles and reorders; a hub can be put back to an older backup. What a hub does with the
core's effects here is the least a real one does.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from federation_builders import NOW, ANetwork

from directory.core.effects import Stream
from hub.federation.core import sending, streams
from hub.federation.core.bodies import (
    Alarm,
    AskHeads,
    Cards,
    Checkpoint,
    OpenEpoch,
    Resend,
    StreamHead,
    Tombstone,
)
from hub.federation.core.cards import state_digest
from hub.federation.core.envelope import (
    Draft,
    Refusal,
    VerifiedEnvelope,
    check_signed,
    open_envelope,
    seal_envelope,
    sign_envelope,
)
from hub.federation.core.keyring import Keyring
from hub.federation.core.shapes import as_json, millis
from hub.federation.core.streams import Head

STREAMS = (Stream.URGENT, Stream.CARDS)
NOT_TWICE_WITHIN = timedelta(seconds=10)
Place = tuple[Stream, int, int]


@dataclass(slots=True)
class Memory:
    """All that a hub keeps about one peer: what a backup holds."""

    out: dict[Stream, Head] = field(default_factory=lambda: {each: Head() for each in STREAMS})
    inward: dict[Stream, Head] = field(default_factory=lambda: {each: Head() for each in STREAMS})
    confirmed: dict[Stream, int] = field(default_factory=lambda: dict.fromkeys(STREAMS, 0))
    log: dict[Place, bytes] = field(default_factory=dict)
    hashes: dict[Place, bytes] = field(default_factory=dict)
    seen: dict[Place, bytes] = field(default_factory=dict)
    held: dict[Place, bytes] = field(default_factory=dict)
    unsent: dict[str, Stream] = field(default_factory=dict)
    mine: dict[str, int] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    alarms_raised: dict[str, dict[str, object]] = field(default_factory=dict)
    theirs: dict[str, int] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    offered: dict[str, int] = field(default_factory=dict)
    alarms_heard: set[str] = field(default_factory=set)


@dataclass(slots=True)
class SimHub:
    """One hub with one peer. After a start its streams are in doubt until the peer says where they are.

    Until then cards wait, and an alarm opens a new epoch. `question` is the nonce of its latest question; it
    does not outlive a restart: each start asks a new one.
    """

    network: ANetwork
    peer: ANetwork
    memory: Memory = field(default_factory=Memory)
    unsure: set[Stream] = field(default_factory=set)
    outbox: list[bytes] = field(default_factory=list)
    accused: list[str] = field(default_factory=list)
    applied: list[Place] = field(default_factory=list)
    forged: int = 0
    questions: int = 0
    question: str | None = None
    compared: int = 0
    repeated_at: datetime = NOW - timedelta(days=1)
    head_before: Head = field(default_factory=Head)
    ring: Keyring = field(init=False)
    sealing_to: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.ring = self.network.keyring(self.peer)
        self.sealing_to = self.peer.sealing_public

    # what people do

    def share(self, card: str, version: int) -> None:
        if card not in self.memory.withdrawn:
            self.memory.mine[card] = version
            self.memory.unsent[card] = Stream.CARDS

    def withdraw(self, card: str) -> None:
        self.memory.mine.pop(card, None)
        self.memory.withdrawn.add(card)
        self.memory.unsent[card] = Stream.CARDS

    def alarm(self, name: str, now: datetime) -> None:
        body = as_json(Alarm(id=name, kind_of_help="shelter", severity="high", raised_at=millis(now)))
        self.memory.alarms_raised[name] = body
        self.memory.unsent[name] = Stream.URGENT

    def send_unsent(self, now: datetime) -> None:
        """The newest state of whatever changed; cards not before it is known where their stream is."""
        for name, stream in sorted(self.memory.unsent.items()):
            if stream is Stream.URGENT:
                if stream in self.unsure:
                    self._begin_in_doubt(stream, now)
                self._post(stream, "alarm", self.memory.alarms_raised[name])
            elif stream in self.unsure:
                continue
            elif name in self.memory.withdrawn:
                self._post(stream, "tombstone", {"cards": [name]})
            else:
                card = {"id": name, "version": self.memory.mine[name]}
                self._post(stream, "card", {"cards": [{"card": card}]})
            del self.memory.unsent[name]

    def _begin_in_doubt(self, stream: Stream, now: datetime) -> None:
        own, seq = self.memory.out[stream], self.memory.confirmed[stream]
        known = self.memory.hashes.get((stream, own.epoch, seq), Head().hash)
        self._begin_anew(stream, Head(own.epoch, seq, known), now)

    def checkpoint(self, now: datetime) -> None:
        self.send_unsent(now)
        if Stream.CARDS in self.unsure:
            return
        body = Checkpoint(
            count=len(self.memory.mine),
            digest=state_digest(self.memory.mine.items()).hex(),
            lease_until=millis(now + timedelta(days=7)),
        )
        self._post(Stream.CARDS, "checkpoint", as_json(body))

    def ask(self, *, differs: bool = False) -> None:
        """Heads both ways: how far I have come with yours; you will say how far you have come with mine.

        The same question is repeated until answered: on a slow line a newer one would outdate each answer.
        """
        if self.question is None:
            self.questions += 1
            self.question = f"{self.questions:032x}"
        asks = AskHeads(mine=tuple(self._heads()), nonce=self.question, differs=differs)
        self._say(Stream.URGENT, "heads", as_json(asks))

    def restore(self, backup: Memory) -> None:
        """The disk is as it was; what was done since is forgotten here, and only here."""
        self.memory = copy.deepcopy(backup)
        self.unsure, self.question = set(STREAMS), None

    # what hubs do

    def _heads(self) -> Iterator[StreamHead]:
        for stream, head in self.memory.inward.items():
            held = [(epoch, seq) for each, epoch, seq in self.memory.held if each == stream]
            yield streams.head_report(stream, head, held=max(held, default=(0, 0)))

    def _post(self, stream: Stream, kind: str, body: dict[str, object]) -> None:
        head = self.memory.out[stream]
        receipt = streams.receipt_for(self.memory.inward[stream], NOW)
        self._write(
            sending.next_draft(
                head,
                kind=kind,
                sender=self.network.id,
                to=self.peer.id,
                stream=stream,
                body=body,
                at=NOW,
                receipt=receipt,
            )
        )

    def _write(self, draft: Draft) -> None:
        signed = sign_envelope(draft, self.network.seed)
        place = (draft.stream, draft.epoch, draft.seq)
        self.memory.out[draft.stream] = sending.after(draft, signed)
        self.memory.log[place] = signed.signed
        self.memory.hashes[place] = signed.hash
        self.outbox.append(seal_envelope(signed.signed, self.sealing_to))

    def _say(self, stream: Stream, kind: str, body: dict[str, object]) -> None:
        signed = sign_envelope(
            self.network.draft(self.peer, kind, body, stream=stream, seq=0), self.network.seed
        )
        self.outbox.append(seal_envelope(signed.signed, self.sealing_to))

    def hear(self, raw: bytes, now: datetime) -> None:
        opened = open_envelope(raw, self.ring, now)
        if isinstance(opened, Refusal):
            self.forged += 1
            return
        self._offer(opened, now)

    def _offer(self, envelope: VerifiedEnvelope, now: datetime) -> None:
        memory, stream = self.memory, envelope.stream
        place = (stream, envelope.epoch, envelope.seq)
        self.head_before = memory.inward[stream]
        head, effects = streams.receive(self.head_before, envelope, seen=memory.seen.get(place), now=now)
        memory.inward[stream] = head
        for effect in effects:
            self._do(effect, place, now)

    def _do(self, effect: streams.Effect, place: Place, now: datetime) -> None:
        match effect:
            case streams.Accept(envelope) | streams.EpochOpened(envelope):
                self._accept(effect, envelope, place, now)
            case streams.Hold(envelope):
                self.memory.held[place] = envelope.signed
                self.memory.seen[place] = envelope.hash
            case streams.AskAgain(stream, epoch, first, last):
                self._say(
                    stream, "resend", as_json(Resend(stream=stream, epoch=epoch, first=first, last=last))
                )
            case streams.Unnumbered(envelope):
                self._answer(envelope, now)
            case streams.Late(envelope):
                if isinstance(envelope.body, Alarm):
                    self.memory.alarms_heard.add(envelope.body.id)
            case streams.Equivocation() | streams.OutOfPlace():
                self.accused.append(type(effect).__name__)
            case streams.HadIt():
                pass

    def _accept(
        self, effect: streams.Effect, envelope: VerifiedEnvelope, place: Place, now: datetime
    ) -> None:
        memory = self.memory
        memory.seen[place] = envelope.hash
        self.applied.append(place)
        if isinstance(effect, streams.EpochOpened) and envelope.stream is Stream.CARDS:
            self._cards_begin_anew(effect, envelope)
        self._believe_receipt(envelope, now)
        self._apply(envelope)
        following = memory.held.pop((place[0], place[1], place[2] + 1), None)
        if following is not None:
            checked = check_signed(following, self.ring, now)
            assert isinstance(checked, VerifiedEnvelope)
            self._offer(checked, now)

    def _cards_begin_anew(self, effect: streams.EpochOpened, envelope: VerifiedEnvelope) -> None:
        opening = envelope.body
        assert isinstance(opening, OpenEpoch)
        self.compared = 0
        if not opening.continues:
            self.memory.unsure = set(self.memory.theirs)
            self.memory.offered.clear()
        elif opening.last_hash != self.head_before.hash.hex():
            self.ask(differs=True)

    def _apply(self, envelope: VerifiedEnvelope) -> None:
        memory = self.memory
        match envelope.body:
            case Alarm(id=name):
                memory.alarms_heard.add(name)
            case Cards(cards=cards):
                for each in cards:
                    self._take(each["card"])  # type: ignore[arg-type]
            case Tombstone(cards=ids):
                memory.gone.update(ids)
                for card in ids:
                    memory.theirs.pop(card, None)
                    memory.offered.pop(card, None)
            case Checkpoint(digest=digest):
                for card in memory.unsure:
                    memory.theirs.pop(card, None)
                memory.unsure = set()
                self.compared += 1
                given = {**memory.theirs, **memory.offered}
                if digest != state_digest(given.items()).hex() and self.compared > 1:
                    self.ask(differs=True)

    def _take(self, card: dict[str, object]) -> None:
        name, version = str(card["id"]), int(str(card["version"]))
        if name in self.memory.gone:
            self.memory.offered[name] = version
        else:
            self.memory.theirs[name] = version
            self.memory.unsure.discard(name)

    def _answer(self, envelope: VerifiedEnvelope, now: datetime) -> None:
        match envelope.body:
            case AskHeads(mine=heads, answer=answer, nonce=nonce, answers=answers, differs=differs):
                fresh = answer and answers is not None and answers == self.question
                if fresh:
                    self.question = None
                for theirs in heads:
                    self._believe_head(theirs, now, fresh=fresh)
                if differs and now - self.repeated_at > NOT_TWICE_WITHIN:
                    self.repeated_at = now
                    held = next(each for each in heads if each.stream is Stream.CARDS)
                    self._begin_anew(Stream.CARDS, sending.head_of(held), now)
                if not answer:
                    said = AskHeads(mine=tuple(self._heads()), answer=True, answers=nonce)
                    self._say(Stream.URGENT, "heads", as_json(said))
            case Resend() as asked:
                self._send_again(asked, now)

    def _believe_receipt(self, envelope: VerifiedEnvelope, now: datetime) -> None:
        receipt, stream = envelope.receipt, envelope.stream
        if receipt is not None:
            sent = self.memory.hashes.get((stream, receipt.epoch, receipt.seq))
            said = sending.confirm(
                self.memory.out[stream], receipt, confirmed_seq=self.memory.confirmed[stream], sent_hash=sent
            )
            self._believe(stream, said, now)

    def _believe_head(self, theirs: StreamHead, now: datetime, *, fresh: bool) -> None:
        stream, own = theirs.stream, self.memory.out[theirs.stream]
        said = sending.standing(
            own,
            theirs,
            confirmed_seq=self.memory.confirmed[stream],
            oldest_kept=self._oldest_kept(stream),
            sent_hash=self.memory.hashes.get((stream, theirs.epoch, theirs.seq)),
            fresh=fresh,
        )
        if fresh and stream in self.unsure:
            self._go_on_after(own, theirs, said, now)
            return
        match said:
            case sending.PeerLacks(_, first, last):
                self._send_kept(stream, first, last)
            case sending.PeerWasRestored(peer):
                self._begin_anew(stream, peer, now)
            case sending.AskAgainFirst():
                self._ask_once()
            case _:
                self._believe(stream, said, now)

    def _go_on_after(self, own: Head, theirs: StreamHead, said: sending.Standing, now: datetime) -> None:
        if isinstance(said, sending.Confirmed):
            self._believe(theirs.stream, said, now)
        above = said.above if isinstance(said, sending.WeWereRestored) else 0
        peer = sending.head_of(theirs)
        has_all = peer == own and not above
        self._begin_anew(theirs.stream, peer, now, above=above, continues=has_all)

    def _ask_once(self) -> None:
        if self.question is None:
            self.ask()

    def _oldest_kept(self, stream: Stream) -> int:
        own = self.memory.out[stream]
        kept = [seq for each, epoch, seq in self.memory.log if (each, epoch) == (stream, own.epoch)]
        return min(kept, default=own.seq + 1)

    def _believe(self, stream: Stream, said: sending.Confirmation, now: datetime) -> None:
        match said:
            case sending.Confirmed(epoch, seq):
                self.memory.confirmed[stream] = seq
                if not self.unsure:
                    self.question = None
                for place in [each for each in self.memory.log if each[:2] == (stream, epoch)]:
                    if place[2] <= seq:
                        del self.memory.log[place]
            case sending.WeWereRestored(peer, above):
                self._begin_anew(stream, peer, now, above=above)
            case sending.Contradiction():
                self.accused.append("Contradiction")
            case sending.OldNews():
                pass

    def _send_again(self, asked: Resend, now: datetime) -> None:
        own = self.memory.out[asked.stream]
        answer = sending.answer_resend(own, asked, oldest_kept=self._oldest_kept(asked.stream))
        if isinstance(answer, sending.SendAgain):
            self._send_kept(asked.stream, answer.first, answer.last)
        elif isinstance(answer, sending.CannotResend):
            self._ask_once()

    def _send_kept(self, stream: Stream, first: int, last: int) -> None:
        for seq in range(first, last + 1):
            signed = self.memory.log[stream, self.memory.out[stream].epoch, seq]
            self.outbox.append(seal_envelope(signed, self.sealing_to))

    def _begin_anew(
        self, stream: Stream, peer: Head, now: datetime, *, above: int = 0, continues: bool = False
    ) -> None:
        own = self.memory.out[stream]
        start, body = sending.new_epoch(own, peer, now, above=above, continues=continues)
        self.memory.confirmed[stream] = 0
        self.unsure.discard(stream)
        self._write(
            sending.opening_draft(start, body, sender=self.network.id, to=self.peer.id, stream=stream, at=NOW)
        )
        if stream is Stream.URGENT:
            self.memory.unsent.update(dict.fromkeys(self.memory.alarms_raised, stream))
        elif not continues:
            self.memory.unsent.update(dict.fromkeys(self.memory.withdrawn | set(self.memory.mine), stream))


@dataclass(slots=True)
class Line:
    """Carries bytes both ways, badly: loses, doubles, delays (and so reorders), as its seed says."""

    chance: random.Random
    loss: float = 0.3
    double: float = 0.3
    waiting: list[tuple[int, int, bytes]] = field(default_factory=list)
    recorded: list[tuple[int, bytes]] = field(default_factory=list)

    def put(self, now: int, to: int, raw: bytes) -> None:
        for _ in range(2 if self.chance.random() < self.double else 1):
            if self.chance.random() >= self.loss:
                self.waiting.append((now + self.chance.randint(1, 6), to, raw))

    def due(self, now: int) -> list[tuple[int, bytes]]:
        ready = [(to, raw) for at, to, raw in self.waiting if at <= now]
        self.waiting = [each for each in self.waiting if each[0] > now]
        self.chance.shuffle(ready)
        self.recorded += ready
        return ready

    def hand_over(self, to: int) -> list[bytes]:
        """What was under way to one side when the other stopped: it arrives before what that sends next."""
        ready = [raw for _, each, raw in self.waiting if each == to]
        self.waiting = [each for each in self.waiting if each[1] != to]
        self.recorded += [(to, raw) for raw in ready]
        return ready

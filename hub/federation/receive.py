"""Envelopes in: opened, put in order, applied, confirmed. One transaction an envelope, one at a time a link.

What is refused leaves no trace: the caller counts verdicts and nothing else. Replays, gaps and lies about
order are judged by core/streams.py; this module keeps the rows it needs and does what it says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from directory import sharing
from directory.core.effects import Post, Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation import introduced, life
from hub.federation.asking import answer_heads, ask
from hub.federation.bridging import is_to_reserve, met_again
from hub.federation.confirming import believe_receipt, send_again
from hub.federation.contents import cards_in
from hub.federation.core import streams
from hub.federation.core.bodies import AskHeads, OpenEpoch, Resend
from hub.federation.core.envelope import Reason, Refusal, VerifiedEnvelope, check_signed, open_envelope
from hub.federation.core.lanes import AT_ONCE, LaneKind
from hub.federation.core.link import Side, Suspended, may
from hub.federation.core.shapes import as_json
from hub.federation.core.streams import Head
from hub.federation.keyrings import keyring_for
from hub.federation.learning import learn
from hub.federation.post import Poster
from hub.federation.receipts import owe, owe_again
from hub.federation.telling import tell_late, tell_people
from hub.store import envelopes, links
from hub.store.envelopes import HeadRow, Kept
from hub.store.links import LinkRow

ASK_EVERY = 32
ANSWERED_THERE = timedelta(minutes=2)
"""For how long a peer that came over HTTPS is answered over HTTPS."""
SILENT_TYPES = frozenset({"receipt"})
"""Confirming a confirmation would never end: these wait for the next envelope that needs one."""

Apply = Callable[[Turn, LinkRow, VerifiedEnvelope], Awaitable[None]]


class Verdict(StrEnum):
    """What became of something that arrived; for counting, not for the sender."""

    APPLIED = "applied"
    HELD = "held"
    HAD_IT = "had it"
    ANSWERED = "answered"
    LATE = "late"
    CONTRADICTED = "contradicted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an envelope arrives: its link, the heads of its stream, how many wait there for a gap."""

    link: LinkRow
    out: HeadRow
    head: HeadRow
    early: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """What arrives on any lane goes through `receive`. `apply` does what an envelope in its place says."""

    poster: Poster
    apply: Apply

    async def receive(self, turn: Turn, ref: str, raw: bytes, *, lane: LaneKind = LaneKind.MATRIX) -> Verdict:
        """Bytes that a lane brought. `ref` says whose they should be: what the link room's row refers to.

        That is the other network's id, or the id of the invitation that let the room in while the first
        envelope is still awaited. Who carried the bytes proves nothing; what they were sealed and signed
        with does. The link is locked before anything else is.
        """
        link = await links.of(turn.tx, turn.guard, ref, lock=True)
        if link is None:
            first = await introduced.first_envelope(turn, ref, raw)
            return Verdict.REFUSED if first is None else (await self._offer(turn, first.sender, first))[0]
        if is_to_reserve(link, raw):
            return Verdict.ANSWERED if await met_again(turn, self.poster, link, raw) else Verdict.REFUSED
        opened = open_envelope(raw, await keyring_for(turn, link), turn.now)
        if isinstance(opened, Refusal) and opened.reason is Reason.UNKNOWN_SIGNER:
            link = await learn(turn, link, raw) or link
            opened = open_envelope(raw, await keyring_for(turn, link), turn.now)
        if isinstance(opened, Refusal):
            return Verdict.REFUSED
        if lane is LaneKind.HTTPS and opened.type not in AT_ONCE:
            await links.answer_over_https(turn.tx, link.network, turn.now, turn.now + ANSWERED_THERE)
        verdict, more = await self._offer(turn, link.network, opened, link)
        while more and (waiting := await self._next_held(turn, link.network, opened.stream)):
            _, more = await self._offer(turn, link.network, waiting)
        return verdict

    async def _offer(
        self, turn: Turn, network: str, envelope: VerifiedEnvelope, link: LinkRow | None = None
    ) -> tuple[Verdict, bool]:
        """Judge one envelope and do what follows. Also: may one that came early be next now?"""
        link = link or await links.of(turn.tx, turn.guard, network)
        if link is None:
            return Verdict.REFUSED, False
        out, row = await envelopes.both_heads(turn.tx, network, envelope.stream)
        seen, early = await envelopes.known_at(
            turn.tx, network, envelope.stream, envelope.epoch, envelope.seq
        )
        head = Head(row.epoch, row.seq, row.hash)
        _, effects = streams.receive(head, envelope, seen=seen, now=turn.now)
        place, verdict = Place(link, out, row, early), Verdict.REFUSED
        for effect in effects:
            verdict = await self._do(turn, place, effect) or verdict
        return verdict, verdict is Verdict.APPLIED and early > 0

    async def _do(self, turn: Turn, place: Place, effect: streams.Effect) -> Verdict | None:
        network = place.link.network
        match effect:
            case streams.Accept(envelope) | streams.EpochOpened(envelope):
                return await self._accept(turn, place, envelope)
            case streams.Hold(envelope):
                await _keep(turn, network, "held", envelope)
                return Verdict.HELD
            case streams.AskAgain():
                return await self._ask_for_gap(turn, place, effect)
            case streams.HadIt(stream):
                await owe_again(turn, network, stream, place.head.seq)
                return Verdict.HAD_IT
            case streams.Unnumbered(envelope):
                return await self._answer(turn, place, envelope)
            case streams.Late(envelope):
                return await _late(turn, place.link, envelope)
            case streams.Equivocation(envelope):
                return await _contradicted(turn, place.link, envelope)
            case streams.OutOfPlace():
                return Verdict.REFUSED

    async def _accept(self, turn: Turn, place: Place, envelope: VerifiedEnvelope) -> Verdict:
        link, stream = place.link, envelope.stream
        if isinstance(envelope.body, OpenEpoch) and stream is Stream.CARDS:
            await _cards_begin_anew(turn, place, envelope.body)
        await _keep(turn, link.network, "in", envelope)
        moved: dict[str, object] = {"epoch": envelope.epoch, "seq": envelope.seq, "hash": envelope.hash}
        unconfirmed: dict[str, object] = {"confirmed_seq": 0} if envelope.seq == 1 else {}
        await envelopes.move_head(turn.tx, link.network, stream, "in", **moved, **unconfirmed)
        if place.early:
            await envelopes.drop_held(turn.tx, link.network, stream, envelope.epoch, envelope.seq)
        await links.change(turn.tx, link.network, last_heard_at=turn.now)
        if envelope.type not in SILENT_TYPES:
            await owe(turn, link.network, stream)
        await self._believe(turn, place, envelope)
        await self.apply(turn, link, envelope)
        return Verdict.APPLIED

    async def _believe(self, turn: Turn, place: Place, envelope: VerifiedEnvelope) -> None:
        if envelope.receipt is not None:
            await believe_receipt(turn, self.poster, place.link, envelope.stream, envelope.receipt, place.out)

    async def _next_held(self, turn: Turn, network: str, stream: Stream) -> VerifiedEnvelope | None:
        """The envelope that arrived early and is next now."""
        _, head = await envelopes.both_heads(turn.tx, network, stream)
        held = await envelopes.between(
            turn.tx, turn.guard, network, "held", stream, head.epoch, head.seq + 1, head.seq + 1
        )
        link = await links.of(turn.tx, turn.guard, network) if held else None
        if link is None or held[0].signed is None:
            return None
        checked = check_signed(held[0].signed, await keyring_for(turn, link), turn.now)
        return None if isinstance(checked, Refusal) else checked

    async def _answer(self, turn: Turn, place: Place, envelope: VerifiedEnvelope) -> Verdict:
        """Questions outside the order: send again what was lost, or say how far we have come."""
        await self._believe(turn, place, envelope)
        body = envelope.body
        if isinstance(body, Resend):
            if await send_again(turn, self.poster, place.link, body):
                await ask(turn, place.link.network)
        elif isinstance(body, AskHeads):
            await answer_heads(turn, self.poster, place.link, body)
        return Verdict.ANSWERED

    async def _ask_for_gap(self, turn: Turn, place: Place, gap: streams.AskAgain) -> Verdict | None:
        """Ask for what is missing when the gap is new, and now and then while it stays."""
        if (place.early + 1) % ASK_EVERY in (0, 1):
            body = as_json(Resend(stream=gap.stream, epoch=gap.epoch, first=gap.first, last=gap.last))
            await self.poster.write(turn, place.link, Post(place.link.network, gap.stream, "resend", body))
        return None


async def _keep(turn: Turn, network: str, direction: str, envelope: VerifiedEnvelope) -> bool:
    kept = Kept(
        network,
        direction,
        envelope.stream,
        envelope.epoch,
        envelope.seq,
        envelope.type,
        envelope.hash,
        envelope.signed,
    )
    cards = cards_in(envelope.type, as_json(envelope.body))
    return await envelopes.keep(turn.tx, turn.guard, kept, cards=cards, now=turn.now)


async def _cards_begin_anew(turn: Turn, place: Place, opening: OpenEpoch) -> None:
    """Everything held is in doubt until it is repeated; or we hold all of it, and are believed to.

    When the peer believes so, and what we had is not what it thinks, it is told that our cards differ.
    """
    head = place.head
    ended = (opening.closed_epoch, opening.last_seq, opening.last_hash)
    if not opening.continues:
        await sharing.doubt_held(turn, place.link.network)
    elif ended != (head.epoch, head.seq, head.hash.hex()):
        await ask(turn, place.link.network, differs=True)


async def _late(turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> Verdict:
    """Of an epoch the sender has left: not applied. An alarm in it still reaches a person, once."""
    if envelope.type == "alarm":
        await _keep(turn, link.network, "in", envelope)
        await tell_late(turn, link, envelope)
    return Verdict.LATE


async def _contradicted(turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> Verdict:
    """Two different envelopes under one number: both are kept as proof, and the link is suspended.

    The same proof again, from whoever repeats it, tells nobody anything new.
    """
    if not await _keep(turn, link.network, "in", envelope):
        return Verdict.CONTRADICTED
    if envelope.type == "alarm":
        await tell_people(turn, link, envelope)
    suspended = Suspended(Side.HERE)
    if may(life.as_link(link), suspended):
        await life.take(turn, link, suspended)
        await turn.record(Post(link.network, Stream.URGENT, "suspend", {"suspended": True}))
    await turn.record(
        TellRoles(
            Role.ADMINISTRATOR,
            say(
                "The hub of {name} sent two different messages under one number. Nothing more is shared "
                "with it until you look. Please call the people there on a way you know.",
                name=link.name,
            ),
            Urgency.ANSWER,
        )
    )
    return Verdict.CONTRADICTED

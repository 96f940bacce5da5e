"""Envelopes in: opened, put in order, applied, confirmed. One transaction an envelope, one at a time a link.

What is refused leaves no trace: the caller counts verdicts and nothing else. Replays, gaps and lies about
order are judged by core/streams.py; this module keeps the rows it needs and does what it says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from directory.core.effects import Post, Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation import introduced, life
from hub.federation.confirming import answer_heads, believe_receipt, send_again
from hub.federation.core import streams
from hub.federation.core.bodies import AskHeads, Resend
from hub.federation.core.envelope import Refusal, VerifiedEnvelope, check_signed, open_envelope
from hub.federation.core.link import Side, Suspended, may
from hub.federation.core.shapes import as_json
from hub.federation.core.streams import Head
from hub.federation.keyrings import keyring_for
from hub.federation.post import Poster, cards_in
from hub.federation.telling import tell_people
from hub.store import due, envelopes, links
from hub.store.envelopes import Kept
from hub.store.links import LinkRow

DUE_RECEIPT = "receipt"
"""Kind of the due row that confirms what no envelope of ours has confirmed yet; ref `<network>:<stream>`."""
RECEIPT_WAITS = timedelta(milliseconds=200)
ASK_EVERY = 32
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
class Inbox:
    """What arrives on any lane goes through `receive`. `apply` does what an envelope in its place says."""

    poster: Poster
    apply: Apply

    async def receive(self, turn: Turn, ref: str, raw: bytes) -> Verdict:
        """Bytes that a lane brought. `ref` says whose they should be: what the link room's row refers to.

        That is the other network's id, or the id of the invitation that let the room in while the first
        envelope is still awaited. Who carried the bytes proves nothing; what they were sealed and signed
        with does.
        """
        link = await links.of(turn.tx, turn.guard, ref, lock=True)
        if link is None:
            first = await introduced.first_envelope(turn, ref, raw)
            return Verdict.REFUSED if first is None else await self._offer(turn, first.sender, first)
        opened = open_envelope(raw, await keyring_for(turn, link), turn.now)
        if isinstance(opened, Refusal):
            return Verdict.REFUSED
        verdict = await self._offer(turn, link.network, opened)
        while verdict is Verdict.APPLIED and (
            waiting := await self._next_held(turn, link.network, opened.stream)
        ):
            await self._offer(turn, link.network, waiting)
        return verdict

    async def _offer(self, turn: Turn, network: str, envelope: VerifiedEnvelope) -> Verdict:
        row = await envelopes.head(turn.tx, network, envelope.stream, "in")
        seen = await envelopes.hash_at(turn.tx, network, envelope.stream, envelope.epoch, envelope.seq)
        head = Head(row.epoch, row.seq, row.hash)
        _, effects = streams.receive(head, envelope, seen=seen, now=turn.now)
        verdict = Verdict.REFUSED
        for effect in effects:
            verdict = await self._do(turn, network, effect) or verdict
        return verdict

    async def _do(self, turn: Turn, network: str, effect: streams.Effect) -> Verdict | None:
        match effect:
            case streams.Accept(envelope) | streams.EpochOpened(envelope):
                return await self._accept(turn, network, envelope)
            case streams.Hold(envelope):
                await _keep(turn, network, "held", envelope)
                return Verdict.HELD
            case streams.AskAgain():
                return await _ask_again(turn, network, effect)
            case streams.HadIt(stream):
                await owe_again(turn, network, stream)
                return Verdict.HAD_IT
            case streams.Unnumbered(envelope):
                return await self._answer(turn, network, envelope)
            case streams.Late(envelope):
                return await _late(turn, network, envelope)
            case streams.Equivocation(envelope):
                return await _contradicted(turn, network, envelope)
            case streams.OutOfPlace():
                return Verdict.REFUSED

    async def _accept(self, turn: Turn, network: str, envelope: VerifiedEnvelope) -> Verdict:
        stream = envelope.stream
        await _keep(turn, network, "in", envelope)
        moved: dict[str, object] = {"epoch": envelope.epoch, "seq": envelope.seq, "hash": envelope.hash}
        unconfirmed: dict[str, object] = {"confirmed_seq": 0} if envelope.seq == 1 else {}
        await envelopes.move_head(turn.tx, network, stream, "in", **moved, **unconfirmed)
        await envelopes.drop_held(turn.tx, network, stream, envelope.epoch, envelope.seq)
        await links.change(turn.tx, network, last_heard_at=turn.now)
        if envelope.type not in SILENT_TYPES:
            await owe(turn, network, stream)
        await self._believe(turn, network, envelope)
        link = await links.of(turn.tx, turn.guard, network)
        if link is not None:
            await self.apply(turn, link, envelope)
        return Verdict.APPLIED

    async def _believe(self, turn: Turn, network: str, envelope: VerifiedEnvelope) -> None:
        if envelope.receipt is not None:
            await believe_receipt(turn, self.poster, network, envelope.stream, envelope.receipt)

    async def _next_held(self, turn: Turn, network: str, stream: Stream) -> VerifiedEnvelope | None:
        """The envelope that arrived early and is next now."""
        head = await envelopes.head(turn.tx, network, stream, "in")
        held = await envelopes.between(
            turn.tx, turn.guard, network, "held", stream, head.epoch, head.seq + 1, head.seq + 1
        )
        link = await links.of(turn.tx, turn.guard, network) if held else None
        if link is None or held[0].signed is None:
            return None
        checked = check_signed(held[0].signed, await keyring_for(turn, link), turn.now)
        return None if isinstance(checked, Refusal) else checked

    async def _answer(self, turn: Turn, network: str, envelope: VerifiedEnvelope) -> Verdict:
        """Questions outside the order: send again what was lost, or say how far we have come."""
        await self._believe(turn, network, envelope)
        link = await links.of(turn.tx, turn.guard, network)
        body = envelope.body
        if link is None:
            return Verdict.REFUSED
        if isinstance(body, Resend):
            await send_again(turn, self.poster, link, body)
        elif isinstance(body, AskHeads):
            await answer_heads(turn, self.poster, network, body)
        return Verdict.ANSWERED


async def _keep(turn: Turn, network: str, direction: str, envelope: VerifiedEnvelope) -> None:
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
    await envelopes.keep(turn.tx, turn.guard, kept, cards=cards, now=turn.now)


async def owe(turn: Turn, network: str, stream: Stream) -> None:
    """Something was applied: confirm it with the next envelope on this stream, or soon by itself."""
    await due.put_at_latest(turn.tx, DUE_RECEIPT, f"{network}:{stream}", turn.now + RECEIPT_WAITS)


async def owe_again(turn: Turn, network: str, stream: Stream) -> None:
    """The peer sends what we have: it did not get our receipt."""
    head = await envelopes.head(turn.tx, network, stream, "in")
    await envelopes.move_head(turn.tx, network, stream, "in", confirmed_seq=max(0, head.seq - 1))
    await owe(turn, network, stream)


async def _ask_again(turn: Turn, network: str, gap: streams.AskAgain) -> Verdict | None:
    """Ask for what is missing when the gap is new, and now and then while it stays."""
    held = await envelopes.count_held(turn.tx, network, gap.stream)
    if held % ASK_EVERY in (0, 1):
        body = as_json(Resend(stream=gap.stream, epoch=gap.epoch, first=gap.first, last=gap.last))
        await turn.record(Post(network, gap.stream, "resend", body))
    return None


async def _late(turn: Turn, network: str, envelope: VerifiedEnvelope) -> Verdict:
    """Of an epoch the sender has left: not applied. An alarm in it still reaches a person, once."""
    link = await links.of(turn.tx, turn.guard, network)
    if link is not None and envelope.type == "alarm":
        await _keep(turn, network, "in", envelope)
        await tell_people(turn, link, envelope)
    return Verdict.LATE


async def _contradicted(turn: Turn, network: str, envelope: VerifiedEnvelope) -> Verdict:
    """Two different envelopes under one number: both are kept as proof, and the link is suspended."""
    await _keep(turn, network, "in", envelope)
    link = await links.of(turn.tx, turn.guard, network)
    suspended = Suspended(Side.HERE)
    if link is not None and may(life.as_link(link), suspended):
        await life.take(turn, link, suspended)
        await turn.record(Post(network, Stream.URGENT, "suspend", {"suspended": True}))
    await turn.record(
        TellRoles(
            Role.ADMINISTRATOR,
            say(
                "The hub of {name} sent two different messages under one number. Nothing more is shared "
                "with it until you look. Please call the people there on a way you know.",
                name="" if link is None else link.name,
            ),
            Urgency.ANSWER,
        )
    )
    return Verdict.CONTRADICTED

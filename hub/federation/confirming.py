"""What peers say about our own streams: receipts, heads, requests to send again, and what we do about it."""

from __future__ import annotations

from directory import sharing
from directory.core.effects import DueAt, Post, Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation.core import canonical, sending
from hub.federation.core.bodies import AskHeads, Resend, StreamHead
from hub.federation.core.envelope import Receipt
from hub.federation.core.sending import Confirmation, Confirmed, Contradiction, WeWereRestored
from hub.federation.core.shapes import as_json
from hub.federation.core.streams import WINDOW, Head
from hub.federation.post import SIGNED_JSON_AT, Poster
from hub.store import envelopes, links
from hub.store.envelopes import HeadRow
from hub.store.links import LinkRow

NOT_AGAIN = frozenset({"receipt", "heartbeat", "epoch"})
"""Envelopes that are not worth repeating in a new epoch: newer ones say the same."""


async def believe_receipt(turn: Turn, poster: Poster, network: str, stream: Stream, receipt: Receipt) -> None:
    """The peer signed how far it applied our stream; the envelope around it was checked."""
    row = await envelopes.head(turn.tx, network, stream, "out")
    sent = await envelopes.hash_at(turn.tx, network, stream, receipt.epoch, receipt.seq, directions=("out",))
    said = sending.confirm(_head(row), receipt, confirmed_seq=row.confirmed_seq, sent_hash=sent)
    await _believe(turn, poster, network, stream, said)


async def believe_heads(turn: Turn, poster: Poster, network: str, heads: tuple[StreamHead, ...]) -> None:
    """The peer says how far it has come with our streams; send what it lacks."""
    for theirs in heads:
        row = await envelopes.head(turn.tx, network, theirs.stream, "out")
        sent = await envelopes.hash_at(
            turn.tx, network, theirs.stream, theirs.epoch, theirs.seq, directions=("out",)
        )
        said = sending.compare_heads(_head(row), theirs, sent_hash=sent)
        await _believe(turn, poster, network, theirs.stream, said)
        link = await links.of(turn.tx, turn.guard, network)
        if isinstance(said, Confirmed) and theirs.seq < row.seq and link is not None:
            asked = Resend(stream=theirs.stream, epoch=row.epoch, first=theirs.seq + 1, last=row.seq)
            await send_again(turn, poster, link, asked)


async def believe_sender_heads(turn: Turn, network: str, heads: tuple[StreamHead, ...]) -> None:
    """The peer says how far its own streams have come; ask for what we lack, a lost last one too."""
    for theirs in heads:
        row = await envelopes.head(turn.tx, network, theirs.stream, "in")
        if theirs.epoch == row.epoch and theirs.seq > row.seq:
            last = min(theirs.seq, row.seq + WINDOW)
            body = Resend(stream=theirs.stream, epoch=row.epoch, first=row.seq + 1, last=last)
            await turn.record(Post(network, theirs.stream, "resend", as_json(body)))


async def _believe(turn: Turn, poster: Poster, network: str, stream: Stream, said: Confirmation) -> None:
    match said:
        case Confirmed(epoch, seq):
            await _confirmed(turn, network, stream, epoch, seq)
        case WeWereRestored(peer):
            link = await links.of(turn.tx, turn.guard, network)
            if link is not None:
                await begin_anew(turn, poster, link, stream, peer)
        case Contradiction():
            await turn.record(
                TellRoles(
                    Role.ADMINISTRATOR,
                    say("A linked hub confirmed something this hub never sent. Please look at your links."),
                    Urgency.ANSWER,
                )
            )


async def _confirmed(turn: Turn, network: str, stream: Stream, epoch: int, seq: int) -> None:
    await envelopes.confirm(turn.tx, network, stream, epoch, seq, turn.now)
    await envelopes.move_head(turn.tx, network, stream, "out", confirmed_seq=seq)
    if stream is Stream.CARDS:
        await sharing.confirmed(turn, network, stream, seq)


async def answer_heads(turn: Turn, poster: Poster, network: str, asked: AskHeads) -> None:
    """`asked.mine` is how far the peer has come with our streams; say how far we have come with theirs."""
    await believe_heads(turn, poster, network, asked.mine)
    if not asked.answer:
        body = as_json(AskHeads(mine=await heads_of(turn, network, "in"), answer=True))
        await turn.record(Post(network, Stream.URGENT, "heads", body))


async def heads_of(turn: Turn, network: str, direction: str) -> tuple[StreamHead, ...]:
    """How far each stream has come in one direction."""
    found = []
    for stream in Stream:
        row = await envelopes.head(turn.tx, network, stream, direction)
        found.append(StreamHead(stream=stream, epoch=row.epoch, seq=row.seq, hash=row.hash.hex()))
    return tuple(found)


async def send_again(turn: Turn, poster: Poster, link: LinkRow, asked: Resend) -> None:
    """Send kept envelopes once more, sealed anew; begin a new epoch when they are no longer kept."""
    row = await envelopes.head(turn.tx, link.network, asked.stream, "out")
    oldest = await envelopes.oldest_kept(turn.tx, link.network, asked.stream, row.epoch)
    answer = sending.answer_resend(_head(row), asked, oldest_kept=oldest)
    if isinstance(answer, sending.CannotResend):
        had = await envelopes.hash_at(
            turn.tx, link.network, asked.stream, asked.epoch, asked.first - 1, directions=("out",)
        )
        peer = Head(asked.epoch, asked.first - 1, had or envelopes.START)
        await begin_anew(turn, poster, link, asked.stream, peer)
    elif isinstance(answer, sending.SendAgain):
        kept = await envelopes.between(
            turn.tx, turn.guard, link.network, "out", asked.stream, row.epoch, answer.first, answer.last
        )
        for each in kept:
            if each.signed is not None:
                await poster.carry(turn, link, asked.stream, each.signed)


async def begin_anew(turn: Turn, poster: Poster, link: LinkRow, stream: Stream, peer: Head) -> None:
    """Open a new epoch after the peer's head, and say again there what the peer does not have.

    For cards the state is sent anew instead: all of it is marked dirty.
    """
    row = await envelopes.head(turn.tx, link.network, stream, "out")
    lacking = await envelopes.between(
        turn.tx, turn.guard, link.network, "out", stream, row.epoch, peer.seq + 1, row.seq
    )
    start, opening = sending.new_epoch(_head(row), peer, turn.now)
    await envelopes.move_head(
        turn.tx, link.network, stream, "out", epoch=start.epoch, seq=0, hash=start.hash, confirmed_seq=0
    )
    await poster.write(turn, link, Post(link.network, stream, "epoch", as_json(opening)))
    if stream is Stream.CARDS:
        await sharing.all_dirty(turn, link.network)
        await turn.record(DueAt("cards", link.network, turn.now))
        return
    for each in lacking:
        if each.signed is not None and each.type not in NOT_AGAIN:
            await poster(turn, Post(link.network, stream, each.type, _body(each.signed)))


def _body(signed: bytes) -> canonical.Json:
    parsed = canonical.parse(signed[SIGNED_JSON_AT:])
    body = {} if isinstance(parsed, canonical.Flaw) else parsed.get("body")
    return body if isinstance(body, dict) else {}


def _head(row: HeadRow) -> Head:
    return Head(row.epoch, row.seq, row.hash)

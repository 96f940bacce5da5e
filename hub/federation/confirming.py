"""What peers say about our own streams, receipts and heads, and what we do about it."""

from __future__ import annotations

from directory import sharing
from directory.core.effects import Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation.core import sending
from hub.federation.core.bodies import Resend, StreamHead
from hub.federation.core.envelope import Receipt
from hub.federation.core.sending import (
    AskAgainFirst,
    Confirmed,
    Contradiction,
    PeerLacks,
    PeerWasRestored,
    Standing,
    WeWereRestored,
)
from hub.federation.core.streams import WINDOW, Head
from hub.federation.post import Poster
from hub.store import envelopes, links
from hub.store.envelopes import HeadRow
from hub.store.links import LinkRow


async def believe_receipt(
    turn: Turn, poster: Poster, link: LinkRow, stream: Stream, receipt: Receipt, out: HeadRow
) -> None:
    """The peer signed how far it applied our stream; the envelope around it was checked."""
    sent = await _sent(turn, link, stream, receipt, out)
    said = sending.confirm(_head(out), receipt, confirmed_seq=out.confirmed_seq, sent_hash=sent)
    await _believe(turn, poster, link, stream, out, said)


async def believe_heads(
    turn: Turn, poster: Poster, link: LinkRow, heads: tuple[StreamHead, ...], *, fresh: bool
) -> bool:
    """The peer says how far it has come with our streams; send what it lacks.

    `fresh`: it answers a question of ours that is still open. True when such a question has to be asked: a
    head that is too low may be old, and only a fresh one says that the peer was restored.
    """
    must_ask = False
    for theirs in heads:
        out, _ = await envelopes.both_heads(turn.tx, link.network, theirs.stream)
        said = sending.standing(
            _head(out),
            theirs,
            confirmed_seq=out.confirmed_seq,
            oldest_kept=await envelopes.oldest_kept(turn.tx, link.network, theirs.stream, out.epoch),
            sent_hash=await _sent(turn, link, theirs.stream, theirs, out),
            fresh=fresh,
        )
        if fresh and out.unsure:
            await _go_on_after(turn, poster, link, out, theirs, said)
        else:
            await _believe(turn, poster, link, theirs.stream, out, said)
        must_ask |= isinstance(said, AskAgainFirst)
    return must_ask


async def _go_on_after(
    turn: Turn, poster: Poster, link: LinkRow, out: HeadRow, theirs: StreamHead, said: Standing
) -> None:
    """The first answer after a start: a new epoch, whatever it says, after what the peer has."""
    stream, peer = theirs.stream, sending.head_of(theirs)
    if isinstance(said, Confirmed):
        await _confirmed(turn, link, stream, said.epoch, said.seq)
    above = said.above if isinstance(said, WeWereRestored) else 0
    has_all = peer == _head(out) and not above
    await poster.begin_anew(turn, link, stream, out, peer, above=above, continues=has_all)


async def _sent(
    turn: Turn, link: LinkRow, stream: Stream, said: Receipt | StreamHead, out: HeadRow
) -> bytes | None:
    """The hash of what we sent under the number the peer names, if we know it."""
    if (said.epoch, said.seq) == (out.epoch, out.seq):
        return out.hash
    return await envelopes.hash_at(turn.tx, link.network, stream, said.epoch, said.seq, directions=("out",))


async def _believe(
    turn: Turn, poster: Poster, link: LinkRow, stream: Stream, out: HeadRow, said: Standing
) -> None:
    match said:
        case Confirmed(epoch, seq):
            await _confirmed(turn, link, stream, epoch, seq)
        case WeWereRestored(peer, above):
            await poster.begin_anew(turn, link, stream, out, peer, above=above)
        case PeerWasRestored(peer):
            await poster.begin_anew(turn, link, stream, out, peer)
        case PeerLacks(_, first, last):
            await send_kept(turn, poster, link, stream, out.epoch, first, last)
        case Contradiction():
            await turn.record(
                TellRoles(
                    Role.ADMINISTRATOR,
                    say("A linked hub confirmed something this hub never sent. Please look at your links."),
                    Urgency.ANSWER,
                )
            )


async def _confirmed(turn: Turn, link: LinkRow, stream: Stream, epoch: int, seq: int) -> None:
    await envelopes.confirm(turn.tx, link.network, stream, epoch, seq, turn.now)
    await envelopes.move_head(turn.tx, link.network, stream, "out", confirmed_seq=seq)
    if stream is Stream.CARDS:
        await sharing.confirmed(turn, link.network, stream, seq)
    if link.question is not None and not await envelopes.in_doubt(turn.tx, link.network):
        # An answer to it may be older than this, and would look as if the peer had lost what it confirmed.
        await links.change(turn.tx, link.network, question=None, asked_at=None)


async def send_again(turn: Turn, poster: Poster, link: LinkRow, asked: Resend) -> bool:
    """Send kept envelopes once more. True when they are no longer kept: then the peer has to be asked."""
    out, _ = await envelopes.both_heads(turn.tx, link.network, asked.stream)
    oldest = await envelopes.oldest_kept(turn.tx, link.network, asked.stream, out.epoch)
    answer = sending.answer_resend(_head(out), asked, oldest_kept=oldest)
    if isinstance(answer, sending.SendAgain):
        await send_kept(turn, poster, link, asked.stream, out.epoch, answer.first, answer.last)
    return isinstance(answer, sending.CannotResend)


async def send_kept(
    turn: Turn, poster: Poster, link: LinkRow, stream: Stream, epoch: int, first: int, last: int
) -> None:
    """Send kept envelopes once more, sealed anew, at most as many as the peer holds beyond a gap."""
    last = min(last, first + WINDOW - 1)
    for each in await envelopes.between(turn.tx, turn.guard, link.network, "out", stream, epoch, first, last):
        if each.signed is not None:
            await poster.carry(turn, link, stream, each.type, each.signed, again=True)


def _head(row: HeadRow) -> Head:
    return Head(row.epoch, row.seq, row.hash)

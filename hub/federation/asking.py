"""How far has the peer come? Asked at every start, and whenever a head is too low to be true.

A question has a nonce that is repeated until an answer names it. Whatever follows from a head that is lower
than it should be follows from such an answer only: an old question that arrives late looks the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from directory.core.effects import DueAt, Post, Stream
from directory.turn import Turn
from hub.federation.confirming import believe_heads
from hub.federation.core.bodies import AskHeads, Heartbeat, Resend, StreamHead
from hub.federation.core.link import Stage
from hub.federation.core.shapes import as_json
from hub.federation.core.streams import WINDOW, Head, head_report
from hub.federation.post import DUE_CARDS, DUE_CHECKPOINT, DUE_HEARTBEAT, Poster
from hub.federation.receipts import owe
from hub.store import due, envelopes, links
from hub.store.links import LinkRow

SOON = timedelta(seconds=10)
NOT_TWICE_WITHIN = timedelta(hours=1)
"""How often a peer can make us send all cards again by saying that they differ."""


async def ask(turn: Turn, network: str, *, differs: bool = False) -> None:
    """Ask, or ask the same again. `differs`: its cards here are not those its checkpoint counted."""
    nonce = await links.ask(turn.tx, network, turn.ids(), turn.now)
    body = AskHeads(mine=await applied_here(turn, network), nonce=nonce, differs=differs)
    await turn.record(Post(network, Stream.URGENT, "heads", as_json(body)))
    await due.put_at_latest(turn.tx, DUE_HEARTBEAT, network, turn.now + SOON)


async def at_start(turn: Turn, network: str) -> None:
    """This hub may have been restored from a backup: nothing counts on our heads until the peer answers.

    The question is a new one each time: the answer to one in a backup may lie about.
    """
    await envelopes.doubt(turn.tx, network)
    await links.ask(turn.tx, network, turn.ids(), turn.now, anew=True)
    await ask(turn, network)


async def answer_heads(
    turn: Turn, poster: Poster, link: LinkRow, asked: AskHeads, *, quiet: bool = False
) -> None:
    """`asked.mine` is how far the peer has come with our streams; say how far we have come with theirs.

    `quiet`: somebody else says it.
    """
    fresh = asked.answer and asked.answers is not None and asked.answers == link.question
    if fresh:
        await links.change(turn.tx, link.network, question=None, asked_at=None, last_heard_at=turn.now)
    doubted = fresh and await envelopes.in_doubt(turn.tx, link.network)
    must_ask = await believe_heads(turn, poster, link, asked.mine, fresh=fresh)
    if doubted:
        await _go_on(turn, poster, link)
    if must_ask:
        await ask(turn, link.network)
    if asked.differs:
        await _all_cards_again(turn, poster, link, asked)
    if not asked.answer and not quiet:
        body = AskHeads(mine=await applied_here(turn, link.network), answer=True, answers=asked.nonce)
        await poster.write(turn, link, Post(link.network, Stream.URGENT, "heads", as_json(body)))


async def _go_on(turn: Turn, poster: Poster, link: LinkRow) -> None:
    """New epochs were opened, also where the answer named no head: what waited for that may go out."""
    for stream, out in (await envelopes.all_heads(turn.tx, link.network, "out")).items():
        if out.unsure:
            await poster.begin_in_doubt(turn, link, Stream(stream), out)
        await owe(turn, link.network, Stream(stream))
    if link.state in (Stage.ACTIVE, Stage.SUSPENDED):
        await turn.record(DueAt(DUE_CARDS, link.network, turn.now))
        await turn.record(DueAt(DUE_CHECKPOINT, link.network, turn.now))


async def _all_cards_again(turn: Turn, poster: Poster, link: LinkRow, asked: AskHeads) -> None:
    """The peer's cards of ours are not those we counted: begin anew, unless it was sent all just now."""
    out, _ = await envelopes.both_heads(turn.tx, link.network, Stream.CARDS)
    theirs = next((each for each in asked.mine if each.stream is Stream.CARDS), None)
    just_now = link.repeated_at is not None and turn.now - link.repeated_at < NOT_TWICE_WITHIN
    if theirs is None or link.state != Stage.ACTIVE or just_now:
        return
    peer = Head(theirs.epoch, theirs.seq, bytes.fromhex(theirs.hash))
    await poster.begin_anew(turn, link, Stream.CARDS, out, peer)
    await links.change(turn.tx, link.network, repeated_at=turn.now)


async def applied_here(turn: Turn, network: str) -> tuple[StreamHead, ...]:
    """How far we have come with each of the peer's streams, with what is held beyond a gap."""
    heads = await envelopes.all_heads(turn.tx, network, "in")
    held = await envelopes.highest_held(turn.tx, network)
    return tuple(
        head_report(
            stream,
            Head(head.epoch, head.seq, head.hash),
            held=held.get(stream, (0, 0)),
        )
        for stream in Stream
        if (head := heads[stream])
    )


async def sent_from_here(turn: Turn, network: str) -> tuple[StreamHead, ...]:
    """How far each of our own streams has come."""
    heads = await envelopes.all_heads(turn.tx, network, "out")
    return tuple(
        head_report(stream, Head(head.epoch, head.seq, head.hash))
        for stream in Stream
        if (head := heads[stream])
    )


async def heartbeat_there(turn: Turn, link: LinkRow, body: Heartbeat, at: datetime) -> None:
    """The peer is awake: note its clock and what it speaks, and ask for what we lack."""
    ahead = round((at - turn.now).total_seconds() * 1000)
    await links.change(turn.tx, link.network, clock_ms=ahead, speaks=list(body.speaks))
    await _believe_sender_heads(turn, link.network, body.heads)


async def _believe_sender_heads(turn: Turn, network: str, heads: tuple[StreamHead, ...]) -> None:
    """The peer says how far its own streams have come; ask for what we lack, a lost last one too."""
    rows = await envelopes.all_heads(turn.tx, network, "in")
    for theirs in heads:
        row = rows[theirs.stream]
        if theirs.epoch == row.epoch and theirs.seq > row.seq:
            last = min(theirs.seq, row.seq + WINDOW)
            body = Resend(stream=theirs.stream, epoch=row.epoch, first=row.seq + 1, last=last)
            await turn.record(Post(network, theirs.stream, "resend", as_json(body)))

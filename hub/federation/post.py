"""Envelopes out: numbered, signed, sealed, and written as a letter into the link's room.

All of it are rows of the transaction that decided it. What the link does not allow is not sent and not
kept: a suspended peer gets heartbeats and what is about people in danger, nothing else.

Nobody who is in the middle of something else waits for a link: an alarm takes the link when it is free, and
otherwise leaves the envelope to be numbered a moment later. So no two transactions ever wait for each other
here. And no number is given twice, also by a hub that was restored from a backup: see `begin_anew`. After a
start no number of an old epoch is given at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from directory import sharing
from directory.core.effects import DueAt, Post, Stream, Urgency
from directory.refusals import NotYours
from directory.store.database import Tx
from directory.turn import Turn
from hub import log
from hub.federation.contents import body_of, cards_in, tidied
from hub.federation.core.admission import Admission, admit
from hub.federation.core.bodies import KINDS
from hub.federation.core.canonical import NotWritable
from hub.federation.core.envelope import Draft, Receipt, Signed, seal_envelope, sign_envelope
from hub.federation.core.lanes import LaneKind, lanes_for, step_of
from hub.federation.core.link import Stage
from hub.federation.core.sending import new_epoch, next_draft
from hub.federation.core.shapes import as_json
from hub.federation.core.streams import Head, receipt_for
from hub.federation.lanes import room as room_lane
from hub.federation.lanes import web as web_lane
from hub.store import due, envelopes, keys, links
from hub.store import left as left_rows
from hub.store.envelopes import HeadRow, Kept
from hub.store.left import Left
from hub.store.links import LinkRow

ENVOY = "envoy"
DUE_HEARTBEAT, DUE_CARDS, DUE_CHECKPOINT, DUE_LEFT = "heartbeat", "cards", "checkpoint", "left"
DUE_WATCH, DUE_WATCHED = "watch", "watched"
"""Tell who watches for us; look whether a hub that we watch for has fallen silent."""
DUE_WATCH_SOON, DUE_WATCH_NEW = "watch-soon", "watch-new"
"""Something began that who watches for us may not know of; tell one network, if it does not."""
LOOK_AGAIN = timedelta(seconds=10)
"""When to look whether an envelope was confirmed; what was not is sent on every lane."""
URGENCY: Mapping[Stream, Urgency] = {
    Stream.URGENT: Urgency.ALARM,
    Stream.WORK: Urgency.ANSWER,
    Stream.CARDS: Urgency.NOTE,
}
NOT_AGAIN = frozenset({"receipt", "heartbeat", "epoch"})
"""Envelopes that are not worth repeating in a new epoch: newer ones say the same."""


class Letters(Protocol):
    """Writes one letter within a transaction (hub/letters.py)."""

    async def write(
        self,
        tx: Tx,
        *,
        letter_id: str,
        room: str,
        account: str,
        urgency: Urgency,
        event_type: str,
        content: Mapping[str, object],
        now: datetime,
    ) -> None:
        """`room` is our own room id; the Matrix room may not exist yet."""


@dataclass(frozen=True, slots=True)
class Poster:
    """Implements the effect Post. `letters` writes what the envoy's account, or the lane HTTPS, then sends;
    `prefer` is the lane of what is not urgent."""

    letters: Letters
    prefer: LaneKind = LaneKind.MATRIX

    async def __call__(self, turn: Turn, post: Post) -> None:
        """Number, sign, seal and write one envelope, with the receipt that is owed on its stream.

        Raises NotYours for a network we never linked with. A body outside its type's shape is a mistake of
        this program: it is named in the log, and whatever else was decided still happens.
        """
        link = await links.if_free(turn.tx, turn.guard, post.network)
        if link is None:
            await self._leave(turn, post)
            return
        if link.queued:
            await self._write_left(turn, link)
        await self._write_if_allowed(turn, link, post)

    async def _leave(self, turn: Turn, post: Post) -> None:
        """Somebody else is at the link: whoever comes next numbers this."""
        if not await links.exists(turn.tx, post.network):
            raise NotYours
        name = turn.ids()
        left = Left(post.stream, post.type, msgspec.json.encode(tidied(post.body)))
        await left_rows.leave(turn.tx, turn.guard, post.network, left, bytes.fromhex(name), turn.now)
        await turn.record(DueAt(DUE_LEFT, f"{post.network}:{name}", turn.now))

    async def left(self, turn: Turn, ref: str) -> None:
        """Due handler `left`: write what was left for a network. Its row is its own, so it may wait."""
        link = await links.of(turn.tx, turn.guard, ref.partition(":")[0], lock=True)
        if link is not None:
            await self._write_left(turn, link)

    async def _write_left(self, turn: Turn, link: LinkRow) -> None:
        for left in await left_rows.take(turn.tx, turn.guard, link.network):
            body = msgspec.json.decode(left.body, type=dict[str, object])
            await self._write_if_allowed(turn, link, Post(link.network, Stream(left.stream), left.type, body))

    async def _write_if_allowed(self, turn: Turn, link: LinkRow, post: Post) -> None:
        if not may_send(link.state, post.type):
            log.event("envelope not sent", kind=post.type, state=link.state)
            return
        try:
            await self.write(turn, link, replace(post, body=tidied(post.body)))
        except NotWritable:
            log.trouble("envelope outside its shape", kind=post.type)

    async def write(self, turn: Turn, link: LinkRow, post: Post, *, to: bytes | None = None) -> int:
        """The same without asking whether the link allows it; the envelope's number in its stream. `to`:
        another key to seal to than the peer's newest.

        The caller holds the link's row, so that two never number at once. Raises NotWritable.
        """
        out, theirs = await envelopes.both_heads(turn.tx, post.network, post.stream)
        if out.unsure and _counts(post.type):
            await self.begin_in_doubt(turn, link, post.stream, out)
            out, theirs = await envelopes.both_heads(turn.tx, post.network, post.stream)
        draft = _draft(turn, post, out, _owed(turn, theirs))
        signed = sign_envelope(draft, await keys.signing_seed(turn.tx, turn.guard))
        if draft.receipt is not None:
            await envelopes.move_head(turn.tx, post.network, post.stream, "in", confirmed_seq=theirs.seq)
        if draft.seq:
            await _keep(turn, post, draft, signed)
            if post.type != "receipt":
                await due.put_at_latest(turn.tx, DUE_HEARTBEAT, post.network, turn.now + LOOK_AGAIN)
        await self.carry(turn, link, post.stream, post.type, signed.signed, to=to)
        return draft.seq

    async def carry(
        self,
        turn: Turn,
        link: LinkRow,
        stream: Stream,
        kind: str,
        signed: bytes,
        *,
        again: bool = False,
        to: bytes | None = None,
    ) -> None:
        """Seal signed bytes anew and write them as a letter. A repeat is another letter, the same envelope;
        `again` sends it on every lane there is.

        Before the peer's key is known (an invitation not yet answered) nothing can be sealed or sent.
        """
        if not link.peer.sealing or link.room is None:
            return
        slow = link.https_until is not None and turn.now < link.https_until
        again |= kind == "heads" and link.asked_at is not None and turn.now - link.asked_at >= LOOK_AGAIN
        https = bool(link.peer.host and link.peer.secret)
        for lane in lanes_for(kind, https=https, prefer=self.prefer, slow=slow, again=again):
            wire = seal_envelope(signed, to or bytes.fromhex(link.peer.sealing))
            await self._hand_to(turn, link, stream, lane, wire)

    async def _hand_to(self, turn: Turn, link: LinkRow, stream: Stream, lane: LaneKind, wire: bytes) -> None:
        if lane is LaneKind.MATRIX:
            account, event_type, content = ENVOY, room_lane.EVENT_TYPE, room_lane.to_content(wire)
        else:
            step = step_of(bytes.fromhex(link.peer.secret), link.network)
            account, event_type = web_lane.ACCOUNT, web_lane.EVENT_TYPE
            content = web_lane.to_content(link.peer.host, link.peer.pins, step, wire, turn.now)
        await self.letters.write(
            turn.tx,
            letter_id=turn.ids(),
            room=str(link.room),
            account=account,
            urgency=URGENCY[stream],
            event_type=event_type,
            content=content,
            now=turn.now,
        )

    async def begin_anew(
        self,
        turn: Turn,
        link: LinkRow,
        stream: Stream,
        out: HeadRow,
        peer: Head,
        *,
        above: int = 0,
        continues: bool = False,
    ) -> None:
        """Open a new epoch after the peer's head, and say again there what the peer does not have.

        The new number is made of the time: nobody has used it, whatever this hub forgot. For cards the
        state is sent anew instead, all of it marked dirty, unless the peer has just said that it has
        everything (`continues`).
        """
        lacking = await _lacking(turn, link, stream, out, peer)
        known = Head(out.epoch, out.seq, out.hash)
        start, opening = new_epoch(known, peer, turn.now, above=above, continues=continues)
        moved: dict[str, object] = {"epoch": start.epoch, "seq": 0, "hash": start.hash}
        await envelopes.move_head(
            turn.tx, link.network, stream, "out", **moved, confirmed_seq=0, unsure=False
        )
        await envelopes.close_epoch(turn.tx, link.network, stream, out.epoch)
        await self.write(turn, link, Post(link.network, stream, "epoch", as_json(opening)))
        if stream is Stream.CARDS and not continues:
            await sharing.all_dirty(turn, link.network)
            await due.put_at_latest(turn.tx, DUE_CARDS, link.network, turn.now)
            await due.put_at_latest(turn.tx, DUE_CHECKPOINT, link.network, turn.now)
        for each in lacking:
            if each.signed is not None and each.type not in NOT_AGAIN:
                await self._write_if_allowed(
                    turn, link, Post(link.network, stream, each.type, body_of(each.signed))
                )

    async def begin_in_doubt(self, turn: Turn, link: LinkRow, stream: Stream, out: HeadRow) -> None:
        """Something must go out before the peer said how far it has come (deploy/decisions/0016)."""
        known = await envelopes.hash_at(
            turn.tx, link.network, stream, out.epoch, out.confirmed_seq, directions=("out",)
        )
        peer = Head(out.epoch, out.confirmed_seq, known or envelopes.START)
        await self.begin_anew(turn, link, stream, out, peer)


async def _lacking(turn: Turn, link: LinkRow, stream: Stream, out: HeadRow, peer: Head) -> tuple[Kept, ...]:
    """What we kept of the epoch that ends and the peer did not have. Cards: nothing, all state follows."""
    if stream is Stream.CARDS or peer.epoch > out.epoch:
        return ()
    first = peer.seq + 1 if peer.epoch == out.epoch else 1
    return await envelopes.between(
        turn.tx, turn.guard, link.network, "out", stream, out.epoch, first, out.seq
    )


def may_send(state: str, kind: str) -> bool:
    """What a peer at the same stage of the link would apply or show a person; nothing else is sent."""
    return admit(kind, Stage(state)) is not Admission.KEEP


def _counts(kind: str) -> bool:
    known = KINDS.get(kind)
    return (known is None or known.numbered) and kind != "epoch"


def _draft(turn: Turn, post: Post, head: HeadRow, receipt: Receipt | None) -> Draft:
    kind = KINDS.get(post.type)
    if kind is not None and not kind.numbered:
        return Draft(post.type, turn.home, post.network, post.stream, post.body, turn.now, receipt=receipt)
    return next_draft(
        Head(head.epoch, head.seq, head.hash),
        kind=post.type,
        sender=turn.home,
        to=post.network,
        stream=post.stream,
        body=post.body,
        at=turn.now,
        receipt=receipt,
    )


def _owed(turn: Turn, theirs: HeadRow) -> Receipt | None:
    """The receipt for what we applied of the opposite direction, when the peer was not yet told."""
    if theirs.confirmed_seq >= theirs.seq:
        return None
    return receipt_for(Head(theirs.epoch, theirs.seq, theirs.hash), turn.now)


async def _keep(turn: Turn, post: Post, draft: Draft, signed: Signed) -> None:
    kept = Kept(
        post.network, "out", post.stream, draft.epoch, draft.seq, post.type, signed.hash, signed.signed
    )
    await envelopes.keep(turn.tx, turn.guard, kept, cards=cards_in(post.type, post.body), now=turn.now)
    await envelopes.move_head(
        turn.tx, post.network, post.stream, "out", epoch=draft.epoch, seq=draft.seq, hash=signed.hash
    )

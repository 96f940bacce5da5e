"""Envelopes out: numbered, signed, sealed, and written as a letter into the link's room.

All of it are rows of the transaction that decided it. What the link does not allow is not sent and not
kept: a suspended peer gets heartbeats and what is about people in danger, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from directory.core.effects import Post, Stream, Urgency
from directory.crypto import SIGNATURE_SIZE
from directory.refusals import NotYours
from directory.store.database import Tx
from directory.turn import Turn
from hub import log
from hub.federation.core import canonical
from hub.federation.core.admission import Admission, admit
from hub.federation.core.bodies import KINDS
from hub.federation.core.canonical import NotWritable
from hub.federation.core.envelope import Draft, Receipt, Signed, seal_envelope, sign_envelope
from hub.federation.core.identity import KID_SIZE
from hub.federation.core.link import Stage
from hub.federation.core.sending import next_draft
from hub.federation.core.streams import Head, receipt_for
from hub.federation.identity import OPERATING
from hub.federation.lanes import room as room_lane
from hub.store import due, envelopes, keys, links
from hub.store.envelopes import HeadRow, Kept
from hub.store.links import LinkRow

ENVOY = "envoy"
SIGNED_JSON_AT = KID_SIZE + SIGNATURE_SIZE
"""Where the canonical JSON begins in kept signed bytes."""
DUE_HEARTBEAT = "heartbeat"
LOOK_AGAIN = timedelta(seconds=10)
"""When to look whether an envelope was confirmed."""
URGENCY: Mapping[Stream, Urgency] = {
    Stream.URGENT: Urgency.ALARM,
    Stream.WORK: Urgency.ANSWER,
    Stream.CARDS: Urgency.NOTE,
}


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
    """Implements the effect Post. `letters` writes what the envoy's account then sends."""

    letters: Letters

    async def __call__(self, turn: Turn, post: Post) -> None:
        """Number, sign, seal and write one envelope, with the receipt that is owed on its stream.

        Raises NotYours for a network we never linked with. A body outside its type's shape is a mistake of
        this program: it is named in the log, and whatever else was decided still happens.
        """
        link = await links.of(turn.tx, turn.guard, post.network, lock=True)
        if link is None:
            raise NotYours
        if not may_send(link.state, post.type):
            log.event("envelope not sent", kind=post.type, state=link.state)
            return
        try:
            await self.write(turn, link, replace(post, body=tidied(post.body)))
        except NotWritable:
            log.trouble("envelope outside its shape", kind=post.type)

    async def write(self, turn: Turn, link: LinkRow, post: Post) -> int:
        """The same without asking whether the link allows it; the envelope's number in its stream.

        The caller holds the link's row (`lock=True`), so that two never number at once. Raises NotWritable.
        """
        head = await envelopes.head(turn.tx, post.network, post.stream, "out")
        theirs = await envelopes.head(turn.tx, post.network, post.stream, "in")
        draft = _draft(turn, post, head, _owed(turn, theirs))
        signed = sign_envelope(draft, await _seed(turn))
        if draft.receipt is not None:
            await envelopes.move_head(turn.tx, post.network, post.stream, "in", confirmed_seq=theirs.seq)
        if draft.seq:
            await _keep(turn, post, draft, signed)
            if post.type != "receipt":
                await due.put_at_latest(turn.tx, DUE_HEARTBEAT, post.network, turn.now + LOOK_AGAIN)
        await self.carry(turn, link, post.stream, signed.signed)
        return draft.seq

    async def carry(self, turn: Turn, link: LinkRow, stream: Stream, signed: bytes) -> None:
        """Seal signed bytes anew and write them as a letter. A repeat is another letter, the same envelope.

        Before the peer's key is known (an invitation not yet answered) nothing can be sealed or sent.
        """
        if not link.peer.sealing or link.room is None:
            return
        wire = seal_envelope(signed, bytes.fromhex(link.peer.sealing))
        await self.letters.write(
            turn.tx,
            letter_id=turn.ids(),
            room=link.room,
            account=ENVOY,
            urgency=URGENCY[stream],
            event_type=room_lane.EVENT_TYPE,
            content=room_lane.to_content(wire),
            now=turn.now,
        )


def may_send(state: str, kind: str) -> bool:
    """What a peer at the same stage of the link would apply or show a person; nothing else is sent."""
    return admit(kind, Stage(state)) is not Admission.KEEP


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


async def _seed(turn: Turn) -> bytes:
    return (await keys.of_purpose(turn.tx, turn.guard, OPERATING))[0].private


async def _keep(turn: Turn, post: Post, draft: Draft, signed: Signed) -> None:
    kept = Kept(
        post.network, "out", post.stream, draft.epoch, draft.seq, post.type, signed.hash, signed.signed
    )
    await envelopes.keep(turn.tx, turn.guard, kept, cards=cards_in(post.type, post.body), now=turn.now)
    await envelopes.move_head(
        turn.tx, post.network, post.stream, "out", epoch=draft.epoch, seq=draft.seq, hash=signed.hash
    )


def cards_in(kind: str, body: Mapping[str, object]) -> tuple[str, ...]:
    """Ids of the cards a body carries, so that a withdrawal finds the envelope. Tombstones carry none."""
    if kind != "card":
        return ()
    listed = body.get("cards")
    inner = (each.get("card") for each in listed) if isinstance(listed, list | tuple) else ()
    return tuple(str(card.get("id")) for card in inner if isinstance(card, Mapping))


def tidied(body: Mapping[str, object]) -> dict[str, object]:
    """The body with texts as they may cross: what people typed holds controls and marks now and then."""
    return {name: _tidied(value) for name, value in body.items()}


def _tidied(value: object) -> object:
    match value:
        case str():
            return canonical.tidy(value)
        case Mapping():
            return tidied(value)
        case list() | tuple():
            return [_tidied(each) for each in value]
        case _:
            return value

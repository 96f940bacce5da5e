"""The sending side of a stream: numbering, what a receipt confirms, what to send again, beginning anew.

Everything numbered is kept until a receipt covers it. A receipt or head that knows more of our stream than we
do means that we were restored from a backup: nothing is sent under a number twice, a new epoch begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from directory.core.effects import Stream
from hub.federation.core.bodies import OpenEpoch, Resend, StreamHead
from hub.federation.core.envelope import NO_HASH, Draft, Receipt, Signed
from hub.federation.core.shapes import as_json
from hub.federation.core.streams import Head


def next_draft(
    head: Head,
    *,
    kind: str,
    sender: str,
    to: str,
    stream: Stream,
    body: Mapping[str, object],
    at: datetime,
    receipt: Receipt | None = None,
) -> Draft:
    """The draft that follows `head` in our own stream to one peer."""
    return Draft(
        type=kind,
        sender=sender,
        to=to,
        stream=stream,
        body=body,
        at=at,
        epoch=head.epoch,
        seq=head.seq + 1,
        prev=head.hash,
        receipt=receipt,
    )


def after(draft: Draft, signed: Signed) -> Head:
    """Our head once this envelope is written down; in the same transaction as the envelope."""
    return Head(draft.epoch, draft.seq, signed.hash)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The peer applied everything up to this number, and signed for it. `at` is the peer's clock."""

    epoch: int
    seq: int
    at: int


@dataclass(frozen=True, slots=True)
class OldNews:
    """Confirms nothing that was not confirmed before."""


@dataclass(frozen=True, slots=True)
class WeWereRestored:
    """The peer holds more of our stream than we know of: open a new epoch before anything else is sent.

    The new one must be later than `above`, the latest of which the peer has seen anything.
    """

    peer: Head
    above: int = 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The peer signed for something we did not send: keep it, suspend, tell the administrator."""

    claimed: Head


@dataclass(frozen=True, slots=True)
class PeerLacks:
    """The peer is at `peer` and lacks these: send them again."""

    peer: Head
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PeerWasRestored:
    """The peer lacks what it had confirmed and we no longer keep: open a new epoch after its head."""

    peer: Head


@dataclass(frozen=True, slots=True)
class AskAgainFirst:
    """This head is lower than what was confirmed, and may be an old one: ask with a fresh nonce."""


Confirmation: TypeAlias = Confirmed | OldNews | WeWereRestored | Contradiction
Standing: TypeAlias = Confirmation | PeerLacks | PeerWasRestored | AskAgainFirst


def confirm(own: Head, receipt: Receipt, *, confirmed_seq: int, sent_hash: bytes | None) -> Confirmation:
    """What a receipt says about our stream.

    `confirmed_seq` is how far it was confirmed in the current epoch; `sent_hash` the hash of what we sent
    under the receipt's epoch and number, None when it is no longer kept.
    """
    return _compare(own, head_of(receipt), receipt.at, confirmed_seq, sent_hash)


def compare_heads(own: Head, theirs: StreamHead, *, sent_hash: bytes | None) -> Confirmation:
    """Whether the peer knows more of our stream than we do: the question every hub asks before it sends.

    What it holds beyond a gap counts too: those numbers were given out.
    """
    return _compare_seen(own, theirs, 0, sent_hash)


def _compare_seen(own: Head, theirs: StreamHead, confirmed_seq: int, sent: bytes | None) -> Confirmation:
    seen = (theirs.seen_epoch or theirs.epoch, theirs.seen)
    if theirs.seen and seen > (own.epoch, own.seq):
        return WeWereRestored(head_of(theirs), above=seen[0])
    return _compare(own, head_of(theirs), 0, confirmed_seq, sent)


def standing(
    own: Head,
    theirs: StreamHead,
    *,
    confirmed_seq: int,
    oldest_kept: int,
    sent_hash: bytes | None,
    fresh: bool,
) -> Standing:
    """Where the peer stands in our stream, and what it needs.

    `oldest_kept` is the lowest number stored of the current epoch (own.seq + 1 when none is). `fresh`: the
    head came in the answer to a question (nonce) of ours that is younger than the last confirmation.
    """
    said = _compare_seen(own, theirs, confirmed_seq, sent_hash)
    peer = head_of(theirs)
    if isinstance(said, WeWereRestored | Contradiction) or peer == own:
        return said
    first = peer.seq + 1 if peer.epoch == own.epoch else 1
    if first > own.seq:
        return said
    if first >= oldest_kept:
        return PeerLacks(peer, first, own.seq)
    return PeerWasRestored(peer) if fresh else AskAgainFirst()


def head_of(said: Receipt | StreamHead) -> Head:
    """A head as the other side wrote it."""
    return Head(said.epoch, said.seq, bytes.fromhex(said.hash))


def _compare(own: Head, theirs: Head, at: int, confirmed_seq: int, sent: bytes | None) -> Confirmation:
    if (theirs.epoch, theirs.seq) > (own.epoch, own.seq):
        return WeWereRestored(theirs)
    if theirs.seq and sent is not None and sent != theirs.hash:
        return WeWereRestored(theirs) if theirs.epoch == own.epoch else Contradiction(theirs)
    if theirs.epoch < own.epoch or theirs.seq <= confirmed_seq:
        return OldNews()
    return Confirmed(theirs.epoch, theirs.seq, at)


def new_epoch(
    known: Head, peer: Head, now: datetime, *, above: int = 0, continues: bool = False
) -> tuple[Head, OpenEpoch]:
    """(the empty head to number the opening from, its body), after a start or when a resend is impossible.

    The new number is above whatever either side knows, and grows with time, so that a hub restored twice
    does not use one twice. Also a peer that knows no more than we do may have been sent more, lost on the
    way or kept back, and shown to it later: so no number of an epoch is given after a start.
    """
    number = max(known.epoch, peer.epoch, above, int(now.timestamp()) - 1) + 1
    opening = OpenEpoch(
        closed_epoch=peer.epoch, last_seq=peer.seq, last_hash=peer.hash.hex(), continues=continues
    )
    return Head(number, 0, NO_HASH), opening


def opening_draft(
    head: Head, opening: OpenEpoch, *, sender: str, to: str, stream: Stream, at: datetime
) -> Draft:
    """The first envelope of a new epoch."""
    return next_draft(head, kind="epoch", sender=sender, to=to, stream=stream, body=as_json(opening), at=at)


@dataclass(frozen=True, slots=True)
class SendAgain:
    """These are ours and kept."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CannotResend:
    """Asked for what was confirmed and is no longer kept: an old question, or a peer that was restored.

    Ask for its heads with a fresh nonce; `standing` says of the answer which it is.
    """


@dataclass(frozen=True, slots=True)
class NothingToSend:
    """Asked for what was never sent, or is of an epoch that is over."""


def answer_resend(own: Head, asked: Resend, *, oldest_kept: int) -> SendAgain | CannotResend | NothingToSend:
    """What to do about a request to send again; `oldest_kept`: the lowest number stored of this epoch."""
    if asked.epoch != own.epoch or asked.first > own.seq:
        return NothingToSend()
    if asked.first < oldest_kept:
        return CannotResend()
    return SendAgain(asked.first, min(asked.last, own.seq))

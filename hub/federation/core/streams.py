"""The receiving side of a stream: which envelope comes next, and what to make of one that does not.

One head a (peer, stream): the last one applied. Order is by number only; times are never used for order
(THREATS rows 1, 2, 3, 5 and 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from directory.core.effects import Stream
from hub.federation.core.bodies import OpenEpoch, StreamHead
from hub.federation.core.envelope import NO_HASH, Receipt, VerifiedEnvelope
from hub.federation.core.shapes import millis

WINDOW = 256
"""How many envelopes beyond a gap are worth keeping until the gap is filled."""
MAX_AHEAD = 1_000_000
"""A number further ahead than this is no gap but nonsense."""
EPOCH_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a stream has come: number and hash of the last envelope in it."""

    epoch: int = 0
    seq: int = 0
    hash: bytes = NO_HASH


@dataclass(frozen=True, slots=True)
class Accept:
    """Next in order: apply it, move the head, confirm it."""

    envelope: VerifiedEnvelope


@dataclass(frozen=True, slots=True)
class EpochOpened:
    """The sender began anew. `lost`: how many it had seen confirmed that we do not have (we were restored).

    `forgotten`: how many of its own it no longer knows (it was restored); what they said stays applied. In
    the stream of cards all of the state follows: what it does not repeat before its next checkpoint is gone.
    """

    envelope: VerifiedEnvelope
    lost: int
    forgotten: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Ahead of a gap: keep it, and offer it again when the one before it was accepted."""

    envelope: VerifiedEnvelope


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask the sender for these numbers again. Safe to repeat; the caller keeps to a budget."""

    stream: Stream
    epoch: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class HadIt:
    """Came before: nothing to apply, but the sender seems not to know that, so confirm again."""

    stream: Stream


@dataclass(frozen=True, slots=True)
class Late:
    """Of an epoch the sender has left: not in order any more. An alarm in it still reaches a person."""

    envelope: VerifiedEnvelope


@dataclass(frozen=True, slots=True)
class Equivocation:
    """The sender signed two different things under one number: keep both, suspend, tell the administrator.

    `known` is the hash we hold for that number, or the prev we would have accepted.
    """

    envelope: VerifiedEnvelope
    known: bytes


@dataclass(frozen=True, slots=True)
class OutOfPlace:
    """A number or epoch no honest sender gives. Nothing changes; the stream stays usable."""

    envelope: VerifiedEnvelope


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A question that has no place in the order: answer it."""

    envelope: VerifiedEnvelope


Effect: TypeAlias = (
    Accept | EpochOpened | Hold | AskAgain | HadIt | Late | Equivocation | OutOfPlace | Unnumbered
)
Outcome: TypeAlias = tuple[Head, tuple[Effect, ...]]


def receive(head: Head, envelope: VerifiedEnvelope, *, seen: bytes | None, now: datetime) -> Outcome:
    """What a verified envelope means for the head of its own (peer, stream), and what to do.

    `seen` is the hash already kept (applied or held) under the same epoch and number, if there is one. The
    caller keys heads by `envelope.sender` and `envelope.stream`, and offers held ones after each Accept.
    """
    if envelope.seq == 0:
        return head, (Unnumbered(envelope),)
    if seen is not None and seen != envelope.hash:
        return head, (Equivocation(envelope, seen),)
    if envelope.epoch < head.epoch:
        return head, (HadIt(envelope.stream) if seen else Late(envelope),)
    if envelope.epoch > head.epoch:
        return _new_epoch(head, envelope, now)
    if isinstance(envelope.body, OpenEpoch) and envelope.seq != 1:
        return head, (OutOfPlace(envelope),)
    return _same_epoch(head, envelope)


def _same_epoch(head: Head, envelope: VerifiedEnvelope) -> Outcome:
    if envelope.seq <= head.seq:
        return head, (HadIt(envelope.stream),)
    if envelope.seq == head.seq + 1:
        if envelope.prev != head.hash:
            return head, (Equivocation(envelope, head.hash),)
        return Head(head.epoch, envelope.seq, envelope.hash), (Accept(envelope),)
    return head, _beyond_a_gap(envelope, head.seq + 1)


def _beyond_a_gap(envelope: VerifiedEnvelope, first: int) -> tuple[Effect, ...]:
    if envelope.seq - first > MAX_AHEAD:
        return (OutOfPlace(envelope),)
    last = min(envelope.seq - 1, first + WINDOW - 1)
    ask = AskAgain(envelope.stream, envelope.epoch, first, last)
    return (Hold(envelope), ask) if envelope.seq - first <= WINDOW else (ask,)


def _new_epoch(head: Head, envelope: VerifiedEnvelope, now: datetime) -> Outcome:
    """A higher epoch counts only from its opening on. Its number is bounded, so that none can be the last."""
    bound = max(head.epoch + 1, int((now + EPOCH_SLACK).timestamp()))
    if envelope.epoch > bound:
        return head, (OutOfPlace(envelope),)
    if envelope.seq > 1:
        return head, _beyond_a_gap(envelope, 1)
    body = envelope.body
    if not isinstance(body, OpenEpoch) or envelope.prev != NO_HASH:
        return head, (OutOfPlace(envelope),)
    if (body.closed_epoch, body.last_seq) == (head.epoch, head.seq) and body.last_hash != head.hash.hex():
        return head, (Equivocation(envelope, head.hash),)
    return Head(envelope.epoch, 1, envelope.hash), (_opened(head, envelope, body),)


def _opened(head: Head, envelope: VerifiedEnvelope, body: OpenEpoch) -> Effect:
    """Numbers of different epochs cannot be compared: then all of one side counts."""
    if body.closed_epoch != head.epoch:
        behind = body.closed_epoch > head.epoch
        return EpochOpened(envelope, lost=body.last_seq * behind, forgotten=head.seq * (not behind))
    difference = body.last_seq - head.seq
    return EpochOpened(envelope, lost=max(difference, 0), forgotten=max(-difference, 0))


def head_report(stream: Stream, head: Head, *, held: tuple[int, int] = (0, 0)) -> StreamHead:
    """What to say when a peer asks how far we have come; `held`: latest (epoch, seq) beyond a gap."""
    epoch, seen = held if held > (head.epoch, head.seq) else (head.epoch, 0)
    return StreamHead(
        stream=stream,
        epoch=head.epoch,
        seq=head.seq,
        hash=head.hash.hex(),
        seen=seen,
        seen_epoch=epoch if epoch != head.epoch else 0,
    )


def receipt_for(head: Head, at: datetime) -> Receipt | None:
    """What to put into the next envelope of the opposite direction; none before anything was applied."""
    if head == Head():
        return None
    return Receipt(epoch=head.epoch, seq=head.seq, hash=head.hash.hex(), at=millis(at))

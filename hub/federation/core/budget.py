"""How much one linked hub may send: envelopes and bytes, filled up again with time.

An honest hub stays below it with all it has to say; what goes beyond is put off or dropped, and sent again by
whoever sent it, since it was not confirmed. So no peer can be silenced by this, only slowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`a_second` comes back with time, up to `most`."""

    a_second: float
    most: float


@dataclass(frozen=True, slots=True)
class Budget:
    """Of one peer: how many envelopes and how many bytes."""

    envelopes: Rate
    bytes: Rate


AT_ONCE = Budget(Rate(16, 48), Rate(256_000, 1_000_000))
"""Beyond this an envelope waits in its peer's own queue, behind nobody else's."""
TAKEN = Budget(Rate(100, 500), Rate(4_000_000, 40_000_000))
"""Beyond this nothing more is read from the peer for a while."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a peer has left, and when that was counted (seconds of any clock that only goes forward)."""

    envelopes: float
    bytes: float
    at: float


def full(budget: Budget, now: float) -> Left:
    """A peer that was not heard yet."""
    return Left(budget.envelopes.most, budget.bytes.most, now)


def spend(left: Left, budget: Budget, size: int, now: float) -> tuple[Left, bool]:
    """What is left after one envelope of `size` bytes, and whether there was enough for it."""
    passed = max(0.0, now - left.at)
    envelopes = min(budget.envelopes.most, left.envelopes + passed * budget.envelopes.a_second)
    room = min(budget.bytes.most, left.bytes + passed * budget.bytes.a_second)
    if envelopes < 1 or room < size:
        return Left(envelopes, room, now), False
    return Left(envelopes - 1, room - size, now), True


def next_of(queues: Mapping[str, int], before: str) -> str | None:
    """Whose queue comes next after `before`: one envelope each in turn. `queues`: how many wait, by peer."""
    waiting = sorted(key for key, count in queues.items() if count)
    return next((key for key in waiting if key > before), waiting[0] if waiting else None)

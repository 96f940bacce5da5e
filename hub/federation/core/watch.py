"""When a linked hub watches for another: what it is told, and when silence means that people must be told.

A hub that is gone cannot notice that somebody did not answer. So it tells a linked one by when something must
have happened: quarter hours only, each once, so that nobody learns whose and how many. It does so at times
drawn by lot, an hour apart at most, and at once when something begins that the other does not know of; every
packet is as long as any other, so that neither length nor time tells a busy day from a quiet one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

QUARTER = timedelta(minutes=15)
AHEAD = timedelta(hours=26)
"""How far ahead a packet looks: a day, and what the next packets may be late."""
EVERY = timedelta(hours=1)
SOONEST = timedelta(minutes=10)
"""Two packets that nothing caused are so far apart at least, and `EVERY` at most."""
BITS = 112
"""Quarter hours in a packet; more than `AHEAD` holds."""
BEAT = timedelta(minutes=5)
ONE_WAKING = timedelta(days=1)
"""A network that falls silent again and again wakes people here once in so long."""
MISSED = 4
"""So many heartbeats are missing before silence is silence."""


def rounded(at: datetime) -> datetime:
    """The quarter hour at or after a moment."""
    over = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + QUARTER


def to_tell(
    due: Iterable[datetime], now: datetime, *, running: Iterable[datetime] = ()
) -> tuple[datetime, ...]:
    """The quarter hours within the next day in which something is due, each once. What is overdue already
    counts as due in the next.

    `running`: when alarms that nobody took yet go on. With one of them soon, every quarter hour until the
    next packet is named: the hub may fall silent between two steps of it, and was there for the first.
    """
    quarters = {rounded(max(at, now)) for at in due if at <= now + AHEAD}
    if any(at <= now + EVERY for at in running):
        quarters |= {rounded(now) + step * QUARTER for step in range((EVERY + QUARTER) // QUARTER + 1)}
    return tuple(sorted(quarters))


def next_in(chance: bytes) -> timedelta:
    """How long until the next packet that nothing causes; `chance`: two bytes or more."""
    return SOONEST + (EVERY - SOONEST) * (int.from_bytes(chance[:2], "big") / 65535)


def until(next_packet: datetime | None, now: datetime) -> datetime:
    """What is due before this must be known to the other before the next packet says it."""
    coming = now + EVERY if next_packet is None else min(max(next_packet, now), now + EVERY)
    return coming + QUARTER


def packed(times: Iterable[datetime], now: datetime) -> tuple[datetime, str]:
    """(the first quarter hour, the others after it as bits in hex): always of one length."""
    begins, bits = rounded(now), 0
    for at in times:
        step = (at - begins) // QUARTER
        if 0 <= step < BITS:
            bits |= 1 << step
    return begins, f"{bits:0{BITS // 4}x}"


def unpacked(begins: datetime, quarters: str) -> tuple[datetime, ...]:
    """The times again, the earliest first."""
    bits = int(quarters, 16)
    return tuple(begins + step * QUARTER for step in range(BITS) if bits >> step & 1)


@dataclass(frozen=True, slots=True)
class Fine:
    """Look again then; None when nothing is left to wait for."""

    look_at: datetime | None


@dataclass(frozen=True, slots=True)
class Silent:
    """It was not heard when it should have been, and since `due` something there is overdue."""

    since: datetime
    due: datetime


Judged: TypeAlias = Fine | Silent


def may_wake(woken_at: datetime | None, now: datetime, *, always: bool) -> bool:
    """May people here be woken for this network, or were they within a day? `always`: they want to be."""
    return always or woken_at is None or not woken_at <= now < woken_at + ONE_WAKING


def judge(
    last_heard: datetime, times: Iterable[datetime], now: datetime, *, ear_since: datetime | None = None
) -> Judged:
    """What silence since `last_heard` means, with these due times. A time before that is no reason: the hub
    was there, and did what it had to.

    `ear_since`: since when we could have heard it at all; a hub that was away itself listens first.
    """
    waiting = sorted(at for at in times if at > last_heard)
    silent_from = max(last_heard, ear_since or last_heard) + BEAT * MISSED
    if not waiting:
        return Fine(None)
    if now >= silent_from and waiting[0] <= now:
        return Silent(last_heard, waiting[0])
    return Fine(max(silent_from, waiting[0]))

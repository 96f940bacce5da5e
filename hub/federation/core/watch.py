"""When a linked hub watches for another: what it is told, and when silence means that people must be told.

A hub that is gone cannot notice that somebody did not answer. So it tells a linked one, hourly, by when
something must have happened: quarter hours only, each once, so that nobody learns whose and how many.
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
BEAT = timedelta(minutes=5)
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

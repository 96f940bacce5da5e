"""When check-ins that come again are due: days, times on the person's own clock, hours of rest.

Times are those the person's clock shows, whatever summer time does. A time that the clock skips is due at the
jump, the first moment its clock shows something later; of a time that comes twice the first is meant: nobody
is looked for later than they said. What falls into hours of rest is due when these end, never left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTES = 1440
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
SHORTEST_GAP = 15
"""Minutes between two check-ins of one day, at least."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """`days` 1 Monday to 7 Sunday; `minutes` of the day; `rest` from and to, over midnight or not."""

    zone: str
    days: tuple[int, ...]
    minutes: tuple[int, ...]
    rest: tuple[int, int] | None = None

    @property
    def sound(self) -> bool:
        """Can this ever come due, and never all day long?"""
        if not self.days or not self.minutes or not set(self.days) <= set(EVERY_DAY):
            return False
        whole = all(0 <= minute < MINUTES for minute in (*self.minutes, *(self.rest or ())))
        times = sorted(set(self.minutes))
        apart = all(later - earlier >= SHORTEST_GAP for earlier, later in pairwise(times))
        return whole and apart and (self.rest is None or self.rest[0] != self.rest[1])


def spread(every: int, rest: tuple[int, int] | None) -> tuple[int, ...]:
    """The times of a day, every so many minutes while the person is awake: from the end of their rest on."""
    start = rest[1] if rest is not None else 0
    awake = (rest[0] - rest[1]) % MINUTES if rest is not None else MINUTES - 1
    return tuple(sorted((start + step) % MINUTES for step in range(0, awake + 1, max(every, SHORTEST_GAP))))


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When the clock of `zone` shows this minute of the day, UTC: the first time, or the jump over it."""
    shown = datetime.combine(day, time(minute // 60, minute % 60), zone)
    first = shown.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return first
    return _jump(shown.replace(fold=1).astimezone(UTC), first, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second of the new time between these moments, one on each side of it."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def next_after(table: Timetable, after: datetime) -> datetime:
    """The first time that is due later than `after`, UTC. The timetable has to be sound."""
    return next(at for at in coming(table, after))


def coming(table: Timetable, after: datetime) -> Iterator[datetime]:
    """All the times later than `after`, in order, each once."""
    zone = ZoneInfo(table.zone)
    day, last = after.astimezone(zone).date() - 2 * DAY, after
    while True:
        found = {at for at in _due_around(table, day, zone) if at > last}
        for at in sorted(found):
            yield at
            last = at
        day += DAY


def _due_around(table: Timetable, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """What is due on this day of the calendar, also what rest moved here from the evening before."""
    for before in (DAY, timedelta(0)):
        if (day - before).isoweekday() not in table.days:
            continue
        for minute in table.minutes:
            on, at = _rested(day - before, minute, table.rest)
            if on == day:
                yield moment(on, at, zone)


def _rested(day: date, minute: int, rest: tuple[int, int] | None) -> tuple[date, int]:
    if rest is None:
        return day, minute
    start, end = rest
    if start < end:
        return (day, end) if start <= minute < end else (day, minute)
    if minute >= start:
        return day + DAY, end
    return (day, end) if minute < end else (day, minute)

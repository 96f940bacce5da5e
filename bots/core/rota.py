"""The weekly rota: stretches of duty from shifts, hours nobody covers, nights in a row. Values in and out.

A shift's hours are those of its own clocks, whatever summer time does; stretches are moments, UTC. Who is
awake for others has to be able to sleep too (¶47): nobody has more than three nights in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_NIGHTS = 3
AHEAD = timedelta(days=21)
"""Stretches are written down for so long ahead, and once a day for one day more."""
NIGHT_FROM, NIGHT_TO, NIGHT_IS = time(23), time(5), timedelta(hours=3)
"""Three hours or more of a stretch between eleven and five make it a night."""
DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours that come every week. `end` at or before `start`: the next morning. Days 1 Monday to 7 Sunday."""

    zone: str
    days: tuple[int, ...]
    start: int
    end: int


def spans(weekly: Weekly, since: datetime, until: datetime) -> Iterator[Span]:
    """Its stretches that begin in [since, until), in order."""
    zone = ZoneInfo(weekly.zone)
    day, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date()
    while day <= last:
        if day.isoweekday() in weekly.days:
            begins = _moment(day, weekly.start, zone)
            next_day = day if weekly.end > weekly.start else day + DAY
            ends = _moment(next_day, weekly.end, zone)
            if since <= begins < until and begins < ends:
                yield begins, ends
        day += DAY


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    whole, rest = divmod(minute, 1440)
    local = datetime.combine(day + DAY * whole, time(rest // 60, rest % 60), zone)
    return local.astimezone(UTC)


def nights_in_a_row(stretches: Iterable[Span], zone: ZoneInfo) -> int:
    """The longest row of nights among these stretches, by the clocks of `zone`."""
    nights = sorted({night for span in stretches for night in _nights(span, zone)})
    longest = row = 0
    before: date | None = None
    for night in nights:
        row = row + 1 if before is not None and night - before == DAY else 1
        longest, before = max(longest, row), night
    return longest


def _nights(span: Span, zone: ZoneInfo) -> Iterator[date]:
    """The evenings whose night this stretch takes."""
    evening = span[0].astimezone(zone).date() - DAY
    while evening <= span[1].astimezone(zone).date():
        begins = datetime.combine(evening, NIGHT_FROM, zone).astimezone(UTC)
        ends = datetime.combine(evening + DAY, NIGHT_TO, zone).astimezone(UTC)
        if min(ends, span[1]) - max(begins, span[0]) >= NIGHT_IS:
            yield evening
        evening += DAY


def gaps(stretches: Iterable[Span], since: datetime, until: datetime) -> tuple[Span, ...]:
    """When nobody is on duty between the two moments."""
    found, free_from = [], since
    for begins, ends in sorted(stretches):
        if begins > free_from:
            found.append((free_from, min(begins, until)))
        free_from = max(free_from, ends)
        if free_from >= until:
            break
    if free_from < until:
        found.append((free_from, until))
    return tuple(span for span in found if span[0] < span[1])

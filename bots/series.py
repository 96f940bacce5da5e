"""Check-ins that belong together: a journey with its legs, a timetable, an event. One is open at a time.

The next is made when this one is answered; of a timetable or an event also when it was not. A clock that goes
back makes none twice, one that jumps ahead skips what is long over: that is one silence, not several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bots.core.alarms import Severity
from bots.core.timetable import Timetable, next_after
from bots.desk import Desk
from bots.promising import Manner, Whose, make
from bots.store import series as rows
from bots.store.checkins import CheckInRow
from bots.store.series import ENDED, RUNNING, Series
from directory.core.text import Text, say
from directory.refusals import BadAnswer
from directory.turn import Turn

JOURNEY, WEEKLY, EVENT = "journey", "weekly", "event"
MOST_LEGS = 20
LONGEST_LEG = timedelta(days=7)
LONGEST_EVENT = timedelta(days=7)
LONGEST_NAME = 200
STARTED = "started"


@dataclass(frozen=True, slots=True)
class Leg:
    """One part of a journey: how long it takes at most, and where it ends."""

    length: timedelta
    place: str


async def journey(
    desk: Desk,
    turn: Turn,
    whose: Whose,
    legs: Sequence[Leg],
    manner: Manner,
    starts_at: datetime | None = None,
) -> CheckInRow:
    """Be heard from at the end of every leg; with `starts_at` also that the journey began.

    The time of a leg runs from the arrival before it. Raises BadAnswer."""
    if not 1 <= len(legs) <= MOST_LEGS or any(not _SHORT <= leg.length <= LONGEST_LEG for leg in legs):
        raise BadAnswer(
            say("Please give 1 to 20 parts of the journey, each at most 7 days long."), field="legs"
        )
    if starts_at is not None and not turn.now < starts_at <= turn.now + FARTHEST:
        raise BadAnswer(SOON, field="starts_at")
    fields = {
        **_manner(manner, whose),
        "legs": [[int(leg.length.total_seconds()), leg.place[:LONGEST_NAME]] for leg in legs],
        "leg": -1 if starts_at is not None else 0,
    }
    first = starts_at or turn.now + legs[0].length
    return await _begin(desk, turn, Series(turn.ids(), whose.member, JOURNEY, RUNNING, first, fields))


async def weekly(desk: Desk, turn: Turn, whose: Whose, table: Timetable, manner: Manner) -> CheckInRow:
    """Be heard from again and again, on the person's own clock and outside their hours of rest."""
    _checked(table)
    fields = {
        **_manner(manner, whose),
        "zone": table.zone,
        "days": list(table.days),
        "minutes": list(table.minutes),
        "rest": list(table.rest or ()),
    }
    first = next_after(table, turn.now + _SOONEST)
    return await _begin(desk, turn, Series(turn.ids(), whose.member, WEEKLY, RUNNING, first, fields))


async def event(
    desk: Desk, turn: Turn, whose: Whose, span: tuple[datetime, datetime], every: timedelta, manner: Manner
) -> CheckInRow:
    """Be heard from every so often while an event lasts, and when it is over. Raises BadAnswer."""
    starts_at, ends_at = span
    if not turn.now < ends_at or not starts_at < ends_at <= starts_at + LONGEST_EVENT:
        raise BadAnswer(say("Please give a start and an end that is still to come."), field="ends_at")
    if ends_at > turn.now + FARTHEST or every < timedelta(minutes=15):
        raise BadAnswer(SOON if ends_at > turn.now + FARTHEST else TOO_OFTEN, field="every")
    count = max(1, -((starts_at - ends_at) // every))
    times = [min(starts_at + every * step, ends_at) for step in range(1, count + 1)]
    left = [_ms(at) for at in times if at > turn.now + _SOONEST]
    if not left:
        raise BadAnswer(say("Please give a start and an end that is still to come."), field="ends_at")
    fields = {**_manner(manner, whose), "times": left}
    return await _begin(desk, turn, Series(turn.ids(), whose.member, EVENT, RUNNING, _at(left[0]), fields))


async def go_on(desk: Desk, turn: Turn, row: CheckInRow, *, answered: bool) -> CheckInRow | None:
    """What comes after this one, if it is the newest of its series. Called again it does nothing."""
    kept = await rows.get(turn.tx, turn.guard, row.series) if row.series is not None else None
    if kept is None or kept.state != RUNNING or kept.last_due_at != row.due_at:
        return None
    if kept.kind == JOURNEY and not answered:
        return None
    coming = _next(kept, row.due_at, turn.now)
    if coming is None:
        await rows.change(turn.tx, turn.guard, kept, state=ENDED)
        return None
    at, changed = coming
    await rows.change(turn.tx, turn.guard, kept, changed, last_due_at=at)
    return await _make(desk, turn, replace(kept, last_due_at=at, fields={**kept.fields, **changed}))


async def end(turn: Turn, name: str) -> None:
    """Nothing more comes of it."""
    kept = await rows.get(turn.tx, turn.guard, name)
    if kept is not None:
        await rows.change(turn.tx, turn.guard, kept, state=ENDED)


async def moved(turn: Turn, row: CheckInRow, by: timedelta) -> None:
    """The open check-in of this series is due later: what follows it knows that."""
    kept = await rows.get(turn.tx, turn.guard, row.series) if row.series is not None else None
    if kept is None or kept.last_due_at != row.due_at:
        return
    fields = {"times": [ms + _ms_of(by) for ms in kept.fields["times"]]} if kept.kind == EVENT else None
    await rows.change(turn.tx, turn.guard, kept, fields, last_due_at=row.due_at + by)


def _next(kept: Series, due_at: datetime, now: datetime) -> tuple[datetime, dict[str, Any]] | None:
    later = max(now, due_at)
    if kept.kind == WEEKLY:
        return next_after(table_of(kept.fields), later + _SOONEST if now > due_at else later), {}
    if kept.kind == EVENT:
        at = next((_at(ms) for ms in kept.fields["times"] if _at(ms) > later), None)
        return None if at is None else (at, {})
    leg = int(kept.fields["leg"]) + 1
    if leg >= len(kept.fields["legs"]):
        return None
    return now + timedelta(seconds=kept.fields["legs"][leg][0]), {"leg": leg}


async def _begin(desk: Desk, turn: Turn, row: Series) -> CheckInRow:
    await rows.add(turn.tx, turn.guard, row, turn.now)
    return await _make(desk, turn, row)


async def _make(desk: Desk, turn: Turn, row: Series) -> CheckInRow:
    fields = row.fields
    about = str(fields["about"])
    if row.kind == JOURNEY and int(fields["leg"]) >= 0:
        place = str(fields["legs"][int(fields["leg"])][1])
        about = ": ".join(part for part in (about, place) if part)
    manner = Manner(Severity(str(fields["severity"])), about, bool(fields["high_risk"]))
    whose = Whose(row.member, fields["by"] or None)
    return await make(desk, turn, whose, row.last_due_at or turn.now, manner, row.id)


def table_of(fields: dict[str, Any]) -> Timetable:
    """The timetable as it is kept."""
    rest = fields["rest"]
    kept_rest = (rest[0], rest[1]) if rest else None
    return Timetable(str(fields["zone"]), tuple(fields["days"]), tuple(fields["minutes"]), kept_rest)


def _checked(table: Timetable) -> None:
    try:
        ZoneInfo(table.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadAnswer(say("Please choose a time zone such as America/Bogota."), field="zone") from None
    if not table.sound:
        raise BadAnswer(TIMES, field="times")


def _manner(manner: Manner, whose: Whose) -> dict[str, Any]:
    return {
        "about": manner.about[:LONGEST_NAME],
        "severity": manner.severity.value,
        "high_risk": manner.high_risk,
        "by": whose.by or "",
    }


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _ms_of(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


_SHORT = timedelta(seconds=5)
_SOONEST = timedelta(seconds=5)
FARTHEST = timedelta(days=60)
SOON: Text = say("Please choose a time between 5 seconds and 60 days from now.")
TOO_OFTEN: Text = say("Please leave at least 15 minutes between two check-ins.")
TIMES: Text = say("Please give days from 1 to 7 and times such as 08:00, at least 15 minutes apart.")

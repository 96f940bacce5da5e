"""Check-ins that follow each other: a journey, a timetable, an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import graphene

from bots import checking, proxies, series
from bots.commands.returning import hours as hours_of
from bots.core.timetable import EVERY_DAY, Timetable, spread
from bots.core.when import minute_of, span_of
from bots.promising import Manner
from bots.series import Leg
from bots.store.checkins import CheckInRow
from directory.core.text import say
from directory.refusals import BadAnswer
from directory.turn import Turn
from hub.api.asking import Asking
from hub.api.schema.acts import act
from hub.api.schema.checkins import RISK, WHOSE, CheckInType, later_by

ABOUT = graphene.String(description="What it is about, for whoever looks for me.")
GIVES = {"check_in": graphene.Field(CheckInType, description="The first one, as it was planned.")}


async def _journey(
    asking: Asking,
    minutes: Sequence[int],
    places: Sequence[str] = (),
    start_in_minutes: int | None = None,
    about: str = "",
    high_risk: bool = False,
    whose: str | None = None,
) -> Mapping[str, Any]:
    capped = [max(0, min(length, 100_000)) for length in minutes]
    legs = [
        Leg(timedelta(minutes=length), place or "")
        for length, place in zip_longest(capped, places[: len(capped)], fillvalue="")
        if isinstance(length, int)
    ]
    person = await asking.ask(proxies.whose, whose)
    starts_at = later_by(asking, start_in_minutes) if start_in_minutes else None
    manner = Manner(about=about, high_risk=high_risk)
    return await _given(asking, await asking.ask_bots(series.journey, person, legs, manner, starts_at))


async def _recurring(
    asking: Asking,
    zone: str,
    days: Sequence[int] = EVERY_DAY,
    times: Sequence[str] = (),
    every_minutes: int | None = None,
    rest_from: str | None = None,
    rest_to: str | None = None,
    about: str = "",
    high_risk: bool = False,
    whose: str | None = None,
) -> Mapping[str, Any]:
    rest = span_of(f"{rest_from}-{rest_to}") if rest_from and rest_to else None
    if (rest is None) is not (not rest_from and not rest_to):
        raise BadAnswer(series.TIMES, field="rest_from")
    read = tuple(minute_of(one) for one in times)
    minutes = tuple(one for one in read if one is not None)
    if len(minutes) < len(read):
        raise BadAnswer(series.TIMES, field="times")
    if every_minutes and not minutes:
        minutes = spread(every_minutes, rest)
    table = Timetable(zone, tuple(sorted(set(days))), minutes, rest)
    person = await asking.ask(proxies.whose, whose)
    manner = Manner(about=about, high_risk=high_risk)
    return await _given(asking, await asking.ask_bots(series.weekly, person, table, manner))


async def _event(
    asking: Asking,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    hours: str = "",
    zone: str = "",
    every_minutes: int = 60,
    about: str = "",
    high_risk: bool = False,
    whose: str | None = None,
) -> Mapping[str, Any]:
    span = _hours(asking, hours, zone) if hours else (starts_at, ends_at)
    if span[0] is None or span[1] is None or span[0].tzinfo is None or span[1].tzinfo is None:
        raise BadAnswer(WHEN, field="hours" if hours else "starts_at")
    person = await asking.ask(proxies.whose, whose)
    every = timedelta(minutes=max(0, min(every_minutes, 100_000)))
    manner = Manner(about=about, high_risk=high_risk)
    row = await asking.ask_bots(series.event, person, (span[0], span[1]), every, manner)
    return await _given(asking, row)


def _hours(asking: Asking, text: str, zone: str) -> tuple[datetime | None, datetime | None]:
    """The next time these hours come on those clocks, or those that run now."""
    span = span_of(text.replace(" ", ""))
    try:
        return hours_of(span, asking.turn.now, ZoneInfo(zone)) if span is not None else (None, None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None, None


async def _given(asking: Asking, row: CheckInRow) -> Mapping[str, Any]:
    async def shown(turn: Turn) -> checking.Planned:
        return await checking.shown(turn, row)

    return {"check_in": await asking.ask(shown)}


def _each(kind: Any, about: str, *, required: bool = False) -> Any:
    return graphene.List(graphene.NonNull(kind), required=required, description=about)


WHEN = say("Please give hours such as 14:00-18:00 and a time zone such as America/Bogota.")
SHARED = {"about": ABOUT, "high_risk": RISK, "whose": WHOSE}


class OutingMutations:
    """Root fields."""

    plan_journey = act(
        "PlanJourney",
        "Wait for me at the end of every part of a journey; the next begins when I say that I arrived.",
        _journey,
        takes={
            "minutes": _each(graphene.Int, "How long each part takes at most.", required=True),
            "places": _each(graphene.String, "Where each part ends, in the same order."),
            "start_in_minutes": graphene.Int(description="When I leave; I say so then. Left out: now."),
            **SHARED,
        },
        gives=GIVES,
    )
    plan_recurring = act(
        "PlanRecurring",
        "Wait for me again and again, on my own clock.",
        _recurring,
        takes={
            "days": _each(graphene.Int, "1 Monday to 7 Sunday; left out: every day."),
            "times": _each(graphene.String, "As 08:00."),
            "every_minutes": graphene.Int(description="Instead of times: so often while I am awake."),
            "rest_from": graphene.String(description="As 22:00: nothing is asked from then on."),
            "rest_to": graphene.String(description="As 06:00: what fell into the rest is asked then."),
            "zone": graphene.String(required=True, description="Whose clocks, such as America/Bogota."),
            **SHARED,
        },
        gives=GIVES,
    )
    plan_event = act(
        "PlanEvent",
        "Wait for me while an event lasts, and when it is over.",
        _event,
        takes={
            "starts_at": graphene.DateTime(description="With its offset."),
            "ends_at": graphene.DateTime(description="With its offset; seven days at most."),
            "hours": graphene.String(
                description="Instead of both: the next time these come, as 14:00-18:00."
            ),
            "zone": graphene.String(description="Whose clocks, for hours: such as America/Bogota."),
            "every_minutes": graphene.Int(description="How often while it lasts; 60 unless said otherwise."),
            **SHARED,
        },
        gives=GIVES,
    )

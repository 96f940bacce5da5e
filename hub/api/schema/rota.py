"""The rota: who is on duty in the coming days, weekly shifts, swaps, holidays and hand-over notes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import rota
from bots.core.rota import Span, Weekly
from bots.rota import RotaView
from bots.store.rota import Shift, Stretch
from directory.core.text import say
from directory.refusals import BadAnswer
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.kinds import Term, TermOf, some, terms

NOBODY_ASKS = Problem("NOT_YOURS", say("Nobody asks you any more. Thank you."))
NOT_ON_DUTY = Problem("NOT_YOURS", say("You were not on duty."))
HOURS = say("Please give days from 1 to 7, and hours such as 22:00-06:00.")


class DutyStretch(graphene.ObjectType):
    """One stretch of duty to come or running."""

    id = graphene.ID(required=True, description="Opaque.")
    handle = graphene.String(required=True, description="Whose.")
    mine = graphene.Boolean(required=True, description="Is it mine?")
    starts_at = graphene.DateTime(required=True, description="From when, UTC.")
    ends_at = graphene.DateTime(required=True, description="Until when, UTC.")
    languages = some(Term, "In which languages.")
    regions = some(Term, "For which places; none: for all.")
    offered = graphene.Boolean(required=True, description="Is somebody asked to take it over?")
    note = graphene.String(description="What they left for whoever comes next.")

    @staticmethod
    def resolve_mine(one: Stretch, info: GraphQLResolveInfo) -> bool:
        """Mine."""
        return one.member == of(info).turn.viewer.member

    @staticmethod
    def resolve_languages(one: Stretch, info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        """As terms."""
        return terms(of(info).vocabulary.languages, one.languages)

    @staticmethod
    def resolve_regions(one: Stretch, info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        """As terms."""
        return terms(of(info).vocabulary.regions, one.regions)

    @staticmethod
    def resolve_offered(one: Stretch, _info: GraphQLResolveInfo) -> bool:
        """Somebody was asked."""
        return one.offered_to is not None


class DutyGap(graphene.ObjectType):
    """Hours nobody covers."""

    starts_at = graphene.DateTime(required=True, description="From when, UTC.")
    ends_at = graphene.DateTime(required=True, description="Until when, UTC.")

    @staticmethod
    def resolve_starts_at(span: Span, _info: GraphQLResolveInfo) -> datetime:
        """Its beginning."""
        return span[0]

    @staticmethod
    def resolve_ends_at(span: Span, _info: GraphQLResolveInfo) -> datetime:
        """Its end."""
        return span[1]


class WeeklyShift(graphene.ObjectType):
    """Hours somebody is on duty every week, on the clocks of a zone."""

    id = graphene.ID(required=True, description="Opaque.")
    handle = graphene.String(required=True, description="Whose.")
    days = graphene.List(graphene.NonNull(graphene.Int), required=True, description="1 Monday to 7 Sunday.")
    start = graphene.String(required=True, description="As 22:00.")
    end = graphene.String(required=True, description="As 06:00; at or before the start: the next morning.")
    zone = graphene.String(required=True, description="Whose clocks.")

    @staticmethod
    def resolve_days(shift: Shift, _info: GraphQLResolveInfo) -> tuple[int, ...]:
        """In order."""
        return shift.weekly.days

    @staticmethod
    def resolve_start(shift: Shift, _info: GraphQLResolveInfo) -> str:
        """On the clock."""
        return _clock(shift.weekly.start)

    @staticmethod
    def resolve_end(shift: Shift, _info: GraphQLResolveInfo) -> str:
        """On the clock."""
        return _clock(shift.weekly.end)

    @staticmethod
    def resolve_zone(shift: Shift, _info: GraphQLResolveInfo) -> str:
        """Its name."""
        return shift.weekly.zone


class Rota(graphene.ObjectType):
    """The coming days."""

    stretches = some(DutyStretch, "Who is on duty when.")
    offered = some(DutyStretch, "Duties I am asked to take over.")
    gaps = some(DutyGap, "When nobody is.")
    shifts = some(WeeklyShift, "What comes every week.")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minute(clock: str) -> int:
    hour, _, minute = clock.strip().partition(":")
    if not hour.isdigit() or not (minute or "0").isdigit() or int(minute or 0) > 59:
        raise BadAnswer(HOURS, field="start")
    return int(hour) * 60 + int(minute or 0)


async def _shift(
    asking: Asking,
    days: list[int],
    start: str,
    end: str,
    zone: str,
    handle: str | None = None,
    languages: list[str] | None = None,
    regions: list[str] | None = None,
) -> Mapping[str, Any]:
    weekly = Weekly(zone, tuple(sorted(set(days))), _minute(start), _minute(end))
    speaks, places = rota.covers(asking.office.desk, (*(languages or ()), *(regions or ())))
    made = await asking.ask(rota.plan_shift, weekly, handle=handle or None, languages=speaks, regions=places)
    return {"shift": made}


async def _end(asking: Asking, shift: str) -> None:
    await asking.ask(rota.end_shift, shift)


async def _offer(asking: Asking, stretch: str, handle: str) -> None:
    await asking.ask(rota.offer, stretch, handle)


async def _answer(asking: Asking, stretch: str, yes: bool) -> Problem | None:
    return None if await asking.ask(rota.answer_offer, stretch, yes) else NOBODY_ASKS


async def _away(asking: Asking, since: datetime, until: datetime) -> Mapping[str, Any]:
    return {"freed": await asking.ask(rota.go_away, since, until)}


async def _note(asking: Asking, text: str) -> Problem | None:
    return None if await asking.ask(rota.hand_over, text) else NOT_ON_DUTY


STRETCH = graphene.ID(required=True, description="Which stretch.")


class RotaQueries:
    """Root fields."""

    rota = graphene.Field(Rota, description="The coming week, for those who answer calls.")

    @staticmethod
    async def resolve_rota(_root: Any, info: GraphQLResolveInfo) -> RotaView:
        """The coming week."""
        return await of(info).ask(rota.rota)


class RotaMutations:
    """Root fields."""

    plan_shift = act(
        "PlanShift",
        "A weekly duty of mine, or of somebody a coordinator plans for.",
        _shift,
        takes={
            "handle": graphene.String(description="Whose; mine unless said."),
            "days": graphene.List(
                graphene.NonNull(graphene.Int), required=True, description="1 Monday to 7 Sunday."
            ),
            "start": graphene.String(required=True, description="As 22:00."),
            "end": graphene.String(required=True, description="As 06:00."),
            "zone": graphene.String(required=True, description="Whose clocks, as America/Bogota."),
            "languages": graphene.List(graphene.NonNull(graphene.String), description="Mine unless said."),
            "regions": graphene.List(graphene.NonNull(graphene.String), description="All unless said."),
        },
        gives={"shift": graphene.ID(description="What was planned.")},
    )
    end_shift = act(
        "EndShift",
        "This weekly duty ends, with what was to come of it.",
        _end,
        takes={"shift": graphene.ID(required=True, description="Which.")},
    )
    offer_duty = act(
        "OfferDuty",
        "Ask somebody to take over a duty of mine.",
        _offer,
        takes={"stretch": STRETCH, "handle": graphene.String(required=True, description="Whom.")},
    )
    answer_duty = act(
        "AnswerDuty",
        "Take over a duty I am asked for, or not.",
        _answer,
        takes={"stretch": STRETCH, "yes": graphene.Boolean(required=True, description="Yes or no.")},
    )
    go_away = act(
        "GoAway",
        "A holiday: what was planned for me then is nobody's.",
        _away,
        takes={
            "since": graphene.DateTime(required=True, description="From when, UTC."),
            "until": graphene.DateTime(required=True, description="Until when, UTC."),
        },
        gives={"freed": graphene.Int(description="How many duties became free.")},
    )
    leave_note = act(
        "LeaveNote",
        "What whoever is on duty next should know.",
        _note,
        takes={"text": graphene.String(required=True, description="At most 500 signs.")},
    )

"""Check-ins: a sign of life promised for a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import checking
from bots.checking import Answered, Planned
from bots.core.alarms import Severity
from bots.core.checkins import CheckIn
from bots.noticing import Noticed, noticed
from bots.promising import Whose
from directory.core.text import say
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.alarms import AlarmSeverity
from hub.api.schema.kinds import named, some

CheckInState = named(CheckIn, "CheckInState", "Where a check-in stands.")

WRONG_WORD = Problem("WRONG_WORD", say("That was not your word. We still wait for you."))
NOTHING_DUE = Problem("NOTHING_DUE", say("No check-in is waiting for you."))

SAY_WHOSE = Problem("SAY_WHOSE", say("You answer for several people. Say for whom."))


class Notice(graphene.ObjectType):
    """Who would notice silence, and when at the latest."""

    by = graphene.DateTime(required=True, description="When the first people are asked, UTC.")
    at_worst = graphene.DateTime(required=True, description="The same when many are silent at once, UTC.")
    circle = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Who is asked first."
    )
    on_call = graphene.Int(required=True, description="How many people on call are asked next.")
    staffed = graphene.Boolean(description="Is somebody on duty then? Null: that day is not planned yet.")
    text = graphene.String(required=True, description="All of it, as sentences.")

    @staticmethod
    def resolve_text(notice: Noticed, info: GraphQLResolveInfo) -> str:
        """In the viewer's language."""
        return of(info).say(notice.text)


class CheckInType(graphene.ObjectType):
    """One promise to be heard from."""

    class Meta:
        name = "CheckIn"

    id = graphene.ID(required=True, description="Opaque.")
    state = CheckInState(required=True, description="Where it stands.")
    due_at = graphene.DateTime(required=True, description="When silence starts an alarm, UTC.")
    prompt_at = graphene.DateTime(required=True, description="When the person is reminded, UTC.")
    noticed_by = graphene.DateTime(required=True, description="The latest moment somebody notices, UTC.")
    about = graphene.String(description="What it is about, in the person's own words.")
    high_risk = graphene.Boolean(required=True, description="Never held together with others.")
    whose = graphene.String(description="Whose it is, when I answer for somebody else.")
    again = graphene.Boolean(required=True, description="Others follow by themselves.")
    notice = graphene.Field(Notice, required=True, description="Who would notice silence, and when.")

    @staticmethod
    def resolve_whose(one: Planned, _info: GraphQLResolveInfo) -> str | None:
        """Nobody else's: null."""
        return one.whose or None


async def _plan(
    asking: Asking,
    in_minutes: int,
    severity: Severity = Severity.HIGH,
    about: str = "",
    high_risk: bool = False,
    whose: str | None = None,
) -> Mapping[str, Any]:
    due_at = later_by(asking, in_minutes)
    row = await asking.ask_bots(
        checking.plan, due_at, severity, about, high_risk=high_risk, whose=whose or None
    )
    return {"check_in": row}


def later_by(asking: Asking, minutes: int) -> datetime:
    """So many minutes from now, within what a clock can show."""
    return asking.turn.now + timedelta(minutes=max(0, min(minutes, 100_000)))


async def _answer(asking: Asking, word: str, whose: str | None = None) -> Mapping[str, Any] | Problem:
    return _came(await asking.ask_bots(checking.answer, word, whose or None))


async def _call_off(
    asking: Asking, word: str, whose: str | None = None, check_in: str | None = None
) -> Mapping[str, Any] | Problem:
    return _came(await asking.ask(checking.call_off, word, whose or None, check_in or None))


async def _move(
    asking: Asking, minutes: int, word: str, whose: str | None = None
) -> Mapping[str, Any] | Problem:
    by = timedelta(minutes=max(0, min(minutes, 100_000)))
    return _came(await asking.ask(checking.later, word, by, whose or None))


def _came(answered: Answered) -> Mapping[str, Any] | Problem:
    if answered is Answered.WRONG_WORD:
        return WRONG_WORD
    if answered is Answered.NOTHING_DUE:
        return NOTHING_DUE
    if answered is Answered.WHOSE:
        return SAY_WHOSE
    return {"late": answered is Answered.LATE}


WORD = graphene.String(required=True, description="The member's word.")
WHOSE = graphene.String(description="The handle of somebody I answer for; without it, mine.")
RISK = graphene.Boolean(description="Never hold it together with others, whatever happens.")
LATE = graphene.Boolean(description="True when an alarm had already begun; it is over now.")


class CheckInQueries:
    """Root fields."""

    check_ins = some(CheckInType, "My check-ins that wait, and those I answer, the earliest first.")
    check_in_notice = graphene.Field(
        Notice,
        in_minutes=graphene.Int(required=True, description="From now."),
        high_risk=graphene.Boolean(required=True, description="Never held together with others."),
        description="Before planning: who would notice silence then, and when at the latest.",
    )

    @staticmethod
    async def resolve_check_ins(_root: Any, info: GraphQLResolveInfo) -> tuple[Planned, ...]:
        """Mine."""
        return await of(info).ask(checking.mine)

    @staticmethod
    async def resolve_check_in_notice(
        _root: Any, info: GraphQLResolveInfo, in_minutes: int, high_risk: bool
    ) -> Noticed | None:
        """For the viewer."""
        asking = of(info)
        member = asking.turn.viewer.member
        if member is None:
            return None
        due_at = later_by(asking, in_minutes)
        return await asking.ask(noticed, Whose(member), due_at, high_risk=high_risk)


class CheckInMutations:
    """Root fields."""

    plan_check_in = act(
        "PlanCheckIn",
        "If nobody hears from me by then, start my alarm.",
        _plan,
        takes={
            "in_minutes": graphene.Int(required=True, description="From now."),
            "severity": AlarmSeverity(description="HIGH unless said otherwise."),
            "about": graphene.String(description="What it is about."),
            "high_risk": RISK,
            "whose": WHOSE,
        },
        gives={"check_in": graphene.Field(CheckInType, description="As it was planned.")},
    )
    answer_check_in = act(
        "AnswerCheckIn",
        "I am safe, or whom I answer for is.",
        _answer,
        takes={"word": WORD, "whose": WHOSE},
        gives={"late": LATE},
    )
    move_check_in = act(
        "MoveCheckIn",
        "It takes longer: my next check-in is due later.",
        _move,
        takes={
            "minutes": graphene.Int(required=True, description="By so many, two days at most."),
            "word": WORD,
            "whose": WHOSE,
        },
        gives={"late": LATE},
    )
    call_off_check_ins = act(
        "CallOffCheckIns",
        "Call off every check-in I have planned, or one, with all that were to follow.",
        _call_off,
        takes={"word": WORD, "whose": WHOSE, "check_in": graphene.ID(description="Only this one.")},
        gives={"late": LATE},
    )

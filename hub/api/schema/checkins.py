"""Check-ins: a sign of life promised for a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import checking
from bots.checking import Answered, Planned
from bots.core.alarms import Severity
from bots.core.checkins import CheckIn
from directory.core.text import say
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.alarms import AlarmSeverity
from hub.api.schema.kinds import named, some

CheckInState = named(CheckIn, "CheckInState", "Where a check-in stands.")

WRONG_WORD = Problem("WRONG_WORD", say("That was not your word. We still wait for you."))
NOTHING_DUE = Problem("NOTHING_DUE", say("No check-in is waiting for you."))


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


async def _plan(
    asking: Asking, in_minutes: int, severity: Severity = Severity.HIGH, about: str = ""
) -> Mapping[str, Any]:
    due_at = asking.turn.now + timedelta(minutes=max(0, min(in_minutes, 100_000)))
    return {"check_in": await asking.ask_bots(checking.plan, due_at, severity, about)}


async def _answer(asking: Asking, word: str) -> Mapping[str, Any] | Problem:
    return _came(await asking.ask(checking.answer, word))


async def _call_off(asking: Asking, word: str) -> Mapping[str, Any] | Problem:
    return _came(await asking.ask(checking.call_off, word))


def _came(answered: Answered) -> Mapping[str, Any] | Problem:
    if answered is Answered.WRONG_WORD:
        return WRONG_WORD
    if answered is Answered.NOTHING_DUE:
        return NOTHING_DUE
    return {"late": answered is Answered.LATE}


WORD = graphene.String(required=True, description="The member's word.")
LATE = graphene.Boolean(description="True when an alarm had already begun; it is over now.")


class CheckInQueries:
    """Root fields."""

    check_ins = some(CheckInType, "My check-ins that wait, the earliest first.")

    @staticmethod
    async def resolve_check_ins(_root: Any, info: GraphQLResolveInfo) -> tuple[Planned, ...]:
        """Mine."""
        return await of(info).ask(checking.mine)


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
        },
        gives={"check_in": graphene.Field(CheckInType, description="As it was planned.")},
    )
    answer_check_in = act("AnswerCheckIn", "I am safe.", _answer, takes={"word": WORD}, gives={"late": LATE})
    call_off_check_ins = act(
        "CallOffCheckIns",
        "Call off every check-in I have planned.",
        _call_off,
        takes={"word": WORD},
        gives={"late": LATE},
    )

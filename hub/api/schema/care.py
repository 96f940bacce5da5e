"""What care is measured by, looking back at alarms, drills, and what wakes a responder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import drills, measuring, sentinel, waking
from bots.drills import Answered, DrillView
from bots.measuring import Figures
from bots.sentinel import AlarmView
from bots.store.wakers import Waking
from directory.core.text import say
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.alarms import ALARM_ID, OVER, AlarmType
from hub.api.schema.kinds import some

NOTHING_RUNS = Problem("NO_ALARM", say("You have no alarm running. Nobody is told where you are."))
NOT_HERE = Problem("NOT_HERE", say("This counts only from the app on your own phone. Please answer there."))
NOT_CHOSEN = Problem("NOT_YOURS", say("You had not chosen that."))


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


class CareFigures(graphene.ObjectType):
    """The last thirty days. The figure that counts: from an alarm to a person's "I have it"."""

    since = graphene.DateTime(required=True, description="From when on, UTC.")
    lines = some(graphene.String, "All of it as sentences, in the viewer's language.")
    alarms = graphene.Int(required=True, description="Alarms that reached people.")
    unanswered = graphene.Int(required=True, description="Those of which no person said so.")
    median_seconds = graphene.Int(description="From an alarm to a person's answer, the middle one.")
    slowest_seconds = graphene.Int(description="The slowest.")
    false_alarms = graphene.Int(required=True, description="How many turned out to be none; nobody's fault.")
    told = graphene.Int(required=True, description="People who were told, over all alarms.")
    delivered = graphene.Int(required=True, description="How many of those messages arrived.")
    read = graphene.Int(required=True, description="How many were read.")
    answered = graphene.Int(required=True, description="How many were answered.")
    drills = graphene.Int(required=True, description="Drills that rang.")
    drills_passed = graphene.Int(required=True, description="How many of them woke somebody.")
    drill_median_seconds = graphene.Int(description="From a drill's ring to its answer, the middle one.")
    ready = graphene.Int(required=True, description="People whose phone is known to wake them.")
    practice = graphene.Boolean(required=True, description="A hub for trying out: its drills are practice.")

    @staticmethod
    def resolve_lines(found: Figures, info: GraphQLResolveInfo) -> list[str]:
        """Rendered."""
        return [of(info).say(line) for line in measuring.said_of(found)]

    @staticmethod
    def resolve_median_seconds(found: Figures, _info: GraphQLResolveInfo) -> int | None:
        """In seconds."""
        return _seconds(found.median)

    @staticmethod
    def resolve_slowest_seconds(found: Figures, _info: GraphQLResolveInfo) -> int | None:
        """In seconds."""
        return _seconds(found.slowest)

    @staticmethod
    def resolve_drill_median_seconds(found: Figures, _info: GraphQLResolveInfo) -> int | None:
        """In seconds."""
        return _seconds(found.drill_median)

    @staticmethod
    def resolve_false_alarms(found: Figures, _info: GraphQLResolveInfo) -> int:
        """Counted."""
        return found.false


class DrillType(graphene.ObjectType):
    """My last drill."""

    class Meta:
        name = "Drill"

    id = graphene.ID(required=True, description="Opaque.")
    state = graphene.String(required=True, description="ringing, passed, silent, missed or dropped.")
    practice = graphene.Boolean(required=True, description="Only practice, in a hub for trying out.")
    seconds = graphene.Int(description="From the ring to my answer.")

    @staticmethod
    def resolve_seconds(drill: DrillView, _info: GraphQLResolveInfo) -> int | None:
        """In seconds."""
        return _seconds(drill.took)


class WakerType(graphene.ObjectType):
    """Something besides the message itself that makes my phone ring, without a word of why."""

    class Meta:
        name = "Waker"

    kind = graphene.String(required=True, description="push, sms or call.")
    where = graphene.String(required=True, description="The address or number.")


async def _debrief(asking: Asking, alarm: str, false_alarm: bool, note: str = "") -> Problem | None:
    kept = await asking.ask(sentinel.debrief, alarm, false_alarm=false_alarm, note=note)
    return None if kept else OVER


async def _here(asking: Asking, place: str) -> Problem | None:
    return None if await asking.ask(sentinel.here, place) else NOTHING_RUNS


async def _pass_on(asking: Asking, alarm: str) -> Problem | None:
    return None if await asking.ask_bots(sentinel.give_back, alarm) else OVER


async def _decline(asking: Asking, alarm: str) -> None:
    await asking.ask_bots(sentinel.decline, alarm)


async def _drill(asking: Asking) -> None:
    await asking.ask_bots(drills.begin)


async def _answer(asking: Asking, drill: str, rang: bool) -> Mapping[str, Any] | Problem:
    came, took = await asking.ask_bots(drills.answer, drill, rang)
    if came is Answered.NOT_HERE:
        return NOT_HERE
    return {"text": asking.say(drills.said_after(came, took))}


async def _choose(asking: Asking, kind: str, where: str, understood: bool = False) -> None:
    await asking.ask_bots(waking.choose, kind, where, understood=understood)


async def _drop(asking: Asking, kind: str) -> Problem | None:
    return None if await asking.ask(waking.drop, kind) else NOT_CHOSEN


class CareQueries:
    """Root fields."""

    care_figures = graphene.Field(CareFigures, description="For those who look after the network.")
    alarms_to_debrief = some(AlarmType, "Alarms that are over, and that nobody has looked back at.")
    my_drill = graphene.Field(DrillType, description="My newest drill that has rung.")
    my_wakers = some(WakerType, "What wakes me besides the message itself.")

    @staticmethod
    async def resolve_care_figures(_root: Any, info: GraphQLResolveInfo) -> Figures:
        """Of the last thirty days."""
        return await of(info).ask_bots(measuring.figures)

    @staticmethod
    async def resolve_alarms_to_debrief(_root: Any, info: GraphQLResolveInfo) -> tuple[AlarmView, ...]:
        """Mine to look back at."""
        return await of(info).ask(sentinel.to_debrief)

    @staticmethod
    async def resolve_my_drill(_root: Any, info: GraphQLResolveInfo) -> DrillView | None:
        """Mine."""
        return await of(info).ask(drills.mine)

    @staticmethod
    async def resolve_my_wakers(_root: Any, info: GraphQLResolveInfo) -> tuple[Waking, ...]:
        """Mine."""
        return await of(info).ask(waking.mine)


class CareMutations:
    """Root fields."""

    debrief_alarm = act(
        "DebriefAlarm",
        "Look back at an alarm that is over: was anybody in danger?",
        _debrief,
        takes={
            "alarm": ALARM_ID,
            "false_alarm": graphene.Boolean(required=True, description="Was nobody in danger?"),
            "note": graphene.String(description="What we learnt, for coordinators."),
        },
    )
    tell_place = act(
        "TellPlace",
        "Where I am, for those who were told of my running alarm. Forgotten a day after its end.",
        _here,
        takes={"place": graphene.String(required=True, description="Where.")},
    )
    pass_on_alarm = act("PassOnAlarm", "I cannot go on: ask others.", _pass_on, takes={"alarm": ALARM_ID})
    decline_alarm = act("DeclineAlarm", "I cannot take it.", _decline, takes={"alarm": ALARM_ID})
    start_drill = act("StartDrill", "Ring my phone within three minutes.", _drill)
    answer_drill = act(
        "AnswerDrill",
        "Did it ring? Counts from my own app; here only in a hub for trying out.",
        _answer,
        takes={
            "drill": graphene.ID(required=True, description="Which."),
            "rang": graphene.Boolean(required=True, description="Did it ring with its screen off?"),
        },
        gives={"text": graphene.String(description="What it means.")},
    )
    choose_waker = act(
        "ChooseWaker",
        "Make my phone ring this way too.",
        _choose,
        takes={
            "kind": graphene.String(required=True, description="push, sms or call."),
            "where": graphene.String(required=True, description="The address or number."),
            "understood": graphene.Boolean(description="For a number: I read what the phone company learns."),
        },
    )
    drop_waker = act(
        "DropWaker",
        "Not this way any more.",
        _drop,
        takes={"kind": graphene.String(required=True, description="push, sms or call.")},
    )

"""Alarms, the member's own plan for them, and "I have it"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import measuring, planning, sentinel, wording
from bots.core.alarms import OPEN, Alarm, Severity
from bots.sentinel import AlarmView, Lowered, Took
from bots.store.actions import Moment
from directory.core.text import Text, say
from directory.vocabulary import Tree
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.kinds import Term, TermOf, named

AlarmState = named(Alarm, "AlarmState", "Where an alarm stands.")
AlarmSeverity = named(Severity, "Severity", "How long each group has before the next one is asked.")

STATES: Mapping[str, Text] = {
    "raised": say("Not sent yet. Nobody has heard of it."),
    "running": say("People are being asked now."),
    "taken": say("Somebody has it."),
    "safe": say("Over: safe."),
    "cancelled": say("Over: called off."),
    "closed": say("Finished."),
    "debriefed": say("Finished."),
}
WRONG_WORD = Problem("WRONG_WORD", say("That was not your word. The alarm goes on."))
NO_ALARM = Problem("NO_ALARM", say("You have no open alarm."))
SOMEBODY_ELSE = Problem("SOMEBODY_ELSE", say("Somebody else already has it. Thank you."))
OVER = Problem("OVER", say("It is already over. Thank you."))


class TimelineStep(graphene.ObjectType):
    """One thing that happened."""

    at = graphene.DateTime(required=True, description="When, UTC.")
    text = graphene.String(required=True, description="What, in the viewer's language.")
    who = graphene.String(description="Handle or network, where that may be said.")

    @staticmethod
    def resolve_text(moment: Moment, info: GraphQLResolveInfo) -> str:
        """The step's sentence."""
        return of(info).say(wording.STEPS.get(moment.step, say("something happened")))

    @staticmethod
    def resolve_who(moment: Moment, _info: GraphQLResolveInfo) -> str | None:
        """Who did it."""
        return moment.note.get("who") or moment.note.get("network")


class Contact(graphene.ObjectType):
    """One person who was told of an alarm, and what is known since."""

    handle = graphene.String(required=True, description="Who.")
    rung = graphene.String(required=True, description="circle, coordinators or duty.")
    told_at = graphene.DateTime(required=True, description="When they were told, UTC.")
    delivered_at = graphene.DateTime(description="When it arrived at their homeserver, UTC.")
    read_at = graphene.DateTime(description="When their app or page showed it, UTC.")
    answered_at = graphene.DateTime(description="When they answered, UTC.")
    answer = graphene.String(description="yes or no.")


class AlarmType(graphene.ObjectType):
    """A call for help, as the person in it or somebody who was told may see it."""

    class Meta:
        name = "Alarm"

    id = graphene.ID(required=True, description="Opaque.")
    state = AlarmState(required=True, description="Where it stands.")
    state_text = graphene.String(required=True, description="The same as a sentence.")
    open = graphene.Boolean(required=True, description="Does anything still happen?")
    severity = AlarmSeverity(required=True, description="How fast it widens.")
    mine = graphene.Boolean(required=True, description="Is it the viewer's own?")
    handle = graphene.String(description="Who asks for help; empty for somebody of a linked network.")
    text = graphene.String(description="What they wrote.")
    place = graphene.String(description="Where, as they planned to say it.")
    network = graphene.String(required=True, description="Name of their network.")
    help = graphene.Field(Term, description="Kind of help they may need, for those who answer for everybody.")
    country = graphene.Field(Term, description="Where they live, for those who answer for everybody.")
    language = graphene.Field(Term, description="What they speak, for those who answer for everybody.")
    raised_at = graphene.DateTime(required=True, description="When it began, UTC.")
    next_at = graphene.DateTime(description="When the next people are asked unless somebody has it.")
    seconds_to_stop = graphene.Int(
        required=True, description="How long it can still be stopped unheard; 0 when that is over."
    )
    taken_by = graphene.String(description="Who has it.")
    silent = graphene.Boolean(
        required=True, description="They may be forced: nobody writes to them or calls them."
    )
    contacts = graphene.List(
        graphene.NonNull(Contact),
        description="Whom it reached: the person reads of their circle, coordinators of everybody.",
    )
    timeline = graphene.List(
        graphene.NonNull(TimelineStep), required=True, description="What happened, in order."
    )

    @staticmethod
    def resolve_help(alarm: AlarmView, info: GraphQLResolveInfo) -> TermOf | None:
        """As a term."""
        return _term(of(info).vocabulary.offers, alarm.help)

    @staticmethod
    def resolve_country(alarm: AlarmView, info: GraphQLResolveInfo) -> TermOf | None:
        """As a term."""
        return _term(of(info).vocabulary.regions, alarm.country)

    @staticmethod
    def resolve_language(alarm: AlarmView, info: GraphQLResolveInfo) -> TermOf | None:
        """As a term."""
        return _term(of(info).vocabulary.languages, alarm.language)

    @staticmethod
    def resolve_state_text(alarm: AlarmView, info: GraphQLResolveInfo) -> str:
        """Where it stands, as a sentence."""
        return of(info).say(STATES[alarm.state])

    @staticmethod
    def resolve_open(alarm: AlarmView, _info: GraphQLResolveInfo) -> bool:
        """Is it in an open state?"""
        return alarm.state in OPEN

    @staticmethod
    def resolve_seconds_to_stop(alarm: AlarmView, info: GraphQLResolveInfo) -> int:
        """Seconds left of the window."""
        if alarm.state != Alarm.RAISED or alarm.cancel_until is None:
            return 0
        return max(0, int((alarm.cancel_until - of(info).turn.now).total_seconds()))

    @staticmethod
    async def resolve_contacts(alarm: AlarmView, info: GraphQLResolveInfo) -> tuple[Any, ...]:
        """Delivered, read and answered, each by itself."""
        return await of(info).ask(measuring.contacts_of, alarm.id)

    @staticmethod
    def resolve_timeline(alarm: AlarmView, _info: GraphQLResolveInfo) -> tuple[Moment, ...]:
        """The story."""
        return alarm.story


def _term(tree: Tree, key: str) -> TermOf | None:
    """A linked network may name what we have no word for."""
    return TermOf(tree, key) if key in tree.keys() else None  # noqa: SIM118 — a tree, no dict


async def _raise(
    asking: Asking, text: str = "", place: str = "", severity: Severity = Severity.HIGH
) -> Mapping[str, Any]:
    await asking.ask_bots(sentinel.raise_alarm, text=text, place=place, severity=severity, source="page")
    return {"alarm": await asking.ask(sentinel.my_alarm)}


async def _cancel(asking: Asking, word: str) -> Mapping[str, Any] | Problem:
    return await _lowered(asking, await asking.ask(sentinel.cancel, word))


async def _safe(asking: Asking, word: str) -> Mapping[str, Any] | Problem:
    return await _lowered(asking, await asking.ask(sentinel.safe, word))


async def _lowered(asking: Asking, came: Lowered) -> Mapping[str, Any] | Problem:
    if came is Lowered.WRONG_WORD:
        return WRONG_WORD
    if came is Lowered.NO_ALARM:
        return NO_ALARM
    if came is Lowered.ARMED:
        return {"alarm": await asking.ask(sentinel.my_alarm), "unheard": False}
    return {"alarm": await asking.ask(sentinel.my_alarm), "unheard": came is Lowered.UNHEARD}


async def _take(asking: Asking, alarm: str) -> Problem | None:
    took = await asking.ask(sentinel.take, alarm)
    return {Took.YOURS: None, Took.SOMEBODY_ELSE: SOMEBODY_ELSE, Took.OVER: OVER}[took]


async def _close(asking: Asking, alarm: str) -> Problem | None:
    return None if await asking.ask(sentinel.close, alarm) else OVER


async def _plan(
    asking: Asking,
    cancel_window: int | None = None,
    networks: list[str] | None = None,
    text: str | None = None,
    place: str | None = None,
    help: str | None = None,
    operator: str | None = None,
) -> None:
    await asking.ask_bots(
        planning.set_plan,
        window=None if cancel_window is None else timedelta(seconds=cancel_window),
        networks=None if networks is None else tuple(networks),
        text=text,
        place=place,
        help=help,
        operator=operator,
    )


WORD = graphene.String(required=True, description="The member's word.")
ALARM_ID = graphene.ID(required=True, description="Which alarm.")
ALARM = graphene.Field(AlarmType, description="The alarm as it stands now.")


class AlarmQueries:
    """Root fields."""

    my_alarm = graphene.Field(AlarmType, description="My open alarm, or the one that ended within a day.")
    open_alarms = graphene.List(
        graphene.NonNull(AlarmType), description="Open alarms I was told of; for coordinators all of them."
    )

    @staticmethod
    async def resolve_my_alarm(_root: Any, info: GraphQLResolveInfo) -> AlarmView | None:
        """Mine."""
        return await of(info).ask(sentinel.my_alarm)

    @staticmethod
    async def resolve_open_alarms(_root: Any, info: GraphQLResolveInfo) -> tuple[AlarmView, ...]:
        """Those the viewer was told of."""
        return await of(info).ask(sentinel.open_alarms)


class AlarmMutations:
    """Root fields."""

    raise_alarm = act(
        "RaiseAlarm",
        "Call for help. Needs no word; a second call adds to the open one.",
        _raise,
        takes={
            "text": graphene.String(description="What happened, if there is time to say."),
            "place": graphene.String(description="Where, if it is not the planned place."),
            "severity": AlarmSeverity(description="HIGH unless said otherwise."),
        },
        gives={"alarm": ALARM},
    )
    cancel_alarm = act(
        "CancelAlarm",
        "Call my alarm off. Within the window nobody else ever hears of it.",
        _cancel,
        takes={"word": WORD},
        gives={"alarm": ALARM, "unheard": graphene.Boolean(description="True when nobody had heard of it.")},
    )
    say_safe = act(
        "SaySafe",
        "End my alarm because I am safe. Everyone who was told hears it.",
        _safe,
        takes={"word": WORD},
        gives={"alarm": ALARM, "unheard": graphene.Boolean(description="True when nobody had heard of it.")},
    )
    take_alarm = act("TakeAlarm", "“I have it”: nobody further is asked.", _take, takes={"alarm": ALARM_ID})
    close_alarm = act("CloseAlarm", "Nothing is left to do.", _close, takes={"alarm": ALARM_ID})
    plan_alarm = act(
        "PlanAlarm",
        "How my alarm will run.",
        _plan,
        takes={
            "cancel_window": graphene.Int(description="Seconds in which it can be stopped unheard."),
            "networks": graphene.List(
                graphene.NonNull(graphene.ID), description="Linked networks to ask last, in order."
            ),
            "text": graphene.String(description="What to say when there is no time to write."),
            "place": graphene.String(description="Where I usually am, for those who are asked."),
            "operator": graphene.String(description="My phone company; empty: not said."),
            "help": graphene.String(description="Which kind of help I may need, by key; empty: none named."),
        },
    )

"""My alarm plan and my circle: whom an alarm reaches first, and whose circle I am in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import drills, planning
from bots.circle_requests import circle_requests
from bots.planning import NetworkCover, PlanView
from bots.store.circle_requests import CircleRequest
from directory.core.text import say
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.kinds import Network, NetworkName, Term, TermOf, some

NOBODY_ASKS = Problem("NOT_YOURS", say("Nobody is waiting for this answer any more."))


class NetworkCoverType(graphene.ObjectType):
    """What a linked network signed about our calls for help."""

    class Meta:
        name = "NetworkCover"

    network = graphene.Field(Network, required=True, description="Which.")
    named = graphene.Boolean(required=True, description="Did I name it for my alarm?")
    answers_now = graphene.Boolean(required=True, description="Would it answer me at this hour?")
    lines = some(graphene.String, "What it promised, sentence by sentence.")

    @staticmethod
    def resolve_network(one: NetworkCover, _info: GraphQLResolveInfo) -> NetworkName:
        """By name."""
        return NetworkName(one.network, one.name, state="active")

    @staticmethod
    def resolve_answers_now(one: NetworkCover, _info: GraphQLResolveInfo) -> bool:
        """By its own clocks."""
        return one.answers

    @staticmethod
    def resolve_lines(one: NetworkCover, info: GraphQLResolveInfo) -> list[str]:
        """Rendered."""
        return [of(info).say(line) for line in one.lines]


class AlarmPlan(graphene.ObjectType):
    """How my alarm would run if I raised it now."""

    window = graphene.Int(required=True, description="Seconds in which it can be stopped unheard.")
    circle_wait = graphene.Int(required=True, description="Seconds my circle has before others are asked.")
    circle = some(graphene.String, "Handles of those who said yes.")
    asked = some(graphene.String, "Handles of those who have not answered yet.")
    networks = some(Network, "Linked networks to ask last, in order.")
    text = graphene.String(description="What is said when there is no time to write.")
    place = graphene.String(description="Where I usually am.")
    operator = graphene.String(description="My phone company, when I said it.")
    on_call = graphene.Int(required=True, description="How many people would be asked after my circle.")
    on_duty = graphene.Int(required=True, description="How many of them are awake now.")
    staffed_from = graphene.DateTime(description="When somebody is on duty next, if nobody is now.")
    elsewhere = graphene.Boolean(required=True, description="Is somebody of my circle in another country?")
    live = graphene.Boolean(required=True, description="Has somebody of my circle said yes?")
    staffed = graphene.Boolean(required=True, description="Have two people shown that they would wake?")
    staffed_text = graphene.String(description="What I should know before I count on it.")
    help = graphene.Field(Term, description="Which kind of help I may need.")
    covers = some(NetworkCoverType, "What each linked network promised, named in my plan or not.")

    @staticmethod
    def resolve_staffed(plan: PlanView, _info: GraphQLResolveInfo) -> bool:
        """By drills."""
        return plan.staffed.ok

    @staticmethod
    def resolve_staffed_text(plan: PlanView, info: GraphQLResolveInfo) -> str | None:
        """As a sentence."""
        text = drills.said_of(plan.staffed)
        return of(info).say(text) if text is not None else None

    @staticmethod
    def resolve_help(plan: PlanView, info: GraphQLResolveInfo) -> TermOf | None:
        """As a term."""
        return TermOf(of(info).vocabulary.offers, plan.help) if plan.help else None

    @staticmethod
    def resolve_window(plan: PlanView, _info: GraphQLResolveInfo) -> int:
        """In seconds."""
        return _seconds(plan.window)

    @staticmethod
    def resolve_circle_wait(plan: PlanView, _info: GraphQLResolveInfo) -> int:
        """In seconds."""
        return _seconds(plan.circle_wait)

    @staticmethod
    def resolve_networks(plan: PlanView, _info: GraphQLResolveInfo) -> tuple[NetworkName, ...]:
        """Named networks."""
        return tuple(
            NetworkName(key, name, state="active" if linked else "suspended")
            for key, name, linked in plan.networks
        )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


class CircleRequestType(graphene.ObjectType):
    """Somebody asks me into their circle."""

    class Meta:
        name = "CircleRequest"

    member = graphene.ID(required=True, description="Send it back with the answer.")
    handle = graphene.String(required=True, description="Who asks.")
    answered = graphene.Boolean(required=True, description="Did I say yes already?")


async def _ask(asking: Asking, handle: str) -> None:
    await asking.ask(planning.circle_ask, handle)


async def _answer(asking: Asking, member: str, yes: bool) -> Problem | None:
    return None if await asking.ask(planning.circle_answer, member, yes) else NOBODY_ASKS


async def _leave(asking: Asking, handle: str) -> Problem | None:
    return None if await asking.ask(planning.circle_leave, handle) else NOBODY_ASKS


HANDLE = graphene.String(required=True, description="Somebody of my network.")


class CircleQueries:
    """Root fields."""

    alarm_plan = graphene.Field(AlarmPlan, description="How my alarm would run now.")
    circle_requests = some(CircleRequestType, "Whose circle I am in or am asked to be in.")

    @staticmethod
    async def resolve_alarm_plan(_root: Any, info: GraphQLResolveInfo) -> PlanView:
        """Mine."""
        return await of(info).ask_bots(planning.plan)

    @staticmethod
    async def resolve_circle_requests(_root: Any, info: GraphQLResolveInfo) -> tuple[CircleRequest, ...]:
        """Those who ask me."""
        return await of(info).ask(circle_requests)


class CircleMutations:
    """Root fields."""

    ask_to_circle = act("AskToCircle", "Ask somebody into my circle.", _ask, takes={"handle": HANDLE})
    answer_circle = act(
        "AnswerCircle",
        "Say yes or no to being in somebody's circle.",
        _answer,
        takes={
            "member": graphene.ID(required=True, description="Who asked."),
            "yes": graphene.Boolean(required=True, description="Yes or no."),
        },
    )
    leave_circle = act("LeaveCircle", "Take somebody out of my circle.", _leave, takes={"handle": HANDLE})

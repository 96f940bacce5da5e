"""Silence of many at once, as people on duty see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import silence, watches
from bots.core.checkins import CheckIn
from bots.silence import Person, View
from directory.core.text import say
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.checkins import CheckInState
from hub.api.schema.kinds import some
from hub.federation import wakefulness

TAKEN = Problem("NOT_YOURS", say("Somebody has it, or it is over. Thank you."))


class SilentPerson(graphene.ObjectType):
    """One of those who did not answer."""

    handle = graphene.String(required=True, description="Who.")
    high_risk = graphene.Boolean(required=True, description="Asked for singly from the first moment.")
    due_at = graphene.DateTime(required=True, description="When they should have been heard, UTC.")
    held_until = graphene.DateTime(description="When they are asked for singly, UTC.")
    state = CheckInState(required=True, description="Where their check-in stands.")

    @staticmethod
    def resolve_state(one: Person, _info: GraphQLResolveInfo) -> CheckIn:
        """As an enum."""
        return CheckIn(one.state)


class Silence(graphene.ObjectType):
    """Many who are silent at once, or whom this hub could not hear."""

    id = graphene.ID(required=True, description="Opaque.")
    text = graphene.String(required=True, description="All of it, as sentences.")
    opened_at = graphene.DateTime(required=True, description="Since when, UTC.")
    taken_by = graphene.String(description="Who has it.")
    mine = graphene.Boolean(required=True, description="Do I have it?")
    people = some(SilentPerson, "The greatest risk first.")

    @staticmethod
    def resolve_text(one: View, info: GraphQLResolveInfo) -> str:
        """In the viewer's language."""
        return of(info).say(silence.said(one))

    @staticmethod
    def resolve_taken_by(one: View, _info: GraphQLResolveInfo) -> str | None:
        """Nobody: null."""
        return one.taken_by or None


class SilentNetwork(graphene.ObjectType):
    """A linked network whose hub is silent although something was due there."""

    network = graphene.ID(required=True, description="Which.")
    name = graphene.String(required=True, description="Its name.")
    since = graphene.DateTime(description="When its hub was heard last, UTC.")
    told_at = graphene.DateTime(required=True, description="When people here were told, UTC.")
    always = graphene.Boolean(required=True, description="Are they woken for it however often?")


async def _take(asking: Asking, **given: str) -> Problem | None:
    return None if await asking.ask(silence.take, given["silence"]) else TAKEN


async def _singly(asking: Asking, handle: str | None = None, **given: str) -> Mapping[str, Any]:
    return {"asked": await asking.ask(silence.ask_singly, given["silence"], handle or None)}


async def _wake(asking: Asking, network: str, always: bool) -> None:
    await asking.ask(wakefulness.wake_for, network, always)


SILENCE = graphene.ID(required=True, description="Which.")


class SilenceQueries:
    """Root fields."""

    silences = some(Silence, "What runs, the oldest first.")

    silent_networks = graphene.List(
        graphene.NonNull(SilentNetwork),
        description="Linked networks that this hub watches for and that are silent.",
    )

    @staticmethod
    async def resolve_silent_networks(
        _root: Any, info: GraphQLResolveInfo
    ) -> tuple[watches.SilentNetwork, ...]:
        """Those now."""
        return await of(info).ask(wakefulness.silent)

    @staticmethod
    async def resolve_silences(_root: Any, info: GraphQLResolveInfo) -> tuple[View, ...]:
        """All."""
        return await of(info).ask(silence.incidents)


class SilenceMutations:
    """Root fields."""

    take_silence = act(
        "TakeSilence", "I have it: those held are held longer.", _take, takes={"silence": SILENCE}
    )
    ask_singly = act(
        "AskSingly",
        "Do not hold them any longer: their own circles are asked now.",
        _singly,
        takes={"silence": SILENCE, "handle": graphene.String(description="Only this person.")},
        gives={"asked": graphene.Int(description="For how many.")},
    )
    wake_for_network = act(
        "WakeForNetwork",
        "Be woken each time this linked network falls silent while something is due there, or once a day.",
        _wake,
        takes={
            "network": graphene.ID(required=True, description="Which."),
            "always": graphene.Boolean(required=True, description="Each time."),
        },
    )

"""What is one's own: a second phrase, a copy, leaving; and what coordinators stop for somebody forced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import copies, pressed
from bots import later as forced
from bots.later import KINDS, Later
from directory import later, leaving, second_phrase
from directory.core.text import say
from directory.seconding import Waits
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act

NOT_THE_SAME = Problem("NOT_THE_SAME", say("That was not the same phrase."))
NOT_READY = Problem("NOT_READY", say("No copy is ready for you now."))
LIFTED = say("The silent call is over. Everyone hears it.")
PHRASE = graphene.String(required=True, description="An ordinary sentence never said by chance.")
WHO = {"handle": graphene.String(required=True, description="Who.")}


class ForcedRequest(graphene.ObjectType):
    """What somebody asked for with the phrase for danger, while it can be stopped. Never shown to them."""

    id = graphene.ID(required=True, description="Opaque.")
    handle = graphene.String(required=True, description="Who.")
    what_text = graphene.String(required=True, description="What they had to ask for, in words.")
    due_at = graphene.DateTime(required=True, description="When it is done unless it is stopped, UTC.")
    stopped = graphene.Boolean(required=True, description="Was it stopped?")

    @staticmethod
    def resolve_what_text(one: Later, info: GraphQLResolveInfo) -> str:
        """In words."""
        return of(info).say(KINDS[one.kind])


async def _prepare(asking: Asking, phrase: str) -> Mapping[str, Any]:
    return {"practice": await asking.ask(second_phrase.prepare, phrase)}


async def _practise(asking: Asking, practice: str, phrase: str) -> Problem | None:
    return None if await asking.ask(second_phrase.practise, practice, phrase) else NOT_THE_SAME


async def _remove(asking: Asking) -> None:
    await asking.ask(second_phrase.remove)


async def _ask_copy(asking: Asking) -> Mapping[str, Any]:
    return {"ready_at": await asking.ask(later.ask_copy)}


async def _read_copy(asking: Asking) -> Mapping[str, Any] | Problem:
    text = await asking.ask(copies.read)
    return NOT_READY if text is None else {"copy": text}


async def _leave(asking: Asking) -> None:
    await asking.ask(leaving.leave)


async def _stop(asking: Asking, handle: str) -> None:
    await asking.ask(forced.stop, handle)


async def _lift(asking: Asking, handle: str) -> Mapping[str, Any]:
    outcome = await asking.ask(pressed.lift, handle)
    return {"outcome": asking.say(outcome.text if isinstance(outcome, Waits) else LIFTED)}


class OwnQueries:
    """Root fields."""

    forced_requests = graphene.List(
        graphene.NonNull(ForcedRequest), description="What can still be stopped, for those who may."
    )

    @staticmethod
    async def resolve_forced_requests(_root: Any, info: GraphQLResolveInfo) -> tuple[Later, ...]:
        """All but the viewer's own."""
        return await of(info).ask(forced.listed)


class OwnMutations:
    """Root fields."""

    prepare_second_phrase = act(
        "PrepareSecondPhrase",
        "A phrase that counts like my word and calls for help unseen. Does not count before it is practised.",
        _prepare,
        takes={"phrase": PHRASE},
        gives={"practice": graphene.String(description="Send it back with the phrase, within 15 minutes.")},
        word=True,
    )
    practise_second_phrase = act(
        "PractiseSecondPhrase",
        "Write it once more: from then on it counts.",
        _practise,
        takes={"practice": graphene.String(required=True, description="As it was given."), "phrase": PHRASE},
        word=True,
    )
    remove_second_phrase = act(
        "RemoveSecondPhrase", "No second phrase any more, in three days.", _remove, word=True
    )
    ask_copy = act(
        "AskCopy",
        "A copy of everything kept about me, after three days.",
        _ask_copy,
        gives={"ready_at": graphene.DateTime(description="When it can be read, UTC.")},
        word=True,
    )
    read_copy = act(
        "ReadCopy",
        "My copy, once it is ready.",
        _read_copy,
        gives={"copy": graphene.String(description="JSON.")},
        word=True,
    )
    leave_network = act(
        "LeaveNetwork",
        "Leave for good: every way in is closed at once, and what I said is deleted here and elsewhere.",
        _leave,
        word=True,
    )
    stop_forced_request = act(
        "StopForcedRequest", "Stop what somebody was forced to ask for.", _stop, takes=WHO, word=True
    )
    lift_silent_alarm = act(
        "LiftSilentAlarm",
        "A silent call for help is over. Two people have to say it.",
        _lift,
        takes=WHO,
        gives={"outcome": graphene.String(description="What came of it, as a sentence.")},
        word=True,
    )

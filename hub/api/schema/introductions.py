"""Introductions: asked with a purpose, answered with yes or no, no contact before both said yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import introductions
from directory.core.introductions import State
from directory.core.text import Text, say
from directory.introductions import Asked, Mine, Received
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import some

RECEIVED: Mapping[State, Text] = {
    State.ASKED: say("They wait for your answer."),
    State.ACCEPTED: say("You said yes. You are invited into a room together."),
    State.REFUSED: say("You said no. They do not hear of it."),
    State.MET: say("You are in touch."),
    State.EXPIRED: say("Over."),
}
ASKED: Mapping[str, Text] = {
    "waiting": say("Asked. No answer yet."),
    "yes": say("They said yes. You are invited into a room together."),
    "met": say("You are in touch."),
    "no answer": say("No answer came. You can look for somebody else."),
}


class AskedIntroduction(graphene.ObjectType):
    """A request of mine. A no looks like silence."""

    id = graphene.ID(required=True, description="Opaque.")
    title = graphene.String(required=True, description="Whom I asked.")
    network = graphene.String(required=True, description="Name of their network.")
    purpose = graphene.String(required=True, description="Why, in my words.")
    state_text = graphene.String(required=True, description="What came of it so far.")
    asked_at = graphene.DateTime(required=True, description="When, UTC.")
    expires_at = graphene.DateTime(required=True, description="When it ends without an answer, UTC.")

    @staticmethod
    def resolve_network(one: Asked, _info: GraphQLResolveInfo) -> str:
        """Its name."""
        return one.network_name

    @staticmethod
    def resolve_state_text(one: Asked, info: GraphQLResolveInfo) -> str:
        """As a sentence."""
        return of(info).say(ASKED[one.state])


class ReceivedIntroduction(graphene.ObjectType):
    """Somebody asks to meet me, or an organisation I speak for."""

    id = graphene.ID(required=True, description="Send it back with the answer.")
    title = graphene.String(description="What they call themselves.")
    network = graphene.String(required=True, description="Name of their network.")
    purpose = graphene.String(description="Why, in their words.")
    organisation = graphene.String(description="When it is meant for an organisation I speak for.")
    waiting = graphene.Boolean(required=True, description="Do they wait for an answer?")
    state_text = graphene.String(required=True, description="Where it stands.")
    asked_at = graphene.DateTime(required=True, description="When I was shown it, UTC.")
    expires_at = graphene.DateTime(required=True, description="When it ends without an answer, UTC.")

    @staticmethod
    def resolve_title(one: Received, _info: GraphQLResolveInfo) -> str | None:
        """Their handle."""
        return one.name or None

    @staticmethod
    def resolve_network(one: Received, _info: GraphQLResolveInfo) -> str:
        """Its name."""
        return one.network_name

    @staticmethod
    def resolve_waiting(one: Received, info: GraphQLResolveInfo) -> bool:
        """Asked, and not over yet."""
        return one.state is State.ASKED and of(info).turn.now < one.expires_at

    @staticmethod
    def resolve_state_text(one: Received, info: GraphQLResolveInfo) -> str:
        """As a sentence."""
        return of(info).say(RECEIVED[one.state])

    @staticmethod
    def resolve_asked_at(one: Received, _info: GraphQLResolveInfo) -> Any:
        """When it was shown."""
        return one.shown_at


class IntroductionsType(graphene.ObjectType):
    """Both lists, the newest first."""

    class Meta:
        name = "Introductions"

    asked = some(AskedIntroduction, "Whom I asked to meet.")
    received = some(ReceivedIntroduction, "Who asks to meet me.")


async def _ask(asking: Asking, card: str, purpose: str) -> Mapping[str, Any]:
    return {"introduction": await asking.ask(introductions.ask, card, purpose)}


async def _answer(asking: Asking, introduction: str, yes: bool) -> None:
    await asking.ask(introductions.answer, introduction, yes)


class IntroductionQueries:
    """Root fields."""

    introductions = graphene.Field(IntroductionsType, description="Mine, in both directions.")

    @staticmethod
    async def resolve_introductions(_root: Any, info: GraphQLResolveInfo) -> Mine:
        """Mine."""
        return await of(info).ask(introductions.mine)


class IntroductionMutations:
    """Root fields."""

    ask_introduction = act(
        "AskIntroduction",
        "Ask to be put in touch with whoever is behind a card.",
        _ask,
        takes={
            "card": graphene.ID(required=True, description="From a search."),
            "purpose": graphene.String(required=True, description="Why; they read this."),
        },
        gives={"introduction": graphene.ID(description="The request.")},
    )
    answer_introduction = act(
        "AnswerIntroduction",
        "Say yes or no to somebody who asks. A no is never told.",
        _answer,
        takes={
            "introduction": graphene.ID(required=True, description="Which request."),
            "yes": graphene.Boolean(required=True, description="Yes or no."),
        },
    )

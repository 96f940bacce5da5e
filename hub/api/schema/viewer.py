"""Who is asking, the networks they may hear of, and the language they are spoken to in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots.store import people
from directory import members, profiles, sign_ins, words
from directory.core.tongues import LOCALES, spoken
from directory.core.viewer import Viewer
from directory.languages import known
from directory.sign_ins import SignIn as OpenSignIn
from directory.turn import Turn
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import Network, NetworkName, some
from hub.api.schema.people import RoleType


class ViewerType(graphene.ObjectType):
    """On whose behalf this is asked."""

    class Meta:
        name = "Viewer"

    handle = graphene.String(description="What the viewer is called here; empty for a machine.")
    roles = some(RoleType, "What the viewer may do in this network.")
    locale = graphene.String(required=True, description="The language of texts in answers.")
    word_fresh = graphene.Boolean(
        required=True, description="Was the word given within the last five minutes?"
    )
    has_word = graphene.Boolean(required=True, description="Did the viewer ever choose a word?")
    network = graphene.Field(Network, required=True, description="The network of this hub.")

    @staticmethod
    async def resolve_handle(viewer: Viewer, info: GraphQLResolveInfo) -> str | None:
        """Their handle."""
        return await of(info).ask(_handle) or None

    @staticmethod
    def resolve_roles(viewer: Viewer, _info: GraphQLResolveInfo) -> list[str]:
        """In a fixed order."""
        return sorted(viewer.roles)

    @staticmethod
    def resolve_word_fresh(viewer: Viewer, info: GraphQLResolveInfo) -> bool:
        """Is the word fresh?"""
        return viewer.gave_word(of(info).turn.now)

    @staticmethod
    async def resolve_has_word(viewer: Viewer, info: GraphQLResolveInfo) -> bool:
        """Of a member."""
        return viewer.member is not None and await of(info).ask(words.has_word, viewer.member)

    @staticmethod
    async def resolve_network(_viewer: Viewer, info: GraphQLResolveInfo) -> NetworkName:
        """Ours."""
        return await of(info).ask(_home)


async def _handle(turn: Turn) -> str:
    return await members.handle_of(turn.tx, turn.viewer.member or "")


async def _home(turn: Turn) -> NetworkName:
    return NetworkName(turn.home, await people.network_name(turn.tx, turn.home), home=True)


async def _networks(turn: Turn) -> tuple[NetworkName, ...]:
    linked = await people.linked(turn.tx)
    return (await _home(turn), *(NetworkName(one.id, one.name, state=one.state) for one in linked))


class SignIn(graphene.ObjectType):
    """One browser in which I am signed in."""

    name = graphene.ID(required=True, description="For ending it; opens nothing.")
    since = graphene.DateTime(required=True, description="Since when, UTC.")
    expires_at = graphene.DateTime(required=True, description="When it ends by itself, UTC.")


async def _set_word(asking: Asking, word: str) -> None:
    await asking.ask(words.set_word, asking.turn.viewer.member or "", word)


async def _end(asking: Asking, name: str) -> None:
    await asking.ask(sign_ins.end, name)


async def _set_language(
    asking: Asking, language: str, second: str = "", voice: bool | None = None
) -> Mapping[str, Any]:
    added = {spoken(one): one for one in known()}.get(spoken(language), language)
    wanted = f"{spoken(added)}:{second}" if second in LOCALES and spoken(added) != added else added
    member = asking.turn.viewer.member or ""
    await asking.ask(profiles.change, member, {"locale": wanted})
    if voice is not None:
        await asking.ask(profiles.choose_voice, voice)
    return {"language": wanted}


class ViewerQueries:
    """Root fields."""

    viewer = graphene.Field(ViewerType, required=True, description="Who is asking.")
    networks = some(Network, "Our network, and those we are linked with.")
    sign_ins = some(SignIn, "Where I am signed in now, the newest first.")

    @staticmethod
    def resolve_viewer(_root: Any, info: GraphQLResolveInfo) -> Viewer:
        """The viewer."""
        return of(info).turn.viewer

    @staticmethod
    async def resolve_networks(_root: Any, info: GraphQLResolveInfo) -> tuple[NetworkName, ...]:
        """All of them."""
        return await of(info).ask(_networks)

    @staticmethod
    async def resolve_sign_ins(_root: Any, info: GraphQLResolveInfo) -> tuple[OpenSignIn, ...]:
        """Mine."""
        return await of(info).ask(sign_ins.mine)


class ViewerMutations:
    """Root fields."""

    set_word = act(
        "SetWord",
        "Choose my word. Changing it needs the one before.",
        _set_word,
        takes={"word": graphene.String(required=True, description="A few words nobody can guess.")},
    )
    end_sign_in = act(
        "EndSignIn",
        "Sign me out somewhere.",
        _end,
        takes={"name": graphene.ID(required=True, description="Which.")},
    )

    set_language = act(
        "SetLanguage",
        "Speak this language with me, here and in chat.",
        _set_language,
        takes={
            "language": graphene.String(
                required=True, description="en, fr, es, ar, or the tag of one this network added."
            ),
            "second": graphene.String(description="For the rest, when it is an added one."),
            "voice": graphene.Boolean(description="Also send recordings in chat, where there are some."),
        },
        gives={"language": graphene.String(description="As it is now.")},
    )

"""Bots are directory entries too: what they are for, what one can write to them, how to know the real one."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import capabilities
from bots.command import Command
from bots.commands import COMMANDS
from directory.core.rules import may
from directory.core.text import say
from directory.core.tongues import spoken
from directory.languages import known
from directory.store import members
from directory.store.members import MemberRow
from directory.turn import Turn
from hub.api.asking import of
from hub.api.schema.kinds import Term, TermOf, some, terms

MOST_BOTS = 50


class BotCommand(graphene.ObjectType):
    """Something the viewer may write to a bot."""

    word = graphene.String(required=True, description="What to write, in the viewer's language.")
    about = graphene.String(required=True, description="What happens then.")

    @staticmethod
    def resolve_word(command: Command, info: GraphQLResolveInfo) -> str:
        """The shown phrase."""
        return command.shown(of(info).turn.viewer.locale)

    @staticmethod
    def resolve_about(command: Command, info: GraphQLResolveInfo) -> str:
        """Its help."""
        return of(info).say(command.help)


class Bot(graphene.ObjectType):
    """A bot of this network."""

    name = graphene.String(required=True, description="What it is called.")
    purpose = graphene.String(description="What it is for, in the viewer's language.")
    matrix_id = graphene.String(description="Its address; begin a chat with exactly this one.")
    fingerprint = graphene.String(
        description="Of its device: an app that shows another one speaks to an impostor."
    )
    languages = some(Term, "What it speaks.")
    commands = some(BotCommand, "What the viewer may write to it.")

    @staticmethod
    def resolve_purpose(bot: MemberRow, info: GraphQLResolveInfo) -> str | None:
        """Its sentence, translated where somebody has translated it."""
        return of(info).say(say(bot.purpose)) if bot.purpose else None

    @staticmethod
    def resolve_languages(_bot: MemberRow, info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        """Those the catalogues have, and what this network added."""
        return terms(of(info).vocabulary.languages, (spoken(one) for one in known()))

    @staticmethod
    def resolve_commands(bot: MemberRow, info: GraphQLResolveInfo) -> list[Command]:
        """As the rule table allows this viewer."""
        viewer = of(info).turn.viewer
        part = capabilities.BY_NAME.get(bot.title or "")
        return [
            command
            for command in COMMANDS
            if may(command.rule, viewer) and (part is None or capabilities.part_of(command.name) is part)
        ]


async def _bots(turn: Turn) -> list[Any]:
    return await members.load_many(turn.tx, states=("active",), kinds=("bot",), first=MOST_BOTS)


class BotQueries:
    """Root fields."""

    bots = some(Bot, "The bots of this network.")

    @staticmethod
    async def resolve_bots(_root: Any, info: GraphQLResolveInfo) -> list[Any]:
        """All."""
        return await of(info).ask(_bots)

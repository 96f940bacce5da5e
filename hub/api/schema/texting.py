"""Text messages: how it stands for me, switching them on after reading what the phone company learns, off."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import texting
from bots.texting import MyTexts as Mine
from hub.api.asking import Asking, of
from hub.api.schema.acts import act


class MyTexts(graphene.ObjectType):
    """My text messages."""

    offered = graphene.Boolean(required=True, description="Has this network a gateway for them?")
    on = graphene.Boolean(required=True, description="Are mine on?")
    tried = graphene.Boolean(required=True, description="Did a phrase of mine come from the phone yet?")
    ending = graphene.String(required=True, description="The last digits of the number; empty while off.")
    warning = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What the phone company learns."
    )

    @staticmethod
    def resolve_warning(mine: Mine, info: GraphQLResolveInfo) -> list[str]:
        """Sentence by sentence."""
        return [of(info).say(one) for one in mine.warning]


async def _on(asking: Asking, number: str, call: str, safe: str, understood: bool) -> None:
    await asking.ask_bots(texting.switch_on, number=number, call=call, safe=safe, understood=understood)


async def _off(asking: Asking) -> None:
    await asking.ask(texting.switch_off)


class TextingQueries:
    """Root fields."""

    my_texts = graphene.Field(MyTexts, description="Text messages, as they stand for me.")

    @staticmethod
    async def resolve_my_texts(_root: Any, info: GraphQLResolveInfo) -> Mine:
        """Mine."""
        return await of(info).ask_bots(texting.mine)


class TextingMutations:
    """Root fields."""

    switch_texts_on = act(
        "SwitchTextsOn",
        "Call for help and answer check-ins by text message too.",
        _on,
        takes={
            "number": graphene.String(required=True, description="My phone, with its country."),
            "call": graphene.String(required=True, description="My phrase for help."),
            "safe": graphene.String(required=True, description="My phrase for being safe."),
            "understood": graphene.Boolean(required=True, description="I read what the company learns."),
        },
        word=True,
    )
    switch_texts_off = act(
        "SwitchTextsOff", "No text messages any more; nothing is kept of it.", _off, word=True
    )

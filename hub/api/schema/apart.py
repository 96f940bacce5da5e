"""Whom not to ask: who is never brought together with the viewer. Nobody else ever reads it."""

from __future__ import annotations

import graphene
from graphql import GraphQLResolveInfo

from directory import apart
from directory.apart import Named
from directory.refusals import BadAnswer
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import some


class KeptApart(graphene.ObjectType):
    """One whom the viewer named."""

    id = graphene.ID(required=True, description="To take it back by.")
    name = graphene.String(required=True, description="Whom: a person, an organisation, a network.")
    since = graphene.DateTime(required=True, description="Since when, UTC.")


async def _mine(_root: None, info: GraphQLResolveInfo) -> tuple[Named, ...]:
    return await of(info).ask(apart.mine)


async def _keep(asking: Asking, handle: str = "", card: str = "", network: str = "") -> None:
    if handle:
        await asking.ask(apart.name_person, handle)
    elif card:
        await asking.ask(apart.name_card, card)
    elif network:
        await asking.ask(apart.name_network, network)
    else:
        raise BadAnswer(field="handle")


async def _allow(asking: Asking, named: str) -> None:
    await asking.ask(apart.allow, named)


class ApartQueries:
    """Root fields."""

    kept_apart = some(KeptApart, "Whom I named as never to be brought together with me.", resolver=_mine)


class ApartMutations:
    """Root fields."""

    keep_apart = act(
        "KeepApart",
        "Never bring us together, one of three: a member, whoever a card stands for, a linked network.",
        _keep,
        takes={
            "handle": graphene.String(description="A member, by name."),
            "card": graphene.ID(description="Whoever this card stands for."),
            "network": graphene.ID(description="Everybody of this linked network."),
        },
    )
    allow_again = act(
        "AllowAgain",
        "We may find each other again.",
        _allow,
        takes={"named": graphene.ID(required=True, description="Which.")},
        word=True,
    )

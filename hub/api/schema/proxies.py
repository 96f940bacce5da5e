"""Who answers check-ins for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import proxies
from bots.store.proxies import Proxy
from directory.core.text import say
from hub.api.asking import Asking, of
from hub.api.schema.acts import Problem, act
from hub.api.schema.kinds import some

NOBODY_ASKS = Problem("NOT_YOURS", say("Nobody asks you any more. Thank you."))
NEVER_WAS = Problem("NOT_YOURS", say("You did not answer for them."))


class ProxyFor(graphene.ObjectType):
    """Somebody I answer for, or asked to."""

    handle = graphene.String(required=True, description="Who.")
    agreed = graphene.Boolean(required=True, description="Did they say yes?")
    how = graphene.String(description="How they said yes, as it was written down.")

    @staticmethod
    def resolve_agreed(one: Proxy, _info: GraphQLResolveInfo) -> bool:
        """They did."""
        return one.state == proxies.YES


class ProxyOf(graphene.ObjectType):
    """Somebody who answers for me, or asks to."""

    proxy = graphene.ID(required=True, description="To answer them with.")
    handle = graphene.String(required=True, description="Who.")
    agreed = graphene.Boolean(required=True, description="Did I say yes?")


@dataclass(frozen=True, slots=True)
class Both:
    """Both sides of it, for one viewer."""

    whom: tuple[Proxy, ...]
    mine: tuple[Mapping[str, Any], ...]


class Proxies(graphene.ObjectType):
    """Both sides of answering for each other."""

    whom = some(ProxyFor, "Those I answer for.")
    mine = some(ProxyOf, "Those who answer for me, or ask to.")


async def _ask(asking: Asking, handle: str, how: str = "") -> None:
    if how.strip():
        await asking.ask(proxies.take_on, handle, how)
    else:
        await asking.ask(proxies.ask, handle)


async def _answer(asking: Asking, proxy: str, yes: bool) -> Problem | None:
    return None if await asking.ask(proxies.answer, proxy, yes) else NOBODY_ASKS


async def _stop(asking: Asking, handle: str) -> Problem | None:
    return None if await asking.ask(proxies.stop, handle) else NEVER_WAS


class ProxyQueries:
    """Root fields."""

    proxies = graphene.Field(Proxies, description="Who answers check-ins for me, and I for whom.")

    @staticmethod
    async def resolve_proxies(_root: Any, info: GraphQLResolveInfo) -> Both | None:
        """Mine."""
        asking = of(info)
        if asking.turn.viewer.member is None:
            return None
        found = await asking.ask(proxies.requests)
        mine = tuple({"proxy": one, "handle": handle, "agreed": agreed} for one, handle, agreed in found)
        return Both(await asking.ask(proxies.mine), mine)


class ProxyMutations:
    """Root fields."""

    ask_proxy = act(
        "AskProxy",
        "Ask somebody whether I may answer their check-ins; with `how`, write down the yes of somebody "
        "without a phone.",
        _ask,
        takes={
            "handle": graphene.String(required=True, description="Who."),
            "how": graphene.String(description="How they said yes, and who was there."),
        },
    )
    answer_proxy = act(
        "AnswerProxy",
        "May they answer my check-ins?",
        _answer,
        takes={
            "proxy": graphene.ID(required=True, description="Who asks."),
            "yes": graphene.Boolean(required=True, description="May they?"),
        },
    )
    stop_proxy = act(
        "StopProxy",
        "One of the two ends it.",
        _stop,
        takes={"handle": graphene.String(required=True, description="The other.")},
    )

"""Who beyond my network sees my card: my yes or no, network by network, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots.store import people
from directory import consent, going_on, sharing
from directory.consent import Shown
from directory.core.cards import Body
from directory.refusals import Refusal
from directory.sharing import LedgerRow
from directory.turn import Turn
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.facts import Fact, FactType, facts
from hub.api.schema.kinds import Network, NetworkName, some
from hub.api.schema.ledger import LedgerRowType


@dataclass(frozen=True, slots=True)
class WithNetwork:
    """One linked network, and what the viewer said to it, if anything."""

    network: NetworkName
    shown: Shown | None

    @property
    def yes(self) -> bool:
        """Does a yes stand?"""
        return self.shown is not None and self.shown.withdrawn_at is None


class Sharing(graphene.ObjectType):
    """Me and one linked network."""

    network = graphene.Field(Network, required=True, description="Which.")
    shown = graphene.Boolean(required=True, description="Do I want to be shown there?")
    since = graphene.DateTime(description="When I said yes, UTC.")
    ends_at = graphene.DateTime(description="Until when my yes holds, UTC.")
    holds = graphene.Boolean(required=True, description="May they still hold a copy of my card?")
    preview = graphene.List(
        graphene.NonNull(FactType),
        description="Exactly what they would hold; null when nothing can be shown.",
    )

    @staticmethod
    def resolve_shown(one: WithNetwork, _info: GraphQLResolveInfo) -> bool:
        """A standing yes."""
        return one.yes

    @staticmethod
    def resolve_since(one: WithNetwork, _info: GraphQLResolveInfo) -> Any:
        """Of a standing yes."""
        return one.shown.given_at if one.yes and one.shown else None

    @staticmethod
    def resolve_ends_at(one: WithNetwork, _info: GraphQLResolveInfo) -> Any:
        """Of a standing yes."""
        return one.shown.ends_at if one.yes and one.shown else None

    @staticmethod
    def resolve_holds(one: WithNetwork, _info: GraphQLResolveInfo) -> bool:
        """Until they confirm that it is gone."""
        return one.shown is not None and one.shown.holds

    @staticmethod
    async def resolve_preview(one: WithNetwork, info: GraphQLResolveInfo) -> tuple[Fact, ...] | None:
        """As the service says it."""
        body = await of(info).ask(_preview, one.network.id)
        return None if body is None else facts(of(info), body)


async def _preview(turn: Turn, network: str) -> Body | None:
    try:
        return await consent.preview(turn, network)
    except Refusal:
        return None


async def _networks(turn: Turn) -> tuple[WithNetwork, ...]:
    latest = {one.network: one for one in reversed(await consent.mine(turn))}
    linked = await people.linked(turn.tx)
    return tuple(
        WithNetwork(NetworkName(one.id, one.name, state=one.state), latest.get(one.id)) for one in linked
    )


async def _share(asking: Asking, network: str) -> None:
    await asking.ask(consent.say_yes, network, "page")


async def _stop(asking: Asking, network: str) -> None:
    await asking.ask(consent.withdraw, network)


async def _go_on(asking: Asking, network: str) -> None:
    await asking.ask(going_on.go_on, network, "page")


WHICH: Mapping[str, Any] = {"network": graphene.ID(required=True, description="Which linked network.")}


class SharingQueries:
    """Root fields."""

    sharing = some(Sharing, "Every linked network, and what I said to it.")
    my_ledger = some(LedgerRowType, "Every copy of my card elsewhere, and what was confirmed.")

    my_taken_back = some(graphene.String, "What became of what I took back, sentence by sentence.")

    @staticmethod
    async def resolve_my_taken_back(_root: Any, info: GraphQLResolveInfo) -> list[str]:
        """Mine."""
        return [of(info).say(line) for line in await of(info).ask(sharing.my_taken_back)]

    @staticmethod
    async def resolve_sharing(_root: Any, info: GraphQLResolveInfo) -> tuple[WithNetwork, ...]:
        """Mine."""
        return await of(info).ask(_networks)

    @staticmethod
    async def resolve_my_ledger(_root: Any, info: GraphQLResolveInfo) -> tuple[LedgerRow, ...]:
        """Mine."""
        return await of(info).ask(sharing.my_ledger)


class SharingMutations:
    """Root fields."""

    share_with = act(
        "ShareWith", "Be shown to this network's members from now on.", _share, takes=WHICH, word=True
    )
    go_on_sharing = act(
        "GoOnSharing", "My yes to this network goes on for another year.", _go_on, takes=WHICH
    )
    stop_sharing = act(
        "StopSharing", "Take my card back from this network. Needs no word.", _stop, takes=WHICH
    )

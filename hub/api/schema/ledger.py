"""The ledger: what was given, what is held, what was taken back, and who confirmed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import graphene
from graphql import GraphQLResolveInfo

from directory.core.text import Text, say
from directory.sharing import LedgerRow
from hub.api.asking import of

DIRECTIONS: Mapping[str, Text] = {"given": say("ours, with them"), "held": say("theirs, with us")}
STATES: Mapping[str, Text] = {
    "dirty": say("on its way"),
    "shared": say("given"),
    "withdrawing": say("being taken back"),
    "withdrawn": say("taken back"),
    "held": say("held here"),
}
GONE = say("gone, and they confirmed it")
UNANSWERED = say("taken back, and they do not answer")
RED_AFTER = timedelta(hours=1)


class LedgerRowType(graphene.ObjectType):
    """One card on one side of a link. Persons are never named in it."""

    class Meta:
        name = "LedgerRow"

    direction = graphene.String(required=True, description="given or held.")
    direction_text = graphene.String(required=True, description="The same in words.")
    card = graphene.ID(required=True, description="Its id on this link only.")
    state = graphene.String(required=True, description="dirty, shared, withdrawing, withdrawn or held.")
    state_text = graphene.String(required=True, description="The same in words.")
    title = graphene.String(description="Of an organisation or bot; in my own ledger, the network.")
    since = graphene.DateTime(description="Since when it is there, UTC.")
    confirmed_at = graphene.DateTime(description="When they confirmed that they have it, UTC.")
    withdrawn_at = graphene.DateTime(description="When it was taken back, UTC.")
    overdue = graphene.Boolean(required=True, description="Taken back an hour ago or more, and no answer.")
    withdrawal_confirmed_at = graphene.DateTime(description="When they confirmed that it is gone, UTC.")

    @staticmethod
    def resolve_direction_text(row: LedgerRow, info: GraphQLResolveInfo) -> str:
        """In words."""
        return of(info).say(DIRECTIONS[row.direction])

    @staticmethod
    def resolve_state_text(row: LedgerRow, info: GraphQLResolveInfo) -> str:
        """In words; a confirmed withdrawal says so."""
        if row.withdrawal_confirmed_at:
            return of(info).say(GONE)
        return of(info).say(UNANSWERED if _overdue(row, info) else STATES[row.state])

    @staticmethod
    def resolve_overdue(row: LedgerRow, info: GraphQLResolveInfo) -> bool:
        """Red on the page."""
        return _overdue(row, info)


def _overdue(row: LedgerRow, info: GraphQLResolveInfo) -> bool:
    waits = row.direction == "given" and row.withdrawn_at is not None and row.withdrawal_confirmed_at is None
    return waits and row.withdrawn_at is not None and of(info).turn.now - row.withdrawn_at >= RED_AFTER

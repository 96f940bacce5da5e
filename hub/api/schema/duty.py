"""Who is awake for alarms, and beginning or ending one's own duty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import duty
from bots.store.duty import OnDuty
from directory.turn import Turn
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import Term, TermOf, some, terms


class OnDutyType(graphene.ObjectType):
    """Somebody who is awake for alarms."""

    class Meta:
        name = "OnDuty"

    handle = graphene.String(required=True, description="Who.")
    languages = some(Term, "In which languages.")
    ends_at = graphene.DateTime(required=True, description="Until when, UTC.")

    @staticmethod
    def resolve_languages(one: OnDuty, info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        """As terms."""
        return terms(of(info).vocabulary.languages, one.languages)


async def _awake(turn: Turn) -> tuple[OnDuty, ...]:
    return await duty.on_duty(turn.tx, turn.now)


async def _on(asking: Asking, hours: int) -> Mapping[str, Any]:
    return {"duty": await asking.ask(duty.on, asking.turn.now + timedelta(hours=max(0, min(hours, 1000))))}


async def _off(asking: Asking) -> None:
    await asking.ask(duty.off)


class DutyQueries:
    """Root fields."""

    on_duty = some(OnDutyType, "Who is awake for alarms now.")

    @staticmethod
    async def resolve_on_duty(_root: Any, info: GraphQLResolveInfo) -> tuple[OnDuty, ...]:
        """Everybody on duty."""
        return await of(info).ask(_awake)


class DutyMutations:
    """Root fields."""

    go_on_duty = act(
        "GoOnDuty",
        "I am awake for alarms from now on.",
        _on,
        takes={"hours": graphene.Int(required=True, description="For how long, at most 24.")},
        gives={"duty": graphene.Field(OnDutyType, description="As it stands.")},
    )
    go_off_duty = act("GoOffDuty", "My duty ends now.", _off)

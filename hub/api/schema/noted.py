"""People whom a list names and who have not said yes: a code for each, or their rows erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import noted
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import some
from hub.api.schema.people import InvitationType


class NotedPersonType(graphene.ObjectType):
    """Somebody of a list. Nobody sees, finds, counts or writes to them."""

    class Meta:
        name = "NotedPerson"

    id = graphene.ID(required=True, description="To make them a code by.")
    handle = graphene.String(required=True, description="What the list calls them.")
    invited = graphene.Boolean(required=True, description="A code was made for them.")
    erased_at = graphene.DateTime(required=True, description="When this is erased without their yes, UTC.")


async def _waiting(_root: None, info: GraphQLResolveInfo, after: str = "") -> tuple[noted.Noted, ...]:
    return await of(info).ask(noted.waiting, after)


async def _invite(asking: Asking, person: str) -> Mapping[str, Any]:
    return {"invitation": await asking.ask(noted.invite, person)}


async def _forget(asking: Asking, person: str) -> None:
    await asking.ask(noted.forget, person)


class NotedQueries:
    """Root fields."""

    noted_people = some(
        NotedPersonType,
        "People of lists who wait for their own yes, fifty at a time.",
        resolver=_waiting,
        after=graphene.Argument(graphene.ID, description="The last one of the page before."),
    )


class NotedMutations:
    """Root fields."""

    invite_noted = act(
        "InviteNoted",
        "A code for somebody of a list. Whoever comes in with it finds what the list said filled in.",
        _invite,
        takes={"person": graphene.ID(required=True, description="Whom.")},
        gives={"invitation": graphene.Field(InvitationType, description="The code.")},
    )
    forget_noted = act(
        "ForgetNoted",
        "Erase what a list said of somebody.",
        _forget,
        takes={"person": graphene.ID(required=True, description="Of whom.")},
    )

"""People at the door of the network: inviting them, and saying "it is them"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import joining
from directory.core.tongues import spoken
from directory.core.viewer import Role
from directory.joining import Waiting
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import Term, TermOf, named

RoleType = named(Role, "Role", "What somebody may do in their own network.")


class WaitingPerson(graphene.ObjectType):
    """Somebody who came in with a code and waits for a yes."""

    member = graphene.ID(required=True, description="Send it back with the answer.")
    handle = graphene.String(required=True, description="What they call themselves.")
    country = graphene.Field(Term, description="Where they say they are.")
    language = graphene.String(required=True, description="The language they chose.")
    since = graphene.DateTime(required=True, description="Since when they wait, UTC.")

    @staticmethod
    def resolve_country(one: Waiting, info: GraphQLResolveInfo) -> TermOf | None:
        """As a term."""
        return TermOf(of(info).vocabulary.regions, one.country) if one.country else None

    @staticmethod
    def resolve_language(one: Waiting, _info: GraphQLResolveInfo) -> str:
        """Its own name would need the term tree; the tag is enough."""
        return spoken(one.locale)


class InvitationType(graphene.ObjectType):
    """A code for one person, good once, for 72 hours. It is shown in this answer and nowhere else."""

    class Meta:
        name = "Invitation"

    code = graphene.String(required=True, description="Hand it over, on paper or by any way you trust.")
    spoken = graphene.String(
        required=True, description="Two words to say aloud; the code is useless without."
    )
    expires_at = graphene.DateTime(required=True, description="When it ends, UTC.")
    page = graphene.String(required=True, description="Where somebody with only a browser comes in.")

    @staticmethod
    def resolve_page(_made: joining.Invite, info: GraphQLResolveInfo) -> str:
        """The address is no secret of this one person; the code is."""
        return f"{of(info).office.address()}/join"


async def _invite(
    asking: Asking,
    roles: list[Role] | None = None,
    language: str | None = None,
    organisation: str | None = None,
) -> Mapping[str, Any]:
    wanted = frozenset(roles or ()) | {Role.MEMBER}
    entry = await asking.ask(joining.listed_as, organisation) if organisation else None
    made = await asking.ask(joining.invite, roles=wanted, locale=language or None, organisation=entry)
    return {"invitation": made}


async def _confirm(asking: Asking, member: str) -> None:
    await asking.ask(joining.confirm, member)


async def _turn_away(asking: Asking, member: str) -> None:
    await asking.ask(joining.turn_away, member)


MEMBER = graphene.ID(required=True, description="Who.")


class PeopleQueries:
    """Root fields."""

    invited = graphene.List(
        graphene.NonNull(WaitingPerson), description="Whom I invited and who waits for my yes."
    )
    waiting = graphene.List(
        graphene.NonNull(WaitingPerson), description="Who came in and waits for a yes; for coordinators."
    )

    @staticmethod
    async def resolve_invited(_root: Any, info: GraphQLResolveInfo) -> tuple[Waiting, ...]:
        """Mine."""
        return await of(info).ask(joining.invited)

    @staticmethod
    async def resolve_waiting(_root: Any, info: GraphQLResolveInfo) -> tuple[Waiting, ...]:
        """Everybody who waits."""
        return await of(info).ask(joining.waiting)


class PeopleMutations:
    """Root fields."""

    invite_member = act(
        "InviteMember",
        "Make a code for one person to come in with.",
        _invite,
        takes={
            "roles": graphene.List(graphene.NonNull(RoleType), description="Beyond member; none is usual."),
            "language": graphene.String(description="Which language to greet them in."),
            "organisation": graphene.ID(description="The card of a listed organisation they will speak for."),
        },
        gives={"invitation": graphene.Field(InvitationType, description="The code.")},
    )
    confirm_member = act("ConfirmMember", "It is them: let them in.", _confirm, takes={"member": MEMBER})
    turn_away_member = act(
        "TurnAwayMember", "It is not them: what they told is deleted.", _turn_away, takes={"member": MEMBER}
    )

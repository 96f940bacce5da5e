"""What administrators keep in order: the list of members, ways in, tokens for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import audit, members, sign_ins
from directory.core.text import Text, say
from directory.members import Standing
from directory.refusals import NotYours
from directory.turn import Turn
from hub.api import tokens
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import some
from hub.api.schema.people import RoleType
from hub.api.schema.viewer import SignIn
from hub.store.tokens import TokenRow

STATES: Mapping[str, Text] = {
    "joining": say("coming in"),
    "waiting": say("waits for a yes"),
    "active": say("here"),
    "frozen": say("frozen"),
}


class MemberEntry(graphene.ObjectType):
    """One of our own people, as those who look after the network see them: no contact, no issues."""

    member = graphene.ID(required=True, description="Opaque.")
    handle = graphene.String(description="What they are called.")
    kind = graphene.String(required=True, description="person, organisation, community or bot.")
    state = graphene.String(required=True, description="joining, waiting, active or frozen.")
    state_text = graphene.String(required=True, description="The same in words.")
    roles = some(RoleType, "What they may do.")

    @staticmethod
    def resolve_state_text(one: Standing, info: GraphQLResolveInfo) -> str:
        """In words."""
        return of(info).say(STATES[one.state])

    @staticmethod
    def resolve_roles(one: Standing, _info: GraphQLResolveInfo) -> list[str]:
        """In a fixed order."""
        return sorted(one.roles)


class Token(graphene.ObjectType):
    """What a program may run here, and until when."""

    id = graphene.ID(required=True, description="For revoking it.")
    label = graphene.String(required=True, description="What it is for.")
    operations = some(graphene.String, "Names of documents it may run.")
    expires_at = graphene.DateTime(required=True, description="When it ends, UTC.")
    revoked_at = graphene.DateTime(description="When it was ended early, UTC.")

    @staticmethod
    def resolve_operations(one: TokenRow, _info: GraphQLResolveInfo) -> list[str]:
        """In a fixed order."""
        return sorted(one.scopes)


async def _link(turn: Turn, handle: str) -> str:
    member = await members.find_handle(turn, handle)
    if member is None:
        raise NotYours
    link = await sign_ins.link(turn, member)
    await audit.note(turn, "login-link", member)
    return link


async def _make_link(asking: Asking, handle: str) -> Mapping[str, Any]:
    code = await asking.ask(_link, handle)
    return {
        "url": f"{asking.office.address()}/in/{code}",
        "expires_at": asking.turn.now + sign_ins.LINK_LASTS,
    }


async def _make_token(asking: Asking, label: str, operations: list[str], days: int = 30) -> Mapping[str, Any]:
    made = await asking.ask(tokens.make_token, label, operations, timedelta(days=days))
    return {"secret": made.secret, "token": made.token}


async def _revoke(asking: Asking, token: str) -> None:
    await asking.ask(tokens.revoke, token)


async def _end_sign_ins(asking: Asking, handle: str) -> Mapping[str, Any]:
    return {"ended": await asking.ask(sign_ins.end_all, handle)}


class KeepingQueries:
    """Root fields."""

    members = graphene.List(
        graphene.NonNull(MemberEntry),
        description="Our own people, for those who look after them, by id.",
        after=graphene.Argument(graphene.ID, description="The last `member` of the page before."),
        first=graphene.Argument(graphene.Int, description="Page size, 1 to 50; 50 unless said otherwise."),
    )
    member_sign_ins = graphene.List(
        graphene.NonNull(SignIn),
        description="Where one of our people is signed in; for those who look after them.",
        handle=graphene.Argument(graphene.String, required=True, description="Whose."),
    )
    tokens = graphene.List(graphene.NonNull(Token), description="All tokens, for administrators.")

    @staticmethod
    async def resolve_members(
        _root: Any, info: GraphQLResolveInfo, after: str | None = None, first: int = 50
    ) -> tuple[Standing, ...]:
        """A page of people."""
        return await of(info).ask(members.members, after=after or "", first=max(1, min(first, 50)))

    @staticmethod
    async def resolve_member_sign_ins(
        _root: Any, info: GraphQLResolveInfo, handle: str
    ) -> tuple[sign_ins.SignIn, ...]:
        """The newest first."""
        return await of(info).ask(sign_ins.of_member, handle)

    @staticmethod
    async def resolve_tokens(_root: Any, info: GraphQLResolveInfo) -> tuple[TokenRow, ...]:
        """All."""
        return await of(info).ask(tokens.tokens)


class KeepingMutations:
    """Root fields."""

    make_login_link = act(
        "MakeLoginLink",
        "A link that opens the pages once, for reading, within the hour. Hand it over yourself.",
        _make_link,
        takes={"handle": graphene.String(required=True, description="Whose.")},
        gives={
            "url": graphene.String(description="The link; shown in this answer only."),
            "expires_at": graphene.DateTime(description="When it ends, UTC."),
        },
        word=True,
    )
    end_sign_ins = act(
        "EndSignIns",
        "Sign somebody out everywhere, links they were given included. They can sign in again.",
        _end_sign_ins,
        takes={"handle": graphene.String(required=True, description="Whom.")},
        gives={"ended": graphene.Int(description="How many sign-ins were open.")},
    )
    make_token = act(
        "MakeToken",
        "A token for a program.",
        _make_token,
        takes={
            "label": graphene.String(required=True, description="What it is for."),
            "operations": graphene.List(
                graphene.NonNull(graphene.String), required=True, description="Documents it may run, by name."
            ),
            "days": graphene.Int(description="How long it works, 1 to 365; 30 unless said otherwise."),
        },
        gives={
            "secret": graphene.String(description="For the Authorization header; shown in this answer only."),
            "token": graphene.Field(Token, description="As it is listed."),
        },
        word=True,
    )
    revoke_token = act(
        "RevokeToken",
        "End a token now.",
        _revoke,
        takes={"token": graphene.ID(required=True, description="Which.")},
        word=True,
    )

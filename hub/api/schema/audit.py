"""The audit log, for reviewers and administrators; roles and off-boarding, for administrators only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import offboarding
from bots.offboarding import Ended
from directory import audit, members
from directory.audit import Entry, Verified
from directory.core.audited import ACTS
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import some
from hub.api.schema.people import RoleType

ERASED = say("erased")
LANES: Mapping[str, Text] = {
    "chat": say("in chat"),
    "page": say("on a page"),
    "terminal": say("at the machine"),
    "token": say("a program"),
    "clock": say("by itself"),
    "peer": say("another network"),
}
HANDLE = {"handle": graphene.String(required=True, description="Who.")}
ROLE = {"role": RoleType(required=True, description="Which.")}


class AuditEntry(graphene.ObjectType):
    """One use of a privilege. What it said may have been erased; that it happened stays."""

    place = graphene.Int(required=True, description="Its number in the chain.")
    at = graphene.DateTime(required=True, description="When, UTC.")
    act = graphene.String(description="Stable name, for programs; empty once erased.")
    act_text = graphene.String(required=True, description="The same in words.")
    lane_text = graphene.String(description="In chat, on a page, at the machine.")
    who = graphene.String(description="Handle of who did it; empty for the machine's technician.")
    about = graphene.String(description="Handle of whom it is about, if anybody.")
    before = graphene.String(description="What it was.")
    after = graphene.String(description="What it became.")

    @staticmethod
    def resolve_act_text(one: Entry, info: GraphQLResolveInfo) -> str:
        """In words."""
        return of(info).say(ERASED if one.act is None else ACTS[one.act])

    @staticmethod
    def resolve_lane_text(one: Entry, info: GraphQLResolveInfo) -> str | None:
        """In words."""
        return of(info).say(LANES[one.lane]) if one.lane else None


class AuditCheck(graphene.ObjectType):
    """What reading the whole chain again found."""

    intact = graphene.Boolean(required=True, description="Does every entry hold?")
    entries = graphene.Int(required=True, description="How many there are.")
    broken_at = graphene.Int(description="The first place that does not hold.")
    fingerprint = graphene.String(
        required=True, description="Write it down: it tells whether the end was cut."
    )

    @staticmethod
    def resolve_intact(found: Verified, _info: GraphQLResolveInfo) -> bool:
        """Nothing broken."""
        return found.broken is None

    @staticmethod
    def resolve_broken_at(found: Verified, _info: GraphQLResolveInfo) -> int | None:
        """Where."""
        return None if found.broken is None else found.broken.place


class OffBoarded(graphene.ObjectType):
    """What was ended."""

    handle = graphene.String(required=True, description="Whose.")
    lines = some(graphene.String, "One sentence for each kind of thing, in the viewer's language.")

    @staticmethod
    def resolve_lines(ended: Ended, info: GraphQLResolveInfo) -> list[str]:
        """As sentences."""
        return [of(info).say(line) for line in ended.lines()]


async def _member(turn: Turn, handle: str) -> str:
    found = await members.find_handle(turn, handle)
    if found is None:
        raise NotYours
    return found


async def _give(asking: Asking, handle: str, role: Role) -> Mapping[str, Any]:
    waits = await asking.ask(members.give_role, await asking.ask(_member, handle), role)
    return {"waits": None if waits is None else asking.say(waits.text)}


async def _take(asking: Asking, handle: str, role: Role) -> None:
    await asking.ask(members.take_role, await asking.ask(_member, handle), role)


async def _off_board(asking: Asking, handle: str) -> Mapping[str, Any]:
    return {"ended": await asking.ask(offboarding.off_board, handle)}


class AuditQueries:
    """Root fields."""

    audit = graphene.List(
        graphene.NonNull(AuditEntry),
        description="Who used a privilege, the newest first; for reviewers and administrators.",
        before=graphene.Argument(graphene.Int, description="The last `place` of the page before."),
        first=graphene.Argument(graphene.Int, description="Page size, 1 to 100; 50 unless said otherwise."),
    )
    audit_check = graphene.Field(AuditCheck, description="Does the whole chain hold?")

    @staticmethod
    async def resolve_audit(
        _root: Any, info: GraphQLResolveInfo, before: int | None = None, first: int = 50
    ) -> tuple[Entry, ...]:
        """A page."""
        return await of(info).ask(audit.read, before=before, first=first)

    @staticmethod
    async def resolve_audit_check(_root: Any, info: GraphQLResolveInfo) -> Verified:
        """All of it."""
        return await of(info).ask(audit.verify)


class AuditMutations:
    """Root fields."""

    give_role = act(
        "GiveRole",
        "Give somebody a role.",
        _give,
        takes={**HANDLE, **ROLE},
        gives={"waits": graphene.String(description="Set when it needs a second person first: what to do.")},
        word=True,
    )
    take_role = act("TakeRole", "Take a role away.", _take, takes={**HANDLE, **ROLE}, word=True)
    off_board = act(
        "OffBoard",
        "End every role, sign-in, token, code and duty of somebody, who stays a member.",
        _off_board,
        takes=HANDLE,
        gives={"ended": graphene.Field(OffBoarded, description="What was ended.")},
        word=True,
    )

"""Who somebody is to this network: from a Matrix account or a member id to a Viewer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from directory import audit, profiles, seconding
from directory.core.effects import CardChanged, Tell, Urgency
from directory.core.handles import handle_key
from directory.core.rules import may
from directory.core.text import say
from directory.core.two_person import Act
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import bindings, roles
from directory.store import members as rows
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.rules_sql import shown
from directory.turn import Turn

KEEPERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
"""Whose yes counts where two are needed."""
FOUNDER = frozenset({Role.MEMBER, Role.COORDINATOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bots and pages need to know of a member before anything else."""

    member: str
    kind: str
    state: str
    handle: str | None
    locale: str
    roles: frozenset[Role]


async def viewer_of(tx: Tx, guard: Guard, *, matrix_id: str, lane: Lane, now: datetime) -> Viewer | None:
    """The member bound to this Matrix account, as a viewer; None for a stranger. Notes that they were heard.

    Says nothing about the device: hub/matrix has already judged that. Somebody still joining, waiting or
    frozen is a viewer without roles (see `standing`).
    """
    member = await bindings.bound_to(tx, guard.digest("matrix-id", matrix_id))
    if member is None:
        return None
    await rows.heard(tx, member, now)
    return await viewer_of_member(tx, member, lane)


async def viewer_of_member(
    tx: Tx, member: str, lane: Lane, *, word_at: datetime | None = None, locale: str | None = None
) -> Viewer | None:
    """A member as a viewer, for a session or for what the bots do on their behalf; None when gone."""
    known = await standing(tx, member)
    if known is None:
        return None
    return Viewer(lane=lane, member=member, roles=known.roles, locale=locale or known.locale, word_at=word_at)


async def standing(tx: Tx, member: str) -> Standing | None:
    """Kind, state, handle, language and roles; None when there is no such member any more."""
    row = await rows.load(tx, member)
    if row is None or row.state not in rows.LIVE:
        return None
    held = frozenset({Role.MEMBER, *map(Role, await roles.roles_of(tx, member))})
    active = row.state == "active" and row.kind == "person"
    return Standing(row.id, row.kind, row.state, row.handle, row.locale, held if active else frozenset())


async def handle_of(tx: Tx, member: str) -> str:
    """What a member is called, "" when gone: for texts that this member's own people read."""
    row = await rows.load(tx, member)
    return "" if row is None else row.name


async def matrix_id_of(tx: Tx, guard: Guard, member: str) -> str | None:
    """The Matrix account of a member, in memory only: for inviting and for writing to them."""
    sealed = await bindings.binding_of(tx, member)
    found = guard.open_fields("bindings", member, sealed, watch=True).get("matrix_id")
    return found if isinstance(found, str) else None


async def rooms_so_far(turn: Turn, member: str) -> list[dict[str, str]]:
    """Account (`matrix_id`) and direct room of a member's device and of those before it, the newest first."""
    return places_in(turn.guard, member, await bindings.binding_of(turn.tx, member))


def places_in(guard: Guard, member: str, sealed: bytes | None) -> list[dict[str, str]]:
    """The same, of a binding that was read already."""
    kept = guard.open_fields("bindings", member, sealed, watch=True)
    before = kept.get("earlier")
    places = [kept, *(before if isinstance(before, list) else ())]
    return [
        {"matrix_id": str(place["matrix_id"]), "room": str(place["room"])}
        for place in places
        if place.get("room")
    ]


async def master_key_of(tx: Tx, guard: Guard, member: str) -> str | None:
    """The cross-signing master key a member's account had when it was bound, base64."""
    sealed = await bindings.binding_of(tx, member)
    kept = guard.open_fields("bindings", member, sealed, watch=True).get("master_key")
    return kept if isinstance(kept, str) else None


async def found(turn: Turn, *, handle: str, locale: str = "en") -> str:
    """The first administrator, made at the machine itself by `ayni init`. Returns the member's id.

    Raises NotYours anywhere else or when an administrator is already there.
    """
    if not may("act:found", turn.viewer) or await roles.holders(turn.tx, Role.ADMINISTRATOR):
        raise NotYours
    member = turn.ids()
    await rows.insert_member(
        turn.tx, {"id": member, "kind": "person", "state": "active", "locale": locale, "since": turn.now}
    )
    await profiles.take_handle(turn, member, handle)
    await roles.give_roles(turn.tx, member, FOUNDER - {Role.MEMBER}, turn.now)
    await turn.record(CardChanged(member))
    await audit.note(turn, "founded", member, after=_listed(frozenset(FOUNDER)))
    return member


async def find_handle(turn: Turn, handle: str) -> str | None:
    """The active person who goes by this handle, if this viewer may know of them; else None."""
    return await rows.with_handle_shown(turn.tx, handle_key(handle), shown("Member.handle", turn.viewer))


async def known_by(turn: Turn, handle: str) -> rows.MemberRow | None:
    """A person by handle, in any state, locked: only for services that judge the viewer themselves."""
    row = await rows.with_handle(turn.tx, handle_key(handle.strip().lstrip("@")))
    if row is None or row.kind != "person":
        return None
    return await rows.load(turn.tx, row.id, lock=True)


async def members(turn: Turn, *, after: str = "", first: int = 50) -> tuple[Standing, ...]:
    """The network's own people, for those who look after it, `first` at a time; bare names, no issues."""
    if not may("act:members", turn.viewer):
        raise NotYours
    listed = await rows.load_many(turn.tx, states=rows.LIVE, kinds=("person",), after=after, first=first)
    known = [await standing(turn.tx, row.id) for row in listed]
    await audit.note(turn, "read-members")
    return tuple(entry for entry in known if entry is not None)


async def give_role(turn: Turn, member: str, role: Role) -> seconding.Waits | None:
    """Give an active member a role. Needs an administrator and the word; administrator needs a second person
    too: what it waits for, else None. Raises NotYours, NeedsWord."""
    row = await rows.load(turn.tx, member, lock=True)
    if not may("act:give-role", turn.viewer) or row is None or row.state != "active":
        raise NotYours
    _needs_word(turn)
    if role is Role.ADMINISTRATOR and role not in await roles.roles_of(turn.tx, member):
        outcome = await seconding.wish(turn, Act.GIVE_ADMINISTRATOR, member)
        if isinstance(outcome, seconding.Waits):
            return outcome
        await made_administrator(turn, outcome)
        return None
    await _give(turn, member, role, giver=turn.viewer.member)
    await new_keeper(turn, member, {role})
    return None


async def made_administrator(turn: Turn, agreed: seconding.Agreed) -> None:
    """The deed, once two want it; for somebody who is not active any more there is none."""
    row = await rows.load(turn.tx, agreed.about or "", lock=True)
    if row is not None and row.state == "active":
        await _give(turn, row.id, Role.ADMINISTRATOR)


async def _give(turn: Turn, member: str, role: Role, *, giver: str | None = None) -> None:
    """`giver`: who gives it alone; None when two do."""
    before = await roles.roles_of(turn.tx, member)
    await roles.give_roles(turn.tx, member, {role} - {Role.MEMBER}, turn.now, giver=giver)
    await _role_changed(turn, member, "role-given", before)


async def new_keeper(turn: Turn, member: str, names: Collection[str]) -> None:
    """One person alone made somebody one of those who look after the network: the others hear of it."""
    by = turn.viewer.member
    if by is None or not KEEPERS & set(names):
        return
    name, giver = await handle_of(turn.tx, member), await handle_of(turn.tx, by)
    text = say("{by} made {name} one of those who look after the network. If you did not know, ring {by}.",
               by=giver, name=name)  # fmt: skip
    held = [await roles.holders(turn.tx, role) for role in sorted(KEEPERS)]
    for one in sorted({*held[0], *held[1]} - {member, by}):
        await turn.record(Tell(one, text, Urgency.ANSWER))


async def take_role(turn: Turn, member: str, role: Role) -> None:
    """Take a role away. The last administrator stays one: raises BadAnswer."""
    if not may("act:give-role", turn.viewer) or await rows.load(turn.tx, member, lock=True) is None:
        raise NotYours
    _needs_word(turn)
    if role is Role.ADMINISTRATOR and await roles.holders(turn.tx, role) == [member]:
        raise BadAnswer(say("This is the last administrator. Make somebody else one first."), field="role")
    before = await roles.roles_of(turn.tx, member)
    await roles.take_roles(turn.tx, member, {role})
    await _role_changed(turn, member, "role-taken", before)


async def _role_changed(turn: Turn, member: str, act: str, before: frozenset[str]) -> None:
    """The log keeps what it was and what it is; the person hears of it themselves."""
    after = await roles.roles_of(turn.tx, member)
    if after == before:
        return
    await audit.note(turn, act, member, before=_listed(before), after=_listed(after))
    held = say("In this network you are now: {roles}.", roles=_listed(after)) if after else None
    await turn.record(Tell(member, held or say("You hold no special role in this network now.")))


def _needs_word(turn: Turn) -> None:
    if turn.viewer.member is not None and not turn.viewer.gave_word(turn.now):
        raise NeedsWord


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


async def take_over(turn: Turn, organisation: str, member: str) -> None:
    """Let an active member speak for an organisation: it is a member from now on, not only listed."""
    if not may("act:take-over", turn.viewer):
        raise NotYours
    await speak_for(turn, organisation, member)
    await audit.note(turn, "took-over", member)


async def speak_for(turn: Turn, organisation: str, member: str) -> None:
    """The deed of `take_over`, for callers who have judged already. Raises NotYours when one is not there."""
    body = await rows.load(turn.tx, organisation, lock=True)
    person = await rows.load(turn.tx, member)
    if body is None or body.kind != "organisation" or body.state not in ("listed", "active"):
        raise NotYours  # who speaks for a community is for its own way to say: community_wishes.py
    if person is None or person.state != "active" or person.kind != "person":
        raise NotYours
    await roles.add_spokesperson(turn.tx, organisation, member, turn.now)
    await rows.change(turn.tx, organisation, {"state": "active", "confirmed_at": turn.now})
    await turn.record(CardChanged(organisation))
    await turn.record(Tell(member, say("You now speak for {organisation} here.", organisation=body.name)))

"""The people around somebody: their circle and those who look after the network; never the person's rooms."""

from __future__ import annotations

from dataclasses import replace

from bots.saying import wake
from bots.store import circles, people
from directory.core.handles import handle_key
from directory.core.relations import Ties
from directory.core.rules import may
from directory.core.text import Text
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.store import members as rows
from directory.store.members import MemberRow
from directory.store.ties import ties
from directory.turn import Turn


async def judged(turn: Turn, act: str, handle: str) -> MemberRow:
    """The person of this handle, locked, when the viewer may do this to them. Raises NotYours.

    Judged without a lock and with the same questions whether there is such a person or not: the time of a
    refusal does not tell.
    """
    row = await rows.with_handle(turn.tx, handle_key(handle.strip().lstrip("@")))
    tied = await ties_to(turn, row.id if row is not None else "")
    if row is None or row.kind != "person" or row.state not in ("active", "frozen"):
        raise NotYours
    if not may(act, turn.viewer, tied):
        raise NotYours
    locked = await rows.load(turn.tx, row.id, lock=True)
    if locked is None or locked.state != row.state:
        raise NotYours
    return locked


async def circle_of(turn: Turn, member: str) -> tuple[str, ...]:
    """Who said yes to being in somebody's circle, by id."""
    return tuple(one.member for one in await circles.circle_of(turn.tx, member) if one.state == "yes")


async def ties_to(turn: Turn, member: str) -> Ties:
    """What ties the viewer to this member, being in their circle included."""
    known = await ties(turn.tx, turn.viewer.member, member)
    return replace(known, circle=turn.viewer.member in await circle_of(turn, member))


async def keepers_but(turn: Turn, member: str) -> tuple[str, ...]:
    """The coordinators, administrators where there are none, but never this person."""
    keepers = await people.holders(turn.tx, Role.COORDINATOR)
    found = [one for one in keepers if one != member]
    return tuple(found or [one for one in await people.holders(turn.tx, Role.ADMINISTRATOR) if one != member])


async def tell_around(turn: Turn, member: str, text: Text) -> None:
    """Wake the circle and the coordinators (administrators where there are none), but not whoever spoke."""
    circle = await circle_of(turn, member)
    keepers = await people.holders(turn.tx, Role.COORDINATOR) or await people.holders(
        turn.tx, Role.ADMINISTRATOR
    )
    for one in sorted({*circle, *keepers} - {member, turn.viewer.member}):
        await wake(turn, one, text)

"""Whom this network itself brought together with a member, by handle."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from bots.store.tables import actions, circles, told
from directory.store.database import Tx
from directory.store.tables import introductions, members, networks


async def in_whose_circle(tx: Tx, member: str) -> tuple[str, ...]:
    """Who asked this member into their circle and heard a yes."""
    mine = circles.c.contact == member, circles.c.state == "yes"
    return await _names(
        tx, select(members.c.handle).join(circles, circles.c.member == members.c.id).where(*mine)
    )


async def whose_calls(tx: Tx, member: str) -> tuple[str, ...]:
    """Whose calls for help this member was told of."""
    found = select(members.c.handle).join(actions, actions.c.member == members.c.id)
    found = found.join(told, told.c.action == actions.c.id).where(told.c.member == member)
    return await _names(tx, found)


async def told_of_calls(tx: Tx, member: str) -> tuple[str, ...]:
    """Who was told of this member's calls for help."""
    found = select(members.c.handle).join(told, told.c.member == members.c.id)
    return await _names(
        tx, found.join(actions, actions.c.id == told.c.action).where(actions.c.member == member)
    )


async def put_in_touch(tx: Tx, member: str) -> tuple[str, ...]:
    """Who was introduced to this member: a handle, or the network of somebody elsewhere."""
    other = or_(
        (introductions.c.asker == member) & (members.c.id == introductions.c.target),
        (introductions.c.target == member) & (members.c.id == introductions.c.asker),
    )
    here = select(members.c.handle).join(introductions, other).where(introductions.c.state.in_(TOGETHER))
    theirs = or_(
        (introductions.c.asker == member) & (networks.c.id == introductions.c.target_network),
        (introductions.c.target == member) & (networks.c.id == introductions.c.asker_network),
    )
    there = select(networks.c.name).join(introductions, theirs)
    there = there.where(introductions.c.state.in_(TOGETHER), networks.c.home.is_(False))
    return (*await _names(tx, here), *await _names(tx, there))


TOGETHER = ("accepted", "met")


async def _names(tx: Tx, found: Select[Any]) -> tuple[str, ...]:
    rows = (await tx.execute(found.distinct())).scalars()
    return tuple(sorted(str(name) for name in rows if name))

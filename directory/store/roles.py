"""Who holds which role, and who speaks for which organisation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.core.two_person import Grant
from directory.store import apart
from directory.store.database import Tx
from directory.store.members import COLUMNS, MemberRow, member_row
from directory.store.recall import UNKNOWN, recalled
from directory.store.tables import members, roles, spokespersons


async def roles_of(tx: Tx, member: str) -> frozenset[str]:
    """The roles written down for a member."""
    known = recalled(tx, "roles", member)
    if known is not UNKNOWN:
        kept: frozenset[str] = known
        return kept
    found = await tx.execute(select(roles.c.role).where(roles.c.member == member))
    return frozenset(found.scalars())


async def give_roles(
    tx: Tx, member: str, names: Collection[str], now: datetime, *, giver: str | None = None
) -> None:
    """Add roles; those already held stay. `giver`: the one person who gives them, if it is one."""
    if names:
        rows = [{"member": member, "role": name, "since": now, "giver": giver} for name in sorted(names)]
        await tx.execute(insert(roles).values(rows).on_conflict_do_nothing())


async def take_roles(tx: Tx, member: str, names: Collection[str]) -> None:
    """Remove roles."""
    await tx.execute(delete(roles).where(roles.c.member == member, roles.c.role.in_(names)))


async def given_anew(tx: Tx, member: str, names: Collection[str], giver: str | None, now: datetime) -> None:
    """What this member holds of these is from now on this one person's gift."""
    mine = roles.c.member == member, roles.c.role.in_(names)
    await tx.execute(update(roles).where(*mine).values(since=now, giver=giver))


async def grants(tx: Tx, names: Collection[str]) -> dict[str, list[Grant]]:
    """Since when everybody who holds one of these roles does, and by whom."""
    found: dict[str, list[Grant]] = {}
    wanted = select(roles.c.member, roles.c.giver, roles.c.since).where(roles.c.role.in_(names))
    for member, giver, since in await tx.execute(wanted):
        found.setdefault(member, []).append(Grant(giver, since))
    return found


async def holders(tx: Tx, role: str) -> list[str]:
    """Active members who hold a role."""
    wanted = (
        select(roles.c.member)
        .join(members, members.c.id == roles.c.member)
        .where(roles.c.role == role, members.c.state == "active")
    )
    return list((await tx.execute(wanted.order_by(roles.c.member))).scalars())


async def spokespersons_of(tx: Tx, organisation: str) -> list[str]:
    """Active members who speak for an organisation, the first one first."""
    wanted = (
        select(spokespersons.c.member)
        .join(members, members.c.id == spokespersons.c.member)
        .where(spokespersons.c.organisation == organisation, members.c.state == "active")
    )
    return list((await tx.execute(wanted.order_by(spokespersons.c.since, spokespersons.c.member))).scalars())


async def speaks_for(tx: Tx, member: str) -> list[MemberRow]:
    """The organisations a member speaks for."""
    wanted = (
        select(*COLUMNS)
        .join(spokespersons, spokespersons.c.organisation == members.c.id)
        .where(spokespersons.c.member == member)
    )
    return [member_row(row) for row in await tx.execute(wanted.order_by(members.c.id))]


async def add_spokesperson(tx: Tx, organisation: str, member: str, now: datetime) -> None:
    """Write down that a member speaks for an organisation."""
    row = insert(spokespersons).values(organisation=organisation, member=member, since=now)
    await tx.execute(row.on_conflict_do_nothing())
    await apart.changed(tx, {member})

"""The few facts of members and networks that the bots look at themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from directory.store.database import Tx
from directory.store.recall import UNKNOWN, recalled
from directory.store.tables import members, networks, roles


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the bots need to know them."""

    id: str
    handle: str
    state: str
    locale: str
    country: str | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkedNetwork:
    """A network we know. `state` is of the link."""

    id: str
    name: str
    state: str


async def person(tx: Tx, member: str, *, lock: bool = False) -> Person | None:
    """One member; with `lock` nobody else decides about them until the end of the turn.

    The lock lets others write rows that point to this member: two who call for each other do not wait.
    """
    known = UNKNOWN if lock else recalled(tx, "members", member)
    if known is not UNKNOWN:
        return None if known is None else _person(known)
    found = select(
        members.c.id,
        members.c.handle,
        members.c.state,
        members.c.locale,
        members.c.country,
        members.c.languages,
    ).where(members.c.id == member)
    row = (await tx.execute(found.with_for_update(key_share=True) if lock else found)).one_or_none()
    return None if row is None else _person(row)


def _person(row: Any) -> Person:
    return Person(row.id, row.handle or "", row.state, row.locale, row.country, tuple(row.languages))


async def holders(tx: Tx, role: str) -> tuple[str, ...]:
    """Active members who hold a role, in a steady order."""
    rows = await tx.execute(
        select(roles.c.member)
        .join(members, members.c.id == roles.c.member)
        .where(roles.c.role == role, members.c.state == "active")
        .order_by(roles.c.since, roles.c.member)
    )
    return tuple(row.member for row in rows)


async def linked(tx: Tx) -> tuple[LinkedNetwork, ...]:
    """The networks we are linked with, by name."""
    rows = await tx.execute(
        select(networks.c.id, networks.c.name, networks.c.state)
        .where(networks.c.home.is_(False))
        .order_by(networks.c.name, networks.c.id)
    )
    return tuple(LinkedNetwork(row.id, row.name, row.state) for row in rows)


async def network_names(tx: Tx, wanted: Collection[str]) -> dict[str, str]:
    """The same for several at once."""
    rows = await tx.execute(select(networks.c.id, networks.c.name).where(networks.c.id.in_(set(wanted))))
    return {network: network[:8] for network in wanted} | {row.id: str(row.name) for row in rows}


async def network_name(tx: Tx, network: str) -> str:
    """A network's name, or the start of its id when it has none here."""
    row = (await tx.execute(select(networks.c.name).where(networks.c.id == network))).one_or_none()
    return str(row.name) if row is not None else network[:8]

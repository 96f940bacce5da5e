"""Which linked networks were asked about an alarm, under which id each, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bots.store.tables import asked_networks
from directory.store.database import Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """One linked network that was asked. `ref` is the only id it knows this alarm by."""

    action: str
    network: str
    ref: str
    answered_at: datetime | None


async def ask(tx: Tx, action: str, network: str, ref: str, at: datetime) -> None:
    """Note that a network is asked now."""
    await tx.execute(asked_networks.insert().values(action=action, network=network, ref=ref, told_at=at))


async def asked_of(tx: Tx, action: str) -> tuple[Asked, ...]:
    """Every network that was asked about this alarm."""
    rows = await tx.execute(
        select(asked_networks).where(asked_networks.c.action == action).order_by(asked_networks.c.network)
    )
    return tuple(Asked(row.action, row.network, row.ref, row.answered_at) for row in rows)


async def by_ref(tx: Tx, network: str, ref: str) -> Asked | None:
    """What that network was asked under `ref`; None for another network's id."""
    found = select(asked_networks).where(asked_networks.c.network == network, asked_networks.c.ref == ref)
    row = (await tx.execute(found)).one_or_none()
    return Asked(row.action, row.network, row.ref, row.answered_at) if row is not None else None


async def answered(tx: Tx, asked: Asked, at: datetime) -> None:
    """That network's people have it."""
    mine = (asked_networks.c.action == asked.action) & (asked_networks.c.network == asked.network)
    await tx.execute(asked_networks.update().where(mine).values(answered_at=at))

"""Counters of who was looked up from where: a member, a network, a week, a number; nobody who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.finding_tables import look_ups
from directory.store.tables import networks


@dataclass(frozen=True, slots=True)
class LookUpRow:
    """How often a member's card was opened from a network in the week that began then."""

    network: str
    network_name: str
    week: datetime
    times: int


async def count(tx: Tx, member: str, network: str, week: datetime, times: int = 1) -> None:
    """So many more."""
    new = insert(look_ups).values(member=member, network=network, week=week, times=times)
    more = {"times": look_ups.c.times + times}
    await tx.execute(new.on_conflict_do_update(index_elements=["member", "network", "week"], set_=more))


async def of(tx: Tx, member: str) -> list[LookUpRow]:
    """Everything that is still kept, the newest week first."""
    wanted = (
        select(look_ups.c.network, networks.c.name, look_ups.c.week, look_ups.c.times)
        .join(networks, networks.c.id == look_ups.c.network)
        .where(look_ups.c.member == member)
        .order_by(look_ups.c.week.desc(), networks.c.name)
    )
    return [LookUpRow(*row) for row in await tx.execute(wanted)]


async def forget_before(tx: Tx, before: datetime) -> None:
    """Weeks that began before."""
    await tx.execute(delete(look_ups).where(look_ups.c.week < before))

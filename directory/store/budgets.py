"""Rows of what was shown on whose behalf, by keyed digests, and who invited whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.finding_tables import budgets
from directory.store.tables import join_codes, members

_LOCK = text("select pg_advisory_xact_lock(:key)")


@dataclass(frozen=True, slots=True)
class Invited:
    """Who let somebody in, and how many others came the same way; how many of these a while ago."""

    by: str
    all: int
    settled: int


async def lock(tx: Tx, who: bytes) -> None:
    """Nobody else reckons with this budget until the end of the transaction."""
    await tx.execute(_LOCK, {"key": int.from_bytes(who[:8], "big", signed=True)})


async def used(tx: Tx, who: bytes, since: datetime) -> int:
    """How much was used in stretches that began after `since`."""
    mine = (budgets.c.who == who) & (budgets.c.since > since)
    return await tx.scalar(select(func.coalesce(func.sum(budgets.c.used), 0)).where(mine)) or 0


async def use(tx: Tx, who: bytes, stretch: datetime, amount: int) -> None:
    """Write down what was taken in a stretch, or (below 0) what of it was given back."""
    new = insert(budgets).values(who=who, since=stretch, used=amount)
    more = {"used": budgets.c.used + amount}
    await tx.execute(new.on_conflict_do_update(index_elements=["who", "since"], set_=more))


async def forget_before(tx: Tx, before: datetime) -> None:
    """What does not count any more."""
    await tx.execute(delete(budgets).where(budgets.c.since < before))


async def invited(tx: Tx, member: str, settled_since: datetime) -> Invited | None:
    """By whose code somebody first came in; None when it was the machine's technician or nobody."""
    mine = select(join_codes.c.inviter).where(
        join_codes.c.member == member, join_codes.c.used_at.is_not(None)
    )
    by = await tx.scalar(mine.order_by(join_codes.c.used_at, join_codes.c.id).limit(1))
    if by is None:
        return None
    settled = func.count().filter(members.c.since < settled_since)
    both = select(func.count(), settled).select_from(members)
    theirs = select(join_codes.c.member).where(
        join_codes.c.inviter == by, join_codes.c.used_at.is_not(None), join_codes.c.member.is_not(None)
    )
    row = (await tx.execute(both.where(members.c.id.in_(theirs)))).one()
    return Invited(by, *row)

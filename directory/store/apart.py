"""Rows of who is never brought together with whom. No judgment here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.gathered_tables import kept_apart
from directory.store.tables import spokespersons


@dataclass(frozen=True, slots=True)
class ApartRow:
    """One naming; `guarded` is still sealed."""

    id: str
    member: str
    whom: bytes
    speaks: bool
    guarded: bytes
    since: datetime


_COLUMNS = [kept_apart.c[name] for name in ApartRow.__dataclass_fields__]


async def around(tx: Tx, member: str, whom: Collection[bytes]) -> list[ApartRow]:
    """What somebody named, who named them, and everybody's naming of what others speak for."""
    wanted = or_(kept_apart.c.member == member, kept_apart.c.whom.in_(whom), kept_apart.c.speaks)
    return [ApartRow(*row) for row in await tx.execute(select(*_COLUMNS).where(wanted))]


async def of(tx: Tx, member: str) -> list[ApartRow]:
    """What somebody named, the oldest first."""
    wanted = select(*_COLUMNS).where(kept_apart.c.member == member)
    return [ApartRow(*row) for row in await tx.execute(wanted.order_by(kept_apart.c.since, kept_apart.c.id))]


async def names_one(tx: Tx, member: str, whom: Collection[bytes]) -> bool:
    """Did this member name one of these?"""
    wanted = select(kept_apart.c.id).where(kept_apart.c.member == member, kept_apart.c.whom.in_(whom))
    return (await tx.execute(wanted.limit(1))).first() is not None


async def count(tx: Tx, member: str) -> int:
    """How many somebody named."""
    return int(await tx.scalar(select(func.count()).where(kept_apart.c.member == member)) or 0)


async def add(tx: Tx, row: ApartRow) -> None:
    """Name somebody; twice changes nothing."""
    values = {name: getattr(row, name) for name in ApartRow.__dataclass_fields__}
    await tx.execute(insert(kept_apart).values(**values).on_conflict_do_nothing())


async def take_out(tx: Tx, member: str, id: str) -> ApartRow | None:
    """Not any more; what it was."""
    mine = kept_apart.c.id == id, kept_apart.c.member == member
    row = (await tx.execute(delete(kept_apart).where(*mine).returning(*_COLUMNS))).one_or_none()
    return None if row is None else ApartRow(*row)


async def spoken_for(tx: Tx, member: str) -> list[str]:
    """Organisations and communities somebody speaks for."""
    wanted = select(spokespersons.c.organisation).where(spokespersons.c.member == member)
    return list((await tx.execute(wanted)).scalars())


async def speakers(tx: Tx, entry: str) -> list[str]:
    """Everybody who speaks for an entry."""
    wanted = select(spokespersons.c.member).where(spokespersons.c.organisation == entry)
    return list((await tx.execute(wanted)).scalars())


_CHANGED = text(
    "insert into card_changes select card_turn(), '#' || unnest(cast(:ids as text[])) on conflict do nothing"
)


async def changed(tx: Tx, members: Collection[str]) -> None:
    """What these people may find changed (following_tables.py): their sessions are read anew."""
    if members:
        await tx.execute(_CHANGED, {"ids": sorted(members)})

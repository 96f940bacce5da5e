"""Rows of people whose entry somebody carries. No judgment here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.gathered_tables import carried_people
from directory.store.tables import audiences, bindings, verifiers


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """One person; `guarded` is still sealed."""

    member: str
    carrier: str | None
    meets: bool
    language: str
    guarded: bytes
    asked_at: datetime
    ends_at: datetime
    told_at: datetime | None


_COLUMNS = [carried_people.c[name] for name in CarriedRow.__dataclass_fields__]


def alone(member: ColumnElement[str]) -> ColumnElement[bool]:
    """Has this person neither an account nor a word of their own here?"""
    bound = exists().where(bindings.c.member == member)
    word = exists().where(verifiers.c.member == member)
    return and_(~bound, ~word)


def carries(viewer: str, owner: ColumnElement[str]) -> ColumnElement[bool]:
    """Does the viewer carry this person's entry?"""
    theirs = carried_people.c.member == owner, carried_people.c.carrier == viewer
    return exists().where(*theirs, alone(carried_people.c.member))


async def load(tx: Tx, member: str) -> CarriedRow | None:
    """Who is still carried, locked; None for everybody else."""
    wanted = select(*_COLUMNS).where(carried_people.c.member == member, alone(carried_people.c.member))
    row = (await tx.execute(wanted.with_for_update())).one_or_none()
    return None if row is None else CarriedRow(*row)


async def listed(tx: Tx, carrier: str | None, most: int) -> list[CarriedRow]:
    """Those one person carries, or all (None), the soonest end first."""
    wanted = select(*_COLUMNS).where(alone(carried_people.c.member))
    if carrier is not None:
        wanted = wanted.where(carried_people.c.carrier == carrier)
    ordered = wanted.order_by(carried_people.c.ends_at, carried_people.c.member).limit(most)
    return [CarriedRow(*row) for row in await tx.execute(ordered)]


async def count_of(tx: Tx, carrier: str) -> int:
    """How many one person carries."""
    counted = select(func.count()).where(carried_people.c.carrier == carrier)
    return int(await tx.scalar(counted) or 0)


async def put(tx: Tx, row: CarriedRow) -> None:
    """Write it down, in place of what was there."""
    values = {name: getattr(row, name) for name in CarriedRow.__dataclass_fields__}
    write = insert(carried_people).values(**values)
    await tx.execute(write.on_conflict_do_update(index_elements=["member"], set_=values))


async def change(tx: Tx, member: str, values: Mapping[str, object]) -> None:
    """Set these columns of one."""
    await tx.execute(update(carried_people).where(carried_people.c.member == member).values(**values))


async def to_tell(tx: Tx, before: datetime) -> list[CarriedRow]:
    """Whose consent ends before this and whose carrier was not told."""
    soon = carried_people.c.ends_at <= before, carried_people.c.told_at.is_(None)
    return [CarriedRow(*row) for row in await tx.execute(select(*_COLUMNS).where(*soon).with_for_update())]


async def ended(tx: Tx, before: datetime, *, shown: bool = False) -> list[str]:
    """Whose consent ended before this; `shown`: only those whom others still see."""
    wanted = select(carried_people.c.member).where(carried_people.c.ends_at <= before)
    if shown:
        unseen = exists().where(
            audiences.c.member == carried_people.c.member,
            audiences.c.field == "handle",
            audiences.c.audience == "nobody",
        )
        wanted = wanted.where(~unseen)
    return list((await tx.execute(wanted.order_by(carried_people.c.member))).scalars())


async def drop(tx: Tx, member: str) -> None:
    """Nobody carries them any more."""
    await tx.execute(delete(carried_people).where(carried_people.c.member == member))


async def on_their_own(tx: Tx) -> list[CarriedRow]:
    """Who has an account or a word of their own by now: nobody carries them any more. Taken out."""
    gone = delete(carried_people).where(~alone(carried_people.c.member)).returning(*_COLUMNS)
    return [CarriedRow(*row) for row in await tx.execute(gone)]

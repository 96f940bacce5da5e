"""Rows of what a person asked for and what is done later; how far it is lies sealed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import later_acts


class Kept(msgspec.Struct, frozen=True):
    """The sealed part. `pressed`: asked for with the phrase for danger; `told`: coordinators know of it."""

    due_at: datetime
    pressed: bool = False
    told: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class LaterRow:
    """One such act. `kind`: leave or copy."""

    id: str
    member: str
    kind: str
    asked_at: datetime
    kept: Kept


async def add(tx: Tx, guard: Guard, row: LaterRow) -> None:
    """Write one down."""
    values = {name: value for name, value in asdict(row).items() if name != "kept"}
    await tx.execute(insert(later_acts).values(**values, guarded=_sealed(guard, row.id, row.kept)))


async def change(tx: Tx, guard: Guard, row: LaterRow, **kept: object) -> LaterRow:
    """Change the sealed part; the row as it is then."""
    now = msgspec.structs.replace(row.kept, **kept)
    sealed = _sealed(guard, row.id, now)
    await tx.execute(update(later_acts).where(later_acts.c.id == row.id).values(guarded=sealed))
    return replace(row, kept=now)


async def load(tx: Tx, guard: Guard, act: str) -> LaterRow | None:
    """One, locked."""
    found = (
        await tx.execute(select(later_acts).where(later_acts.c.id == act).with_for_update())
    ).one_or_none()
    return None if found is None else _row(guard, found)


async def all_of(tx: Tx, guard: Guard, member: str | None = None) -> tuple[LaterRow, ...]:
    """Of one member, or of everybody; the newest first."""
    wanted = select(later_acts).order_by(later_acts.c.asked_at.desc(), later_acts.c.id)
    wanted = wanted if member is None else wanted.where(later_acts.c.member == member)
    return tuple(_row(guard, row) for row in await tx.execute(wanted))


async def forget(tx: Tx, act: str) -> None:
    """Forget one."""
    await tx.execute(delete(later_acts).where(later_acts.c.id == act))


async def forget_before(tx: Tx, before: datetime) -> None:
    """Forget what was asked before this."""
    await tx.execute(delete(later_acts).where(later_acts.c.asked_at < before))


def _sealed(guard: Guard, act: str, kept: Kept) -> bytes:
    return guard.seal_fields("later_acts", act, msgspec.to_builtins(kept), watch=True)


def _row(guard: Guard, row: Row[tuple[object, ...]]) -> LaterRow:
    opened = guard.open_fields("later_acts", row.id, row.guarded, watch=True)
    return LaterRow(row.id, row.member, row.kind, row.asked_at, msgspec.convert(opened, Kept))

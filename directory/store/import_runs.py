"""Rows of imports that were asked for on the page, and of how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.gathered_tables import import_runs

WAITING, WORKING, DONE, FAILED = "waiting", "working", "done", "failed"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `file` and `guarded` are sealed; `file` is None once it was kept."""

    id: str
    asker: str | None
    state: str
    progress: str
    file: bytes | None
    guarded: bytes
    asked_at: datetime


_COLUMNS = [import_runs.c[name] for name in RunRow.__dataclass_fields__]


async def add(tx: Tx, row: RunRow) -> None:
    """A new run."""
    values = {name: getattr(row, name) for name in RunRow.__dataclass_fields__}
    await tx.execute(insert(import_runs).values(values))


async def load(tx: Tx, id: str) -> RunRow | None:
    """One run, or None."""
    row = (await tx.execute(select(*_COLUMNS).where(import_runs.c.id == id))).one_or_none()
    return None if row is None else RunRow(*row)


async def next_one(tx: Tx) -> RunRow | None:
    """The oldest that waits, or that somebody worked on who is gone."""
    open_ones = import_runs.c.state.in_((WAITING, WORKING))
    wanted = select(*_COLUMNS).where(open_ones).order_by(import_runs.c.asked_at, import_runs.c.id).limit(1)
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else RunRow(*row)


async def change(tx: Tx, id: str, **values: object) -> None:
    """Set these columns of one run."""
    await tx.execute(update(import_runs).where(import_runs.c.id == id).values(**values))


async def forget_before(tx: Tx, moment: datetime) -> None:
    """Files and reports are not kept for ever."""
    await tx.execute(delete(import_runs).where(import_runs.c.asked_at < moment))

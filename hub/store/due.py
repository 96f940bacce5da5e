"""Rows of due times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from hub.store.tables import due

PUMP_LOCK = 0x4159_4E49_0001
CHANNEL = "ayni_due"


@dataclass(frozen=True, slots=True)
class DueRow:
    """What is due: `kind` says who looks, `ref` at what, `tries` how often that failed."""

    kind: str
    ref: str
    tries: int
    due_at: datetime


async def put(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """Set or move a due time, and wake the pump once this commits."""
    statement = insert(due).values(kind=kind, ref=ref, due_at=at, tries=0)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["kind", "ref"], set_={"due_at": at, "tries": 0})
    )
    await tx.execute(select(func.pg_notify(CHANNEL, "")))


async def put_at_latest(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """Look at `at`, or earlier when that is waiting already: what is repeated often is not put off."""
    statement = insert(due).values(kind=kind, ref=ref, due_at=at, tries=0)
    earlier = func.least(due.c.due_at, statement.excluded.due_at)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["kind", "ref"], set_={"due_at": earlier, "tries": 0})
    )
    await tx.execute(select(func.pg_notify(CHANNEL, "")))


async def remove(tx: Tx, kind: str, ref: str) -> None:
    """It need not happen any more."""
    await tx.execute(delete(due).where(due.c.kind == kind, due.c.ref == ref))


async def take(tx: Tx, now: datetime) -> DueRow | None:
    """Take the earliest due row out, within this transaction; nobody else gets the same one.

    The pump's advisory lock is taken for the transaction: a second pump sees nothing to do.
    """
    if not (await tx.execute(select(func.pg_try_advisory_xact_lock(PUMP_LOCK)))).scalar_one():
        return None
    earliest = (
        select(due.c.kind, due.c.ref)
        .where(due.c.due_at <= now)
        .order_by(due.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    statement = (
        delete(due)
        .where(due.c.kind == earliest.c.kind, due.c.ref == earliest.c.ref)
        .returning(due.c.kind, due.c.ref, due.c.tries, due.c.due_at)
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else DueRow(row.kind, row.ref, row.tries, row.due_at)


async def put_off(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """Try again at `at`, and remember that it failed once more. A row set anew meanwhile is left as it is."""
    await tx.execute(
        update(due).where(due.c.kind == kind, due.c.ref == ref).values(due_at=at, tries=due.c.tries + 1)
    )


async def earliest(tx: Tx) -> datetime | None:
    """When the pump must look again at the latest."""
    return (await tx.execute(select(due.c.due_at).order_by(due.c.due_at).limit(1))).scalar_one_or_none()


async def waiting(tx: Tx) -> int:
    """How many rows wait, as the planner estimates it: for metrics, not for decisions."""
    statement = text("select greatest(reltuples, 0)::bigint from pg_class where oid = 'due'::regclass")
    return int((await tx.execute(statement)).scalar_one())

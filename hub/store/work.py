"""Background work, put into the caller's own transaction (procrastinate's SQL function, version 3.10)."""

from __future__ import annotations

from sqlalchemy import func, select, text

from directory.store.database import Tx

QUEUE = "work"
_DEFER = text(
    "select procrastinate_defer_jobs_v1(array[row(cast(:queue as varchar), cast(:kind as varchar), 0, null,"
    " cast(:kind as text), '{}'::jsonb, null)::procrastinate_job_to_defer_v1])"
)


async def defer(tx: Tx, kind: str) -> None:
    """Ask for `kind` once; asked again while it still waits, nothing is added."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(kind))))
    waiting = text("select 1 from procrastinate_jobs where queueing_lock = :kind and status = 'todo' limit 1")
    if (await tx.execute(waiting, {"kind": kind})).first() is None:
        await tx.execute(_DEFER, {"queue": QUEUE, "kind": kind})

"""Rows of due times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from directory.store.database import Tx
from hub.store.tables import due

PUMP_LOCK = 0x4159_4E49_0001
CHANNEL = "ayni_due"


@dataclass(frozen=True, slots=True)
class DueRow:
    """What is due: `kind` says who looks, `ref` at what, `tries` how often that failed. `written` names this
    state of the row: it is another one as soon as somebody sets it anew."""

    kind: str
    ref: str
    tries: int
    due_at: datetime
    written: str = ""


_WRITTEN: ColumnElement[str] = literal_column("due.xmin::text")


_GIVEN = (
    func.unnest(*(bindparam(name, type_=ARRAY(due.c[name].type)) for name in ("kind", "ref", "due_at")))
    .table_valued("kind", "ref", "due_at")
    .render_derived("given")
)
_FRESH = insert(due).from_select(
    ["kind", "ref", "due_at"], select(_GIVEN.c.kind, _GIVEN.c.ref, _GIVEN.c.due_at)
)
_PUT = (
    _FRESH.on_conflict_do_update(
        index_elements=["kind", "ref"], set_={"due_at": _FRESH.excluded.due_at, "tries": 0}
    )
    .returning(due.c.kind)
    .cte("put")
)
_PUT_AND_WAKE = select(func.pg_notify(CHANNEL, "")).where(select(_PUT.c.kind).exists())


async def put(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """Set or move a due time, and wake the pump once this commits."""
    await put_all(tx, {(kind, ref): at})


async def put_all(tx: Tx, times: Mapping[tuple[str, str], datetime]) -> None:
    """Several at once, by (kind, ref)."""
    keys = sorted(times)
    given = {"kind": [kind for kind, _ in keys], "ref": [ref for _, ref in keys]}
    await tx.execute(_PUT_AND_WAKE, {**given, "due_at": [times[key] for key in keys]})


async def put_at_latest(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """Look at `at`, or earlier when that is waiting already: what is repeated often is not put off."""
    statement = insert(due).values(kind=kind, ref=ref, due_at=at, tries=0)
    earlier = func.least(due.c.due_at, statement.excluded.due_at)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["kind", "ref"], set_={"due_at": earlier, "tries": 0})
    )
    await tx.execute(select(func.pg_notify(CHANNEL, "")))


async def put_if_none(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """Due at `at`, unless it is due already, whenever that is."""
    statement = insert(due).values(kind=kind, ref=ref, due_at=at, tries=0).on_conflict_do_nothing()
    await tx.execute(statement)


async def not_before(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """If it is due at all, then not before `at`."""
    mine = due.c.kind == kind, due.c.ref == ref
    await tx.execute(update(due).where(*mine).values(due_at=func.greatest(due.c.due_at, at)))


async def remove(tx: Tx, kind: str, ref: str) -> None:
    """It need not happen any more."""
    await tx.execute(delete(due).where(due.c.kind == kind, due.c.ref == ref))


async def look(tx: Tx, now: datetime) -> DueRow | None:
    """The earliest due row, for this transaction alone; `fired` takes it out once its handler is done.

    The pump's advisory lock is taken for the transaction: a second pump sees nothing to do. The row itself is
    not locked: whoever says "I have it" locks the alarm first and then its due time, and so does a handler.
    Locked here first, the two would wait for each other.
    """
    if not (await tx.execute(select(func.pg_try_advisory_xact_lock(PUMP_LOCK)))).scalar_one():
        return None
    statement = (
        select(due.c.kind, due.c.ref, due.c.tries, due.c.due_at, _WRITTEN)
        .where(due.c.due_at <= now)
        .order_by(due.c.due_at)
        .limit(1)
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else DueRow(*row)


async def fired(tx: Tx, row: DueRow) -> None:
    """Its handler is done. A due time that was set anew meanwhile, by the handler or by anybody, stays."""
    as_read: ColumnElement[bool] = _WRITTEN == row.written  # noqa: SIM300 — SQL
    same = due.c.kind == row.kind, due.c.ref == row.ref, as_read
    await tx.execute(delete(due).where(*same))


async def put_off(tx: Tx, kind: str, ref: str, at: datetime) -> None:
    """Try again at `at`, and remember that it failed once more. A row set anew meanwhile is left as it is."""
    await tx.execute(
        update(due).where(due.c.kind == kind, due.c.ref == ref).values(due_at=at, tries=due.c.tries + 1)
    )


async def when(tx: Tx, kind: str, ref: str) -> datetime | None:
    """When this is due, if it is."""
    wanted = select(due.c.due_at).where(due.c.kind == kind, due.c.ref == ref)
    return (await tx.execute(wanted)).scalar_one_or_none()


async def remove_kind(tx: Tx, kind: str) -> None:
    """None of this kind need happen any more. What somebody is writing at this moment stays."""
    free = select(due.c.ref).where(due.c.kind == kind).with_for_update(skip_locked=True)
    await tx.execute(delete(due).where(due.c.kind == kind, due.c.ref.in_(free)))


async def times(tx: Tx, kinds: Sequence[str]) -> tuple[datetime, ...]:
    """When anything of these kinds is due, the earliest first."""
    wanted = select(due.c.due_at).where(due.c.kind.in_(kinds)).order_by(due.c.due_at)
    return tuple((await tx.execute(wanted)).scalars())


async def earliest(tx: Tx) -> datetime | None:
    """When the pump must look again at the latest."""
    return (await tx.execute(select(due.c.due_at).order_by(due.c.due_at).limit(1))).scalar_one_or_none()


async def waiting(tx: Tx) -> int:
    """How many rows wait, as the planner estimates it: for metrics, not for decisions."""
    statement = text("select greatest(reltuples, 0)::bigint from pg_class where oid = 'due'::regclass")
    return int((await tx.execute(statement)).scalar_one())

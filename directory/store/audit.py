"""Rows of the audit log: appended one after the other, never changed; only contents can be erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text, update

from directory.store.database import Tx
from directory.store.tables import audit

_TURN = 0x61796E69
"""Advisory lock: entries are numbered one after the other, without a gap."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry; `guarded` is None once its contents were erased."""

    place: int
    at: datetime
    about: bytes
    commitment: bytes
    hash: bytes
    guarded: bytes | None


_ALL = [audit.c[name] for name in AuditRow.__dataclass_fields__]


async def last(tx: Tx) -> tuple[int, bytes] | None:
    """(place, hash) of the newest entry; whoever asks holds the pen until the transaction ends."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})
    newest = select(audit.c.place, audit.c.hash).order_by(audit.c.place.desc()).limit(1)
    row = (await tx.execute(newest)).one_or_none()
    return None if row is None else (row.place, row.hash)


async def append(tx: Tx, row: AuditRow) -> None:
    """Write one entry."""
    values = {name: getattr(row, name) for name in AuditRow.__dataclass_fields__}
    await tx.execute(audit.insert().values(**values))


async def newest(tx: Tx, *, before: int | None, first: int) -> list[AuditRow]:
    """A page of entries, the newest first."""
    wanted = select(*_ALL).order_by(audit.c.place.desc()).limit(first)
    if before is not None:
        wanted = wanted.where(audit.c.place < before)
    return [AuditRow(*row) for row in await tx.execute(wanted)]


async def after(tx: Tx, place: int, first: int) -> list[AuditRow]:
    """The next entries in order."""
    wanted = select(*_ALL).where(audit.c.place > place).order_by(audit.c.place).limit(first)
    return [AuditRow(*row) for row in await tx.execute(wanted)]


async def places_about(tx: Tx, about: bytes) -> list[int]:
    """Entries about somebody whose contents are still there."""
    wanted = select(audit.c.place).where(audit.c.about == about, audit.c.guarded.is_not(None))
    return list((await tx.execute(wanted.order_by(audit.c.place))).scalars())


async def empty(tx: Tx, places: Sequence[int]) -> None:
    """Erase the contents of these entries; the chain stays."""
    await tx.execute(update(audit).where(audit.c.place.in_(places)).values(guarded=None))


async def count(tx: Tx) -> int:
    """How many entries there are."""
    return await tx.scalar(select(func.count()).select_from(audit)) or 0

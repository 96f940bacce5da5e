"""Rows about imports: that one happened, and what somebody said of a source's columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.gathered_tables import import_columns
from directory.store.tables import imports


async def note(
    tx: Tx, id: str, source: str, *, added: int, changed: int, unchanged: int, now: datetime
) -> None:
    """Write down that an import happened."""
    values = {"added": added, "changed": changed, "unchanged": unchanged}
    await tx.execute(insert(imports).values(id=id, source=source, made_at=now, **values))


async def columns(tx: Tx, source: str) -> list[tuple[str, str]]:
    """(header, field) as somebody said of this source, by header; "" for a column that is left out."""
    wanted = select(import_columns.c.shown, import_columns.c.field).where(import_columns.c.source == source)
    found = await tx.execute(wanted.order_by(import_columns.c.header))
    return [(row.shown, row.field) for row in found]


async def say_columns(tx: Tx, source: str, said: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Keep (folded header, header, field); what was said of the same column before is replaced."""
    for header, shown, field in said:
        values = {"field": field, "shown": shown, "said_at": now}
        row = insert(import_columns).values(source=source, header=header, **values)
        await tx.execute(row.on_conflict_do_update(index_elements=["source", "header"], set_=values))

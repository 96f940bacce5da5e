"""Rows about imports: that one happened, and what somebody said of a source's columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.gathered_tables import import_columns
from directory.store.guarded import Guard
from directory.store.tables import imports

TABLE = import_columns.name


async def note(
    tx: Tx, id: str, source: str, *, added: int, changed: int, unchanged: int, now: datetime
) -> None:
    """Write down that an import happened."""
    values = {"added": added, "changed": changed, "unchanged": unchanged}
    await tx.execute(insert(imports).values(id=id, source=source, made_at=now, **values))


async def columns(tx: Tx, guard: Guard, source: str) -> list[tuple[str, str]]:
    """(header, field) as somebody said of this source, by header; "" for a column that is left out."""
    found = await tx.execute(select(import_columns).where(import_columns.c.source == source))
    opened = [(guard.open_fields(TABLE, row.key.hex(), row.guarded), row.field) for row in found]
    return sorted((str(fields["header"]), field) for fields, field in opened)


async def say_columns(
    tx: Tx, guard: Guard, source: str, said: Iterable[tuple[str, str, str]], now: datetime
) -> None:
    """Keep (folded header, header, field); what was said of the same column before is replaced."""
    for folded, header, field in said:
        key = guard.digest("import-column", f"{source}\n{folded}")
        sealed = guard.seal_fields(TABLE, key.hex(), {"header": header})
        values = {"field": field, "guarded": sealed, "said_at": now}
        row = insert(import_columns).values(source=source, key=key, **values)
        await tx.execute(row.on_conflict_do_update(index_elements=["source", "key"], set_=values))

"""Rows that an import of organisations reads and writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.tables import imports, members


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation as an earlier import left it."""

    id: str
    state: str
    source_key: str
    title: str
    acronym: str | None
    country: str | None
    works_in: list[str]
    issues: list[str]
    languages: list[str]
    offers: list[str]
    website: str | None


_COLUMNS = [members.c[name] for name in Listed.__dataclass_fields__]


async def by_key(tx: Tx, keys: Collection[str]) -> dict[str, Listed]:
    """Organisations by the key of their source, locked against a second import."""
    wanted = select(*_COLUMNS).where(members.c.source_key.in_(keys)).with_for_update()
    return {row.source_key: Listed(*row) for row in await tx.execute(wanted)}


async def add(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """New organisations, all with the same columns."""
    if rows:
        await tx.execute(insert(members), [dict(row) for row in rows])


async def note(
    tx: Tx, id: str, source: str, *, added: int, changed: int, unchanged: int, now: datetime
) -> None:
    """Write down that an import happened."""
    values = {"added": added, "changed": changed, "unchanged": unchanged}
    await tx.execute(insert(imports).values(id=id, source=source, made_at=now, **values))

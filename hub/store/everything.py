"""Everything the database holds, opened as far as this hub's keys open it: to prove that something is gone.

Used by the story and by the proofs, never by a page: whoever calls this already holds the ring keys.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from sqlalchemy import Table, select

import bots.store.tables  # noqa: F401
import directory.store.community_tables
import directory.store.deciding_tables
import directory.store.finding_tables
import directory.store.gathered_tables
import directory.store.tables  # noqa: F401
import hub.store.tables  # noqa: F401
from directory.crypto import CannotOpen
from directory.store.database import Tx, metadata
from directory.store.guarded import Guard, HubSealed


async def everything(tx: Tx, guard: Guard) -> AsyncIterator[tuple[str, bytes]]:
    """Table and value of every column of every row; sealed values both as they lie and opened."""
    for table in metadata.sorted_tables:
        for row in (await tx.execute(select(table))).mappings():
            values = dict(row)
            for column, value in values.items():
                for piece in _pieces(value):
                    yield table.name, piece
                if isinstance(value, bytes):
                    for piece in _opened(guard, table, column, values, value):
                        yield table.name, piece


async def holding(tx: Tx, guard: Guard, *needles: str) -> list[str]:
    """Names of the tables in which one of these texts can be read, with our keys or without."""
    wanted = [needle.encode() for needle in needles]
    found = {table async for table, value in everything(tx, guard) if any(one in value for one in wanted)}
    return sorted(found)


def _pieces(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode()
    elif isinstance(value, dict | list):
        yield json.dumps(value, ensure_ascii=False, default=str).encode()


def _opened(
    guard: Guard, table: Table, column: str, values: Mapping[str, Any], sealed: bytes
) -> Iterator[bytes]:
    for row in _names(table, values):
        for watch in (True, False):
            try:
                yield guard.open(table.name, column, row, sealed, watch=watch)
            except (CannotOpen, HubSealed):
                continue


def _names(table: Table, values: Mapping[str, Any]) -> set[str]:
    """Under which row names a value of this row may have been sealed."""
    key = [_text(values[column.name]) for column in table.primary_key]
    names = {key[0], "|".join(key)}
    if table.name == "envelopes":
        parts = ("network", "direction", "stream", "epoch", "seq", "hash")
        names.add("|".join(_text(values[part]) for part in parts))
    return names


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)

"""Many rows at once, by COPY: ten times cheaper than INSERT, and in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Table

from directory.store.database import Tx

AT_ONCE = 500
"""Rows written to the connection together."""
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})
_QUOTED = str.maketrans({"\\": "\\\\\\\\", '"': '\\\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})
"""Inside an array: escaped for the array, and that once more for the line."""

Value = str | int | bytes | Sequence[str] | None


async def copy_in(tx: Tx, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Put rows into a table of ours, in the caller's transaction. Lists go into array columns, text into JSON
    columns as it stands. Nothing is looked at for conflicts: whoever calls knows that there are none."""
    names = ", ".join(f'"{table.c[name].name}"' for name in columns)
    raw = (await tx.get_raw_connection()).driver_connection
    assert raw is not None
    lines = (_line(row) for row in rows)
    async with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for block in _blocks(lines):
            await copy.write(block)


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    while block := "".join(islice(lines, AT_ONCE)):
        yield block


def _line(row: Sequence[Value]) -> str:
    """A row as COPY reads it (PostgreSQL 18, COPY, "Text Format")."""
    return "\t".join(map(_cell, row)) + "\n"


def _cell(value: Value) -> str:
    match value:
        case str():
            return value if value.isalnum() else value.translate(_ESCAPED)
        case None:
            return "\\N"
        case int():
            return str(value)
        case bytes():
            return "\\\\x" + value.hex()
    return "{" + ",".join(f'"{one.translate(_QUOTED)}"' for one in value) + "}"

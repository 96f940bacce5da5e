"""Many rows at once, by COPY: ten times cheaper than INSERT, and in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Table

from directory.store.database import Tx


async def copy_in(tx: Tx, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Put rows into a table of ours, in the caller's transaction. Lists go into array columns, text into JSON
    columns as it stands. Nothing is looked at for conflicts: whoever calls knows that there are none."""
    names = ", ".join(f'"{table.c[name].name}"' for name in columns)
    raw = (await tx.get_raw_connection()).driver_connection
    assert raw is not None
    async with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            await copy.write_row(row)

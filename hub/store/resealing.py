"""Rows sealed directly under the Archive ring: sealed again when its key is replaced.

What persons said is under keys of their own and is not touched (hub/custody/slots.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, func, select, update

import directory.store.community_tables
import directory.store.deciding_tables
import directory.store.finding_tables
import directory.store.gathered_tables
import directory.store.tables  # noqa: F401 — so that the tables are known
import hub.store.tables  # noqa: F401
from directory.store.database import Tx, metadata
from directory.store.guarded import Guard, RingKey

UNDER_ARCHIVE: Mapping[str, str] = {
    "hub_keys": "id",
    "audit": "place",
    "noted_people": "id",
    "import_runs": "id",
    "outside_contacts": "id",
    "outside_asks": "id",
    "communities": "member",
    "carried_people": "member",
    "community_wishes": "id",
}
"""Tables whose column `guarded` may be under the Archive ring, and the column that names their rows."""
_HEAD = 2
"""Bytes in front of the name of the key in what is sealed (directory/crypto.py)."""


async def reseal(tx: Tx, guard: Guard, old: RingKey, *, most: int = 500) -> int:
    """Seal rows that are under `old` again under the key in use; how many, at most `most` a table."""
    counts = [
        await _reseal(tx, guard, metadata.tables[table], key, old, most)
        for table, key in UNDER_ARCHIVE.items()
        if table in metadata.tables
    ]
    return sum(counts)


async def _reseal(tx: Tx, guard: Guard, table: Table, key: str, old: RingKey, most: int) -> int:
    kid = func.substring(table.c.guarded, _HEAD + 1, len(old.kid))
    wanted = (
        select(table.c[key], table.c.guarded)
        .where(kid == old.kid.encode())
        .limit(most)
        .with_for_update(key_share=True)
    )
    found = (await tx.execute(wanted)).all()
    for row, sealed in found:
        plain = guard.open(table.name, "guarded", str(row), sealed)
        again = guard.seal(table.name, "guarded", str(row), plain)
        await tx.execute(update(table).where(table.c[key] == row).values(guarded=again))
    return len(found)

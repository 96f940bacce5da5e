"""One import in a process of its own, so that its memory is its own: `python importing_child.py URL FILE`.

Prints JSON: rows, seconds, the memory it had at its highest (MiB), and that after a quarter of the lines.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from directory import vocabularies
from directory.core.effects import Effect
from directory.core.reading.findings import Finding
from directory.core.reading.reader import table_rows
from directory.core.reading.tables import open_table
from directory.core.viewer import Lane, Role, Viewer
from directory.imports import import_table
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.chance import chance, random_id

TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))


def memory(which: str) -> float:
    """MiB of this process, now (VmRSS) or at its highest (VmHWM)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(which))
    return int(line.split()[1]) / 1024


class Watched:
    """Passes rows on, and notes the memory after so many of them."""

    def __init__(self, rows: Iterator[Any], early: int) -> None:
        self._rows, self._early = rows, early
        self.rows, self.early_mib, self.read_s = 0, 0.0, 0.0

    def __iter__(self) -> Iterator[Any]:
        began = time.perf_counter()
        for row in self._rows:
            if not isinstance(row, Finding):
                self.rows += 1
                if self.rows == self._early:
                    self.early_mib = memory("VmRSS")
            yield row
        self.read_s = time.perf_counter() - began


async def _nothing(_effect: Effect) -> None:
    """No letters: nobody is here."""


async def measure(url: str, file: Path, lines: int) -> dict[str, float]:
    """Import the file, and say what it took."""
    vocabularies.known()
    guard = Guard(RingKey("w", chance(32)), RingKey("a", chance(32)), chance)
    database = Database(url)
    began = time.perf_counter()
    with file.open("rb") as table:
        rows = Watched(table_rows(open_table(table), vocabularies.known()), lines // 4)
        async with database.transaction() as tx:
            turn = Turn(tx, TECHNICIAN, datetime.now(UTC), _nothing, random_id, guard, "home")
            report = await import_table(turn, rows, source="bench")
    seconds = time.perf_counter() - began
    await database.close()
    return {
        "seconds": seconds,
        "read_s": rows.read_s,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "early_mib": rows.early_mib,
        "most_mib": memory("VmHWM"),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))))

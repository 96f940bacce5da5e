"""Importing a million organisations: how long, how much memory, and whether twice as many take twice as long.

AYNI_BENCH_ROWS makes it smaller; the time allowed shrinks with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from figure import Figure
from fixtures_embedded import BASES

from directory import vocabularies
from directory.store.database import Database
from directory.store.tables import networks
from hub.chance import chance
from hub.embedded.postgres import PostgresPart
from hub.migrations import upgrade

ROWS = int(os.environ.get("AYNI_BENCH_ROWS", "1000000"))
MINUTES = 10
CHILD = Path(__file__).parents[1] / "importing_child.py"


def imported() -> Iterable[Figure]:
    """A table of organisations read, compared and written; and the same once more."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as folder:
        server = PostgresPart(Path(folder) / "pg", chance=chance, bases=BASES)
        await server.start()
        try:
            await asyncio.to_thread(upgrade, server.url())
            await _home(server.url())
            table = Path(folder) / "organisations.csv"
            write_table(table, ROWS)
            first = await _child(server.url(), table)
            again = await _child(server.url(), table)
            write_table(table, ROWS // 4, seed=2)
            quarter = await _child(server.url(), table, ROWS // 4)
        finally:
            await server.stop()
    return list(_figures(first, again, quarter))


def _figures(first: dict[str, float], again: dict[str, float], quarter: dict[str, float]) -> Iterable[Figure]:
    name = f"import of {ROWS:,} organisations"
    allowed = MINUTES * 60 * max(ROWS, 10_000) / 1_000_000
    yield Figure(f"{name}, seconds", first["seconds"], "s", allowed)
    yield Figure(f"{name}, of that reading and putting aside", first["read_s"], "s")
    yield Figure(f"{name}, left out", ROWS - first["added"], "rows", 0)
    yield Figure(f"{name}, the same file again", again["seconds"], "s", allowed)
    yield Figure(f"{name}, the same file again, rows touched", again["added"] + again["changed"], "rows", 0)
    yield Figure(f"{name}, memory at its highest", first["most_mib"], "MiB", 400)
    grown = first["most_mib"] - first["early_mib"]
    yield Figure(f"{name}, memory grown after the first quarter", grown, "MiB", 64)
    slope = first["seconds"] / (4 * quarter["seconds"])
    yield Figure("time of the whole over four times that of a quarter (1 = linear)", slope, "×", 1.5)


async def _home(url: str) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        row = networks.insert().values(id="home", name="Red Ayni", home=True, since=datetime.now(UTC))
        await tx.execute(row)
    await database.close()


async def _child(url: str, table: Path, lines: int = ROWS) -> dict[str, float]:
    words = (sys.executable, str(CHILD), url, str(table), str(lines))
    root = str(CHILD.parents[1])
    made = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    )
    said, _ = await made.communicate()
    found: dict[str, float] = json.loads(said)
    return found


def write_table(file: Path, rows: int, *, seed: int = 1) -> None:
    """Organisations nobody has: different names and websites, and words of the vocabularies as people say
    them. The same numbers give the same table."""
    known, dice = vocabularies.known(), random.Random(seed)
    issues = [known.issues.label(key, "en") for key in sorted(known.issues.keys())]
    offers = [known.offers.label(key, "en") for key in sorted(known.offers.keys())]
    places = [known.regions.label(key, "en") for key in sorted(known.regions.countries())]
    spoken = ["English", "Spanish", "French", "Arabic", "Portuguese", "Swahili"]
    with file.open("w", encoding="utf-8") as out:
        out.write("name,acronym,country,works in,issues,languages,offers,website\n")
        for number in range(rows):
            word = "".join(dice.choices("abcdefghijklmnoprstuvwyz", k=9))
            name = f"{word.title()} {dice.choice(('Collective', 'Centre', 'Forum'))}"
            lists = (
                dice.sample(places, dice.choice((1, 1, 2, 3))),
                dice.sample(issues, dice.choice((1, 2, 3))),
                dice.sample(spoken, dice.choice((1, 2))),
                dice.sample(offers, dice.choice((1, 2))),
            )
            cells = ",".join(f'"{"; ".join(one)}"' for one in lists)
            where = f"https://o{seed}-{number}.example.org"
            out.write(f'{name},,"{dice.choice(places)}",{cells},{where}\n')


FIGURES = [imported]

"""A due row among a million that wait."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from figure import Figure
from sqlalchemy import text

from directory.core.viewer import Viewer
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.chance import chance, random_id
from hub.due import DuePump
from hub.embedded.postgres import PostgresPart
from hub.migrations import upgrade
from hub.store import due as rows

WAITING = 1_000_000
TRIES = 20


def lateness() -> Iterable[Figure]:
    """How late a due row fires with 1,000,000 others waiting."""
    late = sorted(asyncio.run(_measure()))
    yield Figure("due row fires late, median of 20 (1,000,000 waiting)", late[len(late) // 2] * 1000, "ms")
    yield Figure("due row fires late, the worst of 20", late[-1] * 1000, "ms", 1000)


async def _measure() -> list[float]:
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as folder:
        server = PostgresPart(Path(folder) / "pg", chance=chance)
        await server.start()
        try:
            await asyncio.to_thread(upgrade, server.url())
            return await _fire(Database(server.url()))
        finally:
            await server.stop()


async def _fire(database: Database) -> list[float]:
    guard = Guard(RingKey("w", chance(32)), RingKey("a", chance(32)), chance)
    fired: asyncio.Queue[float] = asyncio.Queue()

    def now() -> datetime:
        return datetime.now(UTC)

    @asynccontextmanager
    async def turns(viewer: Viewer) -> AsyncIterator[Turn]:
        async with database.transaction() as tx:
            yield Turn(tx, viewer, now(), _nothing, random_id, guard, "home")

    async def note(_turn: Turn, _ref: str) -> None:
        fired.put_nowait(time.time())

    async with database.transaction() as tx:
        await tx.execute(
            text(
                "insert into due (kind, ref, due_at)"
                " select 'alarm', 'w' || n, now() + interval '1 day' * (1 + n % 900)"
                f" from generate_series(1, {WAITING}) n"
            )
        )
    pump = DuePump(turns, {"alarm": note}, now)
    running = asyncio.create_task(pump.run())
    late = []
    for number in range(TRIES):
        at = now() + timedelta(seconds=0.3 + number % 5 / 10)
        async with turns(Viewer(lane="clock")) as turn:
            await rows.put(turn.tx, "alarm", f"now {number}", at)
        late.append(await fired.get() - at.timestamp())
    running.cancel()
    await database.close()
    return late


async def _nothing(_effect: object) -> None:
    return None


FIGURES = [lateness]

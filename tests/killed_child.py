"""A child of test_killed_for_real.py: one round of the due pump or of a letter pump, killed with -9.

    python killed_child.py due|letter URL WATCHKEY STEP FILE

`due`: a handler of two inserts dies before the statement with number STEP. `letter`: the lane dies before
(STEP 0) or after (STEP 1) the homeserver, which is FILE, has the letter; STEP 9 never dies.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from directory.core.effects import Effect
from directory.core.viewer import Viewer
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.chance import chance, random_id
from hub.due import DuePump
from hub.letters import LetterPump


def now() -> datetime:
    """Just after the noon of the tests."""
    return datetime(2026, 11, 24, 12, 1, tzinfo=UTC)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def unrecorded(_effect: Effect) -> None:
    return None


async def due(database: Database, guard: Guard, step: int) -> None:
    @asynccontextmanager
    async def turns(viewer: Viewer) -> AsyncIterator[Turn]:
        async with database.transaction() as tx:
            yield Turn(tx, viewer, now(), unrecorded, random_id, guard, "home")

    async def effect(turn: Turn, _ref: str) -> None:
        for at in range(3):
            if at == step:
                die()
            if at < 2:
                await turn.tx.execute(text(f"insert into effect values ({at})"))

    await DuePump(turns, {"alarm": effect}, now).fire_all()


class FileServer:
    """A homeserver that is a file: one line a transaction id, repeats are one event."""

    def __init__(self, file: Path, step: int) -> None:
        self.file, self.step = file, step

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        if self.step == 0:
            die()
        if tx_id not in self.file.read_text():
            with self.file.open("a") as known:
                known.write(f"{tx_id} {content['body']}\n")
        if self.step == 1:
            die()
        return f"$event-{tx_id}"

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        return None


async def main() -> None:
    what, url, key, step, file = sys.argv[1:]
    database = Database(url)
    guard = Guard(RingKey("w1", bytes.fromhex(key)), RingKey("a1", chance(32)), chance)
    if what == "due":
        await due(database, guard, int(step))
    else:
        pump = LetterPump("bot", database, guard, FileServer(Path(file), int(step)), now)
        await pump._round()
        await pump.finish()
    await database.close()


asyncio.run(main())

"""A process killed with -9 at each statement loses nothing and does nothing twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Desk
from sqlalchemy import text

from directory.core.effects import Urgency
from hub.chance import random_id
from hub.letters import LetterBox
from hub.store import due as rows
from hub.store import rooms

CHILD = Path(__file__).parents[1] / "killed_child.py"
NEVER = 9


def a_child(what: str, desk: Desk, step: int, file: Path) -> int:
    """Its exit code: -9 when it was killed."""
    url = desk.database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    key = desk.guard.watch.key.hex()
    done = subprocess.run(
        [sys.executable, str(CHILD), what, url, key, str(step), str(file)],
        check=False,
        capture_output=True,
        text=True,
        cwd=CHILD.parents[1],
        env={"PYTHONPATH": str(CHILD.parents[1])},
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


async def count(desk: Desk, what: str) -> int:
    async with desk.turn() as turn:
        return int((await turn.tx.execute(text(f"select count(*) from {what}"))).scalar_one())


@pytest.mark.parametrize("step", [0, 1, 2])
async def test_a_due_time_killed_at_each_statement_leaves_the_row_or_its_whole_effect(
    desk: Desk, tmp_path: Path, step: int
) -> None:
    async with desk.turn() as turn:
        await turn.tx.execute(text("create table effect (n int primary key)"))
        await rows.put(turn.tx, "alarm", "a1", turn.now)
    assert a_child("due", desk, step, tmp_path) == -9
    assert (await count(desk, "effect"), await count(desk, "due")) == (0, 1), "half of it stayed"
    assert a_child("due", desk, NEVER, tmp_path) == 0
    assert (await count(desk, "effect"), await count(desk, "due")) == (2, 0)


@pytest.mark.parametrize("step", [0, 1])
async def test_a_letter_killed_before_or_after_the_homeserver_has_it_arrives_once(
    desk: Desk, tmp_path: Path, step: int
) -> None:
    server = tmp_path / "homeserver"
    server.touch()
    async with desk.turn() as turn:
        room = await rooms.known(
            turn.tx,
            turn.guard,
            room=random_id(),
            account="bot",
            purpose="direct",
            ref=None,
            matrix="!one:test",
            now=turn.now,
        )
        await LetterBox(turn.guard).write(
            turn.tx,
            letter_id=random_id(),
            room=room,
            account="bot",
            urgency=Urgency.ALARM,
            event_type="m.room.message",
            content={"body": "come"},
            now=turn.now,
        )
    assert a_child("letter", desk, step, server) == -9
    assert await count(desk, "letters where state = 'waiting'") == 1
    assert a_child("letter", desk, NEVER, server) == 0
    assert await count(desk, "letters where state = 'sent'") == 1
    assert len(server.read_text().splitlines()) == 1

"""A conversation outlives the process it is held with: killed with -9 between messages and in the middle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bots_stage import WORD, Stage, a_person
from conftest import REAL_COST, Desk
from people import a_linked_network, matrix_id, seen_as

from directory import consent, words

CHILD = Path(__file__).parents[1] / "talking_child.py"


def care(desk: Desk, when: str, number: int, body: str) -> tuple[int, str]:
    """A fresh process hears one message of Lupe; (exit code, what it answered)."""
    url = desk.database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    key = desk.guard.watch.key.hex()
    done = subprocess.run(
        [
            sys.executable,
            str(CHILD),
            url,
            key,
            when,
            str(number),
            "!lupe:example.org",
            matrix_id("Lupe"),
            body,
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=CHILD.parents[1],
        env={"PYTHONPATH": str(CHILD.parents[1])},
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode, done.stdout


@pytest.mark.timeout(120)
async def test_a_half_finished_conversation_goes_on_after_every_kill(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "COST", REAL_COST)  # the processes that are killed spend it
    lupe = await a_person(Stage(desk), "Lupe", issues=["land-and-territory"])
    sur = await a_linked_network(desk, "Sur")
    assert care(desk, "after", 1, "yes Sur")[0] == -9, "killed once the preview was written"
    assert care(desk, "before", 2, "1")[0] == -9, "killed before the answer counted"
    code, answer = care(desk, "never", 2, "1")
    assert (code, answer.splitlines()[-1]) == (0, "Write your word now, so that we know it is you.")
    assert care(desk, "never", 2, "1") == (0, ""), "the same message again is heard once"
    assert care(desk, "before", 3, WORD)[0] == -9
    async with desk.turn(await seen_as(desk, lupe)) as turn:
        assert await consent.mine(turn) == (), "half an answer shows nobody anything"
    assert care(desk, "after", 3, WORD)[0] == -9
    async with desk.turn(await seen_as(desk, lupe)) as turn:
        (shown,) = await consent.mine(turn)
    assert shown.network == sur

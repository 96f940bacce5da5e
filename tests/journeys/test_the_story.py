"""The whole story, as a stranger plays it: every step is observed where it should arrive."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hub.demo import prepared

STEPS = ["a", "b", "c", "d", "e", "f", "f2", "g", "h", "i"]


@pytest.mark.timeout(420)
def test_every_step_of_the_story_is_observed_and_nothing_stays_behind(tmp_path: Path) -> None:
    where = tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "hub", "demo", "--once", "--json", "--data", str(where)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    decoder, text, steps = json.JSONDecoder(), done.stdout.strip(), []
    while text:
        step, end = decoder.raw_decode(text)
        steps.append(step)
        text = text[end:].strip()
    told = "\n".join(f"({step['letter']}) {step['outcome']}: {step['evidence']}" for step in steps)
    assert [step["letter"] for step in steps] == STEPS, done.stderr
    assert all(step["ok"] for step in steps), told
    assert all(step["evidence"] and step["seconds"] >= 0 for step in steps)
    assert done.returncode == 0
    left = subprocess.run(["pgrep", "-f", str(where)], capture_output=True, text=True, check=False)
    assert left.stdout == "", "a process of the demo is still there"
    kept = where / "prepared"
    assert (kept / "made-with").read_text() == prepared.versions(), "the next time begins with it"
    assert sorted(each.name for each in kept.iterdir()) == ["cluster", "made-with", prepared.KEY]


def test_a_folder_that_is_not_the_demos_own_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    done = subprocess.run(
        [sys.executable, "-m", "hub", "demo", "--once", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "was not made by the demo" in done.stderr
    assert precious.read_text() == "years of work"

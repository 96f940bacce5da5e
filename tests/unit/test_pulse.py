"""Signs of life: what a killed process left behind stands for nobody, and a busy one is not gone."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.pulse import STALE, Pulse, file_of, last_beat, still_there

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE_BEAT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from hub.pulse import Pulse, file_of

data = Path(sys.argv[1])
pulse = Pulse(data, "door", lambda: datetime(2026, 11, 24, 12, tzinfo=UTC), True, 8080)
pulse._give(file_of(data, "door"), None)
print("given", flush=True)
sys.stdin.read()
"""


def test_the_sign_of_life_of_a_killed_process_is_not_taken_for_the_next_ones(tmp_path: Path) -> None:
    said = [sys.executable, "-c", ONE_BEAT, str(tmp_path)]
    with subprocess.Popen(said, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as door:
        assert door.stdout is not None
        assert door.stdout.readline() == b"given\n"
        alive = last_beat(tmp_path, "door", NOON)
        assert alive is not None and (alive.pid, alive.ready, alive.port) == (door.pid, True, 8080)
        door.kill()
    assert file_of(tmp_path, "door").exists()
    assert last_beat(tmp_path, "door", NOON) is None
    assert still_there(tmp_path, "door") is None


def test_a_process_that_is_late_with_it_is_still_there(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path, "care", lambda: NOON, is_ready=True)
    pulse._give(file_of(tmp_path, "care"), None)
    late = NOON + STALE + timedelta(seconds=1)
    assert last_beat(tmp_path, "care", late) is None
    assert still_there(tmp_path, "care") is not None


def test_a_sign_of_life_that_somebody_removed_is_given_again(tmp_path: Path) -> None:
    pulse, place = Pulse(tmp_path, "care", lambda: NOON, is_ready=True), file_of(tmp_path, "care")
    written = pulse._give(place, None)
    place.unlink()
    pulse._give(place, pulse._give(place, written))
    assert last_beat(tmp_path, "care", NOON) is not None

"""On a full disk: the reserve opens to alarms, logs never end what they are about, signs of life go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hub import log
from hub.embedded.reserve import MIB, Reserve
from hub.room import ALMOST_FULL, DiskFull, RoomAgain, look

BEATS = """
import asyncio, resource, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from hub.pulse import Pulse, file_of, last_beat

data, moments = Path(sys.argv[1]), [datetime(2026, 11, 24, 12, tzinfo=UTC)]
pulse = Pulse(data, "care", lambda: moments[-1], is_ready=True)
place = file_of(data, "care")
written = pulse._give(place, None)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))  # from here on no file can grow
moments.append(moments[0] + timedelta(minutes=5))
written = pulse._give(place, written)
assert last_beat(data, "care", moments[-1]).ready
pulse.ready(port=8080)
assert pulse._give(place, written) == written
"""


def test_the_reserve_is_opened_when_the_disk_is_full_and_held_again_when_there_is_room(
    tmp_path: Path,
) -> None:
    reserve, size = Reserve(tmp_path, size_mib=1), MIB
    reserve.hold()
    assert look(reserve, tmp_path, ALMOST_FULL, size) is None
    full = look(reserve, tmp_path, ALMOST_FULL - 1, size)
    assert isinstance(full, DiskFull)
    assert f"{tmp_path} is full" in str(full)
    assert "free some space now" in str(full)
    assert not reserve.held
    assert look(reserve, tmp_path, ALMOST_FULL - 1, size) is None
    assert look(reserve, tmp_path, size + 4 * ALMOST_FULL, size) is None
    assert isinstance(look(reserve, tmp_path, size + 4 * ALMOST_FULL + 1, size), RoomAgain)
    assert reserve.held


def test_without_a_reserve_there_is_nothing_to_open(tmp_path: Path) -> None:
    assert look(Reserve(tmp_path, size_mib=0), tmp_path, 0, 0) is None


def test_a_log_that_cannot_be_written_raises_nothing() -> None:
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 — closing it is what fails
    log.configure("test", full)
    log.event("still here", count=1)
    log.trouble("still here", count=2)
    log.configure("test")
    with pytest.raises(OSError, match="No space left"):
        full.close()


def test_signs_of_life_go_on_when_no_file_can_grow(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEATS, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

"""Room for alarms on a disk that fills up."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.embedded.reserve import NoRoom, Reserve


def test_the_reserve_is_really_on_the_disk_and_can_be_given_up(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, size_mib=3)
    assert not reserve.held
    reserve.hold()
    assert reserve.held
    at = (tmp_path / "reserve").stat()
    assert at.st_blocks * 512 >= 3 << 20
    reserve.give_up()
    assert not reserve.held
    reserve.hold()
    assert reserve.held


def test_a_sparse_file_of_the_right_length_is_no_reserve(tmp_path: Path) -> None:
    with (tmp_path / "reserve").open("wb") as file:
        file.truncate(3 << 20)
    reserve = Reserve(tmp_path, size_mib=3)
    assert not reserve.held
    reserve.hold()
    assert reserve.held


def test_a_disk_without_that_much_room_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(NoRoom, match="MiB free"):
        Reserve(tmp_path, size_mib=1 << 30).hold()
    assert list(tmp_path.iterdir()) == []
    Reserve(tmp_path, size_mib=0).hold()


def test_below_the_line_only_what_is_urgent_may_be_written(tmp_path: Path) -> None:
    full, empty = Reserve(tmp_path, low=1.01), Reserve(tmp_path, low=0.0)
    assert not full.room_for(urgent=False)
    assert full.room_for(urgent=True)
    assert empty.room_for(urgent=False)
    assert 0 < full.free_fraction() <= 1

"""The ring keys are made once, closed to others, and never made anew over a hub that had some."""

from __future__ import annotations

from pathlib import Path

import pytest

from directory.store.guarded import HubSealed
from hub.chance import chance
from hub.custody import ARCHIVE, WATCH, DamagedKey, NoKeys, make_rings, open_rings


def test_keys_are_made_once_and_open_what_they_sealed(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    make_rings(keys, chance)
    sealed = open_rings(keys, chance).seal("members", "guarded", "m1", "the valley")
    make_rings(keys, chance)
    assert open_rings(keys, chance).open("members", "guarded", "m1", sealed) == b"the valley"
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}


def test_a_hub_without_its_watch_key_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match="Put the folder"):
        open_rings(tmp_path / "keys", chance)


def test_without_the_archive_key_alarms_open_and_records_stay_sealed(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    make_rings(keys, chance)
    guard = open_rings(keys, chance)
    letter = guard.seal("letters", "content", "l1", "come", watch=True)
    record = guard.seal("members", "guarded", "m1", "the valley")
    (keys / ARCHIVE).rename(tmp_path / "elsewhere")
    sealed = open_rings(keys, chance)
    assert sealed.open("letters", "content", "l1", letter, watch=True) == b"come"
    with pytest.raises(HubSealed):
        sealed.open("members", "guarded", "m1", record)


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    make_rings(keys, chance)
    (keys / WATCH).write_text("{")
    with pytest.raises(DamagedKey, match=r"watch\.key"):
        open_rings(keys, chance)

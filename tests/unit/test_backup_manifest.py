"""What a backup says in the open is believed only under the key to the records."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from directory.store.guarded import RingKey
from hub.backup.restoring import choose
from hub.backup.shape import MANIFEST, PEOPLE, Manifest, NoBackup, read_manifest
from hub.custody.locked import Kind, lock

KEY, OTHER = RingKey("a1", b"k" * 32), RingKey("a1", b"o" * 32)


def a_manifest(name: str = "2026-11-24T120000.000") -> Manifest:
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    locked = lock(KEY, Kind.SHEETS)
    plain = Manifest(backup=name, network="n" * 52, made_at=at, archive=KEY.kid, salt=b"s" * 16, lock=locked)
    return plain.proved_by(KEY)


def test_a_manifest_holds_as_it_was_written_and_read_again() -> None:
    read = read_manifest(msgspec.json.encode(a_manifest()), Path("/"))
    assert read.holds(KEY)
    assert not read.holds(OTHER)


def test_who_has_the_backups_disk_cannot_make_a_restored_hub_keep_its_key_open() -> None:
    opened = msgspec.structs.replace(a_manifest(), lock=lock(KEY, Kind.FILE))
    assert not opened.holds(KEY)
    assert not msgspec.structs.replace(a_manifest(), proof=b"").holds(KEY)


def test_a_backup_under_another_ones_name_is_none(tmp_path: Path) -> None:
    for name in ("2026-11-24T120000.000", "2026-11-25T120000.000"):
        place = tmp_path / name
        place.mkdir()
        (place / MANIFEST).write_bytes(msgspec.json.encode(a_manifest()))
    head = msgspec.json.encode(a_manifest())
    (tmp_path / PEOPLE).write_bytes(len(head).to_bytes(4) + head)
    assert choose(tmp_path, "2026-11-24").manifest.backup == "2026-11-24T120000.000"
    with pytest.raises(NoBackup):
        choose(tmp_path)

"""Everybody's own key: destroyed in place, also on a full disk; what a backup holds dies with its day."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from directory.crypto import CannotOpen
from directory.store.guarded import Erased, Guard, RingKey
from hub.chance import chance
from hub.custody import slots
from hub.custody.slots import EPOCH, SLOTS, SlotFile

RING = RingKey("a1", chance(32))


def a_guard(folder: Path, archive: RingKey = RING) -> Guard:
    slots.prepare(folder)
    return Guard(RingKey("w1", chance(32)), archive, chance, slots=SlotFile(folder, chance))


def written(guard: Guard, *people: int) -> dict[int, bytes]:
    """Something sealed under the key of each of these people."""
    for slot in people:
        guard.new_person(slot)
    return {
        slot: guard.seal("members", "guarded", f"m{slot}", f"city {slot}", person=slot) for slot in people
    }


def read(guard: Guard, slot: int, sealed: bytes) -> bytes:
    return guard.open("members", "guarded", f"m{slot}", sealed)


def test_each_key_opens_only_what_its_person_said(tmp_path: Path) -> None:
    guard = a_guard(tmp_path)
    sealed = written(guard, 1, 2)
    assert read(guard, 1, sealed[1]) == b"city 1"
    assert read(a_guard(tmp_path), 2, sealed[2]) == b"city 2"
    assert (tmp_path / SLOTS).stat().st_mode & 0o777 == 0o600


def test_a_destroyed_key_is_gone_at_once_for_everybody_and_others_stay(tmp_path: Path) -> None:
    guard, elsewhere = a_guard(tmp_path), a_guard(tmp_path)
    sealed = written(guard, 1, 2)
    assert read(elsewhere, 1, sealed[1]) == b"city 1"
    guard.slots.destroy(1)
    guard.slots.destroy(1)
    for each in (guard, elsewhere):
        with pytest.raises(Erased):
            read(each, 1, sealed[1])
    assert read(elsewhere, 2, sealed[2]) == b"city 2"


def test_destroying_needs_no_archive_key_and_makes_no_file_longer(tmp_path: Path) -> None:
    guard = a_guard(tmp_path)
    sealed = written(guard, 1)
    size, blocks = (tmp_path / SLOTS).stat().st_size, (tmp_path / SLOTS).stat().st_blocks
    SlotFile(tmp_path, chance).destroy(1)
    after = (tmp_path / SLOTS).stat()
    assert (after.st_size, after.st_blocks) == (size, blocks)
    with pytest.raises(Erased):
        read(guard, 1, sealed[1])


def test_more_people_than_there_was_room_for_get_a_place(tmp_path: Path) -> None:
    guard = a_guard(tmp_path)
    sealed = written(guard, 1, slots.CHUNK + 5)
    assert read(guard, slots.CHUNK + 5, sealed[slots.CHUNK + 5]) == f"city {slots.CHUNK + 5}".encode()


def test_a_backup_of_yesterday_opens_nothing_with_the_keys_of_today(tmp_path: Path) -> None:
    guard = a_guard(tmp_path)
    sealed = written(guard, 1, 2)
    backup = shutil.copy(tmp_path / SLOTS, tmp_path / "backup")
    guard.slots.destroy(1)
    assert SlotFile(tmp_path, chance).turn([RING], lambda: 1) == 1
    assert read(guard, 2, sealed[2]) == b"city 2"
    shutil.copy(backup, tmp_path / SLOTS)
    for slot in (1, 2):
        with pytest.raises(Erased):
            read(a_guard(tmp_path), slot, sealed[slot])


def test_an_epoch_cut_short_is_finished_and_nobody_is_lost(tmp_path: Path) -> None:
    guard = a_guard(tmp_path)
    sealed = written(guard, *range(1, 600))
    keys = SlotFile(tmp_path, chance)
    keys.epochs.begin(2, RING, 1)
    newest = keys.epochs.read()[-1]
    keys._rewrap(0, newest, keys._epoch_key(2, [RING]), [RING])  # power fails after the first batch
    assert {read(guard, slot, sealed[slot]) for slot in (1, 599)} == {b"city 1", b"city 599"}
    assert SlotFile(tmp_path, chance).turn([RING], lambda: 2) == 599
    assert [epoch.number for epoch in keys.epochs.read()] == [2]
    assert all(read(guard, slot, value) == f"city {slot}".encode() for slot, value in sealed.items())


def test_people_come_go_and_are_read_while_keys_are_rewrapped(tmp_path: Path) -> None:
    guard = a_guard(tmp_path)
    sealed = written(guard, *range(1, 1500))
    turning = threading.Thread(target=SlotFile(tmp_path, chance).turn, args=([RING], lambda: 1))
    turning.start()
    gone = range(1, 1500, 100)
    for slot in gone:
        guard.slots.destroy(slot)
    late = written(guard, 1600)
    turning.join()
    for slot in gone:
        with pytest.raises(Erased):
            read(guard, slot, sealed[slot])
    assert read(guard, 2, sealed[2]) == b"city 2"
    assert read(guard, 1600, late[1600]) == b"city 1600"


def test_another_networks_archive_key_opens_no_person(tmp_path: Path) -> None:
    sealed = written(a_guard(tmp_path), 1)
    with pytest.raises(CannotOpen):
        read(a_guard(tmp_path, RingKey("a1", chance(32))), 1, sealed[1])


def test_no_key_lies_open_in_the_files(tmp_path: Path) -> None:
    guard = a_guard(tmp_path)
    written(guard, 1)
    key = guard.slots.key(1, [RING])
    assert all(key not in (tmp_path / name).read_bytes() for name in (SLOTS, EPOCH))

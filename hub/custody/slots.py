"""The file with everybody's own key: places of one size, written long before they are needed.

Destroying a key overwrites its place and waits for the disk; it needs no room, so it works on a full disk.
Disks and snapshots keep copies of what was overwritten, so each key lies under an epoch key, which lies
under the Archive ring in a file of its own, is replaced every day, and is then destroyed too. A copy of this
file, or a backup made of it, opens with today's epoch key or not at all: back up `slots` and `epoch.key`
together, keep only the newest `epoch.key`, and never keep an old one.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from directory import crypto
from directory.store.guarded import Erased, RingKey
from hub.custody.epochs import Epoch, EpochFile

SLOTS, EPOCH = "slots", "epoch.key"
SIZE = 128
"""Divides a disk's sectors: a place is written whole or not at all."""
CHUNK = 8192
"""How many places are written at once: a megabyte."""
REMEMBERED = 4096
"""Persons' keys kept in memory, so that a page with many of one person's fields opens her key once."""
BATCH = 256
"""Places re-wrapped while others wait: a few milliseconds."""
RING = "epoch"


@dataclass(slots=True, weakref_slot=True, eq=False)
class SlotFile:
    """Persons' keys in `folder`. Any number of processes and threads may use it at once."""

    folder: Path
    chance: crypto.Chance
    _opened: dict[int, bytes] = field(default_factory=dict, repr=False)
    """Epoch keys in memory: opening one asks for the Archive ring."""
    _unwrapped: dict[int, tuple[bytes, bytes]] = field(default_factory=dict, repr=False)
    """Persons' keys in memory, each with what lay in its place: believed only while the same lies there."""
    _file: int | None = None

    @property
    def path(self) -> Path:
        """Where the places are."""
        return self.folder / SLOTS

    @property
    def epochs(self) -> EpochFile:
        """Where the epoch keys are."""
        return EpochFile(self.folder / EPOCH, self.chance)

    def new(self, slot: int, archive: Sequence[RingKey]) -> None:
        """Make a key in this place; one that was there is gone."""
        with self._held() as file:
            epoch = self._newest(archive)
            self._write(file, slot, self.chance(crypto.KEY_SIZE), epoch)
            os.fdatasync(file)

    def key(self, slot: int, archive: Sequence[RingKey]) -> bytes:
        """The key in this place. Raises Erased when it was destroyed, or never was there."""
        wrapped = _read(self._reading(), slot)
        kept = self._unwrapped.get(slot)
        if kept is not None and kept[0] == wrapped:
            return kept[1]
        epoch = self._epoch_key(_epoch_of(wrapped), archive)
        key = crypto.unwrap_key(epoch, wrapped, ring=RING, owner=str(slot))
        if len(self._unwrapped) >= REMEMBERED:
            self._unwrapped.clear()
        self._unwrapped[slot] = wrapped, key
        return key

    def destroy(self, slot: int) -> None:
        """Overwrite this place and wait for the disk. Twice changes nothing."""
        self._unwrapped.pop(slot, None)
        with self._held() as file:
            if os.fstat(file).st_size >= (slot + 1) * SIZE:
                os.pwrite(file, bytes(SIZE), slot * SIZE)
                os.fsync(file)

    def turn(self, archive: Sequence[RingKey], now: Callable[[], int]) -> int:
        """Put every key under a new epoch key and destroy the one before; how many keys there are.

        People are served meanwhile. What was cut short is finished by the next call. `now`: seconds.
        """
        with self._held():
            kept = self.epochs.read()
            if len(kept) < 2:
                self.epochs.begin((kept[-1].number if kept else 0) + 1, archive[0], now())
        kept = self.epochs.read()
        newest = kept[-1]
        key = self._epoch_key(newest.number, archive)
        count = sum(self._rewrap(start, newest, key, archive) for start in range(0, self._places(), BATCH))
        with self._held() as file:
            os.fsync(file)
            for old in kept[:-1]:
                self.epochs.destroy(old.number)
                self._opened.pop(old.number, None)
        return count

    def rewrap_epochs(self, archive: Sequence[RingKey]) -> None:
        """Put the epoch keys under the newest key of the Archive ring: the first of `archive`."""
        with self._held():
            for epoch in self.epochs.read():
                key = self.epochs.open(epoch, archive)
                self.epochs.write(epoch.number, key, archive[0], epoch.made_at)

    @contextmanager
    def still(self) -> Iterator[tuple[bytes, Iterator[bytes]]]:
        """(the epoch keys, the places in pieces), both of one moment: nobody writes until the block ends."""
        with self._held() as file:
            epoch = self.epochs.path.read_bytes() if self.epochs.path.exists() else b""
            step = CHUNK * SIZE
            yield epoch, (os.pread(file, step, at) for at in range(0, os.fstat(file).st_size, step))

    def _reading(self) -> int:
        """The file, opened once: a place is read anew each time, so that what was destroyed is gone."""
        if self._file is None:
            try:
                self._file = os.open(self.path, os.O_RDONLY)
            except FileNotFoundError:
                raise Erased from None
            weakref.finalize(self, os.close, self._file)
        return self._file

    def _places(self) -> int:
        return self.path.stat().st_size // SIZE if self.path.exists() else 0

    def _rewrap(self, start: int, newest: Epoch, key: bytes, archive: Sequence[RingKey]) -> int:
        """One batch, under the lock, so that what is destroyed meanwhile stays destroyed."""
        count = 0
        with self._held() as file:
            for slot in range(start, min(start + BATCH, self._places())):
                try:
                    wrapped = _read(file, slot)
                except Erased:
                    continue
                count += 1
                number = _epoch_of(wrapped)
                if number != newest.number:
                    old = self._epoch_key(number, archive)
                    data_key = crypto.unwrap_key(old, wrapped, ring=RING, owner=str(slot))
                    self._write(file, slot, data_key, (newest.number, key))
        return count

    def _newest(self, archive: Sequence[RingKey]) -> tuple[int, bytes]:
        kept = self.epochs.read()
        if not kept:
            self.epochs.begin(1, archive[0], 0)
            kept = self.epochs.read()
        number = kept[-1].number
        return number, self._epoch_key(number, archive)

    def _epoch_key(self, number: int, archive: Sequence[RingKey]) -> bytes:
        if number not in self._opened:
            kept = {epoch.number: epoch for epoch in self.epochs.read()}
            if number not in kept:
                raise Erased
            for gone in self._opened.keys() - kept.keys():
                del self._opened[gone]
            self._opened[number] = self.epochs.open(kept[number], archive)
        return self._opened[number]

    def _write(self, file: int, slot: int, data_key: bytes, epoch: tuple[int, bytes]) -> None:
        number, key = epoch
        wrapped = crypto.wrap_key(
            key, data_key, ring=RING, owner=str(slot), kid=f"e{number}", chance=self.chance
        )
        if os.fstat(file).st_size < (slot + 1) * SIZE:
            _grow(file, (slot // CHUNK + 1) * CHUNK * SIZE)
        os.pwrite(file, bytes((len(wrapped),)) + wrapped.ljust(SIZE - 1, b"\0"), slot * SIZE)

    @contextmanager
    def _held(self) -> Iterator[int]:
        """The file, ours alone until the block ends: a lock of its own each time, also between threads."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def prepare(folder: Path) -> None:
    """Make room for the first people, now, while there is room."""
    file = os.open(folder / SLOTS, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if os.fstat(file).st_size == 0:
            _grow(file, CHUNK * SIZE)
            os.fsync(file)
    finally:
        os.close(file)


def _grow(file: int, size: int) -> None:
    os.posix_fallocate(file, 0, size)


def _read(file: int, slot: int) -> bytes:
    place = os.pread(file, SIZE, slot * SIZE)
    if len(place) < SIZE or place[0] == 0:
        raise Erased
    return place[1 : 1 + place[0]]


def _epoch_of(wrapped: bytes) -> int:
    return int(crypto.kid_of(wrapped)[1:])

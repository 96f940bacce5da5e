"""Two places for epoch keys in one small file: the one in use, and while keys are re-wrapped the next one."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from directory import crypto
from directory.store.guarded import RingKey

PLACE = 256
_HEAD = struct.Struct(">QQB")  # number, made at (seconds), length of what follows
RING = "archive"


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch key as it lies on the disk. `made_at`: seconds since 1970."""

    number: int
    made_at: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class EpochFile:
    """Epoch n lies in place n mod 2, and is overwritten there when it ends."""

    path: Path
    chance: crypto.Chance

    def read(self) -> list[Epoch]:
        """What is there, the newest last."""
        try:
            whole = self.path.read_bytes()
        except FileNotFoundError:
            return []
        found = []
        for start in (0, PLACE):
            place = whole[start : start + PLACE]
            if len(place) == PLACE and any(place):
                number, made_at, length = _HEAD.unpack_from(place)
                found.append(Epoch(number, made_at, place[_HEAD.size : _HEAD.size + length]))
        return sorted(found, key=lambda epoch: epoch.number)

    def open(self, epoch: Epoch, archive: Sequence[RingKey]) -> bytes:
        """Its key. Raises CannotOpen when none of these keys of the Archive ring is the right one."""
        kid = crypto.kid_of(epoch.wrapped)
        ring = next((one for one in archive if one.kid == kid), archive[0])
        return crypto.unwrap_key(ring.key, epoch.wrapped, ring=RING, owner=f"epoch {epoch.number}")

    def begin(self, number: int, archive: RingKey, made_at: int) -> None:
        """Make the key of a new epoch."""
        self.write(number, self.chance(crypto.KEY_SIZE), archive, made_at)

    def write(self, number: int, key: bytes, archive: RingKey, made_at: int) -> None:
        """Lay an epoch key down under this key of the Archive ring."""
        wrapped = crypto.wrap_key(
            archive.key, key, ring=RING, owner=f"epoch {number}", kid=archive.kid, chance=self.chance
        )
        place = _HEAD.pack(number, made_at, len(wrapped)) + wrapped
        self._overwrite(number, place.ljust(PLACE, b"\0"))

    def destroy(self, number: int) -> None:
        """Overwrite an epoch key where it lies, unless a later one lies there already."""
        if any(epoch.number == number for epoch in self.read()):
            self._overwrite(number, bytes(PLACE))

    def _overwrite(self, number: int, place: bytes) -> None:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if os.fstat(file).st_size < 2 * PLACE:
                os.ftruncate(file, 2 * PLACE)
            os.pwrite(file, place, number % 2 * PLACE)
            os.fsync(file)
        finally:
            os.close(file)

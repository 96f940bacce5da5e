"""Room on the disk for alarms: a reserve nobody else can fill, and a line below which other writes wait.

PostgreSQL refuses a write on a full disk and stays up (FACTS), but an alarm that is refused is lost.
"""

from __future__ import annotations

import os
from pathlib import Path

from hub.embedded.files import folder
from hub.trouble import Trouble

MIB = 1 << 20
LOW = 0.05
"""Below this free fraction only urgent writes go on."""


class NoRoom(Trouble):
    """The disk that holds {folder} has {free} MiB free, and Ayni keeps {size} MiB in reserve for alarms.
    Free some space, or set a smaller reserve_mib under [disk] in the settings."""

    needs_person = True


class Reserve:
    """The reserve of one data folder: data/reserve, really allocated (never a sparse file)."""

    def __init__(self, data: Path, *, size_mib: int = 256, low: float = LOW) -> None:
        self._file = data.absolute() / "reserve"
        self._size = size_mib * MIB
        self._low = low

    @property
    def held(self) -> bool:
        """Whether the whole reserve is on the disk."""
        if not self._file.exists():
            return self._size == 0
        at = self._file.stat()
        return at.st_size >= self._size and at.st_blocks * 512 >= self._size

    def hold(self) -> None:
        """Allocate what is missing. Raises NoRoom, and then leaves nothing behind."""
        if self.held:
            return
        place = self._file.parent if self._file.parent.exists() else folder(self._file.parent)
        free = _free_bytes(place)
        if free < self._size:
            raise NoRoom(folder=place, free=free // MIB, size=self._size // MIB)
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.posix_fallocate(handle, 0, self._size)
        except OSError:
            self.give_up()
            raise NoRoom(folder=place, free=_free_bytes(place) // MIB, size=self._size // MIB) from None
        finally:
            os.close(handle)

    def give_up(self) -> None:
        """Free the reserve, so that alarms go on while somebody makes room. `hold` takes it again."""
        self._file.unlink(missing_ok=True)

    def free_fraction(self) -> float:
        """Between 0 and 1: what an account without rights may still fill of this disk."""
        at = os.statvfs(self._file.parent)
        return at.f_bavail / at.f_blocks if at.f_blocks else 1.0

    def room_for(self, *, urgent: bool) -> bool:
        """Whether a write may begin. Urgent ones (alarms, check-ins, freezes) always may."""
        return urgent or self.free_fraction() >= self._low


def _free_bytes(place: Path) -> int:
    at = os.statvfs(place)
    return at.f_bavail * at.f_frsize

"""A sign of life of one process, kept as a file: the supervisor and `ayni doctor` read it.

It is written by the same event loop that does the work: a loop that hangs stops writing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from hub.embedded.files import folder, write_whole

EVERY = timedelta(seconds=2)
STALE = timedelta(seconds=10)


class Beat(msgspec.Struct, frozen=True):
    """One sign of life. `ready` is False while a process starts or stands by."""

    pid: int
    at: datetime
    ready: bool
    port: int | None = None


@dataclass(slots=True)
class Pulse:
    """Writes the signs of life of one role."""

    data: Path
    role: str
    clock: Callable[[], datetime]
    is_ready: bool = False
    port: int | None = None
    _now: asyncio.Event = field(default_factory=asyncio.Event)

    def ready(self, port: int | None = None) -> None:
        """The role does its work from now on."""
        self.is_ready, self.port = True, port
        self._now.set()

    async def beat(self) -> None:
        """Write until cancelled; the file goes with us."""
        place = file_of(self.data, self.role)
        try:
            while True:
                self._now.clear()
                beat = Beat(os.getpid(), self.clock(), self.is_ready, self.port)
                write_whole(place, msgspec.json.encode(beat).decode())
                try:
                    async with asyncio.timeout(EVERY.total_seconds()):
                        await self._now.wait()
                except TimeoutError:
                    continue
        finally:
            place.unlink(missing_ok=True)


def file_of(data: Path, role: str) -> Path:
    """Where a role's sign of life lies."""
    return folder(data / "run") / f"{role}.json"


def last_beat(data: Path, role: str, now: datetime) -> Beat | None:
    """The last sign of life that is not stale."""
    try:
        beat = msgspec.json.decode((data / "run" / f"{role}.json").read_bytes(), type=Beat)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return beat if abs(now - beat.at) <= STALE else None

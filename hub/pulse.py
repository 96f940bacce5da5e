"""A sign of life of one process, kept as a file: the supervisor and `ayni doctor` read it.

It is given by the same event loop that does the work: a loop that hangs gives none. When it was given is the
file's own time, which a full disk lets us set too.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from hub.embedded.files import folder, write_whole

EVERY = timedelta(seconds=2)
STALE = timedelta(seconds=10)
ENDED = ("Z", "X")
"""How the kernel marks a process that is no more."""


class Beat(msgspec.Struct, frozen=True):
    """One sign of life. `ready` is False while a process starts or stands by; `among` names the processes
    that `pid` is one of (a container has its own), empty where the system does not say."""

    pid: int
    ready: bool
    port: int | None = None
    among: str = ""


@dataclass(slots=True)
class Pulse:
    """Gives the signs of life of one role."""

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
        """Give them until cancelled; the file goes with us."""
        place, written = file_of(self.data, self.role), None
        try:
            while True:
                self._now.clear()
                written = self._give(place, written)
                try:
                    async with asyncio.timeout(EVERY.total_seconds()):
                        await self._now.wait()
                except TimeoutError:
                    continue
        finally:
            place.unlink(missing_ok=True)

    def _give(self, place: Path, written: Beat | None) -> Beat | None:
        """One sign of life; what the file says now. A disk that refuses must not end what it is a sign of."""
        beat = Beat(os.getpid(), self.is_ready, self.port, _namespace())
        try:
            if beat != written:
                write_whole(place, msgspec.json.encode(beat).decode())
                written = beat
            at = self.clock().timestamp()
            os.utime(place, (at, at))
        except FileNotFoundError:
            return None  # somebody tidied up: written again next time
        except OSError:
            return written
        return written


def file_of(data: Path, role: str) -> Path:
    """Where a role's sign of life lies."""
    return folder(data / "run") / f"{role}.json"


def last_beat(data: Path, role: str, now: datetime) -> Beat | None:
    """The last sign of life that is not stale, of a process that is not gone: what a killed one left behind
    must not stand for the next, which is still starting."""
    return _read(data, role, now)


def still_there(data: Path, role: str) -> Beat | None:
    """The last sign of life of a process that is not gone, however old: a busy one gives it late."""
    return _read(data, role, None)


def _read(data: Path, role: str, now: datetime | None) -> Beat | None:
    place = data / "run" / f"{role}.json"
    try:
        beat = msgspec.json.decode(place.read_bytes(), type=Beat)
        at = datetime.fromtimestamp(place.stat().st_mtime, UTC)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    fresh = now is None or abs(now - at) <= STALE
    return beat if fresh and not _gone(beat) else None


def _gone(beat: Beat) -> bool:
    """Is its process certainly no more? One that ended and that nobody has asked after counts as gone."""
    if not beat.among or beat.among != _namespace():
        return False
    try:
        state = Path(f"/proc/{beat.pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in ENDED


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""

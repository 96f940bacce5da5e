"""Loopback ports, chosen free once and remembered: a homeserver's name holds its port and cannot change."""

from __future__ import annotations

import errno
import json
import socket
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from hub.embedded.files import folder, write_whole
from hub.trouble import Trouble

LOOPBACK = "127.0.0.1"
# Below 32768 the kernel never lends a port to an outgoing connection, so a remembered one stays ours.
FIRST, COUNT = 20000, 12000


class PortTaken(Trouble):
    """Port {port}, which {name} of this data folder needs and cannot change any more, is used by another
    program. Find it (ss -ltnp "sport = {port}"), end it, and start Ayni again."""

    needs_person = True


class Ports:
    """The ports of one data folder, kept in data/ports.json as {name: port}."""

    def __init__(self, data: Path) -> None:
        self._file = data.absolute() / "ports.json"

    def remembered(self) -> dict[str, int]:
        """What was chosen so far."""
        return dict(json.loads(self._file.read_text())) if self._file.exists() else {}

    def choose(self, names: Iterable[str]) -> dict[str, int]:
        """The port of each name: the remembered one, else a free one, remembered from now on.

        Does not check that a remembered port is free; see `check`.
        """
        known = self.remembered()
        missing = [name for name in names if name not in known]
        if missing:
            folder(self._file.parent, mode=_mode_of(self._file.parent))
            known |= dict(zip(missing, _free(len(missing), self._file, set(known.values())), strict=True))
            write_whole(self._file, json.dumps(known, indent=1) + "\n")
        return {name: known[name] for name in names}

    def check(self, name: str) -> None:
        """Raises PortTaken when somebody listens on the port of `name` already."""
        port = self.remembered()[name]
        with socket.socket() as trial:
            if not _bind(trial, port):
                raise PortTaken(port=port, name=name)


def _mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777 if path.exists() else 0o700


def _free(count: int, seed: Path, taken: set[int]) -> list[int]:
    # Folders that start their search in different places rarely meet, even when started at the same time.
    start = zlib.crc32(str(seed).encode())
    found: list[int] = []
    with ExitStack() as held:
        for step in range(COUNT):
            port = FIRST + (start + step) % COUNT
            if port not in taken and _bind(held.enter_context(socket.socket()), port):
                found.append(port)
            if len(found) == count:
                return found
    raise OSError(errno.EADDRINUSE, "no free port on this computer")


def _bind(trial: socket.socket, port: int) -> bool:
    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that just ended do not count
    try:
        trial.bind((LOOPBACK, port))
        trial.listen(1)
    except OSError as refusal:
        if refusal.errno != errno.EADDRINUSE:
            raise
        return False
    return True

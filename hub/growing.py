"""Let programs of ours grow from a stem (hub/stem.py): whoever supervises starts one, and roles share it.

Where there is none (`ayni run`, a command at the terminal) background work is started by name and loads
for itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hub.custody.files import CREDENTIALS
from hub.embedded.child import PLAIN_ENVIRONMENT, Child, Log, Program
from hub.embedded.ready import until_ready
from hub.trouble import Trouble

INHERITED = ("AYNI_", "PYTHON", CREDENTIALS)
"""What variables of ours begin with; the last is where systemd lays decrypted keys."""
READY_WITHIN_S = 60.0
ROOM_FOR_NAMES = "-" * 300
LARGEST = 1 << 16


class StemGone(Trouble):
    """The process that our programs grow from has ended; it is started again. Its log is stem.log."""


class NotGrown(Trouble):
    """A program of ours could not be started: {why}. Free some memory, or end other programs."""


class Grown:
    """A process that grew from the stem. `pid` is its process id; `code` its exit code once it has ended."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self.code: int | None = None
        self._handle = handle
        self._over = asyncio.Event()

    def over(self, code: int) -> None:
        """Called once, when it has ended."""
        self.code = code
        os.close(self._handle)
        self._over.set()

    async def ended(self) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        await self._over.wait()
        assert self.code is not None
        return self.code

    def send(self, which: signal.Signals) -> None:
        """Send it a signal; nothing happens when it has ended."""
        if self.code is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, which)

    async def stop(self, *, within: float) -> None:
        """Ask it to end; after `within` seconds kill it."""
        self.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(within):
                await self.ended()
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self.ended()


class Line:
    """One end of a socket to a stem."""

    def __init__(self, ours: socket.socket) -> None:
        self._socket = ours
        self._socket.setblocking(False)
        self._asked: dict[int, asyncio.Future[Grown]] = {}
        self._growing: dict[int, Grown] = {}
        self._number = 0
        self._listening = False
        self.ready = asyncio.Event()
        self.gone = False

    async def grow(
        self,
        module: str,
        arguments: Sequence[str],
        handles: tuple[int, ...],
        *,
        env: Mapping[str, str],
        cwd: Path,
        nice: int = 0,
    ) -> Grown:
        """Start `module`. `handles` are its input, output and errors; of two, the input is empty.

        Raises StemGone, NotGrown.
        """
        self.listen()
        if self.gone:
            raise StemGone
        self._number += 1
        order = {"number": self._number, "run": module, "arguments": list(arguments), "env": dict(env)}
        words = json.dumps({**order, "cwd": str(cwd), "nice": nice}).encode()
        asked: asyncio.Future[Grown] = asyncio.get_running_loop().create_future()
        self._asked[self._number] = asked
        try:
            socket.send_fds(self._socket, [words], handles)
        except OSError as why:
            del self._asked[self._number]
            raise StemGone from why
        return await asked

    def listen(self) -> None:
        """Begin to hear what the stem says."""
        if not self._listening:
            self._listening = True
            asyncio.get_running_loop().add_reader(self._socket, self._hear)

    def close(self) -> None:
        """Let go of it: what grew for us ends."""
        if not self.gone:
            self.gone = True
            if self._listening:
                asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            for asked in self._asked.values():
                if not asked.done():
                    asked.set_exception(StemGone())
            for each in self._growing.values():
                each.over(-signal.SIGKILL)
            self._growing.clear()

    def _hear(self) -> None:
        try:
            text, handles, _, _ = socket.recv_fds(self._socket, LARGEST, 1)
        except BlockingIOError:
            return
        except ConnectionResetError:
            text, handles = b"", []
        if not text:
            self.close()
            return
        said: dict[str, Any] = json.loads(text)
        if "ready" in said:
            self.ready.set()
        elif "refused" in said:
            self._asked.pop(said["number"]).set_exception(NotGrown(why=said["refused"]))
        elif "pid" in said:
            self._has_grown(said["number"], Grown(said["pid"], handles[0]))
        else:
            self._growing.pop(said["number"]).over(said["code"])

    def _has_grown(self, number: int, grown: Grown) -> None:
        self._growing[number] = grown
        asked = self._asked.pop(number)
        if asked.cancelled():
            grown.send(signal.SIGKILL)
        else:
            asked.set_result(grown)


class Stem:
    """A stem of our own: started when first needed, and again when it was lost. It complains to `log`."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._child: Child | None = None
        self._line: Line | None = None
        self._one = asyncio.Lock()

    async def begin(self) -> None:
        """Start it, if it does not run, without waiting until it is ready."""
        async with self._one:
            await self._begin()

    async def line(self) -> Line:
        """The line to it, once it is ready. Raises ProgramEnded, ProgramSlow."""
        async with self._one:
            child, line = await self._begin()

            async def ready() -> bool:
                return line.ready.is_set()

            await until_ready(child, ready, within=READY_WITHIN_S)
            return line

    async def end(self) -> None:
        """End it, and whatever still grows from it."""
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            await self._child.stop(within=5)

    async def _begin(self) -> tuple[Child, Line]:
        if self._child is not None and self._line is not None and self._child.running and not self._line.gone:
            return self._child, self._line
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            argv = (sys.executable, "-m", "hub.stem", str(theirs.fileno()), ROOM_FOR_NAMES)
            program = Program("stem", argv, cwd=self._log.path.parent, env=environment())
            self._child = await Child.start(program, self._log, keep=(theirs.fileno(),))
        self._line = Line(ours)
        self._line.listen()
        return self._child, self._line


ours: Line | None = None
"""In a role that grew from a stem: where its background work may grow."""


def take(end: socket.socket) -> None:
    """Called once in a role that grew."""
    global ours
    ours = Line(end)


def environment() -> dict[str, str]:
    """What our own programs inherit: the settings' variables, and where Python finds us."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(INHERITED)}
    source = str(Path(__file__).parents[1])
    return {**PLAIN_ENVIRONMENT, "MALLOC_ARENA_MAX": "2", **kept, "PYTHONPATH": source}

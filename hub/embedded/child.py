"""Run a program as our child: it ends when we do, writes to a log of its own, and dumps no memory."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.embedded.account import Account
from hub.embedded.sight import LAUNCH, PLAIN, Sight
from hub.trouble import Trouble

PLAIN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


class ProgramEnded(Trouble):
    """The part "{name}" ended while it was starting (with code {code}). The end of its log, {log}, says
    why: {last}"""


class ProgramSlow(Trouble):
    """The part "{name}" was not ready after {seconds} seconds. Its log is {log}."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `argv[0]` is an absolute path; `env` is all the environment it gets.

    `at_parents_death` is the signal the kernel sends when we are gone, kill -9 included. Nothing secret
    belongs in `argv`: every account on the computer can read it.
    """

    name: str
    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=lambda: PLAIN_ENVIRONMENT)
    account: Account | None = None
    sight: Sight = PLAIN
    at_parents_death: signal.Signals = signal.SIGKILL

    def order(self) -> str:
        """The order for hub/embedded/launch.py, as JSON."""
        view, account = self.sight.view, self.account
        return json.dumps(
            {
                "argv": self.argv,
                "cwd": str(self.cwd),
                "view": view and {"veils": view.veils, "shows": view.shows, "links": view.links},
                "account": (account.uid, account.gid) if account and account.drop else None,
                "capability": self.sight.capability,
                "at_parents_death": int(self.at_parents_death),
                "parent": os.getpid(),
            }
        )


@dataclass(frozen=True, slots=True)
class Log:
    """A child's log: mode 0600, one older file kept, both bounded to about `limit` bytes."""

    path: Path
    limit: int = 1 << 20

    def open(self) -> int:
        """A file descriptor to append to; an old log over half the limit is set aside first."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.exists() and self.path.stat().st_size > self.limit // 2:
            self.path.replace(self.older)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        return os.open(self.path, flags, 0o600)

    @property
    def older(self) -> Path:
        """Where the previous part of the log is."""
        return self.path.with_name(f"{self.path.name}.1")

    def trim(self) -> None:
        """Cut a log that grew over the limit while its writer runs: it appends, so cutting loses only
        what is written between the copy and the cut."""
        if self.path.exists() and self.path.stat().st_size > self.limit:
            with self.path.open("rb") as full:
                full.seek(-self.limit // 2, os.SEEK_END)
                rest = full.read()
            handle = os.open(self.older, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as kept:
                kept.write(rest)
            os.truncate(self.path, 0)

    def last(self, lines: int = 3) -> str:
        """The last few lines, on one line."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as log:
            log.seek(max(0, self.path.stat().st_size - 4096))
            return " / ".join(log.read().decode(errors="replace").strip().splitlines()[-lines:])


class Child:
    """A running program. Make it with `start`."""

    def __init__(self, program: Program, log: Log, process: asyncio.subprocess.Process) -> None:
        self.program = program
        self.log = log
        self._process = process

    @classmethod
    async def start(cls, program: Program, log: Log, *, keep: tuple[int, ...] = ()) -> Child:
        """Start it; `keep` are handles of ours that it gets as well.

        The kernel ties the parent-death signal to the *thread* that forks, so this has to be the main thread,
        which lives as long as the process does.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children are started from the main thread only")
        handle = log.open()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(LAUNCH), program.order()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=handle,
                stderr=handle,
                env=dict(program.env),
                pass_fds=keep,
                start_new_session=True,  # Ctrl-C reaches only us: parts are ended in order
            )
        finally:
            os.close(handle)
        return cls(program, log, process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def name(self) -> str:
        """The part it is."""
        return self.program.name

    @property
    def running(self) -> bool:
        """False once it has ended and was waited for."""
        return self._process.returncode is None

    async def ended(self) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        return await self._process.wait()

    async def stop(self, first: signal.Signals = signal.SIGTERM, *, within: float) -> None:
        """Ask it to end; after `within` seconds kill it."""
        if not self.running:
            return
        self._process.send_signal(first)
        try:
            async with asyncio.timeout(within):
                await self.ended()
        except TimeoutError:
            self._process.kill()
            await self.ended()

    def kill(self) -> None:
        """End it now, without waiting."""
        if self.running:
            self._process.kill()

    def why_ended(self) -> ProgramEnded:
        """Its end as a sentence."""
        return ProgramEnded(
            name=self.name, code=self._process.returncode, log=self.log.path, last=self.log.last()
        )

"""What the supervisor keeps alive, and our own programs (care, door) as such parts."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol

from hub.embedded.account import Account
from hub.embedded.child import Child, Log, Program
from hub.embedded.ready import until_ready
from hub.embedded.sight import PLAIN, Sight
from hub.trouble import Trouble


class Part(Protocol):
    """One program with a health. PostgresPart and SynapsePart are parts too."""

    name: str

    async def start(self) -> None:
        """Start it and wait until it is ready. Raises Trouble."""

    async def healthy(self) -> bool:
        """Whether it does its work, found out by asking for some."""

    async def ended(self) -> Trouble:
        """Wait for its end; how it ended."""

    async def stop(self) -> None:
        """End it, orderly if it can be; nothing happens when it does not run."""

    def kill(self) -> None:
        """End it now."""

    def tend(self) -> None:
        """Small housekeeping, called at every health check."""


class ProgramPart:
    """A program of ours: ready and healthy when `check` says so, by default while it runs.

    `env` is all of its environment. Its log is data/logs/<name>.log. It dies with us (SIGKILL), which it
    must be able to bear anyway.
    """

    def __init__(
        self,
        name: str,
        argv: tuple[str, ...],
        data: Path,
        *,
        env: Mapping[str, str],
        check: Callable[[], Awaitable[bool]] | None = None,
        ready_within: float = 30.0,
        stop_within: float = 8.0,
        account: Account | None = None,
        sight: Sight = PLAIN,
    ) -> None:
        self.name = name
        self._program = Program(name, argv, cwd=data.absolute(), env=env, account=account, sight=sight)
        self._log = Log(data.absolute() / "logs" / f"{name}.log")
        self._check = check
        self._ready_within = ready_within
        self._stop_within = stop_within
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child and self._child.running else None

    async def start(self) -> None:
        """Raises ProgramEnded, ProgramSlow."""
        self._child = await Child.start(self._program, self._log)
        await until_ready(self._child, self.healthy, within=self._ready_within)

    async def healthy(self) -> bool:
        """Whether it runs and its check says yes."""
        return self.pid is not None and (self._check is None or await self._check())

    async def ended(self) -> Trouble:
        """Wait for its end; how it ended."""
        if self._child is None:
            raise RuntimeError("not started")
        await self._child.ended()
        return self._child.why_ended()

    async def stop(self) -> None:
        """SIGTERM, then force."""
        if self._child is not None:
            await self._child.stop(signal.SIGTERM, within=self._stop_within)

    def kill(self) -> None:
        """End it now."""
        if self._child is not None:
            self._child.kill()

    def tend(self) -> None:
        """Keep its log bounded."""
        self._log.trim()


class OncePart:
    """Work done once between other parts; afterwards it stays up, and there is nothing to look after."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.name = name
        self._work = work

    async def start(self) -> None:
        """Raises what the work raises."""
        await self._work()

    async def healthy(self) -> bool:
        """What is done is done."""
        return True

    async def ended(self) -> Trouble:
        """Never by itself."""
        await asyncio.Event().wait()
        raise AssertionError("an event that nobody sets was set")

    async def stop(self) -> None:
        """Nothing runs."""

    def kill(self) -> None:
        """Nothing runs."""

    def tend(self) -> None:
        """Nothing grows."""

"""`care` and `door` as parts that grow from a stem."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from hub.embedded.child import Log, ProgramEnded
from hub.embedded.ready import until_ready
from hub.growing import Grown, Stem, environment
from hub.trouble import Trouble


@dataclass(frozen=True, slots=True)
class _Role:
    """One life of a role."""

    name: str
    log: Log
    grown: Grown

    @property
    def running(self) -> bool:
        return self.grown.code is None

    def why_ended(self) -> Trouble:
        return ProgramEnded(name=self.name, code=self.grown.code, log=self.log.path, last=self.log.last())

    async def stop(self, *, within: float) -> None:
        await self.grown.stop(within=within)


class RolePart:
    """A role of the hub: ready and healthy when `check` says so. Its log is data/logs/<name>.log.

    It dies with the stem and with us (SIGKILL), which it must be able to bear anyway.
    """

    def __init__(
        self,
        name: str,
        data: Path,
        stem: Stem,
        *,
        check: Callable[[], Awaitable[bool]],
        ready_within: float,
        stop_within: float = 8.0,
    ) -> None:
        self.name = name
        self._data = data.absolute()
        self._stem = stem
        self._log = Log(self._data / "logs" / f"{name}.log")
        self._check = check
        self._ready_within = ready_within
        self._stop_within = stop_within
        self._role: _Role | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._role.grown.pid if self._role and self._role.running else None

    async def start(self) -> None:
        """Raises ProgramEnded, ProgramSlow, StemGone."""
        line = await self._stem.line()
        log = self._log.open()
        try:
            order = (self.name, str(self._data))
            grown = await line.grow("hub.process", order, (log, log), env=environment(), cwd=self._data)
        finally:
            os.close(log)
        self._role = _Role(self.name, self._log, grown)
        await until_ready(self._role, self.healthy, within=self._ready_within)

    async def healthy(self) -> bool:
        """Whether it runs and its check says yes."""
        return self.pid is not None and await self._check()

    async def ended(self) -> Trouble:
        """Wait for its end; how it ended."""
        if self._role is None:
            raise RuntimeError("not started")
        await self._role.grown.ended()
        return self._role.why_ended()

    async def stop(self) -> None:
        """SIGTERM, then force."""
        if self._role is not None:
            await self._role.stop(within=self._stop_within)

    def kill(self) -> None:
        """End it now."""
        if self._role is not None:
            self._role.grown.send(signal.SIGKILL)

    def tend(self) -> None:
        """Keep its log bounded."""
        self._log.trim()

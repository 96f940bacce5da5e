"""Due times are rows; this pump fires them.

One pump at a time holds an advisory lock. It takes what is due by the clock it was given, each row in a
transaction of its own together with everything its handler does, so that a kill at any statement leaves
either the row or its whole effect. It sleeps until the earliest due time or a NOTIFY, at most half a
second: a clock that jumps either way is noticed within that time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from directory.core.viewer import Lane, Viewer
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from hub import log, metrics
from hub.store import due as rows

Handler = Callable[[Turn, str], Awaitable[None]]
Turns = Callable[[Viewer], AbstractAsyncContextManager[Turn]]

LONGEST_SLEEP = timedelta(seconds=0.5)
CLOCK = Viewer(Lane.CLOCK)
FIRST_RETRY = timedelta(seconds=1)
LAST_RETRY = timedelta(minutes=5)


class NobodyHandles(Exception):
    """A due time has a kind that no part of this hub handles. Update this program."""


class DuePump:
    """Fires due rows. `handlers` maps a kind to what looks at its reference again."""

    def __init__(self, turns: Turns, handlers: Mapping[str, Handler], clock: Callable[[], datetime]) -> None:
        self._turns = turns
        self._handlers = handlers
        self._clock = clock
        self._earliest: datetime | None = None
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Fire until cancelled."""
        while True:
            self.wake.clear()
            try:
                await self.fire_all()
                pause = self._pause()
            except DATABASE_GONE as lost:
                log.trouble("due pump lost its database", error=type(lost).__name__)
                pause = LONGEST_SLEEP
            try:
                async with asyncio.timeout(pause.total_seconds()):
                    await self.wake.wait()
            except TimeoutError:
                continue

    async def fire_all(self) -> int:
        """Fire everything that is due now; how many fired."""
        fired = 0
        while await self.fire_one():
            fired += 1
        return fired

    async def fire_one(self) -> bool:
        """Fire the earliest due row, if there is one. What fails is tried again, never lost."""
        failed: tuple[str, str, int] | None = None
        try:
            async with self._turns(CLOCK) as turn:
                row = await rows.look(turn.tx, self._clock())
                if row is None:
                    self._earliest = await rows.earliest(turn.tx)
                    return False
                failed = (row.kind, row.ref, row.tries)
                metrics.DUE_LATE.observe((self._clock() - row.due_at).total_seconds())
                handler = self._handlers.get(row.kind)
                if handler is None:
                    raise NobodyHandles
                await handler(turn, row.ref)
                await rows.fired(turn.tx, row)
        except asyncio.CancelledError:
            raise
        except Exception as why:  # one broken row must not stop the others: it stays, and is named
            if failed is None:
                raise
            await self._later(*failed, why)
        return True

    async def _later(self, kind: str, ref: str, tries: int, why: Exception) -> None:
        log.trouble("due row failed", kind=kind, tries=tries + 1, error=type(why).__name__)
        wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(tries, 16))
        async with self._turns(CLOCK) as turn:
            await rows.put_off(turn.tx, kind, ref, self._clock() + wait)

    def _pause(self) -> timedelta:
        """Until the earliest row; one that came after the last look wakes us."""
        if self._earliest is None:
            return LONGEST_SLEEP
        return max(timedelta(0), min(LONGEST_SLEEP, self._earliest - self._clock()))

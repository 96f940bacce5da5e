"""The pump of knocks: each is a row written with the message it goes along with, and tried a few times."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from bots.store import people, wakers
from bots.waking import SMS, NotWoken, Waker
from directory.store.database import DATABASE_GONE, Database
from directory.store.guarded import Guard
from hub import log
from hub.store import rings as rows
from hub.store.rings import Ring

AT_ONCE = 16
LONGEST_SLEEP_S = 2.0


class RingPump:
    """Knocks, several at once; a slow address holds up nobody."""

    def __init__(
        self,
        database: Database,
        guard: Guard,
        wakers: Mapping[str, Waker],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._guard = guard
        self._wakers = wakers
        self._clock = clock
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.wake.clear()
            try:
                more = await self.ring_all()
            except DATABASE_GONE as lost:
                log.trouble("rings lost their database", error=type(lost).__name__)
                more = 0
            if more < AT_ONCE:
                try:
                    async with asyncio.timeout(LONGEST_SLEEP_S):
                        await self.wake.wait()
                except TimeoutError:
                    continue

    async def ring_all(self) -> int:
        """Everything whose time has come, a handful at once; how many were tried."""
        async with self._database.transaction() as tx:
            found = await rows.waiting(tx, self._clock(), AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for ring in found:
                group.create_task(self._ring(ring))
        return len(found)

    async def _ring(self, ring: Ring) -> None:
        """Where to is opened only now; it may have been taken back since."""
        async with self._database.transaction() as tx:
            chosen = {one.kind: one.where for one in await wakers.of_member(tx, self._guard, ring.member)}
            person = await people.person(tx, ring.member)
        waker, where = self._wakers.get(ring.kind), chosen.get(SMS if ring.kind == rows.HEARD else ring.kind)
        woken = False
        if waker is not None and where is not None and person is not None:
            try:
                await waker.ring(where, ring.id, person.locale)
                woken = True
            except NotWoken:
                log.event("phone not woken", kind=ring.kind, tries=ring.tries + 1)
        async with self._database.transaction() as tx:
            if woken:
                await rows.rung(tx, ring.id)
            else:
                await rows.failed(tx, ring, self._clock())

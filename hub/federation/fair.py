"""One peer's flood is that peer's own queue: envelopes of the others do not wait behind it.

What is within a peer's small budget is handled at once, by whoever brought it. The rest waits in a queue of
that peer; one worker takes one from each in turn, and rests as long as each took: so a flood costs at most
half of one worker. A full queue drops what comes; its sender was not given a receipt and sends it again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hub import metrics
from hub.federation.core.budget import AT_ONCE, Budget, Left, full, next_of, spend

T = TypeVar("T")
MOST_WAITING = 320
"""Of one peer: more than it may be ahead of a gap."""
AGAIN_S = 1.0


@dataclass(slots=True)
class Budgets:
    """What each peer has left of a budget. `clock`: seconds that only go forward."""

    clock: Callable[[], float]
    budget: Budget = AT_ONCE
    _left: dict[str, Left] = field(default_factory=dict)

    def allows(self, peer: str, size: int) -> bool:
        """Take one envelope of this size out of the peer's budget, if it is still in it."""
        now = self.clock()
        left = self._left.get(peer) or full(self.budget, now)
        self._left[peer], enough = spend(left, self.budget, size, now)
        return enough


@dataclass(slots=True)
class Fair(Generic[T]):
    """Hands items of many peers to `handle`. `again`: what it raises when the item must be tried again."""

    handle: Callable[[T], Awaitable[None]]
    budgets: Budgets
    again: tuple[type[BaseException], ...] = ()
    _queues: dict[str, deque[T]] = field(default_factory=dict)
    _worker: asyncio.Task[None] | None = None

    async def give(self, peer: str, size: int, item: T) -> None:
        """Handle it now, or put it into the peer's queue. Order within one peer is kept."""
        queue = self._queues.get(peer)
        if not queue and self.budgets.allows(peer, size):
            await self.handle(item)
            return
        queue = self._queues.setdefault(peer, deque())
        if len(queue) >= MOST_WAITING:
            metrics.ENVELOPES.labels(verdict="too many").inc()
            return
        queue.append(item)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="envelopes put off")

    async def settled(self) -> None:
        """Wait until no queue holds anything."""
        if self._worker is not None:
            await self._worker

    async def stop(self) -> None:
        """End; what still waits is sent again by its hub."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _work(self) -> None:
        peer = ""
        while following := next_of({key: len(queue) for key, queue in self._queues.items()}, peer):
            peer, began = following, self.budgets.clock()
            try:
                await self.handle(self._queues[peer][0])
            except self.again:
                await asyncio.sleep(AGAIN_S)
                continue
            self._queues[peer].popleft()
            if not self._queues[peer]:
                del self._queues[peer]
            await asyncio.sleep(self.budgets.clock() - began)

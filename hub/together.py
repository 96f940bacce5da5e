"""What comes while something is being done is done next, all at once: one transaction for many instead of one
each. A lone thing waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(slots=True, eq=False)
class _One(Generic[Thing]):
    thing: Thing
    done: bool | None = None


@dataclass(slots=True, eq=False)
class Together(Generic[Thing]):
    """`several` does up to `most` things at once, in the order they came, and says which it did; when it
    raises it did none of them.

    Whoever comes first does it for those behind. When that one is cancelled, the next begins anew.
    """

    several: Callable[[Sequence[Thing]], Awaitable[Sequence[bool]]]
    most: int = 64
    _waiting: list[_One[Thing]] = field(default_factory=list)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def do(self, thing: Thing) -> bool:
        """Was it done? False: it has to be done in another way. The first of those that were undone together
        raises why."""
        one = _One(thing)
        self._waiting.append(one)
        try:
            async with self._lock:
                if one.done is None:
                    await self._batch(one)
        finally:
            if one.done is None:
                self._waiting.remove(one)
        return bool(one.done)

    async def _batch(self, first: _One[Thing]) -> None:
        await asyncio.sleep(0)  # whoever came in the same moment is let in
        batch = [first, *[one for one in self._waiting if one is not first][: self.most - 1]]
        done: Sequence[bool] = [False] * len(batch)
        try:
            done = await self.several([one.thing for one in batch])
        except asyncio.CancelledError:
            batch = []
            raise
        finally:
            for one, yes in zip(batch, done, strict=False):
                one.done = yes
                self._waiting.remove(one)

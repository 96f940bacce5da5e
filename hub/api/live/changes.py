"""Hints from PostgreSQL, handed to whoever watches: one listener a process, no task for what is idle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from directory.core.viewer import Lane, Viewer
from directory.store.database import DATABASE_GONE
from hub.api.live.subscription import Subscription
from hub.api.live.watching import SOURCES
from hub.api.run import Runner

AT_ONCE = 4
"""Subscribers who are answered at the same time: pages need connections to the database too."""
CLOCK = Viewer(Lane.CLOCK)


class Connected(Protocol):
    """A socket as the hints see it. `member` is None for a program; `counted_as` names whoever it is."""

    member: str | None
    counted_as: str
    subscriptions: dict[str, Subscription]

    async def look_again(self) -> None:
        """Is this caller still there, and may they still watch what they watch?"""
        ...


@dataclass(slots=True, eq=False)
class Changes:
    """`hear` is called with each notification: "alarm <id>", "link <network>", "member <id>", "token <id>";
    "" after the database was away, when anything may have changed."""

    runner: Runner
    trouble: Callable[[str, BaseException], None]
    connections: set[Connected] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def hear(self, hint: str) -> None:
        """Never waits; what it causes runs beside."""
        if not self.connections:
            return
        kind, _, key = hint.partition(" ")
        if kind in ("member", "token"):
            for one in [each for each in self.connections if each.counted_as == key]:
                self._start(one.look_again())
        elif kind:
            self._start(self._pass_on(kind, key))
        else:
            self._start(self._all_again())

    async def close(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: object) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: object) -> None:
        try:
            await work  # type: ignore[misc]
        except DATABASE_GONE:
            return  # the listener says "" once it is back
        except Exception as unexpected:  # noqa: BLE001 — one subscriber's trouble is nobody else's
            self.trouble("live", unexpected)

    def _watching(self, kind: str) -> list[tuple[Connected, Subscription]]:
        return [
            (one, each)
            for one in self.connections
            for each in one.subscriptions.values()
            if SOURCES[each.source].hint == kind
        ]

    async def _pass_on(self, kind: str, key: str) -> None:
        watching = self._watching(kind)
        if not watching:
            return
        source = SOURCES[watching[0][1].source]
        async with self.runner.turns(CLOCK) as turn:
            concerned = await source.concerned(turn, key)
        for one, each in watching:
            if one.member is None or one.member in concerned:
                self._start(self._one(each, key))

    async def _one(self, each: Subscription, key: str) -> None:
        async with self._room:
            await each.heard(key)

    async def _all_again(self) -> None:
        for one in list(self.connections):
            self._start(one.look_again())
        for kind in {source.hint for source in SOURCES.values()}:
            watching = self._watching(kind)
            if watching:
                async with self.runner.turns(CLOCK) as turn:
                    keys = await SOURCES[watching[0][1].source].everything(turn)
                for key in keys:
                    await self._pass_on(kind, key)

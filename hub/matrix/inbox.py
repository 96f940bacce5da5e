"""What a person has received and not looked at yet; waiting for more waits on an event, never on time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Heard:
    """One event somebody else sent. `verified`: made by a device of the sender that its owner signed.

    `wakes`: a phone would ring. `body` is what an app would show; empty for events that are no messages.
    """

    room: str
    event_id: str
    sender: str
    event_type: str
    content: Mapping[str, Any] = field(repr=False)
    body: str
    encrypted: bool
    verified: bool
    wakes: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody asks this person into a room."""

    room: str
    inviter: str
    reason: str
    direct: bool


class NothingCame(AssertionError):
    """What was waited for did not come in time."""


class Inbox(Generic[Thing]):
    """First in, first out, except for who waits for something particular."""

    def __init__(self) -> None:
        self._things: deque[Thing] = deque()
        self._news = asyncio.Condition()
        self._broken: BaseException | None = None

    async def put(self, thing: Thing) -> None:
        """Something came."""
        async with self._news:
            self._things.append(thing)
            self._news.notify_all()

    async def broke(self, why: BaseException) -> None:
        """Nothing more will come; whoever waits is told why."""
        async with self._news:
            self._broken = why
            self._news.notify_all()

    async def take(self, wanted: Callable[[Thing], bool], within_s: float) -> Thing:
        """The first thing that is wanted, taken out; others stay. Raises NothingCame."""
        try:
            async with asyncio.timeout(within_s), self._news:
                while True:
                    for thing in self._things:
                        if wanted(thing):
                            self._things.remove(thing)
                            return thing
                    if self._broken is not None:
                        raise self._broken
                    await self._news.wait()
        except TimeoutError as late:
            raise NothingCame(f"within {within_s} s; here is: {list(self._things)!r}") from late

    def all(self) -> list[Thing]:
        """What is here now."""
        return list(self._things)

    def clear(self) -> None:
        """Everything that is here was looked at."""
        self._things.clear()

"""Words are checked few at a time: a flood of guesses makes guessers wait, and nobody else.

Checking one takes 0.14 s and 64 MiB. Whoever waits here holds no connection to the database, so that pages go
on opening for everybody who is signed in; whoever comes behind many others is sent away at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from directory.core.text import say
from directory.refusals import Refusal

AT_ONCE = 2
MOST_WAITING = 50
"""About three and a half seconds of waiting."""
KEPT_FOR_KNOWN = 20
"""Of these places: whoever has no session yet cannot take them, however many come. A member who gives their
word, to stop an alarm or under threat, is not sent away because somebody floods the page to sign in."""
MOST_EACH = 2
"""One that is worked on and one that waits: who is signed in fills no queue that is everybody's."""
DERIVING = frozenset({"SetWord", "PrepareSecondPhrase", "PractiseSecondPhrase"})
"""Operations that check or keep a word."""
ACCOUNTS = "MakeChatAccount"
MOST_ACCOUNTS_WAITING = 20


class Busy(Refusal):
    """Very many ask for this at the same moment. Nothing was changed. Please try again in a few seconds."""

    default = say(
        "Very many ask for this at the same moment. Nothing was changed. Please try again in a few seconds."
    )


class Turnstile:
    """One for all pages and programs of a process."""

    def __init__(
        self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING, *, kept_for_known: int = 0
    ) -> None:
        self._few = asyncio.Semaphore(at_once)
        self._most = most_waiting
        self._kept = kept_for_known
        self._unknown = 0
        self._waiting = 0
        self._each: Counter[str] = Counter()

    @asynccontextmanager
    async def through(self, who: str | None = None) -> AsyncIterator[None]:
        """Wait for one's turn. Raises Busy when too many wait already, or this member twice. `who` is None
        before somebody is signed in."""
        if self._waiting >= self._most or (who and self._each[who] >= MOST_EACH):
            raise Busy
        if who is None and self._unknown >= self._most - self._kept:
            raise Busy
        if who:
            self._each[who] += 1
        try:
            async with self._turn(unknown=who is None):
                yield
        finally:
            if who and self._each[who] <= 1:
                del self._each[who]
            elif who:
                self._each[who] -= 1

    @asynccontextmanager
    async def _turn(self, *, unknown: bool) -> AsyncIterator[None]:
        self._waiting += 1
        self._unknown += unknown
        try:
            await self._few.acquire()
        finally:
            self._waiting -= 1
            self._unknown -= unknown
        try:
            yield
        finally:
            self._few.release()

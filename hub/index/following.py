"""Keeps the search index as it is in PostgreSQL, and knows how sure it is.

While people search it reads every 50 ms what was committed since. An answer comes from the index only while
the last reading that brought everything up to date began less than 200 ms ago, and after whatever the asker
wrote here themselves; else PostgreSQL answers. So a narrowed audience is out of every answer within that
time. When nobody searches it reads twice a second, which a small machine does not feel; the first who comes
then is answered by PostgreSQL.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from directory import search
from directory.core.questions import Plan
from directory.core.ranking import Place
from directory.core.viewer import Viewer
from directory.index import asking
from directory.index.catalogue import Catalogue
from directory.index.kept import Unkeepable
from directory.store import following as store
from directory.store.database import DATABASE_GONE, Database, Tx
from directory.store.search import Found
from directory.turn import Turn
from hub import log
from hub.store import latest

SURE_FOR = 0.2
"""Seconds after which what was read may be told no more."""
EVERY = 0.05
IDLE = 0.5
BUSY_FOR = 10.0
"""Seconds: between readings, the same while nobody searches, and how long a search keeps it awake."""
LONG = 1.0
"""Seconds without a reading after which what happened meanwhile may have been forgotten already."""
TOO_MANY = 20_000
"""Changed cards at once from which on filling it anew is faster."""
Elapsed = Callable[[], float]
"""Seconds on a clock that only goes forward."""


class Follower:
    """One index and the task that keeps it."""

    def __init__(self, database: Database, elapsed: Elapsed) -> None:
        self._database = database
        self.elapsed = elapsed
        self._wrote: dict[str, float] = {}
        self._sure_at = -1e9
        self._number = -1
        self._asked_at = -1e9
        self._wake = threading.Event()
        self.catalogue = Catalogue()
        self.people_changed: Callable[[Collection[str]], None] = _nobody_cares
        """Told of members whose rows, roles, sessions or own cards changed."""

    # --- Asked -------------------------------------------------------------------------------------------

    def serves(self, viewer: Viewer) -> bool:
        """May the index answer this viewer now?"""
        self._asked_at = self.elapsed()
        self._wake.set()
        return (
            self.elapsed() - self._sure_at <= SURE_FOR and self._wrote.get(_who(viewer), -1e9) < self._sure_at
        )

    def wrote(self, viewer: Viewer) -> None:
        """Something of this viewer was just committed here: what they read next holds it."""
        if len(self._wrote) > 10_000:
            self._wrote = {who: at for who, at in self._wrote.items() if at >= self._sure_at}
        self._wrote[_who(viewer)] = self.elapsed()

    async def find(
        self, turn: Turn, plan: Plan, *, leases_from: datetime, after: Place | None, first: int
    ) -> Found:
        """What directory/store/search.py finds, from memory while that is sure to be the same."""
        if not self.serves(turn.viewer):
            return await search.from_rows(turn, plan, leases_from=leases_from, after=after, first=first)
        own = await store.number_of(turn.tx, plan.without) if plan.without else None
        asked = asking.Moment(turn.now, leases_from, own)
        known = self.catalogue
        page = asking.find(known, asking.wanted(known, plan), asked, after=after, first=first)
        return Found(asking.hits(known, page.spots), page.next)

    # --- Kept up to date ---------------------------------------------------------------------------------

    async def run(self, url: str) -> None:
        """Follow until cancelled. While PostgreSQL is away nobody is answered anyway."""
        loop, ended, behind = asyncio.get_running_loop(), threading.Event(), asyncio.Event()

        def heard(number: int, asked: float) -> None:
            if number == self._number:
                self._sure_at = max(self._sure_at, asked)
            else:
                loop.call_soon_threadsafe(behind.set)

        arguments = (url, self._pause, self.elapsed, heard, ended)
        threading.Thread(target=latest.watch, args=arguments, daemon=True).start()
        try:
            while await self._caught_up():
                behind.clear()
                await behind.wait()
        finally:
            ended.set()
            self._wake.set()

    def _pause(self) -> None:
        """In the watching thread."""
        if self.elapsed() - self._asked_at < BUSY_FOR:
            time.sleep(EVERY)
        else:
            self._wake.clear()
            self._wake.wait(IDLE)

    async def _caught_up(self) -> bool:
        """Follow once, when PostgreSQL is there; False when this program does not know what is written."""
        while True:
            try:
                await self.follow()
            except DATABASE_GONE as gone:
                log.trouble("the search index lost its database", error=type(gone).__name__)
                await asyncio.sleep(LONG)
            except Unkeepable as unknown:
                log.trouble("searches ask the database", error=type(unknown).__name__)
                return False
            else:
                return True

    async def follow(self) -> None:
        """Read what was committed since the last time. Raises Unkeepable."""
        async with self._database.transaction() as tx:
            began = self.elapsed()
            is_late = began - self._sure_at > LONG
            if self._number < 0 or (is_late and not await store.reaches_back_to(tx, self._number)):
                await self._fill(tx)
                began = self.elapsed()
            changes = await store.since(tx, self._number)
            if len(changes.cards) > TOO_MANY:
                await self._fill(tx)
            else:
                await self._apply(tx, changes)
                self._sure_at = max(self._sure_at, began)

    async def _fill(self, tx: Tx) -> None:
        number = await store.latest(tx)
        catalogue = Catalogue()
        async for cards in store.every_card(tx):
            catalogue.append(cards)
            await asyncio.sleep(0)
        catalogue.filled()
        catalogue.call(await store.names(tx), await store.decoyed(tx))
        self.catalogue, self._number = catalogue, number

    async def _apply(self, tx: Tx, changes: store.Changes) -> None:
        if changes.names:
            self.catalogue.call(await store.names(tx), await store.decoyed(tx))
        for network in changes.leases:
            self.catalogue.renew(await store.leases(tx, network))
        for some in _some(changes.cards):
            cards = await store.numbered(tx, some)
            self.catalogue.change(some, cards)
            self.people_changed([card.member for card in cards if card.member is not None])
        self.people_changed(changes.people)
        self._number = changes.number


def _nobody_cares(_members: Collection[str]) -> None:
    """Until somebody does."""


def _who(viewer: Viewer) -> str:
    return viewer.member or viewer.lane.value


def _some(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[at : at + store.AT_ONCE] for at in range(0, len(ordered), store.AT_ONCE))

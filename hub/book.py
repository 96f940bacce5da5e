"""Keeps what a process says in step with what this network changed: read at the start and at every change."""

from __future__ import annotations

import asyncio

from directory import languages
from directory.store import wordings
from directory.store.database import DATABASE_GONE, Database
from hub import log


async def read(database: Database) -> None:
    """From now on this process says what the tables hold."""
    async with database.transaction() as tx:
        languages.use(await wordings.book(tx))


class Reader:
    """Reads the book again whenever it was changed: `changed` is what hears the notification."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = asyncio.Event()

    def changed(self, _payload: str) -> None:
        """Something in it is new."""
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled. A database that is away notifies again when it is back."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await read(self._database)
            except DATABASE_GONE as lost:
                log.trouble("changed texts could not be read", error=type(lost).__name__)

"""A connection that PostgreSQL closed is never given out, and how far a bot has listened is kept whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import partial

import psycopg
from conftest import migrated
from fixtures_embedded import eventually
from sqlalchemy import text

from directory.store.database import Database
from directory.store.guarded import Guard
from hub.matrix.hearing import Position
from hub.store.positions import KeptPosition

Fresh = Callable[..., AbstractAsyncContextManager[str]]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def who(database: Database) -> int:
    async with database.transaction() as tx:
        return int((await tx.execute(text("select pg_backend_pid()"))).scalar_one())


async def gone(pid: int) -> bool:
    """Has it closed its sockets?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_after_postgresql_closed_all_connections_the_next_page_is_answered(
    fresh_database: Fresh,
) -> None:
    async with fresh_database(migrated) as url:
        database = Database(url)
        before = await who(database)
        assert await who(database) == before, "one connection does the work while it lives"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("select pg_terminate_backend(%s)", (before,))
        await eventually(partial(gone, before))
        assert await who(database) != before
        await database.close()


async def test_how_far_an_account_listened_is_saved_at_once_and_read_again(
    fresh_database: Fresh, guard: Guard
) -> None:
    async with fresh_database(migrated) as url:
        database = Database(url)
        kept = KeptPosition("bot", database, guard, lambda: NOON)
        assert await kept.load() == Position(None, {})
        await kept.save(Position("s1", {"!one:a": "$1", "!two:a": "$2"}))
        await kept.save(Position("s2", {"!two:a": "$3"}))
        assert await kept.load() == Position("s2", {"!one:a": "$1", "!two:a": "$3"})
        await database.close()

"""One process owns a bot's device: a session lock in PostgreSQL, and a number that fences off the last one.

A device has one ratchet; two processes with it corrupt it. The lock is free the moment its owner's
connection ends, so a standby that waits for it takes over at once when the owner is killed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg

HEARTBEAT_S = 2.0
ANSWER_WITHIN_S = 3.0

_DEAD_PEER = (  # how soon the server notices that the owner's machine is gone, not only its process
    "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3;"
    "SET tcp_user_timeout = 5000"
)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Proof of owning `account`'s device. Every owner's `fence` is greater than that of the one before."""

    account: str
    fence: int
    _connection: psycopg.AsyncConnection[tuple[object, ...]]

    async def lost(self) -> None:
        """Returns when the lock may be somebody else's: stop using the device then."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    await self._connection.execute("SELECT 1")
            except (psycopg.Error, TimeoutError):
                return


@asynccontextmanager
async def owned(url: str, account: str, *, clock: Callable[[], datetime]) -> AsyncIterator[Ownership]:
    """Wait until nobody else owns the device of `account`, then own it until the block ends.

    Raises psycopg.OperationalError when PostgreSQL cannot be reached.
    """
    connection = await psycopg.AsyncConnection.connect(
        url, autocommit=True, connect_timeout=5, application_name=f"ayni owner {account}"
    )
    try:
        await connection.execute(_DEAD_PEER)
        await connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (f"owner of {account}",))
        answer = await connection.execute(
            "INSERT INTO owners (account, fence, since) VALUES (%s, 1, %s)"
            " ON CONFLICT (account) DO UPDATE SET fence = owners.fence + 1, since = excluded.since"
            " RETURNING fence",
            (account, clock()),
        )
        row = await answer.fetchone()
        assert row is not None
        yield Ownership(account, int(row[0]), connection)
    finally:
        await connection.close()

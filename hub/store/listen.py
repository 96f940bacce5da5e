"""Hears NOTIFY from PostgreSQL, so that a row written by `door` is acted on by `care` at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import psycopg
from psycopg import sql

from hub import log

RECONNECT_S = 0.5


async def listen(url: str, channels: Mapping[str, Callable[[str], None]]) -> None:
    """Call `channels[name](payload)` for each notification until cancelled.

    After a lost connection every channel is called once with "": whatever was notified meanwhile is
    looked for, so a notification is a hint and never the only way to learn of a row.
    """
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                for name in channels:
                    await connection.execute(sql.SQL("listen {}").format(sql.Identifier(name)))
                for wake in channels.values():
                    wake("")
                async for note in connection.notifies():
                    channels[note.channel](note.payload)
        except psycopg.OperationalError as lost:
            log.trouble("notifications lost their database", error=type(lost).__name__)
        await asyncio.sleep(RECONNECT_S)

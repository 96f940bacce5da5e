"""The one door to PostgreSQL: a pool, transactions, and the metadata all tables are declared in."""

from __future__ import annotations

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.event import listen
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from directory.store.recall import forgetful

Tx = AsyncConnection

DATABASE_GONE = (OperationalError, InterfaceError, OSError)
"""What is raised while PostgreSQL is away. Whoever runs for ever waits and tries again."""

_LIGHTLY = "ayni lightly"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Database:
    """An engine and how to begin on it. `url` is a libpq-style `postgresql://…`."""

    def __init__(self, url: str, *, pool: int = 5, application: str = "ayni") -> None:
        self.engine: AsyncEngine = create_async_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=pool,
            max_overflow=pool,
            pool_use_lifo=True,  # few connections do most of the work, and have its statements prepared
            hide_parameters=True,  # an error that reaches a log names no values
            connect_args={"application_name": application, "prepare_threshold": 1},
        )
        forgetful(self.engine.sync_engine)
        listen(self.engine.sync_engine, "checkout", self._look)

    def _look(self, connection: Any, _record: object, _given_out: object) -> None:
        """Ask a connection whether it lives only when its socket has something to say: PostgreSQL closes it
        when it ends. Asking each time would cost as much as a statement; a network that was cut shows in
        neither way before one has waited.
        """
        socket = select.poll()
        socket.register(connection.driver_connection.fileno(), select.POLLIN)
        if not socket.poll(0):
            return
        dialect = self.engine.sync_engine.dialect
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as why:
            raise InvalidatePoolError from why

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Committed when the block ends well, undone whole when it raises."""
        async with self.engine.begin() as tx:
            tx.info.pop(_LIGHTLY, None)
            yield tx

    async def close(self) -> None:
        """Give every connection back; nothing can be asked afterwards."""
        await self.engine.dispose()


def lightly(tx: Tx) -> None:
    """This transaction was told to be done before the disk has it (directory/store/budgets.py)."""
    tx.info[_LIGHTLY] = True


async def surely(tx: Tx) -> None:
    """Something is written that people rely on: whatever was said before, this waits for the disk."""
    if tx.info.pop(_LIGHTLY, False):
        await tx.execute(text("SET LOCAL synchronous_commit TO DEFAULT"))

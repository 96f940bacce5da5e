"""A bot device's sealed rows in PostgreSQL. Synchronous, because nio's Olm machine is.

Writes are collected and written by `flush` in one transaction that first checks the fence: a process that
lost the device to a standby cannot write over its ratchets any more (DESIGN 2).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import psycopg

from hub.trouble import Trouble

_Name = tuple[str, bytes]
_Connection = psycopg.Connection[tuple[Any, ...]]


class LostDevice(Trouble):
    """Another process owns this bot's device now. This one has to stop using it."""


class PostgresRows:
    """hub.matrix.rows.CryptoRows of one account (`bot`, `envoy`). `fence` comes from ownership.owned.

    `flush` may run in a worker thread while the loop goes on reading and writing; reads see what is pending.
    """

    def __init__(self, url: str, account: str, fence: int) -> None:
        self._url = url
        self._account = account
        self._fence = fence
        self._lock = threading.Lock()
        self._pending: dict[_Name, bytes | None] = {}
        self._leaving: dict[_Name, bytes | None] = {}
        self._reader: _Connection | None = None  # two, so that a read never lands in a flush's transaction
        self._writer: _Connection | None = None

    def get(self, shelf: str, key: bytes) -> bytes | None:
        """The value as last put, flushed or not."""
        for waiting in (self._pending, self._leaving):
            if (shelf, key) in waiting:
                return waiting[shelf, key]
        row = self._db().execute(
            "SELECT value FROM crypto_rows WHERE account = %s AND shelf = %s AND key = %s",
            (self._account, shelf, key),
        )
        found = row.fetchone()
        return None if found is None else found[0]

    def put(self, shelf: str, key: bytes, value: bytes) -> None:
        """Durable after the next `flush`."""
        with self._lock:
            self._pending[shelf, key] = value

    def delete(self, shelf: str, key: bytes) -> None:
        """Gone after the next `flush`; what the old value was stays in PostgreSQL's pages until vacuum."""
        with self._lock:
            self._pending[shelf, key] = None

    def iterate(self, shelf: str) -> Iterator[tuple[bytes, bytes]]:
        """All rows of a shelf, pending ones included."""
        rows = self._db().execute(
            "SELECT key, value FROM crypto_rows WHERE account = %s AND shelf = %s", (self._account, shelf)
        )
        found: dict[bytes, bytes | None] = dict(rows.fetchall())
        for waiting in (self._leaving, self._pending):
            found.update({key: value for (where, key), value in waiting.items() if where == shelf})
        return ((key, value) for key, value in found.items() if value is not None)

    def flush(self) -> None:
        """Write everything pending. Raises LostDevice, or psycopg.Error; then it all stays pending."""
        with self._lock:
            if not self._pending:
                return
            self._leaving, self._pending = self._pending, {}
        try:
            self._write(self._leaving)
        except BaseException:
            with self._lock:
                self._pending = self._leaving | self._pending
                self._leaving = {}
            raise
        with self._lock:
            self._leaving = {}

    def close(self) -> None:
        """Give the connections back; what was not flushed is lost."""
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None

    def _write(self, rows: dict[_Name, bytes | None]) -> None:
        puts = [
            (self._account, shelf, key, value) for (shelf, key), value in rows.items() if value is not None
        ]
        gone = [(self._account, shelf, key) for (shelf, key), value in rows.items() if value is None]
        self._writer = self._open(self._writer)
        with self._writer.transaction(), self._writer.cursor() as cursor:
            cursor.execute("SELECT fence FROM owners WHERE account = %s FOR SHARE", (self._account,))
            if cursor.fetchone() != (self._fence,):
                raise LostDevice
            if puts:
                cursor.executemany(
                    "INSERT INTO crypto_rows (account, shelf, key, value) VALUES (%s, %s, %s, %s)"
                    " ON CONFLICT (account, shelf, key) DO UPDATE SET value = excluded.value",
                    puts,
                )
            if gone:
                cursor.executemany(
                    "DELETE FROM crypto_rows WHERE account = %s AND shelf = %s AND key = %s", gone
                )

    def _db(self) -> _Connection:
        self._reader = self._open(self._reader)
        return self._reader

    def _open(self, held: _Connection | None) -> _Connection:
        """The connection held, or a new one when it broke."""
        if held is None or held.closed or held.broken:
            return psycopg.connect(
                self._url, autocommit=True, connect_timeout=5, application_name="ayni ratchets"
            )
        return held

"""Where a device's ratchets lie: rows whose keys are digests and whose values are sealed.

A seized store must not be a social graph (THREATS 4): no user id, room id or device name is a column or a
key.
Writes are collected and made durable together by `flush`, which the account calls before anything that
depends on them leaves the process (a one-time key, a ratchet step, the sync position).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from directory import crypto
from hub import log
from hub.trouble import Trouble

VITAL = frozenset({"account", "identity", "meta"})
"""Shelves without which a device is no device: when one of their rows was altered, it must not go on."""


class AlteredStore(Trouble):
    """A row of a bot's device was altered, so this device cannot be trusted. Restore it from a backup, whole:
    store, keys and device are one unit."""

    needs_person = True


class CryptoRows(Protocol):
    """Sealed rows of one account. Nothing here opens them."""

    def get(self, shelf: str, key: bytes) -> bytes | None: ...
    def put(self, shelf: str, key: bytes, value: bytes) -> None: ...
    def delete(self, shelf: str, key: bytes) -> None: ...
    def iterate(self, shelf: str) -> Iterator[tuple[bytes, bytes]]: ...
    def flush(self) -> None:
        """Everything put or deleted so far is durable when this returns, or it raises and stays pending."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """How rows are hidden. `seal`/`open` take (shelf, row key, bytes); `digest` takes (shelf, name)."""

    seal: Callable[[str, bytes, bytes], bytes]
    open: Callable[[str, bytes, bytes], bytes]
    digest: Callable[[str, bytes], bytes]


def sealing(key: bytes, *, account: str, kid: str, chance: crypto.Chance) -> Sealing:
    """Rows of `account` under one 32-byte key of the Watch ring; a row moved to another shelf or key won't
    open.
    """
    table = f"crypto_rows/{account}"

    def seal(shelf: str, row: bytes, plain: bytes) -> bytes:
        return crypto.seal_field(
            key, table=table, column=shelf, row=row.hex(), kid=kid, plaintext=plain, chance=chance
        )

    def open_(shelf: str, row: bytes, sealed: bytes) -> bytes:
        return crypto.open_field(key, table=table, column=shelf, row=row.hex(), kid=kid, sealed=sealed)

    def digest(shelf: str, name: bytes) -> bytes:
        return crypto.digest(key, f"{table}/{shelf}", name)

    return Sealing(seal, open_, digest)


@dataclass(frozen=True, slots=True)
class Shelves:
    """Named values on shelves: blinds the name, seals the value, forgets nothing and explains nothing on
    disk.

    A row that was altered is no reason to stop listening: it opens nothing, so it is named in the log, thrown
    away, and counts as never written. What wanted it is then a message without a key, which becomes a
    question whether somebody needs help. Of the shelves in VITAL it raises AlteredStore.
    """

    rows: CryptoRows
    sealing: Sealing

    def get(self, shelf: str, name: str) -> bytes | None:
        """The value put under this name, or None. Raises AlteredStore."""
        key = self.sealing.digest(shelf, name.encode())
        sealed = self.rows.get(shelf, key)
        return None if sealed is None else self._open(shelf, key, sealed)

    def has(self, shelf: str, name: str) -> bool:
        """Does anything lie under this name, altered or not?"""
        return self.rows.get(shelf, self.sealing.digest(shelf, name.encode())) is not None

    def put(self, shelf: str, name: str, value: bytes) -> None:
        """Replace what lies under this name."""
        key = self.sealing.digest(shelf, name.encode())
        self.rows.put(shelf, key, self.sealing.seal(shelf, key, value))

    def delete(self, shelf: str, name: str) -> None:
        """Nothing lies under this name afterwards."""
        self.rows.delete(shelf, self.sealing.digest(shelf, name.encode()))

    def values(self, shelf: str) -> Iterator[bytes]:
        """Every value of one shelf, in no order; names are not kept, so values must name themselves. Raises
        AlteredStore."""
        for key, sealed in list(self.rows.iterate(shelf)):
            if (value := self._open(shelf, key, sealed)) is not None:
                yield value

    def _open(self, shelf: str, key: bytes, sealed: bytes) -> bytes | None:
        try:
            return self.sealing.open(shelf, key, sealed)
        except crypto.CannotOpen as altered:
            if shelf in VITAL:
                raise AlteredStore from altered
        log.trouble("a row of a bot's store was altered", kind=shelf, error=AlteredStore.__name__)
        self.rows.delete(shelf, key)
        return None


class MemoryRows:
    """Rows of a person's client: in memory, and in one file when it is told where. The rows in it are
    sealed.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._rows: dict[tuple[str, bytes], bytes] = {}
        if file is not None and file.exists():
            self._rows = msgspec.msgpack.decode(file.read_bytes(), type=dict[tuple[str, bytes], bytes])

    def get(self, shelf: str, key: bytes) -> bytes | None:
        return self._rows.get((shelf, key))

    def put(self, shelf: str, key: bytes, value: bytes) -> None:
        self._rows[(shelf, key)] = value

    def delete(self, shelf: str, key: bytes) -> None:
        self._rows.pop((shelf, key), None)

    def iterate(self, shelf: str) -> Iterator[tuple[bytes, bytes]]:
        return ((key, value) for (where, key), value in self._rows.items() if where == shelf)

    def flush(self) -> None:
        """Replaces the file whole, so that a crash leaves the old one or the new one."""
        if self._file is None:
            return
        fresh = self._file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(msgspec.msgpack.encode(self._rows))
        fresh.replace(self._file)

"""A stream of bytes of any length, sealed in pieces: none can be changed, moved, left out or cut off."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from directory import crypto
from directory.store.guarded import RingKey
from hub.trouble import Trouble

PIECE = 1 << 20
_LENGTH = struct.Struct(">I")
_MOST = PIECE + 4096
KID = "backup"


class Spoilt(Trouble):
    """The file {name} of this backup is cut short or was changed. Nothing was restored from it. Take another
    backup: ayni restore FOLDER --at DAY"""

    needs_person = True


@dataclass(frozen=True, slots=True)
class BackupKey:
    """What one backup is sealed with: made from the Archive key and a salt that lies open beside it."""

    backup: str
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, archive: RingKey, backup: str, salt: bytes) -> BackupKey:
        """`backup` names it; a file moved to another backup does not open."""
        return cls(backup, crypto.digest(archive.key, "backup", backup.encode() + b"\0" + salt))

    def _row(self, number: int, *, last: bool) -> str:
        return f"{self.backup}/{number}/{'last' if last else 'more'}"

    def seal(self, pieces: Iterable[bytes], out: BinaryIO, name: str, chance: crypto.Chance) -> int:
        """Write a stream under this name; how many bytes went in."""
        total, number = 0, 0
        waiting: bytes | None = None
        for piece in _even(pieces):
            if waiting is not None:
                self._write(out, waiting, name, number, chance, last=False)
                number += 1
            waiting = piece
            total += len(piece)
        self._write(out, waiting or b"", name, number, chance, last=True)
        return total

    def _write(
        self, out: BinaryIO, piece: bytes, name: str, number: int, chance: crypto.Chance, *, last: bool
    ) -> None:
        sealed = crypto.seal_field(
            self.key,
            table=KID,
            column=name,
            row=self._row(number, last=last),
            kid=KID,
            plaintext=piece,
            chance=chance,
        )
        out.write(_LENGTH.pack(len(sealed) << 1 | last) + sealed)

    def open(self, source: BinaryIO, name: str) -> Iterator[bytes]:
        """The stream again. Raises Spoilt where it does not hold, before that piece is given out."""
        number, last = 0, False
        while not last:
            head = source.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                raise Spoilt(name=name)
            length = _LENGTH.unpack(head)[0]
            length, last = length >> 1, bool(length & 1)
            sealed = source.read(min(length, _MOST))
            row = self._row(number, last=last)
            try:
                yield crypto.open_field(self.key, table=KID, column=name, row=row, kid=KID, sealed=sealed)
            except crypto.CannotOpen:
                raise Spoilt(name=name) from None
            number += 1


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size, the last one shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)

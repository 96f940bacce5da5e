"""Guarded columns: sealed before they reach a row, opened only where a rule has said yes.

Two rings (DESIGN 4.9). *Watch* opens without people, so that alarms outlive a power cut. *Archive* may be
closed; then whatever it seals cannot be read, and `HubSealed` is raised with the sentence a person sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from directory import crypto


class HubSealed(Exception):
    """This hub is being opened: records cannot be read yet. Alarms and check-ins are running."""


@dataclass(frozen=True, slots=True)
class RingKey:
    """One ring's key: 32 bytes, and the short id written in front of what it seals."""

    kid: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Guard:
    """Seals and opens fields of rows. Moving a sealed value to another row or column makes it unreadable."""

    watch: RingKey
    archive: RingKey | None
    chance: crypto.Chance

    def seal(self, table: str, column: str, row: str, value: str | bytes, *, watch: bool = False) -> bytes:
        """Seal under the Archive ring, or under the Watch ring for what alarms need."""
        ring = self._ring(watch)
        data = value.encode() if isinstance(value, str) else value
        return crypto.seal_field(
            ring.key, table=table, column=column, row=row, kid=ring.kid, plaintext=data, chance=self.chance
        )

    def open(self, table: str, column: str, row: str, sealed: bytes, *, watch: bool = False) -> bytes:
        """Open what `seal` made for the same table, column and row."""
        ring = self._ring(watch)
        return crypto.open_field(ring.key, table=table, column=column, row=row, kid=ring.kid, sealed=sealed)

    def seal_fields(
        self, table: str, row: str, fields: Mapping[str, object], *, watch: bool = False
    ) -> bytes:
        """Seal several small fields as one value (column `guarded`)."""
        return self.seal(table, "guarded", row, msgspec.json.encode(dict(fields)), watch=watch)

    def open_fields(
        self, table: str, row: str, sealed: bytes | None, *, watch: bool = False
    ) -> dict[str, object]:
        """The fields that `seal_fields` sealed; none for an empty column."""
        if sealed is None:
            return {}
        return msgspec.json.decode(
            self.open(table, "guarded", row, sealed, watch=watch), type=dict[str, object]
        )

    def digest(self, purpose: str, value: str) -> bytes:
        """A keyed digest for looking a guarded value up without storing it (Matrix ids, codes)."""
        return crypto.digest(self.watch.key, purpose, value.encode())

    def _ring(self, watch: bool) -> RingKey:
        if watch:
            return self.watch
        if self.archive is None:
            raise HubSealed
        return self.archive

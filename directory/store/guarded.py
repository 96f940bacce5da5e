"""Guarded columns: sealed before they reach a row, opened only where a rule has said yes.

Two rings (DESIGN 4.9). *Watch* opens without people, so that alarms outlive a power cut. *Archive* may be
closed; then whatever it seals cannot be read, and `HubSealed` is raised with the sentence a person sees.
What a person says of themselves is sealed under a key of their own (`person=`), which only the Archive ring
opens and which is destroyed when they leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from directory import crypto


class HubSealed(Exception):
    """This hub is being opened: records cannot be read yet. Alarms and check-ins are running."""


class Erased(crypto.CannotOpen):
    """The person this was about left, and the key to it was destroyed. Nobody can read it again."""


@dataclass(frozen=True, slots=True)
class RingKey:
    """One ring's key: 32 bytes, and the short id written in front of what it seals."""

    kid: str
    key: bytes = field(repr=False)


class Slots(Protocol):
    """Where persons' keys lie, each in a numbered place that can be overwritten (hub/custody/slots.py)."""

    def new(self, slot: int, archive: Sequence[RingKey]) -> None:
        """Make a key in this place."""

    def key(self, slot: int, archive: Sequence[RingKey]) -> bytes:
        """The key in this place, opened by one of these keys of the Archive ring. Raises Erased."""

    def destroy(self, slot: int) -> None:
        """Make this key unreadable for ever. Needs no open ring and no room on the disk."""


@dataclass(slots=True)
class PassingSlots:
    """Slots that last as long as this object, for what has no data folder. Nothing real is kept in them."""

    keys: dict[int, bytes] = field(default_factory=dict, repr=False)

    def new(self, slot: int, archive: Sequence[RingKey]) -> None:
        """Make a key in this place."""
        self.keys[slot] = crypto.digest(archive[0].key, "passing-slot", str(slot).encode())

    def key(self, slot: int, archive: Sequence[RingKey]) -> bytes:
        """The key in this place."""
        if slot not in self.keys or not archive:
            raise Erased
        return self.keys[slot]

    def destroy(self, slot: int) -> None:
        """Forget this key."""
        self.keys.pop(slot, None)


@dataclass(slots=True, eq=False)
class Guard:
    """Seals and opens fields of rows. Moving a sealed value to another row or column makes it unreadable.

    One object a process: `unseal` opens the Archive ring for everybody who holds it. `earlier` are keys of
    the Archive ring that a rotation is replacing: they open, and seal nothing any more.
    """

    watch: RingKey
    archive: RingKey | None
    chance: crypto.Chance
    earlier: tuple[RingKey, ...] = ()
    slots: Slots = field(default_factory=PassingSlots)

    @property
    def sealed(self) -> bool:
        """Is the Archive ring closed?"""
        return self.archive is None

    def unseal(self, archive: RingKey, earlier: tuple[RingKey, ...] = ()) -> None:
        """Open the Archive ring. Whoever calls this has checked that it is the right key."""
        self.archive, self.earlier = archive, earlier

    def seal(
        self,
        table: str,
        column: str,
        row: str,
        value: str | bytes,
        *,
        watch: bool = False,
        person: int | None = None,
    ) -> bytes:
        """Seal under the Archive ring; under the Watch ring for what alarms need; under a person's own key.

        `person` is the number of their slot (directory/store/person_keys.py). Raises HubSealed.
        """
        ring = self._ring(watch) if person is None else self._person(person)
        data = value.encode() if isinstance(value, str) else value
        return crypto.seal_field(
            ring.key, table=table, column=column, row=row, kid=ring.kid, plaintext=data, chance=self.chance
        )

    def open(self, table: str, column: str, row: str, sealed: bytes, *, watch: bool = False) -> bytes:
        """Open what `seal` made for the same table, column and row. Raises HubSealed, Erased, CannotOpen."""
        ring = self.watch if watch else self._named(sealed)
        return crypto.open_field(ring.key, table=table, column=column, row=row, kid=ring.kid, sealed=sealed)

    def seal_fields(
        self,
        table: str,
        row: str,
        fields: Mapping[str, object],
        *,
        watch: bool = False,
        person: int | None = None,
    ) -> bytes:
        """Seal several small fields as one value (column `guarded`)."""
        return self.seal(table, "guarded", row, msgspec.json.encode(dict(fields)), watch=watch, person=person)

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

    def new_person(self, slot: int) -> None:
        """Make the key of a person, in a slot nobody had before. Raises HubSealed."""
        self.slots.new(slot, (self._ring(watch=False), *self.earlier))

    def _ring(self, watch: bool) -> RingKey:
        if watch:
            return self.watch
        if self.archive is None:
            raise HubSealed
        return self.archive

    def _person(self, slot: int) -> RingKey:
        archive = self._ring(watch=False)
        return RingKey(f"p{slot}", self.slots.key(slot, (archive, *self.earlier)))

    def _named(self, sealed: bytes) -> RingKey:
        """Which key of the Archive ring, or of a person, this asks for."""
        archive = self._ring(watch=False)
        kid = crypto.kid_of(sealed)
        if kid[:1] == "p" and kid[1:].isdecimal():
            return self._person(int(kid[1:]))
        return next((ring for ring in self.earlier if ring.kid == kid), archive)

"""At most 65,536 cards in the order of their numbers, and for each tag a bitmap of the places that carry it.

The newest card has the lowest place, so that a bitmap read from its beginning is read from the newest. Cut
like this, most walks end in the first chunk: a page of a common question costs as much in five million cards
as in a hundred thousand.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from directory.index.kept import opened

SIZE = 65_536
REMEMBERED = 128
"""Unions of several tags that a chunk keeps."""
NOTHING = BitMap()
"""Not to be changed."""
FOR_EVER = 2**62
"""The lease of a card of our own."""
Tags = tuple[int, ...]
"""Numbers of tags, in order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One card on its way into a chunk. Times in microseconds since 1970; `origin` a small number."""

    number: int
    fresh: int
    lease: int
    origin: int
    record: bytes


class Chunk:
    """Cards in the order of their numbers. A place is `top` less how many came before."""

    __slots__ = ("_top", "_unions", "alive", "fresh", "lease", "numbers", "origin", "records", "tags")

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """`rows` by rising number, at most SIZE."""
        self._begin()
        for row in rows:
            self._append(row)
        self._fill()

    def _begin(self) -> None:
        self._top = SIZE - 1
        self.numbers, self.fresh, self.lease = array("q"), array("q"), array("q")
        self.origin, self.records = array("H"), list[bytes]()
        self.tags: dict[int, BitMap] = {}
        self.alive = BitMap()
        self._unions: dict[Tags, BitMap] = {}

    def _append(self, row: Row) -> None:
        self.numbers.append(row.number)
        self.fresh.append(row.fresh)
        self.lease.append(row.lease)
        self.origin.append(row.origin)
        self.records.append(row.record)

    def _fill(self) -> None:
        places: dict[int, array[int]] = {}
        for at, record in enumerate(self.records):
            for tag in array("H", opened(record).tags):
                found = places.get(tag)
                if found is None:
                    found = places[tag] = array("I")
                found.append(self._top - at)
        self.tags = {tag: BitMap(found) for tag, found in places.items()}
        self.pack()
        self.alive = BitMap(range(self._top - len(self.records) + 1, self._top + 1))

    def pack(self) -> None:
        """Give back what the bitmaps do not need."""
        for bitmap in self.tags.values():
            bitmap.run_optimize()
            bitmap.shrink_to_fit()

    def __len__(self) -> int:
        return len(self.alive)

    @property
    def is_full(self) -> bool:
        """Is there no room for another card?"""
        return len(self.records) >= SIZE

    def at(self, place: int) -> int:
        """Where in the columns a place is."""
        return self._top - place

    def any_of(self, tags: Tags) -> BitMap:
        """The places of cards with at least one of these tags. The answer is not to be changed."""
        if len(tags) == 1:
            return self.tags.get(tags[0], NOTHING)
        known = self._unions.get(tags)
        if known is None:
            if len(self._unions) >= REMEMBERED:
                self._unions.clear()
            found = [self.tags[tag] for tag in tags if tag in self.tags]
            known = self._unions[tags] = BitMap.union(*found) if found else BitMap()
        return known

    def rows(self) -> Iterator[Row]:
        """What is here, by rising number."""
        for at, number in enumerate(self.numbers):
            if self._top - at in self.alive:
                yield Row(number, self.fresh[at], self.lease[at], self.origin[at], self.records[at])

    def up_to(self, number: int) -> int:
        """The lowest place of a card with this number or a smaller one."""
        at = bisect_left(self.numbers, number + 1)
        return self._top - at + 1

    def take_out(self, number: int) -> None:
        """This card is not here any more."""
        place = self._place(number)
        if place is not None and place in self.alive:
            self._untag(place)
            self.alive.discard(place)

    def put(self, row: Row) -> bool:
        """Keep this card; False when there is no room for it in its place: the chunk must be made anew."""
        place = self._place(row.number)
        if place is None:
            if self.is_full or (self.numbers and row.number < self.numbers[-1]):
                return False
            self._append(row)
            place = self._top - len(self.records) + 1
        else:
            if place in self.alive:
                self._untag(place)
            at = self._top - place
            self.fresh[at], self.lease[at] = row.fresh, row.lease
            self.origin[at], self.records[at] = row.origin, row.record
        self.alive.add(place)
        self._tag(place)
        return True

    def tags_of(self, number: int) -> array[int]:
        """The tags of the card of this number."""
        place = self._place(number)
        here = place is not None and place in self.alive
        return array("H", opened(self.records[self._top - place]).tags) if here and place else array("H")

    def renew(self, number: int, lease: int) -> None:
        """Its lease ends at another time."""
        place = self._place(number)
        if place is not None:
            self.lease[self._top - place] = lease

    def _place(self, number: int) -> int | None:
        at = bisect_left(self.numbers, number)
        return self._top - at if at < len(self.numbers) and self.numbers[at] == number else None

    def _tag(self, place: int) -> None:
        carried = array("H", opened(self.records[self._top - place]).tags)
        for tag in carried:
            bitmap = self.tags.get(tag)
            if bitmap is None:
                bitmap = self.tags[tag] = BitMap()
            bitmap.add(place)
        for union, bitmap in self._unions.items():
            if not set(carried).isdisjoint(union):
                bitmap.add(place)

    def _untag(self, place: int) -> None:
        for tag in array("H", opened(self.records[self._top - place]).tags):
            self.tags[tag].discard(place)
        for bitmap in self._unions.values():
            bitmap.discard(place)

    # --- Saved -------------------------------------------------------------------------------------------

    def columns(self) -> tuple[bytes, bytes, bytes, bytes]:
        """Numbers, times and origins as they lie in memory."""
        return (self.numbers.tobytes(), self.fresh.tobytes(), self.lease.tobytes(), self.origin.tobytes())

    @classmethod
    def restored(
        cls, columns: Sequence[bytes], records: list[bytes], tags: Iterable[tuple[int, bytes]], alive: bytes
    ) -> Chunk:
        """A chunk as it was saved."""
        chunk = cls.__new__(cls)
        chunk._begin()
        kept = (chunk.numbers, chunk.fresh, chunk.lease, chunk.origin)
        for column, saved in zip(kept, columns, strict=True):
            column.frombytes(saved)
        chunk.records = records
        chunk.tags = {tag: BitMap.deserialize(saved) for tag, saved in tags}
        chunk.alive = BitMap.deserialize(alive)
        return chunk

"""Every card that can be found, in chunks by rising number, and what changes them.

Nothing here knows who asks: directory/index/asking.py does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from directory.index.chunk import FOR_EVER, SIZE, Chunk, Row
from directory.index.kept import Numbers, record
from directory.store.following import FollowedCard, NetworkName

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """A time as a whole number of microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND


def moment(micro: int) -> datetime:
    """The time again."""
    return EPOCH + timedelta(microseconds=micro)


@dataclass
class Catalogue:
    """`names` says what network each origin is, `decoys` which cards stand for nobody.

    `edition` grows with every change of what an answer could hold.
    """

    numbers: Numbers = field(default_factory=Numbers)
    origins: list[str] = field(default_factory=list)
    names: Mapping[str, NetworkName] = field(default_factory=dict)
    decoys: frozenset[str] = frozenset()
    chunks: list[Chunk] = field(default_factory=list)
    edition: int = 0
    _waiting: list[Row] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.chunks))

    def call(self, names: Iterable[NetworkName], decoys: Collection[str] = ()) -> None:
        """What networks are called, which of them are linked with us now, and which cards are decoys."""
        self.names = {name.id: name for name in names}
        self.decoys = frozenset(decoys)
        self.edition += 1

    def append(self, cards: Iterable[FollowedCard]) -> None:
        """Cards with greater numbers than all that are here, in order: for filling it."""
        self._waiting += map(self._row, cards)
        while len(self._waiting) >= SIZE:
            self.chunks.append(Chunk(self._waiting[:SIZE]))
            del self._waiting[:SIZE]

    def filled(self) -> None:
        """No more cards are appended."""
        if self._waiting:
            self.chunks.append(Chunk(self._waiting))
        self._waiting = []

    def change(self, numbers: Iterable[int], cards: Iterable[FollowedCard]) -> None:
        """Cards of these numbers changed: `cards` are those of them that are there now."""
        there = {card.number: self._row(card) for card in cards}
        late: dict[int, list[Row]] = {}
        for number in sorted(numbers):
            row, at = there.get(number), self._chunk_of(number)
            if row is None:
                if self.chunks:
                    self.chunks[at].take_out(number)
            elif not self.chunks or not self.chunks[at].put(row):
                late.setdefault(at, []).append(row)
        for at, rows in sorted(late.items(), reverse=True):
            self.chunks[at : at + 1] = _with(self.chunks[at] if self.chunks else None, rows)
        self.edition += 1

    def renew(self, leases: Iterable[tuple[int, datetime | None]]) -> None:
        """Leases that end at another time now."""
        for number, until in leases:
            if self.chunks:
                at = self._chunk_of(number)
                self.chunks[at].renew(number, FOR_EVER if until is None else micros(until))
        self.edition += 1

    def tags_of(self, number: int) -> frozenset[str]:
        """What the card of this number is found by now; nothing when there is none."""
        chunk = self.chunks[self._chunk_of(number)]
        return frozenset(self.numbers.names[tag] for tag in chunk.tags_of(number))

    def _chunk_of(self, number: int) -> int:
        firsts = [chunk.numbers[0] for chunk in self.chunks]
        return max(0, bisect_right(firsts, number) - 1)

    def _row(self, card: FollowedCard) -> Row:
        lease = FOR_EVER if card.lease_until is None else micros(card.lease_until)
        tags = self.numbers.of(f"{card.tags} n:{card.origin}".split())
        return Row(card.number, micros(card.fresh_at), lease, self._origin(card.origin), record(card, tags))

    def _origin(self, network: str) -> int:
        place = self._places.get(network)
        if place is None:
            place = self._places[network] = len(self.origins)
            self.origins.append(network)
        return place


def _with(chunk: Chunk | None, rows: list[Row]) -> list[Chunk]:
    """The chunk with these cards in their places; another after it when there is no room."""
    if chunk is None or rows[0].number > chunk.numbers[-1]:
        return [*([chunk] if chunk else []), Chunk(rows)]
    whole = sorted([*chunk.rows(), *rows], key=lambda row: row.number)
    if len(whole) <= SIZE:
        return [Chunk(whole)]
    half = len(whole) // 2
    return [Chunk(whole[:half]), Chunk(whole[half:])]

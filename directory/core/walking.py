"""How a class of answers is walked in SQL: in which stretches of numbers, from the newest card down.

A stretch is one look into the index on tags: cheap while few cards in it fit. Numbers are cut in chunks of
three sizes, and each card carries the chunks it lies in beside its tags, so that one look finds "fits and
lies in this chunk". How common a tag is decides the first size only; every few stretches the size grows, and
the last stretch is everything that is left, so a wrong guess costs little and never an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import prod, sqrt

from directory.core.questions import Plan
from directory.core.ranking import Class, Place, classes

BITS = (10, 13, 16)
"""Chunks hold 2^10, 2^13 and 2^16 numbers."""
ALL_AT_ONCE = 1_000
"""When about so many cards fit a question, they are all looked at, in one look."""
FEW = 400
"""So many cards are found and sorted at once; more are taken a stretch at a time."""
CROWD = 200
"""About so many fitting cards should lie in a stretch."""
EACH = 4
"""Stretches of one size before the next."""
NO_END = 2**62


@dataclass(frozen=True, slots=True)
class Counts:
    """`newest`: about the highest number. `share`: of all cards, by tag; `other`: of a rare tag."""

    newest: int
    share: Mapping[str, float]
    other: float

    def of(self, tags: Collection[str]) -> float:
        """About which part of all cards carries one of the tags."""
        return min(1.0, sum(self.share.get(tag, self.other) for tag in tags))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Cards of a class with numbers from `low` to `high`, in `chunk` or in `beside` (0: in any)."""

    class_: int
    of: Class
    chunk: int
    beside: int
    low: int
    high: int


def is_rare(plan: Plan, counts: Counts) -> bool:
    """Do so few cards fit that walking through the classes would cost more than looking at all of them?"""
    share = _together([counts.of(tags) for tags in plan.all_of])
    return bool(plan.all_of) and share * counts.newest <= ALL_AT_ONCE


def chunk_of(number: int, bits: int) -> int:
    """The name of a chunk, never 0. The column `cards.chunks` computes the same."""
    return (number >> bits) * 4 + BITS.index(bits) + 1


def stretches(plan: Plan, counts: Counts, after: Place | None) -> Iterator[Stretch]:
    """Where to look, one after the other, from the top of the window in which the last page ended."""
    near = frozenset().union(*plan.closeness)
    base = [counts.of(tags) for tags in plan.all_of if tags != near]
    for class_, each in enumerate(classes(plan)):
        if after is not None and class_ < after.class_:
            continue
        high = after.high if after is not None and class_ == after.class_ else None
        share = _together([*base, *(counts.of(tags) for tags in each.each_of)])
        for chunk, beside, low, top in _descent(high, share, counts.newest):
            yield Stretch(class_, each, chunk, beside, low, top)


def _together(shares: list[float]) -> float:
    """What fits several conditions at once. The third and later ones count half: languages go with places."""
    ordered = sorted(shares)
    return prod(ordered[:2]) * prod(map(sqrt, ordered[2:]))


def _descent(from_: int | None, share: float, newest: int) -> Iterator[tuple[int, int, int, int]]:
    """(chunk, beside, low, high) from a number down. The first chunk has the one above it beside it: cards
    may have come since somebody looked which number is the newest."""
    high = from_ if from_ is not None else newest
    top = from_ if from_ is not None else NO_END
    if share * newest > FEW:
        fitting = [bits for bits in BITS if share * 2**bits <= CROWD] or [BITS[0]]
        for bits in BITS[BITS.index(fitting[-1]) :]:
            for _ in range(EACH):
                low = high >> bits << bits
                beside = chunk_of(low + 2**bits, bits) if top > high else chunk_of(low, bits)
                yield chunk_of(low, bits), beside, low, top
                top = high = low - 1
                if high < 0:
                    return
    yield 0, 0, 0, top

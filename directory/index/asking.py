"""One question to the catalogue: the same cards in the same order as directory/store/search.py gives.

The order is directory/core/ranking.py's: classes, and in each windows of the newest cards. A window is read
whole and a page is cut out of it, so that seldom more than one window is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from pyroaring import BitMap

from directory.core.questions import Plan
from directory.core.ranking import (
    AVAILABLE,
    AVAILABLE_POINTS,
    EXACT_POINTS,
    FRESH_FOR,
    FRESH_POINTS,
    WINDOW,
    Place,
    classes,
)
from directory.index.catalogue import Catalogue, micros, moment
from directory.index.chunk import FOR_EVER, NOTHING, Chunk, Tags
from directory.index.kept import opened
from directory.store.search import Hit

Spot = tuple[Chunk, int]
"""A card: its chunk, and where in the chunk's columns it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plan in the numbers of one catalogue's tags. `classes` are pairs (one of each, none of)."""

    all_of: tuple[Tags, ...]
    classes: tuple[tuple[tuple[Tags, ...], Tags], ...]
    exact: Tags
    available: Tags
    silent: tuple[Tags, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The cards, and where the next page begins; None on the last."""

    spots: list[Spot]
    next: Place | None


def wanted(catalogue: Catalogue, plan: Plan) -> Wanted | None:
    """The plan for this catalogue as it is now; None when no card can fit."""
    known = catalogue.numbers.known
    all_of = tuple(known(tags) for tags in plan.all_of)
    if plan.never or not all(all_of):
        return None
    parts = tuple((tuple(map(known, each.each_of)), known(each.none_of)) for each in classes(plan))
    silent = tuple(known(frozenset({tag})) for tag in _not_linked(catalogue))
    return Wanted(all_of, parts, known(plan.exact), known(frozenset({AVAILABLE})), silent)


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody asks, and which card is their own (its number): it is left out."""

    now: datetime
    leases_from: datetime
    own: int | None = None


def find(
    catalogue: Catalogue, plan: Wanted | None, asked: Moment, *, after: Place | None, first: int
) -> Page:
    """The first `first` cards from `after` on."""
    if plan is None:
        return Page([], None)
    return _Walk(catalogue, plan, asked).page(after, first)


def hits(catalogue: Catalogue, spots: list[Spot]) -> list[Hit]:
    """The cards as PostgreSQL would have given them."""
    return [_hit(catalogue, chunk, at) for chunk, at in spots]


def _hit(catalogue: Catalogue, chunk: Chunk, at: int) -> Hit:
    kept, lease = opened(chunk.records[at]), chunk.lease[at]
    network = catalogue.names[catalogue.origins[chunk.origin[at]]]
    return Hit(
        id=kept.id,
        origin=network.id,
        network_name=network.name,
        home=network.home,
        body=kept.body(),
        member=kept.owner,
        lease_until=None if lease == FOR_EVER else moment(lease),
        decoy=kept.id in catalogue.decoys,
    )


Fitting = Iterator[tuple[int, int, Spot]]
"""Cards of one class from the newest: (points, number, where)."""
Window = list[tuple[int, int, Spot]]


class _Walk:
    """One question on its way through the classes and the chunks."""

    __slots__ = ("_chunks", "_fits", "_fresh", "_lease", "_own", "_plan")

    def __init__(self, catalogue: Catalogue, plan: Wanted, asked: Moment) -> None:
        self._plan = plan
        self._own = asked.own
        self._lease = micros(asked.leases_from)
        self._fresh = micros(asked.now - FRESH_FOR)
        self._chunks = catalogue.chunks[::-1]
        self._fits: list[BitMap | None] = [None] * len(self._chunks)

    def page(self, after: Place | None, first: int) -> Page:
        found: list[tuple[Spot, Place]] = []
        for class_ in range(0 if after is None else after.class_, len(self._plan.classes)):
            for window, low, high in self._windows(class_, after):
                found += [
                    (spot, Place(class_, points, number, low, high))
                    for points, number, spot in sorted(window, key=_order)
                ]
                if len(found) > first:
                    return Page([spot for spot, _ in found[:first]], found[first - 1][1])
        return Page([spot for spot, _ in found], None)

    def _windows(self, class_: int, after: Place | None) -> Iterator[tuple[Window, int, int]]:
        """What was not shown of the window in which the last page ended; whole new ones after it."""
        begun = after if after is not None and after.class_ == class_ else None
        fitting = self._fitting(class_, None if begun is None else begun.high)
        window: Window = []
        if begun is not None:
            for one in fitting:
                if one[1] < begun.low or len(window) == WINDOW:
                    fitting = chain((one,), fitting)
                    break
                window.append(one)
            last = (-begun.points, -begun.number)
            yield [one for one in window if _order(one) > last], begun.low, begun.high
        while window := list(islice(fitting, WINDOW)):
            yield window, window[-1][1], window[0][1]

    def _fitting(self, class_: int, high: int | None) -> Fitting:
        each_of, none_of = self._plan.classes[class_]
        for number, chunk in enumerate(self._chunks):
            if high is not None and chunk.numbers[0] > high:
                continue
            places = self._fitting_all(number, chunk)
            for tags in each_of:
                if not places:
                    break
                places = places & chunk.any_of(tags)
            if places and none_of:
                places = places - chunk.any_of(none_of)
            if places:
                yield from self._cards(chunk, places, high)

    def _fitting_all(self, number: int, chunk: Chunk) -> BitMap:
        fits = self._fits[number]
        if fits is None:
            sets = [chunk.any_of(tags) for tags in self._plan.all_of]
            fits = (sets[0] if sets else chunk.alive) if all(sets) else NOTHING
            for each in sets[1:] if fits else ():
                fits = fits & each
            for silent in self._plan.silent if fits else ():
                fits = fits - chunk.any_of(silent)
            self._fits[number] = fits
        return fits

    def _cards(self, chunk: Chunk, places: BitMap, high: int | None) -> Fitting:
        exact, available = chunk.any_of(self._plan.exact), chunk.any_of(self._plan.available)
        top, numbers, fresh, lease = chunk.at(0), chunk.numbers, chunk.fresh, chunk.lease
        for place in places if high is None else places.iter_equal_or_larger(chunk.up_to(high)):
            at = top - place
            if lease[at] >= self._lease and numbers[at] != self._own:
                points = EXACT_POINTS if place in exact else 0
                points += FRESH_POINTS if fresh[at] >= self._fresh else 0
                points += AVAILABLE_POINTS if place in available else 0
                yield points, numbers[at], (chunk, at)


def _order(one: tuple[int, int, Spot]) -> tuple[int, int]:
    return -one[0], -one[1]


def _not_linked(catalogue: Catalogue) -> list[str]:
    """Tags of networks whose cards nobody finds now."""
    known = catalogue.names
    return [f"n:{name}" for name in catalogue.origins if name not in known or not known[name].active]

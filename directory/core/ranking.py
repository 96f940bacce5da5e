"""In which order answers come: closeness, then a shared language, then what is newest, a few at a time.

A question has an ordered list of *classes*: for each step of closeness first the cards that share a language
with the asker, then the others. A class is walked from the newest card (the highest `number`, given once,
when a card is first kept) and in windows of WINDOW cards; within a window what fits exactly, was confirmed
within a year and has room for more people comes first. So no more cards are ever looked at than a page
needs, and every place in the list has a reason that can be told. How popular a card is never counts.

Whoever answers, SQL (store/search.py) or an index in memory, collects the newest `needed()` cards in the
order of the classes and gives them to `arrange`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from directory.core.questions import Plan

WINDOW = 40
FRESH_FOR = timedelta(days=365)
AVAILABLE = "a:now"
"""The tag of a card that says it has room for more people now."""
EXACT_POINTS, FRESH_POINTS, AVAILABLE_POINTS = 4, 2, 1
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Class:
    """Cards with a tag of each set in `each_of` and none of `none_of`, besides the plan's own conditions."""

    each_of: tuple[frozenset[str], ...]
    none_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A card by its place: smaller class, then greater points, then greater number, within its window."""

    class_: int
    number: int
    points: int
    card: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: after the card of these points and this number, in the window `low` to `high`."""

    class_: int
    points: int
    number: int
    low: int
    high: int


def classes(plan: Plan) -> tuple[Class, ...]:
    """The classes of a question, the closest first. No card is in two of them."""
    found: list[Class] = []
    nearer: frozenset[str] = _NONE
    for near in plan.closeness:
        found += _by_language((near,), nearer, plan.tongues)
        nearer |= near
    if not any(wanted <= nearer for wanted in plan.all_of):
        found += _by_language((), nearer, plan.tongues)
    return tuple(found)


def _by_language(
    near: tuple[frozenset[str], ...], nearer: frozenset[str], ours: frozenset[str]
) -> list[Class]:
    if not ours:
        return [Class(near, nearer)]
    return [Class((*near, ours), nearer), Class(near, nearer | ours)]


def needed(first: int) -> int:
    """So many cards in the order of classes and numbers hold a page and whether there is another."""
    return 2 * WINDOW + first + 1


def arrange(
    found: Sequence[Ranked], after: Place | None, first: int, *, whole: bool
) -> tuple[list[Ranked], Place | None]:
    """A page of what was found, and where it ended if there is more.

    `found` is by class, and within a class by falling number; from `after` on it begins at the top of that
    window. `whole`: nothing else fits the question (fewer than `needed` were found).
    """
    page: list[tuple[Ranked, Place]] = []
    for window in _windows(found, after):
        if window.is_last and not whole and len(window.cards) < WINDOW:
            break
        for one in sorted(window.cards, key=lambda card: (-card.points, -card.number)):
            place = Place(one.class_, one.points, one.number, window.low, window.high)
            if after is None or not _was_shown(place, after):
                page.append((one, place))
        if len(page) > first:
            return [one for one, _ in page[:first]], page[first - 1][1]
    return [one for one, _ in page], None


def _was_shown(place: Place, after: Place) -> bool:
    """On an earlier page, or the last of one?"""
    if (place.class_, place.low, place.high) != (after.class_, after.low, after.high):
        return False
    return (-place.points, -place.number) <= (-after.points, -after.number)


@dataclass(frozen=True, slots=True)
class _Window:
    """Some cards of one class, all with numbers from `low` to `high`."""

    cards: Sequence[Ranked]
    low: int
    high: int
    is_last: bool


def _windows(found: Sequence[Ranked], after: Place | None) -> Iterator[_Window]:
    """The window in which the last page ended, as it was then; whole new ones after it."""
    at = 0
    if after is not None and found and found[0].class_ == after.class_:
        begun = [one for one in found[:WINDOW] if one.class_ == after.class_ and one.number >= after.low]
        at = len(begun)
        if begun:
            # What it held was fixed by its numbers when it was first shown: it is whole.
            yield _Window(begun, after.low, after.high, is_last=False)
    while at < len(found):
        run = [one for one in found[at : at + WINDOW] if one.class_ == found[at].class_]
        at += len(run)
        yield _Window(run, run[-1].number, run[0].number, is_last=at == len(found))

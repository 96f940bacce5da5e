"""The order of answers: closeness, language, then the newest in windows; pages without gap or repeat."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from directory.core.questions import Plan
from directory.core.ranking import WINDOW, Place, Ranked, arrange, classes, needed

NONE: frozenset[str] = frozenset()


def a_plan(*closeness: str, tongues: str = "", all_of: tuple[frozenset[str], ...] = ()) -> Plan:
    near = tuple(frozenset({tag}) for tag in closeness)
    return Plan(all_of, near, frozenset(tongues.split()), NONE, None)


def fits(tags: frozenset[str], plan: Plan) -> list[int]:
    """The classes a card with these tags is in."""
    return [
        place
        for place, each in enumerate(classes(plan))
        if all(tags & wanted for wanted in each.each_of) and not tags & each.none_of
    ]


TAGS = st.frozensets(st.sampled_from(["r:GT", "w:013", "w:001", "l:es", "l:en"]))


@given(TAGS, st.booleans())
def test_every_card_is_in_exactly_one_class(tags: frozenset[str], speaks: bool) -> None:
    assert len(fits(tags, a_plan("r:GT", "w:013", "w:001", tongues="l:es" if speaks else ""))) == 1


def test_the_nearest_class_is_in_the_place_and_speaks_the_language() -> None:
    plan = a_plan("r:GT", "w:001", tongues="l:es")
    assert fits(frozenset({"r:GT", "l:es", "w:001"}), plan) == [0]
    assert fits(frozenset({"r:GT", "l:en"}), plan) == [1]
    assert fits(frozenset({"w:001", "l:es"}), plan) == [2]
    assert fits(frozenset({"l:en"}), plan) == [5]


def test_a_question_about_a_place_has_no_class_for_elsewhere() -> None:
    inside = a_plan("r:GT", "w:001", all_of=(frozenset({"r:GT", "w:001"}),))
    assert len(classes(inside)) == 2
    assert len(classes(a_plan("r:GT", "w:001"))) == 3


CARDS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7)), max_size=260)


def pages(cards: list[Ranked], first: int) -> list[list[Ranked]]:
    """As a store would ask: the newest `needed` from the top of the window where the last page ended."""
    shown: list[list[Ranked]] = []
    after: Place | None = None
    while True:
        rest = cards
        if after is not None:
            rest = [c for c in cards if (c.class_, -c.number) >= (after.class_, -after.high)]
        some = rest[: needed(first)]
        page, after = arrange(some, after, first, whole=len(rest) == len(some))
        shown.append(page)
        if after is None:
            return shown


@given(CARDS, st.sampled_from([1, 7, 10, 50]))
def test_pages_show_everybody_once_and_only_windows_are_sorted(
    drawn: list[tuple[int, int]], first: int
) -> None:
    cards = [Ranked(class_, number, points, f"{number}") for number, (class_, points) in enumerate(drawn)]
    cards.sort(key=lambda one: (one.class_, -one.number))
    shown = pages(cards, first)
    flat = [one for page in shown for one in page]
    assert sorted(one.number for one in flat) == list(range(len(cards)))
    assert all(len(page) == first for page in shown[:-1])
    expected = []
    for class_ in range(3):
        ours = [one for one in cards if one.class_ == class_]
        for start in range(0, len(ours), WINDOW):
            window = ours[start : start + WINDOW]
            expected += sorted(window, key=lambda one: (-one.points, -one.number))
    assert flat == expected

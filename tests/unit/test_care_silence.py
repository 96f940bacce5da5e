"""Is it each of them, or what lies between them and us? Decided from values alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bots.core.silence import (
    BETWEEN_PAGES,
    HOLD,
    HOLD_TAKEN,
    Heard,
    Held,
    Sign,
    Why,
    deaf,
    decide,
    held_until,
    page_at,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEAD = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
SIGNS = st.lists(
    st.builds(Sign, st.sampled_from("abcdefgh"), st.sets(st.sampled_from(("r", "h", "o"))), st.booleans())
)


def silent(*members: str) -> tuple[Sign, ...]:
    return tuple(Sign(member, ("r",), True) for member in members)


def test_three_silent_people_of_a_region_are_one_incident_and_two_are_two() -> None:
    plain = {"high_risk": False, "could_not_hear": False, "groups": ("r",)}
    assert decide(**plain, signs=silent("a", "b", "c")) == Held(Why.MANY, "r")  # type: ignore[arg-type]
    assert decide(**plain, signs=silent("a", "b")) is None  # type: ignore[arg-type]
    assert decide(**plain, signs=silent("a", "a", "a")) is None  # type: ignore[arg-type]


def test_where_most_answer_three_silent_people_are_three_people() -> None:
    signs = (*silent("a", "b", "c"), Sign("d", ("r",), False), Sign("e", ("r",), False))
    assert decide(high_risk=False, could_not_hear=False, groups=("r",), signs=signs) is None


@given(SIGNS, st.booleans())
def test_a_high_risk_plan_is_never_held(signs: list[Sign], could_not_hear: bool) -> None:
    held = decide(high_risk=True, could_not_hear=could_not_hear, groups=("o", "h", "r"), signs=signs)
    assert held is None


@given(SIGNS)
def test_somebody_is_held_only_with_a_group_of_their_own_that_is_mostly_silent(signs: list[Sign]) -> None:
    held = decide(high_risk=False, could_not_hear=False, groups=("o", "h"), signs=signs)
    if held is None:
        return
    assert held.group in ("o", "h")
    quiet = {one.member for one in signs if one.silent and held.group in one.groups}
    spoke = {one.member for one in signs if not one.silent and held.group in one.groups} - quiet
    assert len(quiet) >= 3
    assert len(quiet) >= 2 * len(spoke)


def test_an_ear_that_was_closed_at_the_end_could_have_missed_the_answer() -> None:
    open_now = Heard(NOON - MINUTE)
    assert not deaf(open_now, NOON, LEAD, NOON)
    assert deaf(Heard(NOON - 3 * MINUTE), NOON, LEAD, NOON)
    assert deaf(Heard(NOON, ((NOON - 4 * MINUTE, NOON - 2 * MINUTE),)), NOON, LEAD, NOON)
    assert not deaf(Heard(NOON, ((NOON - 20 * MINUTE, NOON - 8 * MINUTE),)), NOON, LEAD, NOON)
    assert not deaf(Heard(), NOON, LEAD, NOON), "a hub without an ear of its own does not excuse itself"


@given(st.booleans(), st.none() | st.integers(-60, 600))
def test_nobody_is_held_for_ever(taken: bool, minutes: int | None) -> None:
    back = None if minutes is None else NOON + minutes * MINUTE
    until = held_until(NOON, taken=taken, back_at=back)
    assert until <= NOON + HOLD_TAKEN
    if back is None:
        assert until == NOON + (HOLD_TAKEN if taken else HOLD)


@given(st.lists(st.integers(-30, 90), max_size=40))
def test_a_responder_is_woken_once_in_ten_minutes_and_never_forgotten(minutes: list[int]) -> None:
    last: datetime | None = None
    for moment in sorted(minutes):
        now = NOON + moment * MINUTE
        at = page_at(last, now)
        assert at <= now + BETWEEN_PAGES
        if at <= now:
            assert last is None or now - last >= BETWEEN_PAGES
            last = now


def test_a_clock_that_went_back_makes_nobody_wait_longer() -> None:
    assert page_at(NOON + timedelta(hours=3), NOON) == NOON

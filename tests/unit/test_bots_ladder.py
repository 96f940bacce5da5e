"""The tables and ladders behind an alarm and a check-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.core import checkins
from bots.core.alarms import MOVES, OPEN, Alarm, NoSuchStep, Severity, Step, may, step
from bots.core.checkins import CheckIn, Look, look, prompt_lead
from bots.core.ladder import AskAgain, LadderTimes, Rung, Skipped, Staffing, Why, Widen, climb

TIMES = LadderTimes(circle_s=10, coordinators_s=20, networks_s=40, again_s=50, again_at_most_s=300)
DUE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_a_step_that_is_not_in_the_table_is_an_error() -> None:
    for state in Alarm:
        for what in Step:
            if (state, what) in MOVES:
                assert step(state, what) is MOVES[state, what]
            else:
                assert not may(state, what)
                with pytest.raises(NoSuchStep):
                    step(state, what)


def test_every_open_alarm_can_be_added_to_stopped_and_ended() -> None:
    for state in OPEN:
        assert may(state, Step.AGAIN) and may(state, Step.CANCEL) and may(state, Step.SAFE)


def test_nothing_but_a_person_ends_an_alarm() -> None:
    by_time = {MOVES[state, Step.WINDOW_OVER] for state in Alarm if may(state, Step.WINDOW_OVER)}
    assert by_time == {Alarm.RUNNING}


def test_rungs_are_climbed_in_order_and_each_has_its_time() -> None:
    full = Staffing(("a",), ("b", "c"), ("n",), 1)
    seen = []
    at = -1
    while isinstance(found := climb(at, full, TIMES, Severity.HIGH), Widen):
        seen.append((found.rung, found.who, found.wait.total_seconds()))
        at = int(found.rung)
    assert seen == [
        (Rung.CIRCLE, ("a",), 10),
        (Rung.COORDINATORS, ("b", "c"), 20),
        (Rung.NETWORKS, ("n",), 40),
    ]


def test_a_rung_nobody_staffs_costs_no_time_and_is_written_down() -> None:
    found = climb(-1, Staffing(coordinators=("b",)), TIMES, Severity.HIGH)
    assert isinstance(found, Widen) and found.rung is Rung.COORDINATORS
    assert found.skipped == (Skipped(Rung.CIRCLE, Why.NOBODY_NAMED),)
    gone = climb(1, Staffing(networks_named=2), TIMES, Severity.HIGH)
    assert gone == AskAgain(timedelta(seconds=50), (Skipped(Rung.NETWORKS, Why.NOT_LINKED),))


def test_what_is_less_severe_has_three_times_as_long_but_a_persons_own_wait_holds() -> None:
    full = Staffing(("a",), ("b",))
    medium = climb(-1, full, TIMES, Severity.MEDIUM)
    own = climb(-1, full, TIMES, Severity.MEDIUM, circle_wait_s=7)
    assert (medium.wait.total_seconds(), own.wait.total_seconds()) == (30, 7)


@given(
    st.integers(-1, 2),
    st.lists(st.text("abc", min_size=1, max_size=3), max_size=3),
    st.lists(st.text("abc", min_size=1, max_size=3), max_size=3),
    st.lists(st.text("abc", min_size=1, max_size=3), max_size=3),
    st.integers(0, 50),
)
def test_whoever_could_be_asked_is_asked_before_anyone_is_asked_again(
    after: int, circle: list[str], keepers: list[str], networks: list[str], again: int
) -> None:
    staffing = Staffing(tuple(circle), tuple(keepers), tuple(networks), len(networks))
    found = climb(after, staffing, TIMES, Severity.HIGH, asked_again=again)
    left = [rung for rung in Rung if rung > after and staffing.on(rung)]
    assert isinstance(found, Widen if left else AskAgain)
    if isinstance(found, Widen):
        assert found.rung is left[0]
    assert timedelta(0) < found.wait <= timedelta(seconds=300)


def test_a_check_in_is_prompted_then_missed_and_a_jump_of_the_clock_changes_nothing() -> None:
    before = timedelta(minutes=10)

    def at(minutes: float, state: CheckIn = CheckIn.PLANNED) -> Look:
        return look(state, due_at=DUE, prompt_before=before, now=DUE + timedelta(minutes=minutes))

    assert at(-60) == Look(None, DUE - before)
    assert at(-10) == Look(checkins.Step.PROMPT, DUE)
    assert at(-5, CheckIn.PROMPTED) == Look(None, DUE)
    assert at(0, CheckIn.PROMPTED).step is checkins.Step.MISS
    assert at(600).step is checkins.Step.MISS
    assert at(600, CheckIn.ANSWERED) == Look(None, None)


def test_a_missed_check_in_can_still_be_answered() -> None:
    assert checkins.step(CheckIn.MISSED, checkins.Step.ANSWER) is CheckIn.ENDED
    with pytest.raises(checkins.NoSuchStep):
        checkins.step(CheckIn.ANSWERED, checkins.Step.MISS)


def test_a_short_check_in_is_prompted_late_enough_to_mean_something() -> None:
    assert prompt_lead(timedelta(seconds=9), timedelta(minutes=10)) == timedelta(seconds=3)
    assert prompt_lead(timedelta(hours=9), timedelta(minutes=10)) == timedelta(minutes=10)

"""The life of a request to meet, and what it may carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.core.introductions import (
    MOVES,
    SHOWN_A_DAY,
    Event,
    IllegalMove,
    State,
    fault_of,
    next_showing,
    step,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_step_is_in_the_table_or_an_error(state: State, event: Event) -> None:
    if (state, event) in MOVES:
        assert step(state, event) is MOVES[state, event]
    else:
        with pytest.raises(IllegalMove):
            step(state, event)


def test_a_no_is_final() -> None:
    assert {step for (state, _), step in MOVES.items() if state is State.REFUSED} == {State.REFUSED}


@given(st.lists(st.integers(0, 200_000).map(lambda s: NOW - timedelta(seconds=s)), max_size=12))
def test_nobody_is_ever_shown_more_than_three_in_any_24_hours(shown: list[datetime]) -> None:
    at = next_showing(shown, NOW)
    assert sum(at - earlier < timedelta(days=1) for earlier in shown) < SHOWN_A_DAY
    assert at == NOW or at - NOW <= timedelta(days=1)


@pytest.mark.parametrize(
    "purpose",
    ["", "  ", "x" * 501, "write to @luz:example.org", "call +502 1234-5678", "see https://x.org", "l@x.org"],
)
def test_a_purpose_without_sense_or_with_a_contact_is_refused(purpose: str) -> None:
    assert fault_of(purpose) is not None


@pytest.mark.parametrize(
    "purpose", ["We plan a visit in 2027.", "نعمل على نفس النهر", "ILO 169, articles 6-7"]
)
def test_a_plain_purpose_passes(purpose: str) -> None:
    assert fault_of(purpose) is None

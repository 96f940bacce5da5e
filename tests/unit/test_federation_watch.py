"""What a watching hub is told, and when silence means that people must be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from hub.federation.core.bodies import Watch
from hub.federation.core.shapes import as_json, millis
from hub.federation.core.watch import (
    BEAT,
    MISSED,
    Fine,
    Silent,
    judge,
    may_wake,
    next_in,
    packed,
    rounded,
    to_tell,
    unpacked,
    until,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_due_times_are_told_by_the_quarter_hour_each_once_and_a_day_ahead() -> None:
    due = [NOON + each * MINUTE for each in (-200, 1, 2, 14, 15, 16, 59, 60 * 27)]
    assert to_tell(due, NOON) == (NOON, NOON + 15 * MINUTE, NOON + 30 * MINUTE, NOON + 60 * MINUTE)
    assert rounded(NOON) == NOON
    assert rounded(NOON + timedelta(microseconds=1)) == NOON + 15 * MINUTE


@pytest.mark.parametrize("minutes", range(0, 180, 5))
def test_people_are_told_only_when_silence_and_a_due_time_come_together(minutes: int) -> None:
    now, due = NOON + minutes * MINUTE, NOON + 60 * MINUTE
    judged = judge(NOON, [due], now)
    if minutes >= 60:
        assert judged == Silent(NOON, due)
    else:
        assert judged == Fine(due)


def test_a_hub_that_was_heard_after_the_due_time_did_what_it_had_to() -> None:
    assert judge(NOON, [NOON - MINUTE, NOON], NOON + 300 * MINUTE) == Fine(None)


def test_silence_is_silence_after_several_missed_heartbeats() -> None:
    due, silent_from = NOON + MINUTE, NOON + BEAT * MISSED
    assert judge(NOON, [due], silent_from - MINUTE) == Fine(silent_from)
    assert judge(NOON, [due], silent_from) == Silent(NOON, due)


@pytest.mark.parametrize("minutes", range(0, 60, 5))
def test_a_hub_that_was_deaf_itself_listens_before_it_believes_in_a_silence(minutes: int) -> None:
    ear, due = NOON + 180 * MINUTE, NOON + 30 * MINUTE
    judged = judge(NOON, [due], ear + minutes * MINUTE, ear_since=ear)
    assert judged == (Silent(NOON, due) if minutes >= 20 else Fine(ear + 20 * MINUTE))


def test_an_ear_that_opened_before_the_last_sign_changes_nothing() -> None:
    due = NOON + 30 * MINUTE
    assert judge(NOON, [due], due, ear_since=NOON - 60 * MINUTE) == judge(NOON, [due], due)


def test_an_alarm_that_nobody_took_is_watched_for_until_the_next_packet() -> None:
    """Else a hub that dies after the first rung of it would look as if it had done what it had to."""
    every = tuple(NOON + step * 15 * MINUTE for step in range(6))
    assert to_tell([NOON - MINUTE], NOON, running=[NOON - MINUTE]) == every
    assert to_tell([NOON + 50 * MINUTE], NOON, running=[NOON + 50 * MINUTE]) == every
    assert isinstance(judge(NOON + 20 * MINUTE, every, NOON + 45 * MINUTE), Silent)
    later = NOON + 120 * MINUTE
    assert to_tell([later], NOON, running=[later]) == (later,), "what is far off is due once"
    assert to_tell([NOON], NOON) == (NOON,)


EVERYTHING = tuple(NOON + step * timedelta(minutes=15) for step in range(105))


def test_a_packet_says_the_same_times_again_and_is_as_long_on_a_quiet_day_as_on_a_busy_one() -> None:
    some = (NOON, NOON + 45 * MINUTE, NOON + 26 * 60 * MINUTE)
    lengths = set()
    for times in ((), some, EVERYTHING):
        begins, quarters = packed(times, NOON)
        assert unpacked(begins, quarters) == times
        body = Watch(begins=millis(begins), quarters=quarters, contacts=("A" * 747 + "=",) * 2)
        lengths.add(len(msgspec.json.encode(as_json(body))))
    assert len(lengths) == 1


def test_packets_come_by_lot_and_an_hour_apart_at_most() -> None:
    assert next_in(b"\x00\x00") == timedelta(minutes=10)
    assert next_in(b"\xff\xff") == timedelta(hours=1)
    assert until(NOON + 20 * MINUTE, NOON) == NOON + 35 * MINUTE
    assert until(NOON + 300 * MINUTE, NOON) == until(None, NOON) == NOON + 75 * MINUTE


def test_people_are_woken_for_one_network_once_a_day_unless_they_want_it() -> None:
    assert may_wake(None, NOON, always=False)
    assert not may_wake(NOON, NOON + 23 * 60 * MINUTE, always=False)
    assert may_wake(NOON, NOON + 24 * 60 * MINUTE, always=False)
    assert may_wake(NOON, NOON + MINUTE, always=True)
    assert may_wake(NOON, NOON - MINUTE, always=False), "a clock that went back silences nobody"

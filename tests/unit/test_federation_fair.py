"""A flood of one peer waits in its own queue; the others are heard as if it were not there."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.federation.core.budget import AT_ONCE, TAKEN, Budget, Rate, full, next_of, spend
from hub.federation.fair import MOST_WAITING, Budgets, Fair

LARGEST = 41_017


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, LARGEST)), max_size=300))
def test_no_peer_ever_gets_more_than_its_budget(said: list[tuple[float, int]]) -> None:
    budget, now = Budget(Rate(2, 10), Rate(50_000, 100_000)), 0.0
    left, taken, brought = full(budget, now), 0, 0
    for pause, size in said:
        now += pause
        left, enough = spend(left, budget, size, now)
        taken, brought = taken + enough, brought + size * enough
    assert taken <= 10 + 2 * now + 1
    assert brought <= 100_000 + 50_000 * now + 1


def test_an_honest_peer_with_a_snapshot_and_three_hundred_edits_a_second_stays_within_what_is_taken() -> None:
    left = full(TAKEN, 0.0)
    for each in range(4_000):  # 66 envelopes of the largest size in a second, for a minute
        left, enough = spend(left, TAKEN, LARGEST, each / 66)
        assert enough


def test_each_queue_has_its_turn() -> None:
    order, queues, before = [], {"a": 3, "b": 1, "c": 2, "d": 0}, ""
    while following := next_of(queues, before):
        order.append(before := following)
        queues[following] -= 1
    assert "".join(order) == "abcaca"


async def test_a_flood_of_one_peer_delays_no_other_and_loses_none_of_its_own_order() -> None:
    now, heard = [0.0], []

    async def handle(item: tuple[str, int]) -> None:
        await asyncio.sleep(0)
        heard.append(item)

    fair: Fair[tuple[str, int]] = Fair(handle, Budgets(lambda: now[0]))
    for number in range(5_000):
        await fair.give("flood", 1081, ("flood", number))
        if number % 100 == 0:
            now[0] += 1
            await fair.give("honest", 1081, ("honest", number))
            assert heard[-1] == ("honest", number), "handled before anything of the queue"
    await fair.settled()
    flood = [number for peer, number in heard if peer == "flood"]
    assert flood == sorted(flood)
    assert len(flood) < 5_000, "what is too much is dropped, and sent again by whoever sent it"
    assert len(flood) >= MOST_WAITING + AT_ONCE.envelopes.most
    assert [number for peer, number in heard if peer == "honest"] == list(range(0, 5_000, 100))


async def test_what_must_be_tried_again_is_and_what_comes_after_it_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard, failing = [], [True]
    monkeypatch.setattr("hub.federation.fair.AGAIN_S", 0.0)

    async def handle(item: int) -> None:
        if item == 60 and failing.pop():
            failing.append(False)
            raise ConnectionError
        heard.append(item)

    fair: Fair[int] = Fair(handle, Budgets(lambda: 0.0), (ConnectionError,))
    for number in range(100):
        await fair.give("one", 100, number)
    await fair.settled()
    await fair.stop()
    assert heard == list(range(100))

"""A flood of guesses waits, then is sent away; whoever comes after it is let through."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest

from directory import crypto
from hub.api.turnstile import Busy, Turnstile


async def test_few_at_a_time_then_waiting_then_sent_away_and_afterwards_let_through() -> None:
    stile, inside, most, go_on = Turnstile(at_once=2, most_waiting=3), 0, 0, asyncio.Event()

    async def guess() -> None:
        nonlocal inside, most
        async with stile.through():
            inside += 1
            most = max(most, inside)
            await go_on.wait()
            inside -= 1

    guesses = [asyncio.create_task(guess()) for _ in range(20)]
    await asyncio.sleep(0)
    sent_away = [each for each in guesses if each.done()]
    assert len(sent_away) == 15
    for each in sent_away:
        with pytest.raises(Busy):
            await each
    go_on.set()
    await asyncio.gather(*(each for each in guesses if each not in sent_away))
    assert most == 2
    await asyncio.gather(*(guess() for _ in range(4)))


async def test_whoever_gives_up_waiting_leaves_their_place() -> None:
    stile = Turnstile(at_once=1, most_waiting=1)
    async with stile.through():
        waiting = asyncio.create_task(_walk(stile))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        again = asyncio.create_task(_walk(stile))
        await asyncio.sleep(0)
    await again


async def test_one_member_fills_no_queue_and_keeps_nobody_else_out() -> None:
    stile, go_on = Turnstile(at_once=2, most_waiting=3), asyncio.Event()

    async def word_of(who: str) -> None:
        async with stile.through(who):
            await go_on.wait()

    hers = [asyncio.create_task(word_of("luz")) for _ in range(20)]
    his = asyncio.create_task(word_of("mar"))
    await asyncio.sleep(0)
    assert [each.done() for each in hers] == [False, False, *[True] * 18]
    assert not his.done()
    go_on.set()
    assert [type(one) for one in await asyncio.gather(*hers, return_exceptions=True)].count(Busy) == 18
    await his
    await word_of("luz")


async def test_a_flood_of_people_who_sign_in_keeps_no_member_from_giving_their_word() -> None:
    stile, go_on = Turnstile(at_once=1, most_waiting=5, kept_for_known=2), asyncio.Event()

    async def word_of(who: str | None) -> None:
        async with stile.through(who):
            await go_on.wait()

    flood = [asyncio.create_task(word_of(None)) for _ in range(20)]
    hers, his = (asyncio.create_task(word_of(who)) for who in ("luz", "mar"))
    await asyncio.sleep(0)
    assert sum(not each.done() for each in flood) == 1 + 3
    assert not hers.done()
    assert not his.done()
    go_on.set()
    await asyncio.gather(hers, his)
    assert [type(one) for one in await asyncio.gather(*flood, return_exceptions=True)].count(Busy) == 16


async def _walk(stile: Turnstile) -> None:
    async with stile.through():
        pass


def test_a_page_full_of_letters_costs_no_more_than_a_word() -> None:
    tracemalloc.start()
    made = crypto.make_verifier("\ufdfa" * 200_000, bytes(16), bytes(32), cost=crypto.Cost(1, 8192))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(made) == 32
    assert peak < 4 << 20

"""Due times fire once, in time, and are never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from conftest import NOON, Clock, Desk
from sqlalchemy import text

from directory.turn import Turn
from hub.due import DuePump, Handler
from hub.store import due as rows


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs."""


def two_rows(deadly: int, *, dies: bool) -> Handler:
    """A handler of two statements that dies before the statement with that number, or does not."""

    async def effect(turn: Turn, _ref: str) -> None:
        for step in range(3):
            if step == deadly and dies:
                raise Killed
            if step < 2:
                await turn.tx.execute(text(f"insert into effect values ({deadly * 2 + step})"))

    return effect


async def put(desk: Desk, ref: str, **later: float) -> None:
    async with desk.turn() as turn:
        await rows.put(turn.tx, "alarm", ref, desk.clock() + timedelta(**later))


async def test_what_is_due_fires_once_and_what_is_not_waits(desk: Desk, clock: Clock) -> None:
    fired: list[str] = []

    async def note(_turn: Turn, ref: str) -> None:
        fired.append(ref)

    pump = DuePump(desk.turn, {"alarm": note}, clock)
    await put(desk, "soon", seconds=5)
    await put(desk, "late", hours=1)
    assert await pump.fire_all() == 0
    clock.move(seconds=5)
    assert await pump.fire_all() == 1
    assert await pump.fire_all() == 0
    assert fired == ["soon"]


async def test_a_clock_that_jumps_back_and_forth_loses_nothing_and_doubles_nothing(
    desk: Desk, clock: Clock
) -> None:
    fired: list[str] = []

    async def note(_turn: Turn, ref: str) -> None:
        fired.append(ref)

    pump = DuePump(desk.turn, {"alarm": note}, clock)
    await put(desk, "first", minutes=10)
    clock.move(hours=-1)
    assert await pump.fire_all() == 0
    clock.move(days=3650)
    await pump.fire_all()
    clock.move(days=-3650)
    await pump.fire_all()
    assert fired == ["first"]


async def test_a_kill_at_any_statement_leaves_the_row_or_its_whole_effect(desk: Desk, clock: Clock) -> None:
    """The effect is two rows; for each place to die, both or neither exist, and the retry completes them."""
    async with desk.turn() as turn:
        await turn.tx.execute(text("create table effect (n int primary key)"))
    for deadly in range(3):
        await put(desk, f"try {deadly}", seconds=0)

        with pytest.raises(Killed):
            await DuePump(desk.turn, {"alarm": two_rows(deadly, dies=True)}, clock).fire_all()
        async with desk.turn() as turn:
            count = (await turn.tx.execute(text("select count(*) from effect"))).scalar_one()
            assert count == deadly * 2, "a killed handler left half of its effect"
        assert await DuePump(desk.turn, {"alarm": two_rows(deadly, dies=False)}, clock).fire_all() == 1
    async with desk.turn() as turn:
        assert (await turn.tx.execute(text("select count(*) from effect"))).scalar_one() == 6


async def test_a_row_that_fails_is_tried_again_and_its_neighbour_fires_meanwhile(
    desk: Desk, clock: Clock
) -> None:
    fired: list[str] = []
    broken = True

    async def note(_turn: Turn, ref: str) -> None:
        if ref == "broken" and broken:
            raise ValueError(ref)
        fired.append(ref)

    pump = DuePump(desk.turn, {"alarm": note}, clock)
    await put(desk, "broken", seconds=0)
    await put(desk, "fine", seconds=1)
    clock.move(seconds=1)
    await pump.fire_all()
    assert fired == ["fine"]
    broken = False
    clock.move(minutes=1)
    await pump.fire_all()
    assert fired == ["fine", "broken"]


async def test_an_unknown_kind_is_kept_for_the_program_that_knows_it(desk: Desk, clock: Clock) -> None:
    pump = DuePump(desk.turn, {}, clock)
    await put(desk, "later", seconds=0)
    await pump.fire_all()
    async with desk.turn() as turn:
        assert await rows.earliest(turn.tx) == clock.now + timedelta(seconds=1)


async def test_a_row_fires_though_many_wait(desk: Desk, clock: Clock) -> None:
    """How soon with a million of them: tests/bench/due.py."""
    heard = asyncio.Event()

    async def note(_turn: Turn, ref: str) -> None:
        heard.set()

    async with desk.turn() as turn:
        await turn.tx.execute(
            text(
                "insert into due (kind, ref, due_at)"
                " select 'alarm', 'w' || n, :noon + interval '1 day' * (1 + n % 900)"
                " from generate_series(1, 20000) n"
            ),
            {"noon": NOON},
        )
    pump = DuePump(desk.turn, {"alarm": note}, clock)
    running = asyncio.create_task(pump.run())
    await put(desk, "now", seconds=30)
    clock.move(seconds=30)
    async with asyncio.timeout(60):
        await heard.wait()
    running.cancel()

"""The clock and people at the same alarm in the same moment: nobody waits for the other for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from bots_stage import Stage, a_person, in_circle
from conftest import Desk
from sqlalchemy import text

from bots import sentinel
from bots.store import actions
from directory.core.effects import DueAt, Effect, NoLongerDue
from directory.core.viewer import Lane, Role, Viewer
from directory.turn import Turn
from hub.due import DuePump
from hub.store import due


class Real(Stage):
    """A stage whose due times are real rows, as hub/effects.py writes them."""

    async def _happen(self, turn: Turn, effect: Effect) -> None:
        await super()._happen(turn, effect)
        if isinstance(effect, DueAt):
            await due.put(turn.tx, effect.kind, effect.ref, effect.at)
        elif isinstance(effect, NoLongerDue):
            await due.remove(turn.tx, effect.kind, effect.ref)


@pytest.fixture
def stage(desk: Desk) -> Real:
    return Real(desk)


class Watched(DuePump):
    """A pump that tells which looks failed: the database ends one of two that wait for each other."""

    failed: list[str]

    async def _later(self, kind: str, ref: str, tries: int, why: Exception) -> None:
        self.failed.append(type(why).__name__)
        await super()._later(kind, ref, tries, why)


class Meeting:
    """Brings two turns together: the clock has its due row in hand when the person already has the alarm."""

    def __init__(self, stage: Real) -> None:
        self.stage = stage
        self.clock_has_the_row = asyncio.Event()
        self.person_has_the_alarm = asyncio.Event()
        self.tried = 0

    async def handle(self, turn: Turn, ref: str) -> None:
        """What the pump calls once it has chosen its row."""
        self.tried += 1
        self.clock_has_the_row.set()
        async with asyncio.timeout(60):
            await self.person_has_the_alarm.wait()
        await sentinel.on_due(self.stage.desk, turn, ref)

    @asynccontextmanager
    async def locked(self, who: str, alarm: str) -> AsyncIterator[Turn]:
        """A member's turn that holds the alarm before the clock can."""
        async with asyncio.timeout(60):
            await self.clock_has_the_row.wait()
        async with self.stage.turn(Viewer(Lane.CHAT, who)) as turn:
            assert await actions.get(turn.tx, turn.guard, alarm) is not None
            self.person_has_the_alarm.set()
            yield turn

    async def fire(self) -> None:
        """One look of the pump."""
        pump = Watched(self.stage.turn, {"alarm": self.handle}, self.stage.base.clock)
        pump.failed = []
        await pump.fire_one()
        assert pump.failed == [], "the two waited for each other"


async def _raised(stage: Real) -> tuple[str, str]:
    """An alarm whose circle has been asked and whose next look is due: (alarm, who was asked)."""
    lupe, rosa = await a_person(stage, "Lupe"), await a_person(stage, "Rosa")
    await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "plan window 0")
    await stage.say("Lupe", "alarm")
    stage.base.clock.move(seconds=181)
    async with stage.turn(Viewer(Lane.CHAT, lupe)) as turn:
        mine = await sentinel.my_alarm(turn)
    assert mine is not None
    return mine.id, rosa


async def test_i_have_it_in_the_moment_the_ladder_looks_is_heard_and_the_look_is_not_lost(
    stage: Real,
) -> None:
    alarm, rosa = await _raised(stage)
    meeting = Meeting(stage)

    async def take() -> sentinel.Took:
        async with meeting.locked(rosa, alarm) as turn:
            return await sentinel.take(turn, alarm)

    _, took = await asyncio.gather(meeting.fire(), take())
    assert took is sentinel.Took.YOURS
    assert meeting.tried == 1
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        (row,) = (await turn.tx.execute(text("select tries, due_at from due where kind = 'alarm'"))).all()
        found = await actions.read(turn.tx, turn.guard, alarm)
    assert row.tries == 0, "the look failed: the two waited for each other"
    assert found is not None and found.state == "taken"
    assert row.due_at == found.next_at, "who has it is asked in half an hour"


async def test_a_second_call_in_the_moment_the_ladder_looks_wakes_everyone_and_the_ladder_goes_on(
    stage: Real,
) -> None:
    alarm, _ = await _raised(stage)
    meeting = Meeting(stage)
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        found = await actions.read(turn.tx, turn.guard, alarm)
    assert found is not None and found.member is not None
    lupe = found.member

    async def again() -> None:
        async with meeting.locked(lupe, alarm) as turn:
            await sentinel.raise_alarm(stage.desk, turn, text="they are back")

    await asyncio.gather(meeting.fire(), again())
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        rows = (await turn.tx.execute(text("select tries from due where kind = 'alarm'"))).all()
    assert [row.tries for row in rows] == [0]


async def test_answers_of_everyone_asked_while_all_are_woken_again_meet_without_waiting_for_ever(
    stage: Real,
) -> None:
    handles = ["Rosa", "Ines", "Tomas", "Juana"]
    await a_person(stage, "Lupe")
    for handle in handles:
        await a_person(stage, handle, Role.COORDINATOR)
    await in_circle(stage, "Lupe", *handles)
    await stage.say("Lupe", "plan window 0")
    await stage.say("Lupe", "alarm")
    pump = DuePump(
        stage.turn, {"alarm": lambda turn, ref: sentinel.on_due(stage.desk, turn, ref)}, stage.base.clock
    )
    for _ in range(6):
        stage.base.clock.move(hours=2)
        asked = [stage.say(handle, "0") for handle in handles]
        await asyncio.gather(pump.fire_all(), stage.say("Lupe", "alarm again"), *asked)
        async with stage.turn(Viewer(Lane.CLOCK)) as turn:
            rows = (await turn.tx.execute(text("select tries from due where kind = 'alarm'"))).all()
        assert [row.tries for row in rows] == [0]

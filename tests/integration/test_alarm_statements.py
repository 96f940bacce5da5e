"""How little is asked of the database between the moment a rung is due and its letters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from bots_stage import Stage, a_person, in_circle
from conftest import Desk
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from bots import sentinel
from bots.saying import note
from bots.store import circles, conversations
from directory.core.effects import Effect
from directory.core.text import say
from directory.core.viewer import Lane, Viewer
from directory.turn import Turn
from hub.chance import random_id
from hub.due import CLOCK, DuePump
from hub.effects import Recorder
from hub.letters import LetterBox
from hub.store.tables import due, letters, rooms

MOST = 15


class Counted:
    """A hub's due pump and letters on a test's database, and every statement it makes."""

    def __init__(self, stage: Stage) -> None:
        self.stage, base = stage, stage.base
        self.recorder = Recorder(LetterBox(base.guard), _never, _never, conversations.remember)
        self.said: list[str] = []

    @asynccontextmanager
    async def turn(self, viewer: Viewer) -> AsyncIterator[Turn]:
        base = self.stage.base
        async with base.database.transaction() as tx:

            async def record(effect: Effect) -> None:
                await self.recorder.record(turn, effect)

            turn = Turn(tx, viewer, base.clock(), record, random_id, base.guard, base.home)
            yield turn

    @contextmanager
    def counting(self) -> Iterator[None]:
        engine = self.stage.base.database.engine.sync_engine

        def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            self.said.append(" ".join(statement.split())[:150])

        listen(engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            remove(engine, "before_cursor_execute", note)


async def _never(*_: object) -> None:
    raise AssertionError


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def test_the_first_rung_costs_few_statements_and_not_one_more_for_more_people(stage: Stage) -> None:
    assert await _statements_for(stage, "Rosa") == await _statements_for(
        stage, "Ana", "Ixchel", "Julia", "Eva"
    )
    assert await _statements_for(stage, "Carmen") <= MOST


async def _statements_for(stage: Stage, *circle: str) -> int:
    """How many statements a first rung takes, from the look of the pump to its end."""
    who = f"Caller{len(circle)}{circle[0]}"
    caller = await a_person(stage, who)
    for name in circle:
        await a_person(stage, name)
    await in_circle(stage, who, *circle)
    counted = Counted(stage)
    members = [caller, *(one.member for one in await _circle(stage, caller))]
    async with counted.turn(Viewer(Lane.CHAT, caller)) as turn:
        for member in members:  # they have talked with the bot before: it knows their rooms
            await note(turn, member, say("Hello."))
        await sentinel.raise_alarm(stage.desk, turn, text="two men", source="chat")
        await turn.tx.execute(letters.delete())
    stage.base.clock.move(seconds=31)

    async def handle(turn: Turn, ref: str) -> None:
        await sentinel.on_due(stage.desk, turn, ref)

    with counted.counting():
        assert await DuePump(counted.turn, {"alarm": handle}, stage.base.clock).fire_one()
    async with counted.turn(CLOCK) as turn:
        found = await turn.tx.execute(
            select(letters.c.urgency, rooms.c.ref).join(rooms, rooms.c.id == letters.c.room)
        )
        assert {row.ref for row in found if row.urgency == 0} == set(members)
        await turn.tx.execute(due.delete())
        for member in members[1:]:
            talk = await conversations.of(turn.tx, turn.guard, member)
            assert talk.top is not None and talk.top.question == "alarm"
    return len(counted.said)


async def _circle(stage: Stage, member: str) -> tuple[circles.Contact, ...]:
    async with stage.turn(CLOCK) as turn:
        return await circles.circle_of(turn.tx, member)

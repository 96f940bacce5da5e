"""An alarm makes no room: it is told in the rooms that are there already."""

from __future__ import annotations

from datetime import timedelta

from bare_bot import BareBot
from conftest import Clock

from bots import widening
from directory.core.viewer import Role
from directory.store.database import Database
from directory.store.guarded import Guard
from hub.due import CLOCK, DuePump
from hub.matrix.rooms import SHAPES, Purpose, creation


async def test_an_alarm_that_climbs_wants_no_room_and_is_told_in_direct_rooms(
    database: Database, guard: Guard, clock: Clock
) -> None:
    bot = BareBot(database, guard, clock)
    await bot.a_member("ana")
    await bot.a_member("bea", Role.COORDINATOR)
    await bot.ear.deliver(bot.says("ana", "alarm"))

    async def on_due(turn: object, ref: str) -> None:
        await widening.on_due(bot.desk, turn, ref)  # type: ignore[arg-type]

    pump = DuePump(bot.turn, {widening.DUE: on_due}, clock)
    for _ in range(3):
        clock.now += timedelta(minutes=4)
        await pump.fire_one()
        await bot.carry()
    async with bot.turn(CLOCK) as turn:
        rows = (await turn.tx.exec_driver_sql("select purpose, state from rooms")).all()
    assert {tuple(row) for row in rows} == {("direct", "open")}
    assert any(content.get("msgtype") == "m.text" for _, content, _ in bot.lane.sent)


def test_every_room_says_how_long_it_keeps_and_none_has_a_topic_or_a_picture() -> None:
    for purpose in Purpose:
        body = creation(SHAPES[purpose], None, ())
        kinds = {event["type"] for event in body["initial_state"]}
        assert "m.room.retention" in kinds
        assert not {"topic", "name"} & body.keys()
        assert not {"m.room.avatar", "m.room.topic"} & kinds

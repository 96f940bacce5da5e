"""An alarm makes no room: it is told in the rooms that are there already (deploy/decisions/0020)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bare_bot import BareBot
from care_stage import Cares, a_hub
from conftest import Clock, migrated
from fixtures_embedded import Pair
from matrix_parts import People
from matrix_proxy import Proxy

from bots import widening
from directory.core.viewer import Role
from directory.store.database import Database
from directory.store.guarded import Guard
from hub.due import CLOCK, DuePump
from hub.matrix.person import Person
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


ASKS = {
    "rooms made": re.compile("POST .*/createRoom$"),
    "people asked in": re.compile("PUT .*/state/m.room.member/|POST .*/(invite|join)"),
    "people put out": re.compile("POST .*/kick$"),
    "letters": re.compile("PUT .*/send/m.room.encrypted/"),
}


@pytest.mark.timeout(400)
async def test_two_alarms_of_one_person_run_through_a_homeserver_without_a_room_being_made(
    homeservers: Pair, fresh_database: Callable[..., AbstractAsyncContextManager[str]], tmp_path: Path
) -> None:
    people, asked = People(), Counter[str]()

    def count(method: str, path: str, body: bytes) -> dict[str, Any] | None:
        asked.update(name for name, what in ASKS.items() if what.match(f"{method} {path}"))
        return None

    async with (
        fresh_database(migrated) as url,
        Proxy(homeservers.a.url).running() as proxy,
        a_hub(tmp_path / "hub", url, homeservers.a, proxy.url) as cares,
    ):
        ana, bea, ciro = await _a_circle(cares, people, homeservers)
        proxy.watch = count
        for _ in range(2):
            await _an_alarm(cares, ana, bea, ciro)
        await people.close()
    assert (asked["rooms made"], asked["people asked in"], asked["people put out"]) == (0, 0, 0)
    print(dict(asked))
    assert asked["letters"] >= 2 * 6


async def _a_circle(cares: Cares, people: People, pair: Pair) -> list[Person]:
    """Ana, with Bea and Ciro in her circle; everybody has a room with the bot since they came in."""
    three = [await people.a_person(pair.b) for _ in range(3)]
    rooms = [await cares.enter(one, name) for one, name in zip(three, ("ana", "bea", "ciro"), strict=True)]
    await cares.start()
    for one, room in zip(three, rooms, strict=True):
        await one.until_joined(room, cares.bot, 120)
    ana, *others = three
    for line in ("circle bea ciro", "plan window 0", "plan text The house with the blue door"):
        await _say(cares, ana, line)
        await ana.hear()
    for other in others:
        await other.wait_for(lambda heard: "circle" in heard.body, 60)
        await _say(cares, other, "1")
        await other.wait_for(lambda heard: "asked first" in heard.body, 60)
        await ana.wait_for(lambda heard: "is in your circle" in heard.body, 60)
    return three


async def _an_alarm(cares: Cares, ana: Person, bea: Person, ciro: Person) -> None:
    """Each reads their part in the room they have: the circle is woken, one has it, the other hears it
    without a sound."""
    for person in (ana, bea, ciro):
        person.heard.clear()
    await _say(cares, ana, "alarm")
    for other in (bea, ciro):
        told = await other.wait_for(lambda heard: "blue door" in heard.body, 60)
        assert told.wakes
    await _say(cares, bea, "1")
    for other in (ana, ciro):
        news = await other.wait_for(lambda heard: "bea has it" in heard.body, 60)
        assert not news.wakes
    await _say(cares, bea, "done")
    await bea.wait_for(lambda heard: "1 = danger" in heard.body or "false alarm" in heard.body, 60)
    await _say(cares, bea, "1")
    await bea.wait_for(lambda heard: "Nobody is blamed" in heard.body, 60)


async def _say(cares: Cares, person: Person, line: str) -> None:
    (room,) = [one for one in person.client.rooms.values() if cares.bot in one.users]
    await person.say(room.room_id, line)

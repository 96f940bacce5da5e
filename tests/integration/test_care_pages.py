"""The pages of whoever is woken at night: first the care, then what is known, and every answer a button."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import aiohttp
import pytest
from bots_stage import Stage, a_person
from doors import Door, a_door
from people import a_linked_network
from pressing import press
from sqlalchemy import select

from bots import guests
from directory.core.viewer import Lane, Role, Viewer
from hub.federation.core.shapes import millis
from hub.store import watched
from hub.store.tables import watched as watched_rows

if TYPE_CHECKING:
    from conftest import Desk

CALL = {
    "id": "ab" * 16,
    "kind_of_help": "legal-support",
    "country": "GT",
    "language": "quc",
    "severity": "high",
}


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def read(door: Door, session: str, path: str) -> str:
    """What the page says, without its marks."""
    cookies = {door.cookie: session} | door.came_in
    async with aiohttp.ClientSession(door.url, cookies=cookies) as client, client.get(path) as shown:
        assert shown.status == 200
        main = re.search(r"<main.*</main>", await shown.text(), re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


async def test_somebody_of_a_linked_network_is_kind_of_help_country_and_language_and_may_be_declined(
    desk: Desk, door: Door
) -> None:
    stage = Stage(desk)
    ana = await door.session(await a_person(stage, "Ana", Role.COORDINATOR))
    norte = await a_linked_network(desk, "Norte")
    async with stage.turn(Viewer(Lane.PEER, network=norte)) as turn:
        call = {**CALL, "raised_at": millis(turn.now), "state": "open"}
        await guests.receive_alarm(stage.desk, turn, norte, call)
    for path in ("/today", "/alarm"):
        page = await read(door, ana, path)
        told = page[page.index("First confirm by a second way") :]
        assert re.match(
            r"First confirm .* Norte .*Help they may need: .*Country: Guatemala Language: K", told
        )
    found = await door.ask("MyAlarm", {}, session=ana)
    alarm = found[1]["data"]["openAlarms"][0]["id"]
    assert (await press(door, ana, "/today", do="decline", alarm=alarm))[0] == 303
    assert "somebody cannot" in await read(door, ana, "/alarm")


async def test_a_silent_network_stands_on_the_page_of_today_and_one_press_wakes_each_time(
    desk: Desk, door: Door
) -> None:
    stage = Stage(desk)
    ana = await door.session(await a_person(stage, "Ana", Role.COORDINATOR))
    lupe = await door.session(await a_person(stage, "Lupe"))
    norte = await a_linked_network(desk, "Norte")
    async with desk.turn() as turn:
        await watched.keep(turn.tx, turn.guard, norte, (millis(turn.now),), (), turn.now)
    assert "silent. Something" not in await read(door, ana, "/today")
    async with desk.turn() as turn:
        await watched.told(turn.tx, norte, turn.now, woken=True)
    assert "Linked networks that are silent Norte" in await read(door, ana, "/today")
    asked = {"input": {"network": norte, "always": True}}
    assert "errors" in (await door.ask("WakeForNetwork", asked, session=lupe))[1]
    pressed = await press(door, ana, "/today", do="wake-network", network=norte, always="1")
    assert pressed[0] == 303
    assert "You are woken each time." in await read(door, ana, "/today")
    async with desk.turn() as turn:
        assert (await turn.tx.execute(select(watched_rows.c.always))).scalar_one()


async def test_a_number_wakes_on_the_page_only_after_it_was_said_what_that_tells_others(
    desk: Desk, door: Door
) -> None:
    ana = await door.session(await a_person(Stage(desk), "Ana", Role.COORDINATOR))
    assert "The phone company learns" in await read(door, ana, "/duty")
    said = {"kind": "sms", "where": "+50255550123", "understood": "1"}
    status, _, page = await press(door, ana, "/duty", do="wake", **said)
    assert status == 422
    assert "This network cannot do that yet" in page

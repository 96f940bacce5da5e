"""A hub whose archive is still closed after a power cut: alarms run, pages say that it is being opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from conftest import Desk
from doors import Door, a_door
from people import a_member
from yarl import URL

from directory import profiles
from directory.core.viewer import Lane, Viewer


@pytest.fixture
async def sealed(desk: Desk) -> AsyncIterator[Door]:
    """A door on a hub that came up with nobody there."""
    closed = Desk(desk.database, replace(desk.guard, archive=None), desk.clock)
    async with a_door(closed) as opened:
        yield opened


async def a_member_with_records(desk: Desk) -> str:
    member = await a_member(desk, "Ixchel")
    async with desk.turn(Viewer(Lane.PAGE, member)) as turn:
        await profiles.change(turn, member, {"city": "Cobán"})
    return member


async def test_an_alarm_is_raised_while_nothing_else_can_be_read(desk: Desk, sealed: Door) -> None:
    session = await sealed.session(await a_member_with_records(desk))
    _, answer = await sealed.ask("MyCard", {"audience": "network"}, session=session)
    assert answer["errors"][0]["extensions"]["code"] == "BEING_OPENED"
    _, answer = await sealed.ask("RaiseAlarm", {"input": {"text": "help"}}, session=session)
    assert answer["data"]["raiseAlarm"]["errors"] == []
    _, answer = await sealed.ask("MyAlarm", session=session)
    assert answer["data"]["myAlarm"]["text"] == "help"


async def test_a_page_says_that_the_hub_is_being_opened_and_the_alarm_page_works(
    desk: Desk, sealed: Door
) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies(
        {sealed.cookie: await sealed.session(await a_member_with_records(desk))}, URL(sealed.url)
    )
    async with aiohttp.ClientSession(sealed.url, cookie_jar=jar) as client:
        async with client.get("/card") as answer:
            assert answer.status == 503
            assert "being opened" in await answer.text()
        async with client.get("/alarm") as answer:
            assert answer.status == 200
            assert "Call for help now" in await answer.text()

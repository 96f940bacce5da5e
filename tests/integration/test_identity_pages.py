"""Roles, off-boarding, a lost device and the way back, by the buttons of the pages, without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aiohttp
from bots_stage import WORD, Stage, a_person, in_circle
from doors import Door, a_door
from people import seen_as

from directory import members
from directory.core.viewer import Role

if TYPE_CHECKING:
    from conftest import Desk


async def press(door: Door, session: str, path: str, **form: str) -> tuple[int, str]:
    """Open a page, press one of its buttons; (status, page)."""
    async with aiohttp.ClientSession(door.url, cookies={door.cookie: session}) as client:
        async with client.get(path) as shown:
            assert shown.status == 200
            mark = re.search(r'<main.*?name="mark" value="(\w+)"', await shown.text(), re.DOTALL)
        assert mark is not None
        async with client.post(path, data={"mark": mark.group(1), **form}, allow_redirects=False) as answer:
            return answer.status, await answer.text()


async def test_an_administrator_gives_a_role_reads_the_log_and_off_boards(desk: Desk) -> None:
    stage = Stage(desk)
    ana, luz = await a_person(stage, "Ana", Role.ADMINISTRATOR), await a_person(stage, "Luz")
    async with a_door(desk) as door:
        session = await door.session(ana)
        wanted = {"do": "give", "handle": "luz", "role": "RESPONDER"}
        assert (await press(door, session, "/people", **wanted))[0] == 422, "not without the word"
        assert Role.RESPONDER not in (await seen_as(desk, luz)).roles
        assert (await press(door, session, "/people", word=WORD, **wanted))[0] == 303
        assert Role.RESPONDER in (await seen_as(desk, luz)).roles
        status, html = await press(door, session, "/people", do="off-board", handle="luz")
        assert status == 200 and "Roles ended: responder." in html
        async with (
            aiohttp.ClientSession(door.url, cookies={door.cookie: session}) as client,
            client.get("/audit") as answer,
        ):
            log = await answer.text()
    assert "Every entry holds." in log and "gave a role" in log and "<ins>responder</ins>" in log


async def test_the_circle_closes_a_device_and_the_second_voucher_is_shown_the_code(desk: Desk) -> None:
    stage = Stage(desk)
    luz, mar, sol = [await a_person(stage, name) for name in ("Luz", "Mar", "Sol")]
    await in_circle(stage, "Luz", "Mar", "Sol")
    async with a_door(desk) as door:
        first, second = await door.session(mar), await door.session(sol)
        assert (await press(door, first, "/circle", do="vouch", handle="luz"))[0] == 422
        assert (await press(door, first, "/circle", do="lost", handle="luz"))[0] == 303
        assert (await press(door, first, "/circle", do="vouch", handle="luz"))[0] == 303
        status, html = await press(door, second, "/circle", do="vouch", handle="luz")
        assert status == 200 and re.search(r'class="code" dir="ltr">[^<\s]+<', html)
        assert (await press(door, first, "/circle", do="freeze", handle="luz"))[0] == 303
        async with desk.turn() as turn:
            known = await members.standing(turn.tx, luz)
        assert known is not None and known.state == "frozen"
        assert (await press(door, first, "/circle", do="lift", handle="luz"))[0] == 422, "needs the word"
        assert (await press(door, first, "/circle", do="lift", handle="luz", word=WORD))[0] == 303


async def test_a_coordinator_who_rang_makes_the_code_to_come_back_with(desk: Desk) -> None:
    stage = Stage(desk)
    cora = await a_person(stage, "Cora", Role.COORDINATOR)
    await a_person(stage, "Luz")
    async with a_door(desk) as door:
        session = await door.session(cora)
        assert (await press(door, session, "/today", do="back", handle="luz"))[0] == 422
        status, html = await press(door, session, "/today", do="back", handle="luz", word=WORD)
        assert status == 200 and 'class="code"' in html
        assert (await press(door, session, "/today", do="back", handle="nobody"))[0] == 422

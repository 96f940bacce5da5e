"""A browser's hands in a few lines: press a button of a page, sign in; and what follows of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aiohttp
from bots_stage import HANDLERS, Stage
from doors import WAY, Door

from directory.core.effects import DueAt
from directory.core.viewer import Lane, Viewer

if TYPE_CHECKING:
    from conftest import Desk


async def press(door: Door, session: str, path: str, **form: str) -> tuple[int, str, str]:
    """Open a page, press one of its buttons; (status, where it leads, page)."""
    cookies = {door.cookie: session} | door.came_in
    async with aiohttp.ClientSession(door.url, cookies=cookies) as client:
        async with client.get(path) as shown:
            assert shown.status == 200, path
            mark = re.search(r'<main.*?name="mark" value="(\w+)"', await shown.text(), re.DOTALL)
        assert mark is not None
        async with client.post(path, data={"mark": mark.group(1), **form}, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", ""), await answer.text()


async def sign_in(door: Door, handle: str, word: str, *, before: str = "") -> tuple[int, str, str]:
    """By handle and word, with a browser of its own; status, where it leads, and the session's code.

    `before` is the code of a session this browser had.
    """
    jar = aiohttp.CookieJar(unsafe=True)
    if before:
        jar.update_cookies({door.cookie: before}, aiohttp.client.URL(door.url))
    async with aiohttp.ClientSession(door.url, cookie_jar=jar) as client:
        async with client.get(f"/{WAY}/login") as shown:
            mark = re.search(r'name="mark" value="(\w+)"', await shown.text())
        assert mark is not None
        form = {"mark": mark.group(1), "handle": handle, "word": word, "next": "/"}
        async with client.post(f"/{WAY}/login", data=form, allow_redirects=False) as answer:
            code = answer.cookies.get(door.cookie)
            return answer.status, answer.headers.get("Location", ""), code.value if code else ""


async def settle(desk: Desk, stage: Stage) -> None:
    """What the care process does a blink later: everything recorded that is due now."""
    done = 0
    while fresh := [one for one in desk.heard(DueAt)[done:] if one.at <= desk.clock()]:
        done = len(desk.heard(DueAt))
        for due in fresh:
            if due.kind in HANDLERS:
                async with desk.turn(Viewer(Lane.CLOCK)) as turn:
                    await HANDLERS[due.kind](stage.desk, turn, due.ref)

"""A power cut at night, with real processes: every one killed at once, started again with nobody there.

The key to the records is on recovery sheets, which are with people who sleep. What a member promised before
the cut is still watched over, a call for help still goes out, and pages say that the hub is being opened.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import conftest
import pytest
from bots_stage import Stage, a_person, in_circle
from fixtures_embedded import eventually
from people import seen_as
from sqlalchemy import text
from terminal import Terminal
from yarl import URL

from bots import checking
from directory import profiles, sign_ins
from directory.core.viewer import Lane, Viewer
from hub.api import sessions
from hub.api.identity import Cookies
from hub.clock import utc_now
from hub.custody import locked, rings, sheets, write_secret
from hub.node import Node, open_node
from hub.supervise_folder import claim

pytestmark = pytest.mark.timeout(420)
SHEETS = ("--custody", "sheets", "--sheets-to")


@dataclass
class Before:
    """What there was before the lights went out: two members, a promise, somebody signed in."""

    home: str
    ixchel: str
    rosa: str
    session: str


def everything_of(pid: int) -> list[int]:
    """A process and all its descendants, as the kernel knows them."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


@asynccontextmanager
async def opened(data: Path, *, unseal: bool = False) -> AsyncIterator[Node]:
    """The hub's database, as a command at the terminal reaches it."""
    archive = None
    if unseal:
        held = rings.lock_of(data / "keys")
        assert held is not None
        one, other = (sheets.read((data / "paper" / f"sheet-{n}.txt").read_text()) for n in (1, 3))
        archive = locked.by_sheets(held, one, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AYNI_DISK__RESERVE_MIB", "1")
        node = await open_node(data, part="test", archive=archive)
    yield node
    await node.close()


async def an_evening(data: Path) -> Before:
    """Ixchel keeps records, has Rosa in her circle, is signed in, and promised a sign of life in a moment."""
    async with opened(data, unseal=True) as node:
        desk = conftest.Desk(node.database, node.guard, conftest.Clock(utc_now()), home=node.home)
        stage = Stage(desk)
        rosa, ixchel = await a_person(stage, "Rosa"), await a_person(stage, "Ixchel")
        await in_circle(stage, "Ixchel", "Rosa")
        async with desk.turn(await seen_as(desk, ixchel, word=True)) as turn:
            await profiles.change(turn, ixchel, {"city": "Cobán"})
        async with node.turn(Viewer(Lane.PAGE)) as turn:
            session = await sessions.open_link(turn, await sign_ins.link(turn, ixchel))
        async with node.turn(await seen_as(desk, ixchel)) as turn:
            await checking.plan(node.desk, turn, turn.now + timedelta(seconds=8))
        assert session is not None
        return Before(node.home, ixchel, rosa, session.code)


async def calls_about(data: Path, member: str) -> dict[str, str]:
    """Who was told since of calls about this member, and on which rung: read without the key to records."""
    statement = (
        "select told.member, told.rung from told join actions on actions.id = told.action"
        " where actions.member = :member"
    )
    async with opened(data) as node, node.turn(Viewer(Lane.CLOCK)) as turn:
        assert node.guard.sealed
        return {row.member: row.rung for row in await turn.tx.execute(text(statement), {"member": member})}


async def page(
    address: str, before: Before, path: str, form: dict[str, str] | None = None
) -> tuple[int, str]:
    """A page as Ixchel's browser opens it, by the address members are given."""
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies({Cookies(before.home, secure=False).session: before.session}, URL(address))
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(address) as entrance:
            await entrance.read()
        async with browser.get(URL(address).with_path(path)) as answer:
            return answer.status, await answer.text()


async def test_after_a_power_cut_with_nobody_there_calls_and_check_ins_run_and_pages_are_being_opened(
    tmp_path: Path,
) -> None:
    data = claim(tmp_path / "hub", utc_now)
    write_secret(tmp_path / "word", "quetzal river stone")
    terminal = Terminal(data, {"AYNI_DISK__RESERVE_MIB": "1"})
    word = ("--word-file", str(tmp_path / "word"))
    init = ("init", "--name", "Red", "--handle", "marisol", *word, *SHEETS, str(data / "paper"))
    async with terminal.staying(*init) as begun:
        assert "It can be read." in await begun.until("the records wait for: ayni unseal", within=200)
        assert await begun.program.wait() == 0

    async with terminal.staying("up") as up:
        await up.until("The pages:", within=150)
        before = await an_evening(data)
        for pid in reversed(everything_of(up.program.pid)):
            with suppress(ProcessLookupError):  # gone with its parent
                os.kill(pid, signal.SIGKILL)
        await up.program.wait()

    async with terminal.staying("up") as up:
        await up.until("The pages:", within=150)
        address = (await terminal.ayni("entrance")).last(r"http://\S+")

        async def missed() -> bool:
            return (await calls_about(data, before.ixchel)).get(before.rosa) == "circle"

        await eventually(missed, within=90)
        status, said = await page(address, before, "/card")
        assert (status, "being opened" in said) == (503, True)
        status, said = await page(address, before, "/alarm")
        assert (status, "being opened" in said) == (200, False)
        paper = [str(data / "paper" / f"sheet-{number}.txt") for number in (2, 1)]
        opened_now = await terminal.ayni("unseal", "--sheet", paper[0], "--sheet", paper[1])
        assert opened_now.said("The records are open: care, door.")
        status, said = await page(address, before, "/card")
        assert (status, "Cobán" in said) == (200, True)

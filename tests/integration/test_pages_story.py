"""The pages in a real Chromium without JavaScript, at the sizes of an old phone and of a desk."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from browser_setup import find
from conftest import Desk
from doors import Door, a_door
from people import a_member, a_newcomer
from playwright.async_api import Browser, Page, async_playwright

from directory.core.viewer import Role

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1440, "height": 900}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the run."""
    async with async_playwright() as player:
        opened = await player.chromium.launch(executable_path=find(), args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def come_in(browser: Browser, door: Door, member: str, size: dict[str, int], **options: object) -> Page:
    """A member opens their login link in a browser without JavaScript."""
    context = await browser.new_context(viewport=size, java_script_enabled=False, **options)
    context.set_default_timeout(8_000)
    page = await context.new_page()
    await page.goto(await door.link(member))
    await page.get_by_role("main").get_by_role("button").click()
    return page


async def shoot(page: Page, name: str) -> None:
    """Keep a picture where AYNI_SHOTS says, when somebody wants to look."""
    if folder := os.environ.get("AYNI_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["320", "1440"])
async def test_every_page_opens_without_a_script(
    desk: Desk, door: Door, browser: Browser, size: dict[str, int]
) -> None:
    member = await a_member(desk, "Ixchel", roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}))
    await a_newcomer(desk, "Amal", country="TN")
    page = await come_in(browser, door, member, size)
    for path in ("/", "/today", "/find", "/sharing", "/alarm", "/check-ins", "/circle", "/links", "/words", "/language"):
        answer = await page.goto(door.url + path)
        assert answer is not None
        await shoot(page, f"{path.strip('/') or 'home'}-{size['width']}")
        assert answer.status == 200, path
        assert len(await answer.body()) < 30_000

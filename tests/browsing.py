"""A real Chromium without JavaScript, for the tests of the pages."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser_setup import find
from playwright.async_api import Browser, Page, async_playwright

if TYPE_CHECKING:
    from doors import Door

PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1440, "height": 900}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for a file of tests."""
    async with async_playwright() as player:
        opened = await player.chromium.launch(executable_path=find(), args=ARGUMENTS)
        yield opened
        await opened.close()


async def come_in(browser: Browser, door: Door, member: str, size: dict[str, int], **options: Any) -> Page:
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

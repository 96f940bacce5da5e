"""Two administrators link their networks on their pages, and a member decides who sees her card."""

from __future__ import annotations

import re

from browsing import DESKTOP, PHONE, browser, come_in, shoot
from doors import a_door
from people import a_member
from playwright.async_api import Browser, Page, expect
from two_hubs import AHub, Neighbours, pair

from directory.core.viewer import Role

WORD = "blue kettle"
KEEPER = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})

__all__ = ["browser", "pair"]


async def words_on(page: Page) -> str:
    await page.reload()
    return await page.locator(".safe").inner_text()


async def give_word(page: Page, url: str) -> None:
    await page.goto(url + "/words")
    await page.get_by_label("Your word").first.fill(WORD)
    await page.get_by_role("button", name="Give my word").click()
    await page.goto(url + "/links")


async def test_two_administrators_link_their_networks_and_a_member_says_yes_and_takes_it_back(
    pair: Neighbours, browser: Browser
) -> None:
    async with a_door(pair.a) as south, a_door(pair.b) as north:
        ana, noor = await an_administrator(pair.a, "Ana"), await an_administrator(pair.b, "Noor")
        await south.set_word(ana, WORD)
        await north.set_word(noor, WORD)
        here = await come_in(browser, south, ana, DESKTOP)
        there = await come_in(browser, north, noor, PHONE)
        await here.goto(south.url + "/links")
        await (
            here.get_by_role("button", name="Make a code for them")
            .locator("xpath=..")
            .get_by_label("Your word")
            .fill(WORD)
        )
        await here.get_by_role("button", name="Make a code for them").click()
        code = await here.locator(".code").inner_text()
        await give_word(there, north.url)
        await there.get_by_label("Code").fill(code)
        await there.get_by_role("button", name="Use it").click()
        await expect(there.get_by_text("Done.")).to_be_visible()
        await pair.settle()
        await here.goto(south.url + "/links")
        assert await words_on(here) == await words_on(there)
        await shoot(there, "links-words-320")
        for page in (here, there):
            await page.get_by_role("button", name=re.compile("they are the same")).click()
        await pair.settle()
        await here.reload()
        await here.get_by_label("For how many months?").fill("6")
        await shoot(here, "links-propose-1440")
        await here.get_by_role("button", name="Sign and send it").click()
        await pair.settle()
        await there.reload()
        await expect(there.get_by_text("An agreement waits for a signature")).to_be_visible()
        await shoot(there, "links-sign-320")
        await there.get_by_role("button", name="Sign this agreement").click()
        await pair.settle()
        await here.reload()
        await expect(here.get_by_text("Open.", exact=True)).to_be_visible()

        member = await a_member(pair.a, "Ixchel", country="GT", issues=("water",))
        await south.set_word(member, WORD)
        page = await come_in(browser, south, member, PHONE)
        await page.goto(south.url + "/sharing")
        await expect(page.get_by_text("Guatemala")).to_be_visible()
        await shoot(page, "sharing-preview-320")
        await page.get_by_label("Your word").fill(WORD)
        await page.get_by_role("button", name="Yes, show them my card").click()
        await pair.settle()
        await page.reload()
        await expect(page.locator("#ledger")).to_contain_text("given")
        await page.get_by_role("button", name="Take my card back").click()
        await pair.settle()
        await page.reload()
        await expect(page.locator("#ledger")).to_contain_text("gone, and they confirmed it")
        await shoot(page, "sharing-gone-320")
        for keeper, name in ((here, "south"), (there, "north")):
            await keeper.reload()
            await keeper.get_by_text("Ledger").click()
            await shoot(keeper, f"links-ledger-{name}")
            await expect(keeper.get_by_role("table")).not_to_contain_text("Ixchel")


async def an_administrator(hub: AHub, handle: str) -> str:
    return await a_member(hub, handle, roles=KEEPER)  # type: ignore[arg-type]

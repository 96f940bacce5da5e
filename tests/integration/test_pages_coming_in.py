"""Coming in with only a browser: Chromium without JavaScript, 320 points wide, and a real homeserver."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from browsing import PHONE, browser, come_in, shoot
from conftest import Desk
from doors import WAY, Door, a_door
from fixtures_embedded import Pair
from people import a_member, seen_as
from playwright.async_api import Browser, Page, expect

from directory import bot_entries, joining, members
from directory.bot_entries import BotEntry
from directory.core.viewer import Lane, Role, Viewer
from hub.accounts import Accounts
from hub.chance import chance
from hub.matrix.admin import Homeserver

__all__ = ["browser"]
WORD = "blue kettle"


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def an_invite(desk: Desk, viewer: Viewer | None = None) -> joining.Invite:
    async with desk.turn(viewer) if viewer is not None else desk.turn() as turn:
        return await joining.invite(turn)


async def at_the_door(browser: Browser, door: Door, **options: object) -> Page:
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False, **options)  # type: ignore[arg-type]
    context.set_default_timeout(8_000)
    page = await context.new_page()
    await page.goto(f"{door.url}/{WAY}")
    await page.goto(f"{door.url}/{WAY}/join")
    return page


async def type_in(page: Page, code: str, spoken: str) -> None:
    await page.get_by_label("Your code").fill(code)
    await page.get_by_label("The two words you were told").fill(spoken)
    await page.get_by_role("button", name="Come in").click()


async def answer(page: Page, handle: str) -> None:
    await page.get_by_label("Name").fill(handle)
    await page.get_by_label("Country").fill("Guatemala")
    await page.get_by_label("Your word").fill(WORD)
    await page.get_by_label("The same once more").fill(WORD)
    await page.get_by_role("button", name="Done").click()


async def test_she_comes_in_with_a_browser_alone_and_signs_in_later_with_name_and_word(
    desk: Desk, door: Door, browser: Browser
) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.CONNECTOR}))
    inviting = await come_in(browser, door, ana, PHONE)
    await inviting.goto(f"{door.url}/invite")
    await inviting.get_by_role("button", name="Make a code").click()
    code, spoken, address = [await one.inner_text() for one in await inviting.locator(".code").all()]
    assert address == f"{door.url}/{WAY}/join"
    await shoot(inviting, "invite")

    page = await at_the_door(browser, door, locale="en")
    await shoot(page, "join")
    await type_in(page, code, spoken.upper())
    await expect(page).to_have_url(f"{door.url}/begin")
    await shoot(page, "begin")
    await answer(page, "Luz")
    await expect(page.get_by_text("Your contact is asked now")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320

    await inviting.goto(f"{door.url}/invite")
    await expect(inviting.get_by_role("heading", name="Luz")).to_be_visible()
    await inviting.get_by_role("button", name="Yes, let them in").click()
    await expect(inviting.get_by_text("Confirmed.")).to_be_visible()

    later = await at_the_door(browser, door, locale="en")
    await later.goto(f"{door.url}/{WAY}/login")
    await later.get_by_label("Handle").fill("luz")
    await later.get_by_label("Your word").fill(WORD)
    await later.get_by_role("button", name="Sign in").click()
    await expect(later.get_by_role("heading", name="Hello, Luz")).to_be_visible()
    async with desk.turn() as turn:
        member = await members.known_by(turn, "luz")
        assert member is not None
        assert await members.matrix_id_of(turn.tx, desk.guard, member.id) is None, "no account anywhere"


async def test_the_keyboard_alone_is_enough_and_every_language_is_there(
    desk: Desk, door: Door, browser: Browser
) -> None:
    made = await an_invite(desk)
    page = await at_the_door(browser, door, locale="fr")
    assert await page.locator("html").get_attribute("lang") == "fr"
    for name, language, direction in (
        ("Español", "es", "ltr"),
        ("العربية", "ar", "rtl"),
        ("English", "en", "ltr"),
    ):
        await page.get_by_role("link", name=name).press("Enter")
        assert await page.locator("html").get_attribute("lang") == language
        assert await page.locator("html").get_attribute("dir") == direction
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await page.get_by_label("Your code").press_sequentially(made.code)
    await page.keyboard.press("Tab")
    await page.keyboard.type(made.spoken)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{door.url}/begin")


async def test_used_expired_unknown_and_half_told_codes_get_the_same_page_byte_for_byte(
    desk: Desk, door: Door
) -> None:
    used, expired, half = [await an_invite(desk) for _ in range(3)]
    answers: dict[str, tuple[int, bytes, tuple[tuple[str, str], ...]]] = {}
    address = f"/{WAY}/join"
    async with aiohttp.ClientSession(door.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        async with client.get(address) as shown:
            mark = re.search(r'name="mark" value="(\w+)"', await shown.text())
        assert mark is not None

        async def post(code: str, spoken: str) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
            form = {"mark": mark.group(1), "code": code, "spoken": spoken}
            async with client.post(address, data=form, allow_redirects=False) as answer:
                kept = tuple(
                    sorted((k, v) for k, v in answer.headers.items() if k not in ("Date", "X-Request-Id"))
                )
                return answer.status, await answer.read(), kept

        async with desk.turn(Viewer(Lane.PAGE)) as turn:
            assert await joining.enter_by_page(turn, used.typed, "en") is not None
        answers["unknown"] = await post("0000-0000-0000-0000-0000-0000-00", "apple boat")
        answers["used"] = await post(used.code, used.spoken)
        answers["code alone"] = await post(half.code, "")
        answers["other words"] = await post(half.code, "apple apple")
        answers["no code"] = await post("hello", "there")
        desk.clock.move(hours=72)
        answers["expired"] = await post(expired.code, expired.spoken)
    assert answers["unknown"][0] == 422
    assert b"That does not fit" in answers["unknown"][1]
    assert len(set(answers.values())) == 1, {name: each[0] for name, each in answers.items()}


async def test_the_page_makes_an_account_whose_keys_are_hers_and_one_word_from_it_binds_her(
    desk: Desk, door: Door, browser: Browser, homeservers: Pair
) -> None:
    server = homeservers.a
    accounts = Accounts(server.part.client_url, lambda: server.part.registration_secret, chance)
    object.__setattr__(door.runner, "office", replace(door.runner.office, accounts=accounts))
    async with desk.turn() as turn:
        await bot_entries.enter(turn, BotEntry("Ayni", "Answers members.", "@ayni:example.org", "h4Zk"))
    made = await an_invite(desk)
    page = await at_the_door(browser, door, locale="en")
    await type_in(page, made.code, made.spoken)
    await answer(page, "Luz")
    await page.get_by_label("Your word").fill(WORD)
    await page.get_by_role("button", name="Make me an account").click()
    await expect(page.get_by_role("heading", name="Your chat account")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await shoot(page, "account")
    shown = [await one.inner_text() for one in await page.locator("dd .code").all()]
    homeserver, account, password = shown
    assert account.endswith(f":{homeserver}")
    assert re.fullmatch(r"@[a-z2-7]{16}:.+", account) and not account.startswith("@luz"), "drawn by chance"

    async with aiohttp.ClientSession() as http:
        plain = Homeserver(server.part.client_url, http)
        hers = await plain.login(account, password)
        headers = {"Authorization": f"Bearer {hers.token}"}
        async with http.get(f"{server.part.client_url}/_matrix/client/v3/devices", headers=headers) as found:
            devices = [one["device_id"] for one in (await found.json())["devices"]]
        assert devices == [hers.device_id], "no device but hers was ever there"
        who = f"{server.part.client_url}/_matrix/client/v3/account/3pid"
        async with http.get(who, headers=headers) as found:
            assert (await found.json())["threepids"] == [], "no telephone number and no e-mail"

    async with desk.turn(Viewer(Lane.CHAT)) as turn:
        entered = await joining.enter(turn, matrix_id=account, master_key="hers", room="!r:x", code="")
    assert isinstance(entered, joining.Entered)
    async with desk.turn() as turn:
        luz = await members.known_by(turn, "luz")
        assert luz is not None and luz.id == entered.member
        assert await members.master_key_of(turn.tx, desk.guard, luz.id) == "hers"
    await page.goto(f"{door.url}/begin")
    await expect(page.get_by_text(password)).to_have_count(0)
    await page.get_by_role("button", name="Make me an account").click()
    await expect(page.get_by_text("There is nothing here for you")).to_be_visible()


async def test_without_a_homeserver_of_ours_she_goes_on_in_the_browser(
    desk: Desk, door: Door, browser: Browser
) -> None:
    made = await an_invite(desk)
    page = await at_the_door(browser, door, locale="en")
    await type_in(page, made.code, made.spoken)
    await answer(page, "Luz")
    await page.get_by_label("Your word").fill("wrong word")
    await page.get_by_role("button", name="Make me an account").click()
    await expect(page.get_by_text("That was not your word")).to_be_visible()
    await page.get_by_label("Your word").fill(WORD)
    await page.get_by_role("button", name="Make me an account").click()
    await expect(page.get_by_text("This network makes no chat accounts.")).to_be_visible()


async def test_the_second_person_says_yes_on_the_page(desk: Desk, door: Door, browser: Browser) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.ADMINISTRATOR}))
    cora = await a_member(desk, "Cora", roles=frozenset({Role.COORDINATOR}))
    luz = await a_member(desk, "Luz")
    await door.set_word(cora, WORD)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await members.give_role(turn, luz, Role.ADMINISTRATOR)
    page = await come_in(browser, door, cora, PHONE)
    await page.goto(f"{door.url}/second")
    await shoot(page, "second")
    await expect(page.get_by_text("Luz: become administrator")).to_be_visible()
    await page.get_by_label("Your word").fill(WORD)
    await page.get_by_role("button", name="Yes, do it").click()
    await expect(page.get_by_text("Nothing waits for a second person.")).to_be_visible()
    assert Role.ADMINISTRATOR in (await seen_as(desk, luz)).roles
    asking = await come_in(browser, door, ana, PHONE)
    await asking.goto(f"{door.url}/second")
    await expect(asking.get_by_role("heading", name="Who may be the second person")).to_be_visible()
    assert await asking.evaluate("document.documentElement.scrollWidth") <= 320

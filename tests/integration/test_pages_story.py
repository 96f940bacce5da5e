"""The pages in a real Chromium without JavaScript, from an old phone and from a desk."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from browsing import DESKTOP, PHONE, browser, come_in, shoot
from conftest import Desk
from doors import WAY, Door, a_door
from people import a_member, a_newcomer, seen_as
from playwright.async_api import Browser, expect

from bots import sentinel, widening
from directory import bot_entries, cards, reaching
from directory.bot_entries import BotEntry
from directory.core.effects import CardChanged
from directory.core.viewer import Role
from directory.store import members as member_rows
from hub.importing_work import read_waiting

KEEPER = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
PATHS = ("/", "/today", "/find", "/card", "/sharing", "/introductions", "/alarm", "/check-ins", "/circle")
PATHS += ("/reach", "/links", "/import", "/words", "/sign-ins", "/helper", "/language")
WORD = "blue kettle"

__all__ = ["browser"]


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def a_bot(desk: Desk) -> None:
    """The network's own bot, as `ayni init` enters it."""
    async with desk.turn() as turn:
        bot = BotEntry("Ayni", "Answers members.", "@ayni:example.org", "h4Zk J0yF 9aRq")
        await bot_entries.enter(turn, bot)


async def on_screen(desk: Desk) -> None:
    """Write the cards of everyone whose card changed, as the hub does in the same turn."""
    for effect in desk.heard(CardChanged):
        async with desk.turn() as turn:
            await cards.refresh(turn, effect.member)


LOOK = """() => {
  const box = e => e.getBoundingClientRect();
  const seen = e => box(e).width && box(e).height && getComputedStyle(e).visibility !== 'hidden';
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  const kinds = 'a, button, summary, select, input:not([type=hidden]), textarea';
  const controls = [...document.querySelectorAll(kinds)].filter(seen);
  const label = e => e.closest('label') ?? e;
  const high = e => Math.max(box(e).height, box(label(e)).height);
  const inline = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline';
  const name = e => e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim();
  const told = e => e.outerHTML.slice(0, 90);
  const page = document.documentElement;
  return {
    wide: page.scrollWidth > page.clientWidth,
    twice: ids.filter((id, i) => ids.indexOf(id) !== i),
    small: controls.filter(e => !inline(e) && high(e) < 43.5 && e.className !== 'skip').map(told),
    nameless: controls.filter(e => !name(e)).map(told),
    headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    scripts: document.scripts.length,
    dir: page.dir,
  }
}"""


@pytest.mark.parametrize(
    ("size", "locale", "scheme"), [(PHONE, "en", "light"), (PHONE, "ar", "dark"), (DESKTOP, "ar", "light")]
)
async def test_every_page_opens_without_a_script_and_fits_the_screen_a_thumb_and_a_screen_reader(
    desk: Desk, door: Door, browser: Browser, size: dict[str, int], locale: str, scheme: str
) -> None:
    member = await a_member(desk, "Ixchel", roles=KEEPER, locale=locale)
    await a_newcomer(desk, "Amal", country="TN", locale=locale)
    await a_bot(desk)
    page = await come_in(browser, door, member, size, color_scheme=scheme)
    style = await page.request.get(
        door.url + (await page.locator("link[rel=stylesheet]").get_attribute("href") or "")
    )
    for path in PATHS:
        answer = await page.goto(door.url + path)
        assert answer is not None
        await shoot(page, f"{path.strip('/') or 'home'}-{locale}-{scheme}-{size['width']}")
        assert (answer.status, await page.title()) == (200, "Ayni"), path
        assert len(await answer.body()) + len(await style.body()) < 30_000, path
        assert await page.evaluate(LOOK) == {
            "wide": False,
            "twice": [],
            "small": [],
            "nameless": [],
            "headings": 1,
            "mains": 1,
            "scripts": 0,
            "dir": "rtl" if locale == "ar" else "ltr",
        }, path


async def test_a_member_raises_an_alarm_by_keyboard_alone_and_stops_it_with_her_word(
    desk: Desk, door: Door, browser: Browser
) -> None:
    member = await a_member(desk, "Ixchel")
    await door.set_word(member, WORD)
    page = await come_in(browser, door, member, PHONE)
    await page.bring_to_front()
    await page.evaluate("window.focus()")
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/alarm$"))
    await page.locator("main").focus()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Call for help now"
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It goes out in 30 seconds")).to_be_visible()
    await shoot(page, "alarm-raised-320")
    await page.get_by_label("Your word").fill("green kettle")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("That was not your word")
    await page.get_by_label("Your word").fill(WORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Stopped. Nobody else hears of it.")).to_be_visible()


async def test_a_coordinator_lets_somebody_in_takes_an_alarm_and_goes_on_duty(
    desk: Desk, door: Door, browser: Browser
) -> None:
    keeper = await a_member(desk, "Ana", roles=KEEPER)
    member = await a_member(desk, "Ixchel", country="GT")
    await a_newcomer(desk, "Amal", country="TN")
    async with desk.turn(await seen_as(desk, member)) as turn:
        raised = await sentinel.raise_alarm(door.runner.office.desk, turn, text="Men at the gate")
    desk.clock.move(seconds=31)
    async with desk.turn() as turn:
        await widening.on_due(door.runner.office.desk, turn, raised.id)
    page = await come_in(browser, door, keeper, PHONE)
    await shoot(page, "home-alarm-320")
    await page.goto(door.url + "/today")
    await expect(page.get_by_text("Men at the gate")).to_be_visible()
    await shoot(page, "today-alarm-320")
    await page.get_by_role("button", name="I have it").click()
    await expect(page.get_by_text("You have it.")).to_be_visible()
    await page.get_by_role("button", name="Yes, let them in").click()
    await expect(page.get_by_text("Confirmed.")).to_be_visible()
    await page.get_by_role("button", name="I am on duty").click()
    await expect(page.get_by_text("Noted who is on duty.")).to_be_visible()
    await page.get_by_label("responder").check()
    await page.locator("form").filter(has_text="They will also be").get_by_role("button").click()
    await expect(page.get_by_text("A code for one person")).to_be_visible()
    await shoot(page, "today-code-320")


async def test_a_member_finds_an_organisation_in_her_own_words_and_asks_to_meet(
    desk: Desk, door: Door, browser: Browser, organisations: bytes
) -> None:
    keeper = await a_member(desk, "Ana", roles=KEEPER)
    page = await come_in(browser, door, keeper, DESKTOP)
    await page.goto(door.url + "/import")
    await page.get_by_label("File").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": organisations}
    )
    await page.get_by_label("Where is it from?").fill("public list")
    await page.get_by_role("button", name="Look what would happen").click()
    await expect(page.get_by_text("Reading public list")).to_be_visible()
    await read_waiting(desk.turn, lambda _wish: None)
    await expect(page.get_by_text("This is what would happen")).to_be_visible()
    await shoot(page, "import-report-1440")
    await page.get_by_role("button", name=re.compile("Keep")).click()
    await expect(page.get_by_text("Reading public list")).to_be_visible()
    await read_waiting(desk.turn, lambda _wish: None)
    await expect(page.get_by_text("Done", exact=True)).to_be_visible()

    member = await a_member(desk, "Ixchel", country="GT", locale="es", languages=("es",))
    await on_screen(desk)
    page = await come_in(browser, door, member, PHONE)
    await page.goto(door.url + "/find")
    await page.locator("[name=issues]").fill("tierra y territorio, kjsdhf")
    await page.locator("[name=regions]").fill("Guatemala")
    await page.locator("[name=regions]").press("Enter")
    assert "tierra" not in page.url
    await expect(page.locator(".cards .card").first).to_be_visible()
    await expect(page.get_by_text("kjsdhf").first).to_be_visible()
    await shoot(page, "found-320")
    await page.set_viewport_size(DESKTOP)
    await shoot(page, "found-1440")
    await page.set_viewport_size(PHONE)
    await page.locator(".cards .card a.button").first.click()
    await page.locator("[name=purpose]").fill("Queremos hablar de la defensa de la tierra.")
    await page.locator("section.card button").click()
    await expect(page.get_by_role("alert")).to_be_visible()  # nobody speaks for it yet, and it says so
    await shoot(page, "ask-320")


async def test_a_member_says_what_she_does_and_who_may_see_it(
    desk: Desk, door: Door, browser: Browser
) -> None:
    member = await a_member(desk, "Ixchel")
    await door.set_word(member, WORD)
    page = await come_in(browser, door, member, PHONE)
    await page.goto(door.url + "/card")
    await page.get_by_label("Country", exact=True).fill("guatemala")
    await page.get_by_label("Works on", exact=True).fill("land rights, hjkl")
    await page.get_by_role("button", name="Save").first.click()
    await expect(page.get_by_role("alert")).to_contain_text("hjkl")
    await expect(page.get_by_label("Country", exact=True)).to_have_value("guatemala")
    await page.get_by_label("Works on", exact=True).fill("land rights, water")
    await page.get_by_label("Town").fill("Cobán")
    await page.get_by_role("button", name="Save").first.click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.locator("section.card")).to_contain_text("Guatemala")
    await expect(page.locator("section.card")).not_to_contain_text("Cobán")
    await page.get_by_label("Seen by", exact=True).select_option("introduced")
    await page.get_by_role("button", name="Look").click()
    await expect(page.locator("section.card")).to_contain_text("Cobán")
    await shoot(page, "card-full-320")
    await page.get_by_label("What", exact=True).select_option("city")
    await page.get_by_label("May be seen by").select_option("NETWORK")
    await page.get_by_label("Your word").fill("wrong")
    await page.get_by_role("button", name="Save").last.click()
    await expect(page.get_by_role("alert")).to_contain_text("That was not your word")
    await page.get_by_label("What", exact=True).select_option("city")
    await page.get_by_label("May be seen by").select_option("NETWORK")
    await page.get_by_label("Your word").fill(WORD)
    await page.get_by_role("button", name="Save").last.click()
    await expect(page.locator("section.card")).to_contain_text("Cobán")


async def test_a_member_signs_in_with_handle_and_word_and_out_again(
    desk: Desk, door: Door, browser: Browser
) -> None:
    member = await a_member(desk, "Ixchel")
    await door.set_word(member, WORD)
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{door.url}/{WAY}/login")
    await page.goto(door.url + "/check-ins")
    await shoot(page, "login-320")
    await page.get_by_label("Handle").fill("ixchel")
    await page.get_by_label("Your word").fill("nonsense")
    await page.get_by_role("button", name="Sign in").click()
    wrong = await page.get_by_role("alert").inner_text()
    await page.get_by_label("Handle").fill("nobody-here")
    await page.get_by_label("Your word").fill("nonsense")
    await page.get_by_role("button", name="Sign in").click()
    assert await page.get_by_role("alert").inner_text() == wrong
    await page.get_by_label("Handle").fill("ixchel")
    await page.get_by_label("Your word").fill(WORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(door.url + "/check-ins")
    (cookie,) = [one for one in await context.cookies() if one["name"] == door.cookie]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    await page.get_by_text("Menu").click()
    await page.get_by_role("button", name="Sign out").first.click()
    await page.goto(door.url + "/check-ins")
    await expect(page).to_have_url(re.compile("/login"))
    await context.close()


async def test_a_member_chooses_her_word_once_and_changes_it_only_with_the_old_one(
    desk: Desk, door: Door, browser: Browser
) -> None:
    page = await come_in(browser, door, await a_member(desk, "Ixchel"), PHONE)
    await page.goto(door.url + "/words")

    async def choose(new: str, *, old: str | None = None) -> None:
        if old is not None:
            await page.get_by_label("Your word").last.fill(old)
        await page.get_by_label("New word").fill(new)
        await page.get_by_label("The same once more").fill(new)
        await page.get_by_role("button", name="Keep it").click()

    await choose("abc")
    await expect(page.get_by_role("alert")).to_contain_text("longer")
    await choose(WORD)
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await choose("red teapot", old="nonsense")
    await expect(page.get_by_role("alert")).to_contain_text("That was not your word")
    await choose("red teapot", old=WORD)
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await page.goto(door.url + "/sign-ins")
    await page.get_by_role("button", name="Sign me out there").click()
    await expect(page).to_have_url(re.compile("/login"))


async def test_a_coordinator_reads_whom_the_network_reaches_and_no_small_number(
    desk: Desk, door: Door, browser: Browser
) -> None:
    keeper = await a_member(desk, "Ana", roles=KEEPER)
    async with desk.turn() as turn:
        for place, people in (("GT", 31), ("TN", 14), ("KE", 3)):
            for _ in range(people):
                values = {"id": turn.ids(), "kind": "person", "state": "active", "locale": "en"}
                values |= {"since": turn.now, "country": place, "issues": ["water"], "languages": ["es"]}
                await member_rows.insert_member(turn.tx, values)
    page = await come_in(browser, door, keeper, PHONE)
    await page.goto(door.url + "/reach")
    await expect(page.get_by_text("Nobody has counted yet.")).to_be_visible()
    await page.get_by_role("button", name="Count again").click()
    await expect(page.get_by_text("Counting.")).to_be_visible()
    assert door.later == ["reach"]
    async with desk.turn() as turn:
        await reaching.release(turn)
    await page.goto(door.url + "/reach")
    await expect(page.get_by_role("row", name=re.compile("Guatemala"))).to_contain_text("31")
    numbers = [int(text) for text in await page.locator("td.n").all_inner_texts() if text.isdigit()]
    assert all(number >= 10 for number in numbers)
    assert await page.get_by_text("too few to show").count() > 0
    assert (await page.evaluate(LOOK))["wide"] is False
    await shoot(page, "reach-320")
    await page.set_viewport_size(DESKTOP)
    await shoot(page, "reach-1440")

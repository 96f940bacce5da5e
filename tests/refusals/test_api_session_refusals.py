"""Who does not get in, and which forms are not believed, each beside the one that is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from conftest import Desk
from doors import WAY, Door, a_door
from people import a_member

from directory.core.viewer import Role

LOGIN = f"/{WAY}/login"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


def browser(door: Door, session: str | None = None) -> aiohttp.ClientSession:
    """A cookie jar of its own, that came by the address members are given; with a session it is signed in."""
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies(door.came_in, aiohttp.client.URL(door.url))
    if session:
        jar.update_cookies({door.cookie: session}, aiohttp.client.URL(door.url))
    return aiohttp.ClientSession(door.url, cookie_jar=jar)


def mark_in(html: str, path: str = "") -> str:
    """The mark of the page's first form, or of the first that posts to `path`."""
    found = re.search(rf'{re.escape(path)}.*?name="mark" value="(\w+)"', html, re.DOTALL)
    assert found is not None
    return found.group(1)


async def page(client: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with client.get(path, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def send(
    client: aiohttp.ClientSession, path: str, headers: dict[str, str] | None = None, **form: str
) -> int:
    async with client.post(path, data=form, headers=headers, allow_redirects=False) as answer:
        return answer.status


async def test_a_preview_of_a_login_link_burns_nothing_and_a_second_use_opens_nothing(
    desk: Desk, door: Door
) -> None:
    link = (await door.link(await a_member(desk, "Ixchel"))).removeprefix(door.url)
    for _ in range(3):
        async with browser(door) as previewer:
            assert (await page(previewer, link))[0] == 200
    async with browser(door) as client:
        _, html = await page(client, link)
        assert await send(client, link, mark=mark_in(html)) == 303
        assert (await page(client, "/check-ins"))[0] == 200
    async with browser(door) as other:
        _, html = await page(other, link)
        assert await send(other, link, mark=mark_in(html)) == 422
        assert (await page(other, "/check-ins"))[0] == 303


async def test_used_expired_and_unknown_links_get_the_same_page(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Ixchel")
    used, expired = await door.link(member), await door.link(member)
    async with browser(door) as client:
        _, html = await page(client, used.removeprefix(door.url))
        await send(client, used.removeprefix(door.url), mark=mark_in(html))
    desk.clock.move(hours=2)
    pages = []
    for link in (used.removeprefix(door.url), expired.removeprefix(door.url), f"/{WAY}/in/" + "0" * 32):
        async with browser(door) as client:
            _, html = await page(client, link)
            async with client.post(link, data={"mark": mark_in(html)}) as answer:
                text = await answer.text()
        pages.append((answer.status, re.sub(r"\w{32}", "", text)))
    assert pages[0] == pages[1] == pages[2]


async def test_a_form_without_our_mark_changes_nothing(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Ixchel")
    other = await a_member(desk, "Amal")
    async with browser(door, await door.session(other)) as stranger:
        foreign = mark_in((await page(stranger, "/alarm"))[1], "<main")
    async with browser(door, await door.session(member)) as client:
        html = (await page(client, "/alarm"))[1]
        for mark in ("", "0" * 32, foreign, mark_in((await page(client, "/check-ins"))[1], "<main")):
            assert await send(client, "/alarm", do="raise", mark=mark) == 403
        assert "Call for help now" in (await page(client, "/alarm"))[1]
        assert await send(client, "/alarm", do="raise", mark=mark_in(html, "<main")) == 303
        assert "Your alarm" in (await page(client, "/alarm"))[1]


async def test_a_form_another_site_sends_changes_nothing(desk: Desk, door: Door) -> None:
    async with browser(door, await door.session(await a_member(desk, "Ixchel"))) as client:
        mark = mark_in((await page(client, "/alarm"))[1], "<main")
        for site in ("cross-site", "same-site"):
            assert await send(client, "/alarm", {"Sec-Fetch-Site": site}, do="raise", mark=mark) == 403
        assert await send(client, "/alarm", {"Sec-Fetch-Site": "same-origin"}, do="raise", mark=mark) == 303


async def test_a_sign_in_form_is_bound_to_the_browser_that_asked_for_it(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Ixchel")
    await door.set_word(member, "blue kettle")
    async with browser(door) as attacker:
        mark = mark_in((await page(attacker, LOGIN))[1])
    async with browser(door) as victim:
        fields = {"handle": "ixchel", "word": "blue kettle"}
        assert await send(victim, LOGIN, mark=mark, **fields) == 403
        own = mark_in((await page(victim, LOGIN))[1])
        assert await send(victim, LOGIN, mark=own, **fields) == 303


async def test_five_wrong_words_close_the_door_for_ten_minutes_and_no_longer(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Ixchel")
    await door.set_word(member, "blue kettle")
    async with browser(door) as client:
        mark = mark_in((await page(client, LOGIN))[1])
        for _ in range(5):
            assert await send(client, LOGIN, mark=mark, handle="ixchel", word="guess") == 422
        assert await send(client, LOGIN, mark=mark, handle="ixchel", word="blue kettle") == 422
        desk.clock.move(minutes=11)
        assert await send(client, LOGIN, mark=mark, handle="ixchel", word="blue kettle") == 303


async def test_a_page_that_is_not_for_me_looks_like_no_page(desk: Desk, door: Door) -> None:
    async with browser(door, await door.session(await a_member(desk, "Ixchel"))) as client:
        nothing = await page(client, "/nothing")
        for path in ("/today", "/links", "/import", "/reach"):
            assert await page(client, path) == nothing
        assert (await page(client, "/find"))[0] == 200
    keeper = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}))
    async with browser(door, await door.session(keeper)) as client:
        assert (await page(client, "/links"))[0] == 200


async def test_an_unknown_button_and_a_body_that_is_no_form_are_refused(desk: Desk, door: Door) -> None:
    async with browser(door, await door.session(await a_member(desk, "Ixchel"))) as client:
        mark = mark_in((await page(client, "/circle"))[1], "<main")
        assert await send(client, "/circle", do="become-administrator", mark=mark) == 400
        async with client.post("/circle", json={"do": "ask"}) as answer:
            assert answer.status == 415
        async with client.post("/circle", data="x" * 300_000, headers=FORM) as answer:
            assert answer.status == 413
        async with client.post("/circle", data="a=%FF", headers=FORM) as answer:
            assert answer.status == 400
        assert await send(client, "/circle", do="ask", mark=mark, handle="nobody") == 422


async def test_a_sealed_question_opens_for_the_member_who_asked_it_only(desk: Desk, door: Door) -> None:
    first, second = await a_member(desk, "Ixchel"), await a_member(desk, "Amal")
    async with browser(door, await door.session(first)) as client:
        mark = mark_in((await page(client, "/find"))[1], "<main")
        async with client.post(
            "/find", data={"do": "look", "mark": mark, "issues": "land rights"}, allow_redirects=False
        ) as answer:
            address = answer.headers["Location"].partition("#")[0]
        assert "land" not in address
        assert 'value="land rights"' in (await page(client, address))[1]
    async with browser(door, await door.session(second)) as client:
        status, html = await page(client, address)
        assert (status, "land rights" in html.partition("<form")[2].partition("value")[2][:40]) == (
            200,
            False,
        )
        assert 'id="found"' not in html


async def test_what_people_write_is_shown_as_they_wrote_it_and_never_run(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Ixchel")
    async with browser(door, await door.session(member)) as client:
        mark = mark_in((await page(client, "/alarm"))[1], "<main")
        wicked = "<img src=x onerror=alert(1)>{{ 7*7 }}"
        assert await send(client, "/alarm", do="plan", mark=mark, preset=wicked) == 303
        html = (await page(client, "/alarm"))[1]
        assert "<img" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}" in html


async def test_ending_a_session_ends_it_everywhere(desk: Desk, door: Door) -> None:
    session = await door.session(await a_member(desk, "Ixchel"))
    async with browser(door, session) as client:
        mark = mark_in((await page(client, "/"))[1], 'action="/logout"')
        assert await send(client, "/logout", mark="0" * 32) == 403
        assert (await page(client, "/check-ins"))[0] == 200
        assert await send(client, "/logout", mark=mark) == 303
    async with browser(door, session) as client:
        assert (await page(client, "/check-ins"))[0] == 303


async def test_the_address_after_signing_in_is_one_of_ours(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Ixchel")
    await door.set_word(member, "blue kettle")
    for wanted, given in (("https://evil.example", "/"), ("//evil.example", "/"), ("/find", "/find")):
        async with browser(door) as client:
            mark = mark_in((await page(client, f"{LOGIN}?next={wanted}"))[1])
            fields = {"handle": "ixchel", "word": "blue kettle", "next": wanted, "mark": mark}
            async with client.post(LOGIN, data=fields, allow_redirects=False) as answer:
                assert answer.headers["Location"] == given

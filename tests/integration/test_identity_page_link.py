"""From chat to the pages: a link of one's own that opens once, to read; and where somebody new comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bots_stage import PAGES, Stage, a_person
from people import a_newcomer

from directory.core.viewer import Lane, Role, Viewer
from hub.api import sessions

if TYPE_CHECKING:
    from conftest import Desk


async def _code(stage: Stage, who: str, word: str = "page") -> str:
    (said,) = await stage.say(who, word)
    _, link, _, address = said.splitlines()
    assert address == PAGES
    assert link.startswith(f"{PAGES}/in/")
    return link.removeprefix(f"{PAGES}/in/")


async def _opened(desk: Desk, code: str) -> sessions.Known | None:
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        opened = await sessions.open_link(turn, code)
        return None if opened is None else await sessions.known(turn, opened.code)


async def test_a_member_gets_a_link_that_opens_once_for_thirty_minutes_of_reading(desk: Desk) -> None:
    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    code = await _code(stage, "Luz")
    known = await _opened(desk, code)
    assert known is not None
    assert known.viewer.member == luz
    assert not known.word_fresh, "a word is needed for whatever changes something"
    assert known.session.expires_at == desk.clock() + sessions.READING_LASTS
    assert await _opened(desk, code) is None, "once"


async def test_the_link_ends_after_an_hour_with_the_next_one_and_with_the_device(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Luz")
    first = await _code(stage, "Luz")
    second = await _code(stage, "Luz")
    assert await _opened(desk, first) is None, "only the newest opens"
    desk.clock.move(minutes=61)
    assert await _opened(desk, second) is None
    third = await _code(stage, "Luz")
    await stage.say("Luz", "lost")
    assert await _opened(desk, third) is None


async def test_it_is_said_in_four_languages_and_passes_out_of_the_room(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Luz")
    for word in ("link", "página", "enlace", "lien", "الرابط"):
        assert await _code(stage, "Luz", word)
    told = [effect for effect in desk.recorded if "/in/" in str(getattr(effect, "text", ""))]
    assert told, "the link was said"
    assert all(effect.passes for effect in told), "taken back after an hour"  # type: ignore[union-attr]


async def test_nobody_gets_one_from_a_device_that_is_not_theirs_or_before_they_are_in(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Luz")
    await a_newcomer(desk, "Amal")
    assert not any("/in/" in one for one in await stage.say("Luz", "page", trusted=False))
    assert not any("/in/" in one for one in await stage.say("Amal", "page"))
    assert await stage.say("Nadie", "page") == []


async def test_an_invitation_made_in_chat_says_where_a_browser_alone_comes_in(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Cora", Role.COORDINATOR)
    (said,) = await stage.say("Cora", "invite")
    assert f"{PAGES}/join" in said.splitlines()[-1]
    await a_person(stage, "Luz")
    assert "/join" not in "".join(await stage.say("Luz", "invite"))

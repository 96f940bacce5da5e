"""The phrase for danger by the buttons of the pages: the same bytes for her, a call for others."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
from bots_stage import WORD, Stage, a_person, in_circle
from doors import Door, a_door
from people import seen_as
from pressing import press, settle, sign_in

from directory import words
from directory.core.effects import Tell
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.store import members as rows
from hub.api import sessions

if TYPE_CHECKING:
    from conftest import Desk

PHRASE = "All is well at home"


def told(desk: Desk, member: str) -> list[str]:
    """What a member's room was sent by turns of the door."""
    return [render(one.text, "en") for one in desk.heard(Tell) if one.member == member]


async def _people(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Eva")}
    people["Cora"] = await a_person(stage, "Cora", Role.COORDINATOR)
    people["Caro"] = await a_person(stage, "Caro", Role.COORDINATOR)
    await in_circle(stage, "Luz", "Mar")
    desk.recorded.clear()
    return stage, people


async def _practised(door: Door, session: str) -> None:
    status, _, html = await press(door, session, "/phrase", do="prepare", phrase=PHRASE)
    assert status == 422, "not without the word"
    status, _, html = await press(door, session, "/phrase", do="prepare", phrase=PHRASE, word=WORD)
    assert status == 200 and "practise it" in html
    practice = re.search(r'name="practice" value="([\w-]+)"', html)
    assert practice is not None
    wrong = await press(door, session, "/phrase", do="practise", phrase="not it", practice=practice.group(1))
    assert wrong[0] == 422
    right = await press(door, session, "/phrase", do="practise", phrase=PHRASE, practice=practice.group(1))
    assert right[:2] == (303, "/phrase?said=practised")


async def test_practised_on_the_page_it_signs_in_like_the_word_and_calls_for_help(desk: Desk) -> None:
    stage, people = await _people(desk)
    async with a_door(desk) as door:
        session = await door.session(people["Luz"])
        assert (await sign_in(door, "luz", PHRASE))[0] == 422, "it does not count before it was practised"
        await _practised(door, session)
        by_word, by_phrase = await sign_in(door, "luz", WORD), await sign_in(door, "luz", PHRASE)
        assert by_word[:2] == by_phrase[:2] == (303, "/")
        await settle(desk, stage)
        assert any("Do not write to them" in one for one in told(desk, people["Mar"]))
        assert not any("danger" in one or "forced" in one for one in told(desk, people["Luz"]))
        pages = {}
        for code in (by_word[2], by_phrase[2]):
            pages[code] = [
                await _page(door, code, path)
                for path in ("/", "/alarm", "/words", "/phrase", "/mine", "/sign-ins")
            ]
        assert pages[by_word[2]] == pages[by_phrase[2]]
        seen = await door.ask("MyAlarm", session=by_phrase[2])
        assert seen[1]["data"]["myAlarm"] is None and seen[1]["data"]["openAlarms"] == []


async def _page(door: Door, session: str, path: str) -> str:
    cookies = {door.cookie: session} | door.came_in
    async with aiohttp.ClientSession(door.url, cookies=cookies) as client, client.get(path) as answer:
        return re.sub(r'value="[\w-]+"', "", await answer.text())


async def test_leaving_by_the_page_answers_the_same_and_a_coordinator_stops_it_there(desk: Desk) -> None:
    stage, people = await _people(desk)
    await a_person(stage, "Ana", Role.ADMINISTRATOR)
    async with a_door(desk) as door:
        await _practised(door, await door.session(people["Luz"]))
        answers = []
        for name, word in (("Eva", WORD), ("Luz", PHRASE)):
            session = await door.session(people[name])
            assert (await press(door, session, "/mine", do="leave"))[0] == 422, "not without the word"
            answers.append(await press(door, session, "/mine", do="leave", word=word))
            assert (await sign_in(door, name, WORD))[0] == 422
        assert answers[0] == answers[1] and answers[0][:2] == (303, "/login")
        await settle(desk, stage)
        async with desk.turn() as turn:
            assert await rows.load(turn.tx, people["Eva"]) is None
            assert await rows.load(turn.tx, people["Luz"]) is not None
        cora = await door.session(people["Cora"])
        _, html = await door.ask("Today", session=cora)
        (waits,) = html["data"]["forcedRequests"]
        assert waits["handle"] == "Luz" and not waits["stopped"]
        assert (await press(door, cora, "/today", do="halt", handle="luz"))[0] == 422, "not without the word"
        assert (await press(door, cora, "/today", do="halt", handle="luz", word=WORD))[:2] == (
            303,
            "/today?said=halted",
        )
        desk.clock.move(hours=73)
        await settle(desk, stage)
        async with desk.turn() as turn:
            kept = await rows.load(turn.tx, people["Luz"])
        assert kept is not None and kept.state == "frozen"


async def test_two_coordinators_end_the_silent_call_on_their_page(desk: Desk) -> None:
    stage, people = await _people(desk)
    async with a_door(desk) as door:
        await _practised(door, await door.session(people["Luz"]))
        await sign_in(door, "luz", PHRASE)
        await settle(desk, stage)
        for name in ("Cora", "Caro"):
            session = await door.session(people[name])
            page = await _page(door, session, "/today")
            assert "Do not write to them or call them." in page
            pressed = await press(door, session, "/today", do="all-clear", handle="luz", word=WORD)
            assert pressed[:2] == (303, "/today?said=saved")
        assert "Do not write to them" not in await _page(door, await door.session(people["Cora"]), "/today")


async def _errors(door: Door, session: str, operation: str, given: dict[str, Any]) -> list[str]:
    _, answer = await door.ask(operation, {"input": given} if given else {}, session=session)
    (payload,) = answer["data"].values()
    return [error["code"] for error in payload["errors"]]


PRIVILEGED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("LeaveNetwork", {}),
    ("AskCopy", {}),
    ("ReadCopy", {}),
    ("RemoveSecondPhrase", {}),
    ("PrepareSecondPhrase", {"phrase": PHRASE}),
    ("ShareWith", {"network": "x"}),
    ("SetAudience", {"field": "city", "audience": "NETWORK"}),
    ("GiveRole", {"handle": "luz", "role": "RESPONDER"}),
    ("TakeRole", {"handle": "luz", "role": "RESPONDER"}),
    ("OffBoard", {"handle": "luz"}),
    ("InviteBack", {"handle": "luz"}),
    ("MakeLoginLink", {"handle": "luz"}),
    ("MakeToken", {"label": "x", "operations": ["FindAllies"]}),
    ("StopForcedRequest", {"handle": "luz"}),
    ("LiftSilentAlarm", {"handle": "luz"}),
    ("SetWord", {"word": "another good one"}),
)


async def test_every_privileged_act_asks_for_the_word_and_the_word_grows_old_after_five_minutes(
    desk: Desk,
) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR, Role.COORDINATOR)
    await a_person(stage, "Luz")
    async with a_door(desk) as door:
        session = await door.session(ana)
        for old in (False, True):
            asked = {name: await _errors(door, session, name, given) for name, given in PRIVILEGED}
            assert {name: codes for name, codes in asked.items() if codes != ["NEEDS_WORD"]} == {}
            if not old:
                async with desk.turn(await seen_as(desk, ana, lane=Lane.PAGE)) as turn:
                    known = await sessions.known(turn, session)
                    assert known is not None
                    assert (
                        await sessions.give_word(replace(turn, viewer=known.viewer), known, WORD) is not None
                    )
                assert "NEEDS_WORD" not in await _errors(door, session, "AskCopy", {})
                desk.clock.move(minutes=6)


async def test_a_link_opens_half_an_hour_of_reading(desk: Desk) -> None:
    luz = await a_person(Stage(desk), "Luz")
    async with a_door(desk) as door:
        session = await door.session(luz)
        desk.clock.move(minutes=29)
        assert (await door.ask("MyWord", session=session))[1]["data"]["viewer"]["wordFresh"] is False
        desk.clock.move(minutes=2)
        assert "errors" in (await door.ask("MyWord", session=session))[1]


async def test_nobody_is_known_by_a_handle_alone(desk: Desk) -> None:
    luz = await a_person(Stage(desk), "Luz", word=None)
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        assert await words.who_says(turn, "luz", "") is None
        assert await words.who_says(turn, "luz", WORD) is None
        assert not await words.has_word(turn, luz)

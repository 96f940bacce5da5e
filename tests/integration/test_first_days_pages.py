"""Text messages and the first days through the door: pages without scripts, and the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
from bots_stage import WORD, Stage, a_person, in_circle
from doors import Door, a_door
from people import a_card, a_linked_network, seen_as

from bots import freezing
from directory import sharing
from directory.core.viewer import Lane, Role, Viewer
from directory.store import cards
from hub.api import sessions

if TYPE_CHECKING:
    from conftest import Desk


async def _village(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Eva")}
    people["Cora"] = await a_person(stage, "Cora", Role.COORDINATOR)
    people["Ada"] = await a_person(stage, "Ada", Role.ADMINISTRATOR)
    await in_circle(stage, "Luz", "Mar")
    return stage, people


async def _give_word(door: Door, session: str) -> None:
    """As the page does it."""
    async with door.desk.turn(Viewer(Lane.PAGE)) as turn:
        known = await sessions.known(turn, session)
        assert known is not None
        turn = replace(turn, viewer=known.viewer)
        assert await sessions.give_word(turn, known, WORD) is not None


async def test_a_coordinator_begins_takes_and_ends_steps_through_the_api(desk: Desk) -> None:
    _, people = await _village(desk)
    async with a_door(desk) as door:
        cora, mar, eva = [await door.session(people[one]) for one in ("Cora", "Mar", "Eva")]
        begin = {"input": {"handle": "Luz"}}
        _, answer = await door.ask("OpenPlaybook", begin, session=cora)
        assert answer["data"]["openPlaybook"]["errors"][0]["code"] == "NEEDS_WORD"
        _, answer = await door.ask("OpenPlaybook", begin, session=mar)
        assert answer["errors"], "not for the circle"
        await _give_word(door, cora)
        _, answer = await door.ask("OpenPlaybook", begin, session=cora)
        assert "errors" not in answer, (answer, door.troubles)
        run = answer["data"]["openPlaybook"]["run"]
        one = {"input": {"run": run, "step": "lawyer"}}
        _, answer = await door.ask("TakeStep", one, session=cora)
        assert answer["data"]["takeStep"]["errors"] == []
        _, answer = await door.ask("TakeStep", one, session=mar)
        assert answer["data"]["takeStep"]["errors"], "a step of coordination"
        done = {"input": {"run": run, "step": "lawyer", "done": True, "note": "on her way"}}
        _, answer = await door.ask("ReportStep", done, session=cora)
        assert answer["data"]["reportStep"] == {"missing": 0, "errors": []}
        _, answer = await door.ask("Playbooks", session=cora)
        (seen,) = answer["data"]["playbookRuns"]
        step = next(x for x in seen["steps"] if x["key"] == "lawyer")
        assert (step["state"], step["holder"], step["reports"][0]["text"]) == ("done", "Cora", "on her way")
        assert seen["timeline"][0]["text"] == "was begun"
        _, answer = await door.ask("Playbooks", session=eva)
        assert answer["data"]["playbookRuns"] == []
        _, answer = await door.ask("Playbooks", session=mar)
        assert {x["key"] for x in answer["data"]["playbookRuns"][0]["steps"]} == {
            "family",
            "medicine",
            "visit",
        }


async def test_who_could_be_seen_is_for_coordinators_alone(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Mar", "freeze luz")
    told = [one for one in await stage.heard_by(people["Cora"]) if "one could see" in one]
    assert len(told) == 1 and "Mar: is in their circle" in told[0]
    for who in ("Mar", "Ada", "Luz", "Eva"):
        assert not any("one could see" in one for one in await stage.heard_by(people[who]))
    async with a_door(desk) as door:
        for who, allowed in (("Cora", True), ("Ada", False), ("Mar", False), ("Eva", False)):
            session = await door.session(people[who])
            _, answer = await door.ask("SeenFrom", {"handle": "Luz"}, session=session)
            assert bool(answer.get("errors")) is not allowed
    assert "Mar: is in their circle" in (await stage.say("Cora", "seen luz"))[0]
    assert "Mar" not in (await stage.say("Mar", "seen luz"))[0]


async def test_the_pages_show_steps_wish_and_what_the_phone_company_learns(desk: Desk) -> None:
    _, people = await _village(desk)
    async with a_door(desk) as door:
        session = await door.session(people["Cora"])
        await _give_word(door, session)
        await door.ask("OpenPlaybook", {"input": {"handle": "Luz"}}, session=session)
        cookies = {door.cookie: session} | door.came_in
        async with aiohttp.ClientSession(cookies=cookies) as browser:
            async with browser.get(f"{door.url}/first-days") as page:
                shown = await page.text()
                assert page.status == 200
            assert "Confirm it by two sources" in shown and "If I am ever held or missing" in shown
            async with browser.get(f"{door.url}/phone") as page:
                assert "This network has no text messages." in await page.text()


async def test_a_freeze_hides_the_card_elsewhere_and_takes_the_person_out_of_rooms(desk: Desk) -> None:
    stage, people = await _village(desk)
    async with stage.turn(await seen_as(desk, people["Mar"])) as turn:
        await freezing.freeze(turn, "luz")
    kinds = [type(effect).__name__ for effect in desk.recorded]
    assert "PutOut" in kinds and "LetIn" not in kinds
    assert kinds.index("CloseRoom") < kinds.index("PutOut"), "what closes the room must not end this too"


async def test_a_linked_network_finds_a_frozen_card_no_more_at_once_and_only_its_home_says_so(
    desk: Desk,
) -> None:
    north, south = [await a_linked_network(desk, name) for name in ("North", "South")]
    async with desk.turn() as turn:
        until = turn.now + timedelta(days=7)
        await sharing.apply_cards(turn, north, [a_card(1, "Kusi", country="GT")], until=until)
    for network, found in ((south, 1), (north, 0)):
        async with desk.turn() as turn:
            await sharing.hide_at_once(turn, network, {"cards": [f"{1:032x}"], "frozen": True})
        async with desk.turn() as turn:
            assert (await cards.load(turn.tx, f"{1:032x}") is not None) is bool(found)

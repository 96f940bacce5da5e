"""Holding an entry back: what stops, what never stops, and that two decide."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from bots_stage import HANDLERS, WORD, Stage, a_person, in_circle
from doors import a_door
from people import seen_as

from bots import freezing
from directory import members
from directory.core.questions import Question
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import NeedsWord, NotYours
from directory.search import find_allies
from hub.api import sessions

if TYPE_CHECKING:
    from conftest import Desk


async def _due(_desk: object, turn: object, member: str) -> None:
    await freezing.on_due(turn, member)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _freezes_fall_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, freezing.DUE, _due)


async def _village(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Sol", "Eva")}
    people["Cora"] = await a_person(stage, "Cora", Role.COORDINATOR)
    await in_circle(stage, "Luz", "Mar", "Sol")
    return stage, people


async def _state(desk: Desk, member: str) -> str:
    async with desk.turn() as turn:
        known = await members.standing(turn.tx, member)
    assert known is not None
    return known.state


async def _found(desk: Desk, viewer: str) -> set[str]:
    async with desk.turn(await seen_as(desk, viewer)) as turn:
        page = await find_allies(turn, Question(regions=("GT",)))
    return {card.title for card in page.cards}


async def test_one_of_the_circle_holds_it_back_and_ways_in_and_listing_end(desk: Desk) -> None:
    stage, people = await _village(desk)
    assert "Luz" in await _found(desk, people["Eva"])
    async with a_door(desk) as door:
        session = await door.session(people["Luz"])
        await stage.say("Mar", "freeze luz")
        _, answer = await door.ask("Home", session=session)
        assert answer["errors"]
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        assert await sessions.log_in(turn, "luz", WORD) is None, "not even with her word"
    assert await _state(desk, people["Luz"]) == "frozen"
    assert "Luz" not in await _found(desk, people["Eva"])
    assert any("held back until" in told for told in await stage.heard_by(people["Cora"]))
    assert not any("held back" in told for told in await stage.heard_by(people["Luz"]))


async def test_nothing_about_the_person_stops(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "alarm")
    await stage.say("Mar", "freeze luz")
    await stage.pass_time(minutes=1)
    assert any("Luz asks for help" in told for told in await stage.heard_by(people["Sol"]))
    await stage.say("Luz", "alarm")
    assert any("Luz" in told for told in (await stage.heard_by(people["Mar"]))[-2:])


async def test_nobody_outside_freezes_and_a_stranger_to_the_circle_has_no_vote(desk: Desk) -> None:
    stage, people = await _village(desk)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, people["Eva"])) as turn:
            await freezing.freeze(turn, "luz")
    await stage.say("Cora", "freeze luz")
    for who in ("Eva", "Luz"):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, people[who], word=True)) as turn:
                await freezing.vote(turn, "luz", keep=False)
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, people["Mar"])) as turn:
            await freezing.vote(turn, "luz", keep=False)


async def test_two_lift_it_and_one_does_not(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Mar", "freeze luz")
    await stage.say("Mar", "lift luz")
    assert "One more person" in (await stage.say("Mar", WORD))[0]
    assert await _state(desk, people["Luz"]) == "frozen"
    await stage.say("Sol", "lift luz")
    assert (await stage.say("Sol", WORD))[0] == "Their entry is free again."
    assert await _state(desk, people["Luz"]) == "active"
    assert "Luz" in await _found(desk, people["Eva"])
    assert await stage.say("Luz", "status") == ["Nothing is open for you now."]


async def test_it_ends_after_72_hours_unless_two_keep_it(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Mar", "freeze luz")
    await stage.pass_time(hours=71)
    assert await _state(desk, people["Luz"]) == "frozen"
    await stage.pass_time(hours=2)
    assert await _state(desk, people["Luz"]) == "active"
    await stage.say("Mar", "freeze luz")
    for who in ("Mar", "Cora"):
        await stage.say(who, "keep luz")
        await stage.say(who, WORD)
    await stage.pass_time(hours=200)
    assert await _state(desk, people["Luz"]) == "frozen"


async def test_a_device_lost_before_the_freeze_stays_closed_after_it(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Mar", "lost luz")
    desk.clock.now += timedelta(minutes=5)
    await stage.say("Mar", "freeze luz")
    await stage.pass_time(hours=73)
    assert await _state(desk, people["Luz"]) == "active"
    assert await stage.say("Luz", "status") == []

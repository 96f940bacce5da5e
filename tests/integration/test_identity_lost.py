"""A lost device: closed at once, silent, still heard when it may be a call for help; and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from doors import a_door
from people import matrix_id, seen_as

from bots import losing
from directory import joining
from directory.core.effects import CloseRoom
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.refusals import BadAnswer, NotYours
from directory.store import bindings
from hub.readers import readers_of
from hub.store import rooms

if TYPE_CHECKING:
    from conftest import Desk


async def _village(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Sol", "Eva")}
    people["Cora"] = await a_person(stage, "Cora", Role.COORDINATOR)
    await in_circle(stage, "Luz", "Mar", "Sol")
    return stage, people


async def test_said_by_the_circle_it_closes_the_device_and_everybody_around_hears_it(desk: Desk) -> None:
    stage, people = await _village(desk)
    async with a_door(desk) as door:
        session = await door.session(people["Luz"])
        before = len(await stage.heard_by(people["Luz"]))
        assert (await stage.say("Mar", "lost Luz"))[0].startswith("The device of Luz is closed")
        _, answer = await door.ask("Home", session=session)
    assert answer["errors"], "her sign-in ended"
    assert CloseRoom(people["Luz"]) in desk.recorded
    for name in ("Sol", "Cora"):
        assert "Luz is lost and closed" in (await stage.heard_by(people[name]))[-1]
    assert len(await stage.heard_by(people["Luz"])) == before, "her room hears nothing"


async def test_nobody_outside_the_circle_closes_it(desk: Desk) -> None:
    stage, people = await _village(desk)
    for who, handle in (("Eva", "luz"), ("Mar", "nobody")):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, people[who])) as turn:
                await losing.lost(turn, handle)
    assert await stage.say("Luz", "status") == ["Nothing is open for you now."], "hers still works"


async def test_a_closed_device_gives_no_order_but_its_call_for_help_reaches_people(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "lost")
    assert await stage.say("Luz", "circle Eva") == []
    assert not any("asks you to be" in told for told in await stage.heard_by(people["Eva"]))
    await stage.pass_time(minutes=3)
    assert any("Luz tried to reach us" in told for told in await stage.heard_by(people["Mar"]))
    await stage.pass_time(minutes=20)
    before = len(await stage.heard_by(people["Sol"]))
    await stage.say("Luz", "alarm")
    assert any("Luz tried to reach us" in told for told in (await stage.heard_by(people["Sol"]))[before:])


async def _account_of(desk: Desk, account: str) -> str | None:
    async with desk.turn() as turn:
        return await bindings.bound_to(turn.tx, desk.guard.digest("matrix-id", account))


async def test_two_vouchers_bring_her_back_and_one_does_not(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "lost")
    assert "One more person" in (await stage.say("Mar", "vouch luz"))[0]
    assert "One more person" in (await stage.say("Mar", "vouch luz"))[0], "the same one twice is one"
    code = (await stage.say("Sol", "vouch luz"))[0].rpartition("join ")[2]
    await stage.say("Luz2", f"join {code}")
    assert await _account_of(desk, matrix_id("Luz2")) == people["Luz"]
    assert await _account_of(desk, matrix_id("Luz")) is None
    assert (await stage.say("Luz2", "status")) == ["Nothing is open for you now."]
    for name in ("Mar", "Sol", "Cora"):
        assert "Luz writes from another device now" in (await stage.heard_by(people[name]))[-1]


async def test_vouching_is_for_the_circle_and_only_for_a_closed_device(desk: Desk) -> None:
    stage, people = await _village(desk)
    with pytest.raises(BadAnswer):
        async with desk.turn(await seen_as(desk, people["Mar"])) as turn:
            await losing.vouch(turn, "luz")
    await stage.say("Luz", "lost")
    for who in ("Eva", "Luz"):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, people[who])) as turn:
                await losing.vouch(turn, "luz")


async def test_one_voucher_yesterday_does_not_count_today(desk: Desk) -> None:
    stage, _ = await _village(desk)
    await stage.say("Luz", "lost")
    await stage.say("Mar", "vouch luz")
    desk.clock.move(hours=25)
    assert "One more person" in (await stage.say("Sol", "vouch luz"))[0]
    assert "join " in (await stage.say("Mar", "vouch luz"))[0]


async def test_one_coordinator_and_a_call_bring_her_back(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "lost")
    await stage.say("Cora", "back luz")
    code = (await stage.say("Cora", WORD))[0].rpartition("join ")[2]
    await stage.say("Luz2", f"join {code}")
    assert await _account_of(desk, matrix_id("Luz2")) == people["Luz"]
    assert "I do not know that" in (await stage.say("Mar", "back luz"))[0]


async def test_every_earlier_device_hears_that_another_takes_its_place_also_a_closed_one(desk: Desk) -> None:
    stage, people = await _village(desk)
    for device in ("Luz2", "Luz3"):
        async with desk.turn() as turn:
            code = (await joining.invite_back(turn, people["Luz"])).typed
        if device == "Luz3":
            await stage.say("Luz2", "lost")
        async with stage.turn(Viewer(Lane.CHAT)) as turn:
            entered = await joining.enter(
                turn, matrix_id=matrix_id(device), master_key=device, room=f"!{device}:example.org", code=code
            )
        assert isinstance(entered, joining.Entered)
    told = [one.room for one in stage.lobby if "Another device speaks for you now" in render(one.text, "en")]
    assert told == ["!Luz:example.org", "!Luz2:example.org", "!Luz:example.org"]
    async with desk.turn() as turn:
        for device in ("Luz", "Luz2"):
            await rooms.known(
                turn.tx, turn.guard, room=turn.ids(), account="bot", purpose="direct", ref=people["Luz"],
                matrix=f"!{device}:example.org", now=turn.now,
            )  # fmt: skip
            assert await readers_of(turn, f"!{device}:example.org") == {matrix_id(device)}


async def test_a_device_that_was_not_closed_hears_that_another_takes_its_place(desk: Desk) -> None:
    stage, people = await _village(desk)
    async with desk.turn() as turn:
        code = (await joining.invite_back(turn, people["Luz"])).typed
    async with stage.turn(Viewer(Lane.CHAT)) as turn:
        await joining.enter(
            turn, matrix_id="@thief:example.org", master_key="other", room="!t:example.org", code=code
        )
    (told,) = [one for one in stage.lobby if one.room == "!Luz:example.org"]
    assert "Another device speaks for you now" in render(told.text, "en")

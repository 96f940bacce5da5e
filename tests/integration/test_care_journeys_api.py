"""Journeys, timetables, events, proxies and wide silence over the API and on the page, without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from conftest import Clock, Desk
from doors import Door, a_door
from people import a_member, seen_as

from bots import checking, silence
from bots.core.silence import Heard, Held, Why
from bots.desk import Desk as BotsDesk
from bots.store import checkins
from directory import words
from directory.core.viewer import Role
from directory.turn import Turn
from directory.vocabulary import load

WORD = "luna azul"


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def _ask(door: Door, session: str, operation: str, /, **given: Any) -> dict[str, Any]:
    wide = operation in ("CheckInNotice",)
    variables = given if wide else ({"input": given} if given else {})
    status, answer = await door.ask(operation, variables, session=session)
    assert status == 200, answer
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


async def _somebody(desk: Desk, door: Door, handle: str, *roles: Role) -> str:
    member = await a_member(desk, handle, roles=frozenset(roles))
    async with desk.turn(await seen_as(desk, member)) as turn:
        await words.set_word(turn, member, WORD)
    return await door.session(member)


async def test_who_would_notice_is_said_before_anything_is_planned(desk: Desk, door: Door) -> None:
    lupe = await _somebody(desk, door, "Lupe")
    usual = (await _ask(door, lupe, "CheckInNotice", inMinutes=120, highRisk=False))["checkInNotice"]
    risky = (await _ask(door, lupe, "CheckInNotice", inMinutes=120, highRisk=True))["checkInNotice"]
    assert usual["by"] == risky["by"] == risky["atWorst"] < usual["atWorst"]
    assert usual["staffed"] is False
    assert "Nobody is on duty at that time" in usual["text"]
    assert (await _ask(door, lupe, "CheckIns"))["checkIns"] == []


async def test_a_journey_a_timetable_and_an_event_are_planned_moved_and_called_off(
    desk: Desk, door: Door, clock: Clock
) -> None:
    lupe = await _somebody(desk, door, "Lupe")
    journey = await _ask(door, lupe, "PlanJourney", minutes=[120, 180], places=["the bridge", "the town"])
    assert journey["planJourney"]["errors"] == []
    again = await _ask(
        door, lupe, "PlanRecurring", times=["08:00"], restFrom="22:00", restTo="06:00", zone="America/Bogota"
    )
    assert again["planRecurring"]["errors"] == []
    event = await _ask(door, lupe, "PlanEvent", hours="14:00-18:00", zone="America/Bogota", about="march")
    assert event["planEvent"]["errors"] == []
    listed = (await _ask(door, lupe, "CheckIns"))["checkIns"]
    assert len(listed) == 3
    assert all(one["again"] and one["notice"]["text"] for one in listed)
    refused = await _ask(door, lupe, "MoveCheckIn", minutes=30, word="luna azull")
    assert refused["moveCheckIn"]["errors"][0]["code"] == "WRONG_WORD"
    moved = await _ask(door, lupe, "MoveCheckIn", minutes=30, word=WORD)
    assert moved["moveCheckIn"]["errors"] == []
    one = listed[-1]["id"]
    off = await _ask(door, lupe, "CallOffCheckIns", word=WORD, checkIn=one)
    assert off["callOffCheckIns"]["errors"] == []
    assert one not in {left["id"] for left in (await _ask(door, lupe, "CheckIns"))["checkIns"]}
    wrong = await _ask(door, lupe, "PlanRecurring", times=["25:99"], zone="America/Bogota")
    assert wrong["planRecurring"]["errors"][0]["code"] == "BAD_ANSWER"


async def test_a_proxy_is_asked_agrees_answers_and_ends(desk: Desk, door: Door) -> None:
    rosa = await _somebody(desk, door, "Rosa", Role.CONNECTOR)
    lupe = await _somebody(desk, door, "Lupe")
    await _ask(door, rosa, "AskProxy", handle="Lupe")
    (asks,) = (await _ask(door, lupe, "Proxies"))["proxies"]["mine"]
    assert (asks["handle"], asks["agreed"]) == ("Rosa", False)
    early = await _ask(door, rosa, "PlanCheckIn", inMinutes=60, whose="Lupe")
    assert early["planCheckIn"]["errors"][0]["code"] == "NOT_YOURS"
    await _ask(door, lupe, "AnswerProxy", proxy=asks["proxy"], yes=True)
    planned = await _ask(door, rosa, "PlanCheckIn", inMinutes=60, whose="Lupe")
    assert planned["planCheckIn"]["errors"] == []
    (seen,) = (await _ask(door, rosa, "CheckIns"))["checkIns"]
    assert seen["whose"] == "Lupe"
    answered = await _ask(door, rosa, "AnswerCheckIn", word=WORD, whose="Lupe")
    assert answered["answerCheckIn"] == {"late": False, "errors": []}
    await _ask(door, lupe, "StopProxy", handle="Rosa")
    late = await _ask(door, rosa, "PlanCheckIn", inMinutes=60, whose="Lupe")
    assert late["planCheckIn"]["errors"][0]["code"] == "NOT_YOURS"


async def test_an_incident_is_read_taken_and_let_go_by_those_on_call_only(
    desk: Desk, door: Door, clock: Clock
) -> None:
    member = await a_member(desk, "Lupe")
    lupe = await door.session(member)
    await _ask(door, lupe, "PlanCheckIn", inMinutes=60)
    (planned,) = (await _ask(door, lupe, "CheckIns"))["checkIns"]
    clock.move(minutes=60)
    async with desk.turn() as turn:
        row = await checkins.get(turn.tx, turn.guard, planned["id"])
        assert row is not None
        await silence.hold(_deaf_desk(), turn, row, Held(Why.DEAF, ""))
    lupe, ana = await door.session(member), await _somebody(desk, door, "Ana", Role.COORDINATOR)
    (one,) = (await _ask(door, ana, "Silences"))["silences"]
    assert [person["handle"] for person in one["people"]] == ["Lupe"]
    assert (await _ask(door, ana, "TakeSilence", silence=one["id"]))["takeSilence"]["errors"] == []
    again = await _ask(door, ana, "TakeSilence", silence=one["id"])
    assert again["takeSilence"]["errors"][0]["code"] == "NOT_YOURS"
    assert (await _ask(door, ana, "AskSingly", silence=one["id"]))["askSingly"]["asked"] == 1
    _, hidden = await door.ask("Silences", {}, session=lupe)
    assert not hidden.get("data") or not any(hidden["data"].values())


def _deaf_desk() -> BotsDesk:
    async def deaf(turn: Turn) -> Heard:
        return Heard(turn.now - timedelta(minutes=5))

    return BotsDesk(load(), "Red Ayni", hearing=deaf)


async def test_the_service_is_the_same_from_everywhere(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Lupe")
    lupe = await door.session(member)
    await _ask(door, lupe, "PlanCheckIn", inMinutes=60, highRisk=True)
    async with desk.turn(await seen_as(desk, member)) as turn:
        (planned,) = await checking.mine(turn)
    assert planned.high_risk
    assert planned.notice.at_worst == planned.due_at

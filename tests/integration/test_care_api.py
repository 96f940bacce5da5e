"""Care over the API: the same rules as in chat, before sending, while it runs, and afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from conftest import Clock, Desk
from doors import Door, a_door
from people import a_member

from bots import sentinel, widening
from directory.core.viewer import Lane, Role, Viewer


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def _ask(door: Door, session: str, operation: str, **given: Any) -> dict[str, Any]:
    variables = {"input": given} if given else {}
    status, answer = await door.ask(operation, variables, session=session)
    assert status == 200, answer
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


async def test_a_member_reads_before_sending_that_nobody_has_tested_their_phone(
    desk: Desk, door: Door
) -> None:
    lupe = await door.session(await a_member(desk, "Lupe"))
    plan = (await _ask(door, lupe, "MyAlarm"))["alarmPlan"]
    assert not plan["staffed"]
    assert not plan["live"]
    assert "Nobody here has tested yet" in plan["staffedText"]


async def test_an_alarm_goes_its_whole_way_over_the_api(desk: Desk, door: Door, clock: Clock) -> None:
    member = await a_member(desk, "Lupe")
    keeper = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    lupe, ana = await door.session(member), await door.session(keeper)
    await _ask(door, lupe, "PlanAlarm", cancelWindow=0)
    raised = await _ask(door, lupe, "RaiseAlarm", text="Men at the gate", place="the school")
    alarm = raised["raiseAlarm"]["alarm"]["id"]
    await _ask(door, lupe, "TellPlace", place="the church")
    clock.move(seconds=40)
    (seen,) = (await _ask(door, ana, "Today"))["openAlarms"]
    assert seen["place"] == "the church"
    assert [one["handle"] for one in seen["contacts"]] == ["Ana"]
    await _ask(door, ana, "TakeAlarm", alarm=alarm)
    await _ask(door, ana, "CloseAlarm", alarm=alarm)
    (over,) = (await _ask(door, ana, "Today"))["alarmsToDebrief"]
    assert over["id"] == alarm
    kept = await _ask(door, ana, "DebriefAlarm", alarm=alarm, falseAlarm=True, note="a drill of the army")
    assert kept["debriefAlarm"]["errors"] == []
    figures = (await _ask(door, ana, "Care"))["careFigures"]
    assert (figures["alarms"], figures["medianSeconds"], figures["falseAlarms"]) == (1, 40, 1)
    assert any("“I have it”" in line for line in figures["lines"])
    assert (await _ask(door, ana, "Today"))["alarmsToDebrief"] == []


async def test_figures_and_rota_are_not_for_every_member(desk: Desk, door: Door) -> None:
    lupe = await door.session(await a_member(desk, "Lupe"))
    for operation in ("Care", "Rota", "Duty"):
        _, answer = await door.ask(operation, {}, session=lupe)
        assert not answer.get("data") or not any(answer["data"].values())


async def test_a_responder_plans_a_week_swaps_and_chooses_what_wakes_over_the_api(
    desk: Desk, door: Door
) -> None:
    rosa = await door.session(await a_member(desk, "Rosa", roles=frozenset({Role.RESPONDER})))
    ines = await door.session(await a_member(desk, "Ines", roles=frozenset({Role.RESPONDER})))
    hours = {"days": [3], "start": "18:00", "end": "23:00", "zone": "America/Guatemala"}
    made = await _ask(door, rosa, "PlanShift", **hours)
    assert made["planShift"]["errors"] == []
    refused = await _ask(door, rosa, "PlanShift", **{**hours, "zone": "Mars/Base"})
    assert refused["planShift"]["errors"][0]["code"]
    first = (await _ask(door, rosa, "Duty"))["rota"]["stretches"][0]
    assert first["mine"]
    await _ask(door, rosa, "OfferDuty", stretch=first["id"], handle="Ines")
    (offered,) = (await _ask(door, ines, "Duty"))["rota"]["offered"]
    await _ask(door, ines, "AnswerDuty", stretch=offered["id"], yes=True)
    assert (await _ask(door, ines, "Duty"))["rota"]["stretches"][0]["mine"]
    refused = await _ask(door, rosa, "ChooseWaker", kind="push", where="https://127.0.0.1/x")
    assert refused["chooseWaker"]["errors"]
    kept = await _ask(door, rosa, "ChooseWaker", kind="push", where="https://ntfy.example.org/x")
    assert kept["chooseWaker"]["errors"] == []
    (mine,) = (await _ask(door, rosa, "Duty"))["myWakers"]
    assert mine["where"] == "https://ntfy.example.org/x"


async def test_an_alarm_may_be_raised_while_it_is_not_over_and_a_stranger_debriefs_nothing(
    desk: Desk, door: Door, clock: Clock
) -> None:
    member = await a_member(desk, "Lupe")
    await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    other = await door.session(await a_member(desk, "Tomas"))
    async with desk.turn(Viewer(Lane.PAGE, member)) as turn:
        raised = await sentinel.raise_alarm(door.runner.office.desk, turn)
    clock.move(**{"seconds": timedelta(seconds=31).total_seconds()})
    async with desk.turn(Viewer(Lane.CLOCK)) as turn:
        await widening.on_due(door.runner.office.desk, turn, raised.id)
    refused = await _ask(door, other, "DebriefAlarm", alarm=raised.id, falseAlarm=True)
    assert refused["debriefAlarm"]["errors"][0]["code"] == "NOT_YOURS"

"""The rota: weekly shifts on their own clocks, a swap in one step, nights in a row, holidays, hand-over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from people import seen_as

from bots import duty, rota
from bots.core.rota import Weekly, gaps, nights_in_a_row, spans
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_shift_keeps_its_own_hours_when_clocks_change() -> None:
    nights = Weekly("Europe/Paris", EVERY_DAY, 22 * 60, 6 * 60)
    found = list(spans(nights, at("2026-10-23T00:00"), at("2026-10-27T00:00")))
    begins = [begin.astimezone(ZoneInfo("Europe/Paris")).strftime("%d %H:%M") for begin, _ in found]
    ends = [end.astimezone(ZoneInfo("Europe/Paris")).strftime("%d %H:%M") for _, end in found]
    assert begins == ["23 22:00", "24 22:00", "25 22:00", "26 22:00"]
    assert ends == ["24 06:00", "25 06:00", "26 06:00", "27 06:00"]
    lengths = [(end - begin) / timedelta(hours=1) for begin, end in found]
    assert lengths == [8, 9, 8, 8], "the night in which an hour comes twice is longer"


def test_hours_that_do_not_exist_lose_nobody() -> None:
    small = Weekly("Europe/Paris", EVERY_DAY, 2 * 60 + 30, 3 * 60 + 30)
    found = list(spans(small, at("2026-03-28T12:00"), at("2026-03-30T12:00")))
    assert len(found) >= 1
    assert all(begin < end for begin, end in found)


def test_uncovered_hours_are_found() -> None:
    noon = at("2026-11-24T12:00")
    hour = timedelta(hours=1)
    covered = [(noon - hour, noon + 2 * hour), (noon + 3 * hour, noon + 4 * hour)]
    assert gaps(covered, noon, noon + 5 * hour) == (
        (noon + 2 * hour, noon + 3 * hour),
        (noon + 4 * hour, noon + 5 * hour),
    )
    assert gaps([(noon - hour, noon + 9 * hour)], noon, noon + 5 * hour) == ()


def test_nights_are_counted_in_a_row_and_days_are_none() -> None:
    zone = ZoneInfo("UTC")
    night = [(at(f"2026-11-{day:02}T22:00"), at(f"2026-11-{day + 1:02}T06:00")) for day in (3, 4, 5, 8)]
    assert nights_in_a_row(night, zone) == 3
    days = [(at(f"2026-11-{day:02}T08:00"), at(f"2026-11-{day:02}T16:00")) for day in range(3, 9)]
    assert nights_in_a_row(days, zone) == 0
    assert nights_in_a_row([(at("2026-11-03T12:00"), at("2026-11-05T12:00"))], zone) == 2


async def test_a_weekly_duty_is_awake_by_itself_and_says_so_when_it_begins(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    shown = "\n".join(await stage.say("Rosa", "duty week 2 3 4 18:00-23:00"))
    assert "Rosa:" in shown
    assert "Nobody:" in shown, "and the hours nobody covers are seen before they come"
    await stage.pass_time(hours=13)
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        (awake,) = await duty.on_duty(turn.tx, turn.now)
    assert awake.member == rosa
    assert any("Your duty begins" in one for one in await stage.heard_by(rosa))
    await stage.pass_time(days=30)
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        assert (await rota.rota(turn)).stretches, "it is written on, day by day"


async def test_nobody_plans_a_fourth_night_in_a_row_for_anybody(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    await a_person(stage, "Ana", Role.COORDINATOR)
    nights = Weekly("America/Guatemala", (1, 2, 3, 4), 22 * 60, 6 * 60)
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        with pytest.raises(BadAnswer):
            await rota.plan_shift(turn, nights)
    assert "three nights in a row" in "\n".join(await stage.say("Rosa", "duty week 1 2 3 4 22:00-06:00"))
    assert "Rosa:" in "\n".join(await stage.say("Rosa", "duty week 1 2 3 22:00-06:00"))


async def test_weekly_hours_may_be_for_some_languages_and_places_only(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    await stage.say("Rosa", "duty week 1 2 22:00-06:00 spanish, Guatemala, ES")
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        stretches = (await rota.rota(turn)).stretches
    assert {(one.languages, one.regions) for one in stretches} == {(("es",), ("GT", "ES"))}
    assert "I do not know" in "\n".join(await stage.say("Rosa", "duty week 3 22:00-06:00 Xyzzy"))


async def test_a_swap_is_one_question_and_one_answer(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    ines = await a_person(stage, "Ines", Role.RESPONDER, country="MX")
    await stage.say("Rosa", "duty week 3 18:00-23:00")
    assert "is asked" in "\n".join(await stage.say("Rosa", "duty swap Ines"))
    assert any("asks you to take over a duty" in one for one in await stage.heard_by(ines))
    assert "It is yours." in "\n".join(await stage.say("Ines", "1"))
    assert any("Ines takes it over:" in one for one in await stage.heard_by(rosa))
    await stage.pass_time(hours=37)
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        awake = await duty.on_duty(turn.tx, turn.now)
    assert [one.member for one in awake] == [ines]


async def test_a_swap_that_is_refused_stays_where_it_was(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    await a_person(stage, "Ines", Role.RESPONDER)
    await stage.say("Rosa", "duty week 3 18:00-23:00")
    await stage.say("Rosa", "duty swap Ines")
    await stage.say("Ines", "0")
    assert any("Ines cannot take it over." in one for one in await stage.heard_by(rosa))
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        assert {one.member for one in (await rota.rota(turn)).stretches} == {rosa}


async def test_nights_are_counted_by_the_clocks_of_whoever_is_awake(stage: Stage) -> None:
    """Ten to six in Guatemala is four to noon for UTC, where no night is."""
    await a_person(stage, "Rosa", Role.RESPONDER)
    ines = await a_person(stage, "Ines", Role.RESPONDER, country="MX")
    await stage.say("Rosa", "duty week 5 22:00-06:00")
    await a_person(stage, "Ana", Role.COORDINATOR, country="MX")
    weekly = Weekly("America/Mexico_City", (2, 3, 4), 22 * 60, 6 * 60)
    async with stage.turn(await seen_as(stage.base, ines)) as turn:
        await rota.plan_shift(turn, weekly)
    assert "three nights in a row" in "\n".join(await stage.say("Rosa", "duty swap Ines"))
    assert "is asked" in "\n".join(await stage.say("Rosa", "duty swap Ana")), "who slept before is asked"


async def test_a_duty_is_offered_only_to_somebody_who_answers_calls(stage: Stage) -> None:
    await a_person(stage, "Rosa", Role.RESPONDER)
    await a_person(stage, "Lupe")
    await stage.say("Rosa", "duty week 3 18:00-23:00")
    assert "does not answer calls" in "\n".join(await stage.say("Rosa", "duty swap Lupe"))


async def test_a_holiday_frees_what_was_planned_and_coordinators_hear_it(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Rosa", "duty week 2 3 4 5 6 7 1 18:00-23:00")
    told = "\n".join(await stage.say("Rosa", "duty away 10 d"))
    assert "Duties that are free now: 10." in told or "Duties that are free now: 11." in told
    assert any("Rosa is away." in one for one in await stage.heard_by(ana))
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        assert (await rota.rota(turn, 7)).stretches == ()


async def test_a_note_reaches_whoever_is_on_duty_next(stage: Stage) -> None:
    await a_person(stage, "Rosa", Role.RESPONDER)
    await a_person(stage, "Ines", Role.RESPONDER)
    await stage.say("Rosa", "duty on 2 h")
    await stage.say("Rosa", "duty note Lupe checks in at nine")
    await stage.pass_time(hours=3)
    assert "Rosa wrote for you: Lupe checks in at nine" in "\n".join(await stage.say("Ines", "duty on 2 h"))


async def test_the_rota_is_for_those_who_answer_calls(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        with pytest.raises(NotYours):
            await rota.rota(turn)

"""Journeys, timetables, events and people without a phone: silence is noticed as it was planned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from people import seen_as

from bots import checking, proxies, series
from bots.core.timetable import EVERY_DAY, Timetable
from bots.promising import Manner, Whose
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.store import members as entries


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def _alarms(stage: Stage, reader: str, about: str = "did not answer") -> int:
    return sum(about in body for body in await stage.heard_by(reader))


async def test_a_journey_waits_at_the_end_of_every_part(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    (planned,) = await stage.say("Lupe", "journey 2 h the bridge, 3 h the town")
    assert "within 2 hours" in planned
    assert "your circle (Rosa) hears it at" in planned
    await stage.pass_time(hours=1)
    assert (await stage.say("Lupe", f"arrived {WORD}"))[0].startswith("Thank you.")
    (waits,) = await stage.say("Lupe", "check-in")
    assert "within 3 hours" in waits, "the time of a part runs from the arrival before it"
    await stage.pass_time(hours=2, minutes=59)
    assert await _alarms(stage, rosa) == 0
    await stage.pass_time(minutes=2)
    assert "did not answer a check-in (the town)" in (await stage.heard_by(rosa))[-1]
    await stage.say("Lupe", f"arrived {WORD}")
    assert "no check-in planned" in (await stage.say("Lupe", "check-in"))[0]


async def test_a_journey_that_never_begins_is_noticed_too(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    (planned,) = await stage.say("Lupe", "journey at 08:00, 2 h the bridge")
    assert "within 2 hours" in planned  # noon UTC is six in the morning in Guatemala
    assert "When you leave, write: started" in planned
    await stage.pass_time(hours=1, minutes=55)
    await stage.say("Lupe", f"started {WORD}")
    await stage.pass_time(hours=1, minutes=55)
    assert await _alarms(stage, rosa) == 0
    await stage.pass_time(minutes=6)
    assert await _alarms(stage, rosa) == 1


async def test_a_timetable_comes_again_after_an_answer_and_after_silence(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    (planned,) = await stage.say("Lupe", "check-in daily 08:00 21:00 rest 22:00-06:00")
    assert "More of them follow" in planned
    await stage.pass_time(hours=1, minutes=55)
    await stage.say("Lupe", f"ok {WORD}")
    await stage.pass_time(hours=12, minutes=55)
    await stage.say("Lupe", f"ok {WORD}")
    assert await _alarms(stage, rosa) == 0
    await stage.pass_time(hours=12)
    assert await _alarms(stage, rosa) >= 1, "the next morning nobody answered"
    (waits,) = await stage.say("Lupe", "check-in")
    assert waits.count("I expect you within") == 1, "and the evening is expected all the same, once"


async def test_a_country_with_several_zones_is_asked_for_one(stage: Stage) -> None:
    await a_person(stage, "Lupe", country="MX")
    assert "add your time zone" in (await stage.say("Lupe", "check-in daily 08:00"))[0]
    (planned,) = await stage.say("Lupe", "check-in daily 08:00 America/Mexico_City")
    assert "within 2 hours" in planned


async def test_an_event_is_watched_while_it_lasts_and_when_it_is_over(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "check-in event 06:00-08:30 every 1 h march in town")
    for _ in range(2):
        await stage.pass_time(minutes=59)
        assert (await stage.say("Lupe", f"ok {WORD}"))[0].startswith("Thank you.")
        await stage.pass_time(minutes=1)
    assert await _alarms(stage, rosa) == 0
    await stage.pass_time(minutes=31)
    assert "(march in town)" in (await stage.heard_by(rosa))[-1], "also when it is over"


async def test_later_needs_the_word_and_moves_only_then(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "check-in in 2 h")
    assert "not your word" in (await stage.say("Lupe", "later 1 h luna azull"))[0]
    assert "1 hour later" in (await stage.say("Lupe", f"later 1 h {WORD}"))[0]
    await stage.pass_time(hours=2, minutes=55)
    assert await _alarms(stage, rosa) == 0
    await stage.pass_time(minutes=6)
    assert await _alarms(stage, rosa) == 1


async def test_calling_off_needs_the_word_and_ends_what_was_to_follow(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "check-in daily 08:00")
    assert "still wait" in (await stage.say("Lupe", "call off luna azull"))[0]
    await stage.pass_time(hours=1, minutes=58)
    assert "called off" in (await stage.say("Lupe", f"call off {WORD}"))[0]
    await stage.pass_time(hours=50)
    assert await _alarms(stage, rosa) == 0


async def test_a_connector_answers_for_somebody_without_a_phone_with_her_own_word(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.CONNECTOR, word="sol de mayo")
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Rosa", "answer for Mariana, at her house, in Kaqchikel, Ana was there")
    assert "who has no phone. How they said yes: at her house" in (await stage.heard_by(ana))[-1]
    (planned,) = await stage.say("Rosa", "check-in for Mariana in 2 h, back from the field")
    assert "hear of Mariana within 2 hours" in planned
    await stage.pass_time(hours=1, minutes=55)
    assert "Is Mariana safe?" in (await stage.heard_by(rosa))[-1]
    assert "not your word" in (await stage.say("Rosa", f"ok for Mariana {WORD}"))[0]
    assert (await stage.say("Rosa", "ok for Mariana sol de mayo"))[0].startswith("Thank you.")
    await stage.pass_time(hours=3)
    assert await _alarms(stage, rosa) == 0


async def test_silence_of_somebody_without_a_phone_asks_their_circle_and_the_proxy_can_end_it(
    stage: Stage,
) -> None:
    rosa = await a_person(stage, "Rosa", Role.CONNECTOR)
    await stage.say("Rosa", "answer for Mariana, at her house")
    await stage.say("Rosa", "check-in for Mariana in 30 min")
    await stage.pass_time(minutes=31)
    assert await _alarms(stage, rosa, "Mariana did not answer") == 1, "Rosa is her circle"
    assert "Everyone who was asked hears" in (await stage.say("Rosa", f"ok for Mariana {WORD}"))[0]
    assert "Mariana is safe" in (await stage.heard_by(rosa))[-1]


async def test_whoever_has_a_phone_says_yes_on_it(stage: Stage) -> None:
    await a_person(stage, "Rosa", Role.CONNECTOR)
    lupe = await a_person(stage, "Lupe")
    async with stage.turn(await seen_as(stage.base, (await stage_id(stage, "Rosa")))) as turn:
        with pytest.raises(NotYours):
            await proxies.take_on(turn, "Lupe", "she said so")
    await stage.say("Rosa", "answer for Lupe")
    assert "asks to answer your check-ins" in (await stage.heard_by(lupe))[-1]
    async with stage.turn(await seen_as(stage.base, (await stage_id(stage, "Rosa")))) as turn:
        with pytest.raises(NotYours):
            await proxies.whose(turn, "Lupe")
    await stage.say("Lupe", "1")
    assert "hear of Lupe" in (await stage.say("Rosa", "check-in for Lupe in 2 h"))[0]


async def test_a_proxy_cannot_end_what_the_person_called_for(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.CONNECTOR, word="sol de mayo")
    await a_person(stage, "Lupe")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Rosa", "answer for Lupe")
    await stage.say("Lupe", "1")
    await stage.say("Rosa", "check-in for Lupe in 30 min")
    await stage.pass_time(minutes=31)
    await stage.say("Lupe", "alarm they took my brother")
    await stage.say("Rosa", "ok for Lupe sol de mayo")
    assert not any("Lupe is safe" in body for body in await stage.heard_by(rosa))


async def test_a_clock_that_goes_back_doubles_nothing_and_one_that_jumps_skips_nothing_twice(
    stage: Stage,
) -> None:
    lupe = await a_person(stage, "Lupe")
    await stage.say("Lupe", "check-in daily 08:00 21:00")
    await stage.pass_time(hours=1, minutes=55)
    await stage.say("Lupe", f"ok {WORD}")
    stage.base.clock.move(hours=-1)
    await stage.settle()
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        (one,) = await checking.mine(turn)
    due = one.due_at
    stage.base.clock.move(days=3)
    await stage.settle()
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        (one,) = await checking.mine(turn)
        now = turn.now
    assert due < now < one.due_at <= now + timedelta(days=1), "three days without a hub are one silence"


async def test_the_moment_of_notice_says_who_and_whether_somebody_is_on_duty_then(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Ines", Role.RESPONDER)
    (planned,) = await stage.say("Lupe", "check-in in 2 h")
    assert "the people on call hear it at" in planned or "find nobody" in planned
    assert "Nobody is on duty at that time" in planned
    assert "your circle at" in planned
    await stage.say("Ines", "duty on 8 h")
    (planned,) = await stage.say("Lupe", "check-in risky in 2 h")
    assert "Somebody is on duty at that time." in planned
    assert "many are silent" not in planned, "a very risky one is never held"
    (planned,) = await stage.say("Lupe", "check-in in 30 d")
    assert "not planned yet" in planned


async def test_plans_that_make_no_sense_are_refused_before_anything_is_written(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        for table in (Timetable("Mars/Base", EVERY_DAY, (480,)), Timetable("UTC", (), (480,))):
            with pytest.raises(BadAnswer):
                await series.weekly(stage.desk, turn, Whose(lupe), table, Manner())
        with pytest.raises(BadAnswer):
            await series.journey(stage.desk, turn, Whose(lupe), [], Manner())
        assert await checking.mine(turn) == ()


async def stage_id(stage: Stage, handle: str) -> str:
    async with stage.base.turn() as turn:
        row = await entries.with_handle(turn.tx, handle.casefold())
    assert row is not None
    return row.id

"""Many silent at once become one incident; nobody is woken on and on, and no high-risk plan is swallowed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from people import seen_as

from bots import silence
from bots.core.silence import BETWEEN_PAGES, Heard
from directory.core.viewer import Role
from directory.refusals import NotYours

CROWD = ("Lupe", "Rosa", "Mario", "Ines", "Chepe", "Elsa")


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def _crowd(stage: Stage, *handles: str) -> dict[str, str]:
    return {handle: await a_person(stage, handle) for handle in handles}


def _wakes(stage: Stage, member: str) -> list[datetime]:
    return [letter.at for letter in stage.letters if letter.member == member and letter.wakes]


def _raised_for(stage: Stage) -> dict[str, int]:
    """How often "we are asking your circle now" was read, by member."""
    found: dict[str, int] = defaultdict(int)
    for letter in stage.letters:
        if "so we are asking your circle now" in letter.body:
            found[letter.member] += 1
    return found


async def test_a_region_that_falls_silent_is_one_incident_with_one_page(stage: Stage) -> None:
    people = await _crowd(stage, *CROWD)
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    for handle in CROWD:
        await stage.say(handle, "check-in in 1 h")
    await stage.pass_time(hours=1)
    (page,) = [letter for letter in stage.letters if letter.member == keeper and letter.wakes]
    assert "check-ins without an answer at the same time" in page.body or "check-in without" in page.body
    assert _raised_for(stage) == {}, "no circle is asked while they are held"
    for member in people.values():
        assert "it may be the network" in (await stage.heard_by(member))[-1]
    assert "Lupe" in (await stage.say("Ana", "silence"))[0]


async def test_a_high_risk_plan_escalates_singly_in_the_midst_of_it(stage: Stage) -> None:
    people = await _crowd(stage, *CROWD)
    rosa = await a_person(stage, "Rosalba")
    await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosalba")
    await stage.say("Lupe", "check-in risky in 1 h")
    for handle in CROWD[1:]:
        await stage.say(handle, "check-in in 1 h")
    await stage.pass_time(hours=1)
    assert _raised_for(stage) == {people["Lupe"]: 1}
    assert "Lupe did not answer" in (await stage.heard_by(rosa))[-1]
    listed = (await stage.say("Ana", "silence"))[0].splitlines()
    assert next(line for line in listed if "(" in line and ":" in line and "risk" in line).startswith("Lupe")


async def test_what_nobody_takes_goes_its_own_way_and_none_is_lost_or_doubled(stage: Stage) -> None:
    people = await _crowd(stage, *CROWD)
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    for handle in CROWD:
        await stage.say(handle, "check-in in 1 h")
    await stage.pass_time(hours=1, minutes=29)
    assert _raised_for(stage) == {}
    await stage.pass_time(minutes=2)
    assert _raised_for(stage) == dict.fromkeys(people.values(), 1)
    await stage.pass_time(hours=2)
    assert _raised_for(stage) == dict.fromkeys(people.values(), 1)
    wakes = _wakes(stage, keeper)
    assert all(later - before >= BETWEEN_PAGES for before, later in pairwise(wakes))
    assert len(wakes) >= 2, "and it is not forgotten either"
    assert any("The silence of many is over" in body for body in await stage.heard_by(keeper))


async def test_who_takes_it_has_longer_and_may_have_one_asked_for_at_once(stage: Stage) -> None:
    people = await _crowd(stage, *CROWD)
    await a_person(stage, "Ana", Role.COORDINATOR)
    bea = await a_person(stage, "Bea", Role.COORDINATOR)
    for handle in CROWD:
        await stage.say(handle, "check-in in 1 h")
    await stage.pass_time(hours=1)
    assert "You have it." in (await stage.say("Ana", "1"))[0]
    assert (await stage.heard_by(bea))[-1] == "Ana has it."
    await stage.pass_time(minutes=45)
    assert _raised_for(stage) == {}
    assert "1 person is asked for now" in (await stage.say("Ana", "silence ask Mario"))[0]
    assert _raised_for(stage) == {people["Mario"]: 1}
    await stage.pass_time(minutes=80)
    assert _raised_for(stage) == dict.fromkeys(people.values(), 1)


async def test_when_two_of_them_answer_the_others_are_asked_again_and_then_singly(stage: Stage) -> None:
    people = await _crowd(stage, *CROWD)
    await a_person(stage, "Ana", Role.COORDINATOR)
    for handle in CROWD:
        await stage.say(handle, "check-in in 1 h")
    await stage.pass_time(hours=1, minutes=5)
    for handle in CROWD[:2]:
        assert (await stage.say(handle, f"ok {WORD}"))[0].startswith("Thank you.")
    await stage.pass_time(minutes=5)
    await stage.say("Mario", f"ok {WORD}")
    await stage.pass_time(minutes=6)
    assert _raised_for(stage) == {people[one]: 1 for one in ("Ines", "Chepe", "Elsa")}


async def test_two_who_are_silent_together_are_looked_for_at_once(stage: Stage) -> None:
    people = await _crowd(stage, "Lupe", "Rosa")
    await a_person(stage, "Ana", Role.COORDINATOR)
    for handle in people:
        await stage.say(handle, "check-in in 1 h")
    await stage.pass_time(hours=1, seconds=1)
    assert _raised_for(stage) == dict.fromkeys(people.values(), 1)


async def test_answers_the_hub_could_not_receive_are_asked_for_again_when_it_hears(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    risky = await a_person(stage, "Rosa")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "check-in in 1 h")
    await stage.say("Rosa", "check-in risky in 1 h")
    await stage.pass_time(minutes=52)
    closed = stage.base.clock()
    stage.heard = Heard(closed)
    await stage.pass_time(minutes=8)
    assert _raised_for(stage) == {risky: 1}, "a high-risk plan does not wait for our ear"
    assert any("could not receive answers" in body for body in await stage.heard_by(keeper))
    await stage.pass_time(minutes=22)
    opened = stage.base.clock()
    stage.heard = Heard(opened, ((closed, opened),))
    async with stage.turn(await seen_as(stage.base, keeper)) as turn:
        await silence.on_back(turn, "")
    assert "it may be the network" in (await stage.heard_by(lupe))[-1]
    assert (await stage.say("Lupe", f"ok {WORD}"))[0] == "Thank you. Good to hear from you."
    stage.heard = Heard()
    await stage.pass_time(hours=3)
    assert _raised_for(stage) == {risky: 1}


async def test_an_ear_that_stays_closed_delays_nobody_beyond_half_an_hour(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "check-in in 1 h")
    stage.heard = Heard(stage.base.clock())
    await stage.pass_time(hours=1, minutes=29)
    assert _raised_for(stage) == {}
    await stage.pass_time(minutes=2)
    assert _raised_for(stage) == {lupe: 1}


async def test_a_hub_that_was_down_asks_once_more_before_it_calls(stage: Stage) -> None:
    """The pump comes late: nobody could be reminded, and nobody could answer."""
    lupe = await a_person(stage, "Lupe")
    await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "check-in in 1 h")
    down = stage.base.clock()
    stage.base.clock.move(hours=2)
    up = stage.base.clock()
    stage.heard = Heard(up, ((down, up),))
    await stage.settle()
    assert "Are you safe?" in (await stage.heard_by(lupe))[-1]
    assert _raised_for(stage) == {}
    await stage.pass_time(minutes=1)
    stage.heard = Heard(stage.base.clock(), ((down, up),))
    await stage.pass_time(minutes=10)
    assert _raised_for(stage) == {lupe: 1}


async def test_the_list_is_for_those_who_answer_calls(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        with pytest.raises(NotYours):
            await silence.incidents(turn)
        with pytest.raises(NotYours):
            await silence.take(turn, "0" * 32)
        with pytest.raises(NotYours):
            await silence.ask_singly(turn, "0" * 32, None)


async def test_those_with_one_phone_company_are_held_and_others_of_the_region_are_not(stage: Stage) -> None:
    people = await _crowd(stage, *CROWD)
    await a_person(stage, "Ana", Role.COORDINATOR)
    for handle in CROWD[:3]:
        await stage.say(handle, "plan operator Tigo")
    for handle in CROWD:
        await stage.say(handle, "check-in in 1 h")
    await stage.pass_time(minutes=55)
    for handle in CROWD[3:]:
        await stage.say(handle, f"ok {WORD}")
    await stage.pass_time(minutes=6)
    assert _raised_for(stage) == {}
    assert "tigo" in (await stage.say("Ana", "silence"))[0]
    await stage.pass_time(hours=1)
    assert set(_raised_for(stage)) == {people[one] for one in CROWD[:3]}


def test_pages_and_patience_fit_together() -> None:
    assert timedelta(minutes=10) == BETWEEN_PAGES

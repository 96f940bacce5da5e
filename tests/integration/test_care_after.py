"""After an alarm: the person arms it again, somebody looks back without blame, and the place is forgotten."""

from __future__ import annotations

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from people import seen_as

from bots import sentinel
from bots.store import actions
from directory.core.effects import TakeBack
from directory.core.viewer import Lane, Role, Viewer


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def _helped(stage: Stage) -> tuple[str, str]:
    """An alarm that Rosa took and closed; (Lupe, Rosa)."""
    lupe, rosa = await a_person(stage, "Lupe"), await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "plan place the house by the mill")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Rosa", "1")
    await stage.say("Rosa", "done")
    return lupe, rosa


async def test_closed_by_others_a_new_call_goes_out_at_once_until_the_person_arms_it(stage: Stage) -> None:
    lupe, _ = await _helped(stage)
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        assert (await sentinel.window_of(stage.desk, turn, lupe)).total_seconds() == 0
    assert "Your alarm is ready again." in "\n".join(await stage.say("Lupe", f"safe {WORD}"))
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        assert (await sentinel.window_of(stage.desk, turn, lupe)).total_seconds() == 30
    assert "You have no alarm running." in "\n".join(await stage.say("Lupe", f"safe {WORD}"))


async def test_a_wrong_word_arms_nothing(stage: Stage) -> None:
    lupe, _ = await _helped(stage)
    await stage.say("Lupe", "safe wrong word")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        assert (await sentinel.window_of(stage.desk, turn, lupe)).total_seconds() == 0


async def test_ended_with_the_own_word_it_is_armed_already(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Lupe", f"safe {WORD}")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        assert (await sentinel.window_of(stage.desk, turn, lupe)).total_seconds() == 30


async def test_whoever_helped_is_asked_what_it_was_and_a_false_alarm_blames_nobody(stage: Stage) -> None:
    lupe, rosa = await _helped(stage)
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    assert "Nobody is blamed." in "\n".join(await stage.say("Rosa", "0"))
    assert not any("false" in one for one in await stage.heard_by(lupe))
    assert "False alarms: 1. Better one too many." in "\n".join(await stage.say("Ana", "figures"))
    async with stage.turn(await seen_as(stage.base, ana)) as turn:
        assert await sentinel.to_debrief(turn) == ()
    assert rosa


async def test_a_coordinator_looks_back_with_words_and_the_person_does_not_judge_alone(stage: Stage) -> None:
    lupe, _ = await _helped(stage)
    await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Ana", "debrief the lawyer needed an hour")
    assert "Kept." in "\n".join(await stage.say("Ana", "1"))
    assert "There is nothing to look back at." in "\n".join(await stage.say("Lupe", "debrief"))
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        mine = await sentinel.my_alarm(turn)
    assert mine is not None
    assert mine.state == "debriefed"


async def test_where_somebody_is_reaches_those_who_were_asked_while_it_runs(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    assert "Nobody is told where you are." in "\n".join(await stage.say("Lupe", "here the school"))
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Lupe", "here the school")
    assert any("Lupe is here now: the school" in one for one in await stage.heard_by(rosa))


async def test_a_day_after_its_end_the_place_is_forgotten_and_messages_are_taken_back(stage: Stage) -> None:
    lupe, _ = await _helped(stage)
    assert not [one for one in stage.base.recorded if isinstance(one, TakeBack)]
    await stage.pass_time(hours=25)
    assert len([one for one in stage.base.recorded if isinstance(one, TakeBack)]) == 1
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        found = await actions.newest_of(turn.tx, turn.guard, lupe, frozenset({"closed"}))
    assert found is not None
    assert "mill" not in str(found.fields)


async def test_an_alarm_that_runs_again_is_not_forgotten(stage: Stage) -> None:
    await _helped(stage)
    await stage.say("Lupe", "alarm")
    await stage.pass_time(hours=23)
    before = len([one for one in stage.base.recorded if isinstance(one, TakeBack)])
    assert before == 0

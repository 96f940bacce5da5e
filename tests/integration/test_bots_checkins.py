"""A promised sign of life: reminded, answered with the word, or taken for what silence may be."""

from __future__ import annotations

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk

from directory.core.viewer import Role


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def test_a_missed_check_in_calls_for_help_by_itself(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa")
    (planned,) = await stage.say("Lupe", "check-in in 2 h, market in Panajachel")
    assert "within 2 hours" in planned
    await stage.pass_time(minutes=109)
    assert not any("Are you safe?" in body for body in await stage.heard_by(lupe))
    await stage.pass_time(minutes=2)
    assert "Are you safe?" in (await stage.heard_by(lupe))[-1]
    await stage.pass_time(minutes=10)
    last = (await stage.heard_by(rosa))[-1]
    assert "Lupe did not answer a check-in (market in Panajachel)." in last
    await stage.pass_time(minutes=4)
    assert "Lupe did not answer" in (await stage.heard_by(keeper))[-1]


async def test_the_word_answers_and_nobody_else_hears(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    before = await stage.heard_by(rosa)
    await stage.say("Lupe", "check-in in 30 min")
    await stage.pass_time(minutes=25)
    assert (await stage.say("Lupe", f"ok {WORD}"))[0].startswith("Thank you.")
    await stage.pass_time(hours=3)
    assert await stage.heard_by(rosa) == before


async def test_a_mistyped_word_counts_as_silence_and_may_be_tried_again(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "check-in in 10 s")
    await stage.pass_time(seconds=7)
    assert (await stage.say("Lupe", "ok luna azull"))[0].startswith("That is not your word.")
    await stage.pass_time(seconds=4)
    assert "Lupe did not answer" in (await stage.heard_by(rosa))[-1]
    assert (await stage.say("Lupe", f"ok {WORD}"))[0].startswith("Thank you. Everyone")
    assert (await stage.heard_by(rosa))[-1].startswith("Lupe is safe")
    count = len(stage.letters)
    await stage.pass_time(hours=5)
    assert len(stage.letters) == count


async def test_a_clock_that_jumps_past_both_times_still_calls_for_help(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "check-in in 2 h")
    stage.base.clock.move(hours=9)
    await stage.pass_time(seconds=1)
    assert "Lupe did not answer" in (await stage.heard_by(keeper))[-1]


async def test_22_00_means_the_clock_of_her_country(stage: Stage) -> None:
    await a_person(stage, "Lupe", country="GT")
    (planned,) = await stage.say("Lupe", "check-in at 22:00")
    assert "within 16 hours" in planned  # noon UTC is six in the morning in Guatemala

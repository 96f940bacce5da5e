"""The first three days for somebody held or missing: who begins, takes, hands over, ends; wishes, clocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bots_stage import HANDLERS, WORD, Stage, a_person, in_circle
from people import seen_as

from bots import playbook_runs, playbook_views, recipes
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NeedsWord, NotYours
from hub.node import check_playbooks
from hub.trouble import BadPlaybookFile

if TYPE_CHECKING:
    from conftest import Desk


async def _due(_desk: object, turn: object, run: str) -> None:
    await playbook_runs.on_due(turn, run)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _clocks_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, playbook_runs.DUE, _due)


async def _village(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Sol", "Eva")}
    people["Cora"] = await a_person(stage, "Cora", Role.COORDINATOR)
    await in_circle(stage, "Luz", "Mar", "Sol")
    return stage, people


async def _begun(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage, people = await _village(desk)
    await stage.say("Cora", "begin Luz")
    assert "It has begun" in (await stage.say("Cora", WORD))[0]
    return stage, people


async def test_a_coordinator_begins_with_the_word_and_those_around_are_told_but_not_the_person(
    desk: Desk,
) -> None:
    stage, people = await _begun(desk)
    for who in ("Mar", "Sol"):
        assert any("It has begun for Luz" in one for one in await stage.heard_by(people[who]))
    for who in ("Luz", "Eva"):
        assert not any("It has begun" in one for one in await stage.heard_by(people[who]))
    assert await stage.say("Luz", "steps") == ["Nothing is begun."]
    assert await stage.say("Eva", "steps Luz") == ["Nothing is begun."]


async def test_without_word_or_role_nothing_begins_and_beginning_twice_is_one(desk: Desk) -> None:
    stage, people = await _village(desk)
    with pytest.raises(NeedsWord):
        async with stage.turn(await seen_as(desk, people["Cora"])) as turn:
            await playbook_runs.open_for(turn, "arrest", "luz")
    for who, about in (("Mar", "luz"), ("Cora", "cora"), ("Cora", "nobody")):
        with pytest.raises(NotYours):
            async with stage.turn(await seen_as(desk, people[who], word=True)) as turn:
                await playbook_runs.open_for(turn, "arrest", about)
    runs = set()
    for _ in range(2):
        async with stage.turn(await seen_as(desk, people["Cora"], word=True)) as turn:
            runs.add(await playbook_runs.open_for(turn, "arrest", "luz"))
    assert len(runs) == 1


async def test_steps_are_taken_by_name_handed_over_and_two_sources_confirm(desk: Desk) -> None:
    stage, people = await _begun(desk)
    listed = (await stage.say("Cora", "steps"))[0]
    assert "1. Confirm it by two sources: open" in listed
    assert "It is yours" in (await stage.say("Cora", "steps Luz 1 take"))[0]
    assert (await stage.say("Cora", "steps Luz 1 done her neighbour saw it at 7"))[0].startswith(
        "Noted. One more"
    )
    assert (await stage.say("Cora", "steps Luz 1 done Her neighbour  saw it at 7"))[0].startswith(
        "Noted. One"
    )
    await stage.say("Cora", "steps Luz 1 note and I keep asking")
    assert "1. Confirm it by two sources: Cora" in (await stage.say("Cora", "steps"))[0]
    assert await stage.say("Cora", "steps Luz 1 done the market guard, same hour") == ["Noted. Thank you."]
    assert "1. Confirm it by two sources: done, Cora" in (await stage.say("Cora", "steps"))[0]
    await stage.say("Cora", "steps Luz 3 hand Mar")
    assert any(
        "A step is yours now: Find out where they are" in x for x in await stage.heard_by(people["Mar"])
    )
    assert await stage.say("Mar", "steps Luz 3 done Zone 6 station, 09:40") == ["Noted. Thank you."]
    refused = await stage.say("Cora", "steps Luz 4 hand Eva")
    assert refused == ["They are not among those who help here."]


async def test_the_circle_sees_and_takes_its_own_steps_only(desk: Desk) -> None:
    stage, people = await _begun(desk)
    listed = (await stage.say("Mar", "steps"))[0]
    assert "Tell the family" in listed
    assert "habeas corpus" not in listed
    async with stage.turn(await seen_as(desk, people["Mar"])) as turn:
        (run,) = await playbook_views.runs(turn)
    with pytest.raises(NotYours):
        async with stage.turn(await seen_as(desk, people["Mar"])) as turn:
            await playbook_runs.take(turn, run.id, "lawyer")
    for who in ("Eva", "Luz"):
        with pytest.raises(NotYours):
            async with stage.turn(await seen_as(desk, people[who])) as turn:
                await playbook_runs.take(turn, run.id, "family")
    assert "It is yours" in (await stage.say("Mar", "steps Luz 6 take"))[0]


async def test_unsaid_it_stays_quiet_and_only_whom_they_chose_says_otherwise(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "wish ask Sol")
    await stage.say("Cora", "begin Luz")
    await stage.say("Cora", WORD)
    assert "wish Luz public" in (await stage.heard_by(people["Sol"]))[-1]
    listed = (await stage.say("Cora", "steps"))[0]
    assert "quiet: nothing is made public" in listed and "Make it public" not in listed
    async with stage.turn(await seen_as(desk, people["Cora"])) as turn:
        (run,) = await playbook_views.runs(turn)
    with pytest.raises(BadAnswer):
        async with stage.turn(await seen_as(desk, people["Cora"])) as turn:
            await playbook_runs.report(turn, run.id, "publicly", "press", done=True)
    for who in ("Cora", "Mar"):
        with pytest.raises(NotYours):
            async with stage.turn(await seen_as(desk, people[who])) as turn:
                await playbook_runs.settle(turn, run.id, "publicity", "public")
    await stage.say("Sol", "wish Luz public")
    listed = (await stage.say("Cora", "steps"))[0]
    assert "public: it may be told" in listed and "Make it public" in listed
    assert "First this has to be done" in (await stage.say("Cora", "steps Luz 10 done told the press"))[0]


async def test_what_the_person_said_beforehand_nobody_changes(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "wish ask Sol")
    await stage.say("Luz", "wish quiet")
    await stage.say("Cora", "begin Luz")
    await stage.say("Cora", WORD)
    async with stage.turn(await seen_as(desk, people["Sol"])) as turn:
        (run,) = await playbook_views.runs(turn)
    with pytest.raises(NotYours):
        async with stage.turn(await seen_as(desk, people["Sol"])) as turn:
            await playbook_runs.settle(turn, run.id, "publicity", "public")


async def test_clocks_remind_at_1_6_24_48_and_72_hours_then_daily_until_it_is_closed(desk: Desk) -> None:
    stage, people = await _begun(desk)
    reminded = []
    for hours in (0.9, 0.2, 4.9, 18, 24, 24, 24, 24):
        before = len(stage.letters)
        await stage.pass_time(hours=hours)
        reminded.append(
            sum("it is time" in x.body for x in stage.letters[before:] if x.member == people["Cora"])
        )
    assert reminded == [0, 1, 1, 1, 1, 1, 1, 1]
    assert any("Tell the family" in one for one in await stage.heard_by(people["Mar"]))
    assert not any("it is time" in one for one in await stage.heard_by(people["Luz"]))
    await stage.say("Cora", "steps Luz close")
    assert await stage.say("Cora", WORD) == ["It is closed."]
    before = len(stage.letters)
    await stage.pass_time(hours=100)
    assert len(stage.letters) == before


async def test_its_clocks_run_in_a_sealed_hub(desk: Desk) -> None:
    stage, people = await _begun(desk)
    desk.guard.archive = None
    before = len(stage.letters)
    await stage.pass_time(hours=1.1)
    assert any("it is time" in x.body for x in stage.letters[before:] if x.member == people["Cora"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('role = "circle"', 'role = "nobody"', "steps.family.role: name one of the roles"),
        ("by_h = 48", "by_h = 47", "steps.judge.by_h: use one of the clocks"),
        ("clocks = [1, 6", "clocks = [6, 1", "clocks: name each hour once"),
        ('after = ["confirm"]', 'after = ["visit"]', "steps.habeas.after: name steps that come before"),
        ('only_if = "public"', 'only_if = "loud"', "steps.publicly.only_if: name a consent"),
        ("sources = 2", "sources = 9", "steps[0].sources: Expected `int` <= 3"),
        ('key = "entry"', 'keys = "entry"', "Object contains unknown field `keys`"),
        ("[[roles]]", "[[roles", "write valid TOML"),
    ],
)
def test_a_playbook_that_cannot_be_run_stops_the_start_with_file_key_and_fix(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = (recipes.FOLDER / "arrest.toml").read_text()
    assert old in text
    (tmp_path / "arrest.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(BadPlaybookFile) as stopped:
        check_playbooks(tmp_path)
    sentence = str(stopped.value)
    assert sentence.startswith("The playbook arrest.toml cannot be used. At ")
    assert all(part in sentence for part in said.split(": "))
    check_playbooks(recipes.FOLDER)

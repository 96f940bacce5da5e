"""A call for help from the first word to "I have it", as people in it read it."""

from __future__ import annotations

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from people import a_linked_network, seen_as

from bots import guests, sentinel
from directory.core.effects import Stream
from directory.core.viewer import Lane, Role, Viewer


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def test_nobody_else_hears_of_an_alarm_stopped_within_its_window(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    friend = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    before = await stage.heard_by(friend)

    (told,) = await stage.say("Lupe", "alarm")
    assert "30 seconds" in told
    await stage.pass_time(seconds=29)
    assert await stage.say("Lupe", f"cancel {WORD}") == ["Stopped. Nobody has heard anything."]
    await stage.pass_time(hours=2)

    assert await stage.heard_by(friend) == before
    assert not stage.posts


async def test_a_wrong_word_stops_nothing(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    friend = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    (answer,) = await stage.say("Lupe", "cancel luna roja")
    assert answer.startswith("That is not your word.")
    await stage.pass_time(seconds=31)
    assert "Lupe asks for help." in (await stage.heard_by(friend))[-1]


async def test_the_first_line_of_every_rung_is_to_confirm_first(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    friend = await a_person(stage, "Rosa")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "help me two men at the gate")
    await stage.pass_time(minutes=10)
    for reader in (friend, keeper):
        lines = (await stage.heard_by(reader))[-1].splitlines()
        assert "First confirm by a second way. Nobody travels before that." in lines
        assert "They wrote: two men at the gate" in lines


async def test_circle_then_those_on_call_then_the_network_she_named(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe", languages=["es"])
    friend = await a_person(stage, "Rosa")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    sur = await a_linked_network(stage.base, "Sur")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "plan networks Sur")
    await stage.say("Lupe", "alarm at the river")

    await stage.pass_time(seconds=31)
    assert "Lupe asks for help." in (await stage.heard_by(friend))[-1]
    assert not any("asks for help" in body for body in await stage.heard_by(keeper))
    await stage.pass_time(seconds=180)
    assert "Lupe asks for help." in (await stage.heard_by(keeper))[-1]
    assert not stage.posts
    await stage.pass_time(seconds=300)
    (post,) = stage.posts
    assert (post.network, post.stream, post.type) == (sur, Stream.URGENT, "alarm")
    assert {key: post.body[key] for key in ("country", "language", "severity", "state")} == {
        "country": "GT",
        "language": "es",
        "severity": "high",
        "state": "open",
    }
    assert "Lupe" not in str(post.body) and "river" not in str(post.body) and lupe not in str(post.body)

    async with stage.turn(Viewer(Lane.PEER, network=sur)) as turn:
        body = {"alarm": post.body["id"], "by": "Tomas", "at": 0, "has_it": True}
        await guests.receive_acknowledge(stage.desk, turn, sur, body)
    for reader in (lupe, friend, keeper):
        assert "Tomas of Sur has it." in (await stage.heard_by(reader))[-1]
    detail = stage.posts[-1]
    assert (detail.stream, detail.type, detail.body["handle"]) == (Stream.WORK, "action", "Lupe")
    assert detail.body["text"] == "at the river"
    count = len(stage.letters)
    await stage.pass_time(hours=5)
    assert len(stage.letters) == count


async def test_a_named_yes_stops_the_ladder_and_everyone_hears_who(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    ines = await a_person(stage, "Ines")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa", "Ines")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=60)

    answer = await stage.say("Rosa", "1")
    assert answer[0].startswith("You have it.")
    assert (await stage.heard_by(lupe))[-1] == "Rosa has it."
    assert "Rosa has it." in (await stage.heard_by(ines))[-1]
    await stage.pass_time(hours=1)
    assert not any("asks for help" in body for body in await stage.heard_by(keeper))
    assert rosa not in {one.member for one in stage.letters[-1:] if "has it" in one.body}


async def test_a_circle_that_cannot_makes_the_next_ones_hear_at_once(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Rosa")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Rosa", "0")
    assert "Lupe asks for help." in (await stage.heard_by(keeper))[-1]


async def test_rungs_nobody_staffs_cost_no_time(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "plan window 0")
    await stage.say("Lupe", "alarma")
    last = (await stage.heard_by(keeper))[-1]
    assert "Lupe asks for help." in last and "They have nobody in their circle." in last


async def test_an_alarm_nobody_answers_is_asked_again_and_again(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "alarm")
    await stage.pass_time(hours=6)
    again = [body for body in await stage.heard_by(keeper) if body.startswith("Nobody has it yet.")]
    assert len(again) >= 5


async def test_a_second_alarm_adds_to_the_first_and_wakes_people_again(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Rosa", "1")
    assert await stage.say("Lupe", "alarm they are inside") == ["We tell everyone again."]
    assert "They wrote: they are inside" in (await stage.heard_by(rosa))[-1]
    assert (await stage.say("Rosa", "1"))[0].startswith("You have it.")


async def test_safe_with_the_word_tells_everyone_who_was_asked(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Lupe", f"safe {WORD}")
    assert (await stage.heard_by(rosa))[-1] == "Lupe is safe and gave their word for it. Thank you."
    count = len(stage.letters)
    await stage.pass_time(hours=3)
    assert len(stage.letters) == count


async def test_who_took_it_can_pass_it_on(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Rosa")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Rosa", "1")
    await stage.say("Rosa", "pass on")
    assert "Lupe asks for help." in (await stage.heard_by(keeper))[-1]


async def test_a_linked_networks_alarm_wakes_those_on_duty_who_speak_the_language(stage: Stage) -> None:
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    awake = await a_person(stage, "Tomas", Role.RESPONDER, languages=["es"])
    await stage.say("Tomas", "duty on 8 h")
    norte = await a_linked_network(stage.base, "Norte")
    body = {
        "id": "ab" * 16,
        "kind_of_help": "alarm",
        "country": "GT",
        "language": "es",
        "severity": "high",
        "raised_at": 1_800_000_000_000,
        "state": "open",
    }
    async with stage.turn(Viewer(Lane.PEER, network=norte)) as turn:
        await guests.receive_alarm(stage.desk, turn, norte, body)
    last = [one for one in stage.letters if one.member == awake][-1]
    assert last.wakes and "Somebody of Norte asks for help." in last.body and "Guatemala" in last.body
    assert not any("Norte" in body for body in await stage.heard_by(keeper))

    await stage.say("Tomas", "1")
    (post,) = stage.posts
    assert (post.network, post.type, post.body["alarm"], post.body["by"]) == (
        norte,
        "acknowledge",
        "ab" * 16,
        "Tomas",
    )
    async with stage.turn(Viewer(Lane.PEER, network=norte)) as turn:
        detail = {"about": "ab" * 16, "step": "detail", "handle": "Lupe", "text": "at the river"}
        await guests.receive_detail(turn, norte, detail)
    assert "It is about Lupe of Norte." in (await stage.heard_by(awake))[-1]
    for member, name in ((awake, "Lupe"), (keeper, "")):
        (shown,) = await _open_to(stage, member)
        assert (shown.handle, shown.country, shown.language) == (name, "GT", "es")
    await stage.say("Tomas", "done")
    async with stage.turn(await seen_as(stage.base, awake)) as turn:
        (over,) = await sentinel.to_debrief(turn)
    assert over.handle == over.text == "", "forgotten when it is over"


async def _open_to(stage: Stage, member: str) -> tuple[sentinel.AlarmView, ...]:
    """What the pages of this person show."""
    async with stage.turn(await seen_as(stage.base, member)) as turn:
        return await sentinel.open_alarms(turn)


async def test_with_nobody_on_duty_every_coordinator_hears_a_linked_network(stage: Stage) -> None:
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    norte = await a_linked_network(stage.base, "Norte")
    body = {"id": "ab" * 16, "kind_of_help": "alarm", "country": "", "language": "es", "raised_at": 0}
    async with stage.turn(Viewer(Lane.PEER, network=norte)) as turn:
        await guests.receive_alarm(stage.desk, turn, norte, body)
    assert "Somebody of Norte asks for help." in (await stage.heard_by(keeper))[-1]


async def test_who_has_it_is_asked_again_and_silence_is_told_to_those_on_call(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Rosa", "1")
    await stage.pass_time(minutes=31)
    assert "Are you still with it?" in (await stage.heard_by(rosa))[-1]
    assert await stage.say("Rosa", "1") == ["Thank you. When all is done, write: done"]
    await stage.pass_time(hours=1)
    assert not any("does not answer" in body for body in await stage.heard_by(keeper))
    await stage.pass_time(hours=8)
    assert "Rosa has the call of Lupe and does not answer us." in (await stage.heard_by(keeper))[-1]

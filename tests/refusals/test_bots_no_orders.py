"""What can be no order, and never is lost: each refusal with its twin."""

from __future__ import annotations

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from people import an_organisation

from bots.said import Form
from directory.core.viewer import Role


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


NO_ORDERS = [
    pytest.param({"form": Form.EDIT}, id="an edit"),
    pytest.param({"form": Form.REACTION}, id="a reaction"),
    pytest.param({"form": Form.REPLY}, id="a reply"),
    pytest.param({"form": Form.VOICE}, id="a voice message"),
    pytest.param({"form": Form.PICTURE}, id="a picture"),
    pytest.param({"form": Form.UNREADABLE, "trusted": False}, id="something unreadable"),
    pytest.param({"trusted": False}, id="words from an unknown device"),
]


@pytest.mark.parametrize("how", NO_ORDERS)
async def test_it_never_stops_an_alarm(stage: Stage, how: dict[str, object]) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    await stage.say("Lupe", f"cancel {WORD}", **how)  # type: ignore[arg-type]
    await stage.pass_time(seconds=31)
    assert "Lupe asks for help." in (await stage.heard_by(rosa))[-1]


@pytest.mark.parametrize("how", NO_ORDERS)
async def test_unanswered_it_reaches_the_first_rung_marked_unverified(
    stage: Stage, how: dict[str, object]
) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    (question,) = await stage.say("Lupe", "hola", **how)  # type: ignore[arg-type]
    assert question.endswith("Do you need help? 1 = help, 0 = no")
    await stage.pass_time(seconds=121)
    last = (await stage.heard_by(rosa))[-1]
    assert "Lupe tried to reach us, unverified" in last


@pytest.mark.parametrize("how", NO_ORDERS)
async def test_a_zero_from_her_own_device_ends_it_and_nobody_hears(
    stage: Stage, how: dict[str, object]
) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    before = await stage.heard_by(rosa)
    await stage.say("Lupe", "hola", **how)  # type: ignore[arg-type]
    await stage.say("Lupe", "0")
    await stage.pass_time(hours=1)
    assert await stage.heard_by(rosa) == before


async def test_repeating_it_does_not_put_off_the_moment_people_hear(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    for _ in range(5):
        await stage.say("Lupe", "", form=Form.VOICE)
        await stage.pass_time(seconds=25)
    assert "Lupe tried to reach us" in (await stage.heard_by(rosa))[-1]


async def test_a_word_for_help_from_an_unknown_device_reaches_people_at_once(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "alarma", trusted=False)
    assert "a message from a device we do not know" in (await stage.heard_by(keeper))[-1]


@pytest.mark.parametrize(
    "body",
    ["аlarm", "𝐚𝐥𝐚𝐫𝐦", "alarm\u202e", "al\u200barm", "ａｌａｒｍ\u2066"],
    ids=["cyrillic", "mathematical", "bidi mark", "zero width", "isolate"],
)
async def test_look_alikes_and_hidden_signs_are_no_order_but_are_asked_about(stage: Stage, body: str) -> None:
    await a_person(stage, "Lupe")
    (answer,) = await stage.say("Lupe", body)
    assert "Do you need help?" in answer
    assert ("alarm" not in {kind for kind, _ in stage.due}) and ("unclear" in {kind for kind, _ in stage.due})


async def test_full_width_letters_of_another_keyboard_are_the_same_word(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    (answer,) = await stage.say("Lupe", "ＡＬＡＲＭ！")
    assert "Your alarm goes out in" in answer


async def test_a_stranger_who_looks_for_people_gets_silence_and_a_member_an_answer(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await an_organisation(stage.base, "Tierra Viva", issues=["land-and-territory"], works_in=["GT"])
    count = len(stage.letters)
    for body in ("find land in Guatemala", "help", "alarm", "join", "hello", "1", ""):
        await stage.say("Eve", body)
        await stage.say("Eve", body, form=Form.VOICE)
    assert len(stage.letters) == count and not stage.lobby and not stage.due
    assert "Tierra Viva" in (await stage.say("Lupe", "find land in Guatemala"))[0]


async def test_an_order_that_lowers_comes_too_late_and_a_call_for_help_never_does(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    rosa = await a_person(stage, "Rosa")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm", age_s=3 * 3600)
    assert "sent a while ago" in (await stage.say("Lupe", f"cancel {WORD}", age_s=3 * 3600))[0]
    await stage.pass_time(seconds=31)
    last = (await stage.heard_by(rosa))[-1]
    assert "Lupe asks for help." in last and "9:00" in last


async def test_what_a_member_may_not_say_sounds_like_what_nobody_can_say(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Ana", Role.COORDINATOR)
    (refused,) = await stage.say("Lupe", "waiting")
    assert refused == "I do not know that. Write help to see what I can do."
    assert (await stage.say("Ana", "waiting"))[0] == "Nobody waits."


async def test_somebody_not_let_in_yet_can_order_nothing_but_is_heard_when_in_need(stage: Stage) -> None:
    from directory import joining

    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    async with stage.base.turn() as turn:
        code = (await joining.invite(turn, locale="en")).typed
    await stage.say("Lupe", f"join {code}")
    for answer in ("Lupe", "Guatemala", "water", "spanish", "0", WORD):
        await stage.say("Lupe", answer)
    assert (await stage.say("Lupe", "find water"))[0].startswith("Your contact is asked now")
    await stage.say("Lupe", "help me")
    assert "Lupe, who waits to be let in, asks for help." in (await stage.heard_by(keeper))[-1]


async def test_nobody_takes_an_alarm_they_were_not_told_of(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Rosa")
    await a_person(stage, "Eve")
    await in_circle(stage, "Lupe", "Rosa")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    assert await stage.say("Eve", "have") == ["Nobody waits for you now."]
    assert (await stage.say("Rosa", "have"))[0].startswith("You have it.")

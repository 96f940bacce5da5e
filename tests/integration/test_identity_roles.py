"""Roles and off-boarding, in chat, on the page and through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from bots_stage import WORD, Stage, a_person
from doors import a_door
from people import seen_as

from bots import duty, offboarding
from directory import joining
from directory.core.text import in_english
from directory.core.viewer import Lane, Role
from directory.refusals import BadAnswer, NeedsWord, NotYours
from hub.api import tokens

if TYPE_CHECKING:
    from conftest import Desk


async def test_off_boarding_ends_everything_in_one_step_and_says_what(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    bea = await a_person(stage, "Bea", Role.ADMINISTRATOR, Role.COORDINATOR)
    async with desk.turn(await seen_as(desk, bea, lane=Lane.PAGE, word=True)) as turn:
        made = await tokens.make_token(turn, "report", ["Reach"], timedelta(days=3))
        code = (await joining.invite(turn)).typed
        await duty.on(turn, turn.now + timedelta(hours=8))
    async with a_door(desk) as door:
        session = await door.session(bea)
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            ended = await offboarding.off_board(turn, "bea")
        _, answer = await door.ask("Home", session=session)
    assert answer["errors"], "her sign-in no longer works"
    counted = (ended.sign_ins, ended.tokens, ended.codes, ended.duty)
    assert counted == (1, 1, 1, 1) and ended.roles == ("administrator", "coordinator")
    assert "Roles ended: administrator, coordinator." in [in_english(line) for line in ended.lines()]
    assert (await seen_as(desk, bea)).roles == {Role.MEMBER}
    async with desk.turn() as turn:
        assert await tokens.machine(turn, made.secret) is None
        entered = await joining.enter(
            turn, matrix_id="@new:example.org", master_key=None, room="!r:example.org", code=code
        )
    assert isinstance(entered, joining.TryAgain)


async def test_off_boarding_is_for_administrators_with_their_word_and_never_the_last_one(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    cora = await a_person(stage, "Cora", Role.COORDINATOR)
    for who, word, handle, why in (
        (cora, True, "ana", NotYours),
        (ana, False, "cora", NeedsWord),
        (ana, True, "nobody", NotYours),
        (ana, True, "ana", BadAnswer),
    ):
        with pytest.raises(why):
            async with desk.turn(await seen_as(desk, who, word=word)) as turn:
                await offboarding.off_board(turn, handle)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        assert (await offboarding.off_board(turn, "cora")).roles == ("coordinator",)


async def test_in_chat_a_role_is_given_with_the_word_and_not_without(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Ana", Role.ADMINISTRATOR)
    luz = await a_person(stage, "Luz")
    assert "Write your word" in (await stage.say("Ana", "give role luz responder"))[0]
    assert "not your word" in (await stage.say("Ana", "something else"))[0]
    assert Role.RESPONDER not in (await seen_as(desk, luz)).roles
    assert await stage.say("Ana", WORD) == ["Done."]
    assert Role.RESPONDER in (await seen_as(desk, luz)).roles
    assert "gave a role" in (await stage.say("Ana", "audit"))[0]
    assert "I do not know that" in (await stage.say("Luz", "give role ana reviewer"))[0]
    await stage.say("Ana", "off-board luz")
    assert "Roles ended: responder." in (await stage.say("Ana", WORD))[0]


async def test_through_the_api_an_administrator_gives_and_a_member_does_not(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    luz = await a_person(stage, "Luz")
    wanted = {"input": {"handle": "luz", "role": "REVIEWER"}}
    async with a_door(desk) as door:
        session = await door.session(ana)
        _, unsure = await door.ask("GiveRole", wanted, session=session)
        assert unsure["data"]["giveRole"]["errors"][0]["code"] == "NEEDS_WORD"
        _, refused = await door.ask("GiveRole", wanted, session=await door.session(luz))
        assert refused["errors"][0]["extensions"]["code"] == "NOT_YOURS"
    assert Role.REVIEWER not in (await seen_as(desk, luz)).roles

"""Text messages over a played gateway: what they may do, what they never do, what survives a bad day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from bots_stage import WORD, Stage, a_person, in_circle
from people import seen_as
from text_gateway import PlayedGateway, a_gateway

from bots import texting
from bots.desk import Desk as BotsDesk
from bots.store import checkins, text_lanes, wakers
from bots.waking import SMS
from directory.core.effects import TextBack
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NeedsWord
from hub.rings import RingPump
from hub.store import rings
from hub.texting.door import TextDoor
from hub.texting.gateways import ways
from hub.texting.sending import ARRIVED, Calls, Texts

if TYPE_CHECKING:
    from conftest import Desk

NUMBER = "+502 5555 1234"
CALL, SAFE = "is the bread ready", "the rain has stopped"


class TextStage(Stage):
    """A stage in a network that has a gateway."""

    offered: frozenset[str] = frozenset({"push", "sms"})

    @property
    def desk(self) -> BotsDesk:
        return replace(super().desk, wakers=self.offered)


@dataclass
class Village:
    """Luz writes by text too; Mar and Sol are her circle, Cora coordinates."""

    stage: TextStage
    people: dict[str, str]
    gateway: PlayedGateway
    url: str = ""

    async def text(self, text: str, number: str = NUMBER, **how: object) -> list[int]:
        answers = await self.gateway.deliver(self.url, number, text, **how)  # type: ignore[arg-type]
        await self.stage.settle()
        return answers

    async def heard(self, who: str) -> list[str]:
        return await self.stage.heard_by(self.people[who])


@asynccontextmanager
async def _village(desk: Desk, kind: str = "sms-gate", *, on: bool = True) -> AsyncIterator[Village]:
    stage = TextStage(desk)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Sol")}
    people["Cora"] = await a_person(stage, "Cora", Role.COORDINATOR)
    await in_circle(stage, "Luz", "Mar", "Sol")
    async with a_gateway(kind, desk.clock) as gateway:
        app = web.Application()
        app.router.add_routes(TextDoor([gateway.settings], stage.desk, stage.turn).routes())
        async with TestServer(app) as server:
            village = Village(stage, people, gateway, str(server.make_url("/")).rstrip("/"))
            if on:
                await _switch_on(stage)
            yield village


async def _switch_on(stage: Stage) -> list[str]:
    said = await stage.say("Luz", "sms")
    for answer in ("1", NUMBER, CALL, SAFE, WORD):
        said += await stage.say("Luz", answer)
    return said


async def test_they_are_off_until_a_person_heard_what_the_company_learns_and_gave_the_word(
    desk: Desk,
) -> None:
    async with _village(desk, on=False) as village:
        await village.text(CALL)
        assert not any("Luz asks for help" in one for one in await village.heard("Mar"))
        said = await _switch_on(village.stage)
        assert "the phone company can read each one" in said[0]
        assert "Text messages are on." in said[-1]
        async with desk.turn() as turn:
            lane = await text_lanes.of_member(turn.tx, turn.guard, village.people["Luz"])
            assert lane is not None and lane.number == "+50255551234"
            assert await wakers.of_member(turn.tx, turn.guard, village.people["Luz"]) == ()
        await village.stage.say("Luz", "sms 0")
        assert "are off" in (await village.stage.say("Luz", WORD))[0]
        async with desk.turn() as turn:
            assert await text_lanes.of_member(turn.tx, turn.guard, village.people["Luz"]) is None


async def test_without_the_word_or_with_the_word_as_a_phrase_nothing_is_switched_on(desk: Desk) -> None:
    stage = TextStage(desk)
    luz = await a_person(stage, "Luz")
    wish = {"number": NUMBER, "call": CALL, "safe": SAFE, "understood": True}
    for word, changed, refusal in (
        (False, {}, NeedsWord),
        (True, {"understood": False}, BadAnswer),
        (True, {"number": "5555"}, BadAnswer),
        (True, {"safe": WORD}, BadAnswer),
        (True, {"safe": CALL.upper() + "!"}, BadAnswer),
    ):
        with pytest.raises(refusal):
            async with stage.turn(await seen_as(desk, luz, word=word)) as turn:
                await texting.switch_on(stage.desk, turn, **{**wish, **changed})  # type: ignore[arg-type]
    async with stage.turn(await seen_as(desk, luz, word=True)) as turn:
        await texting.switch_on(stage.desk, turn, **wish)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["sms-gate", "webhook"])
async def test_the_phrase_for_help_calls_the_circle_at_once_marked_for_what_it_is(
    desk: Desk, kind: str
) -> None:
    async with _village(desk, kind) as village:
        assert await village.text("Is the bread ready?", times=3) == [204, 204, 204]
        calls = [one for one in await village.heard("Mar") if "Luz asks for help" in one]
        assert len(calls) == 1, "a text that was delivered three times is one call"
        assert calls[0].startswith("First confirm by a second way.")
        assert "Anybody can forge a number." in calls[0]
        assert len(desk.heard(TextBack)) == 1


async def test_a_late_call_counts_and_says_when_it_was_sent(desk: Desk) -> None:
    async with _village(desk) as village:
        await village.text(CALL, age=timedelta(hours=20))
        (call,) = [one for one in await village.heard("Mar") if "Luz asks for help" in one]
        assert "Sent: " in call and "Nov 23" in call.replace("\u202f", " ")


async def test_forged_old_and_oversized_deliveries_meet_nothing(desk: Desk) -> None:
    async with _village(desk) as village:
        assert await village.text(CALL, forged=True) == [404]
        assert await village.text(CALL, signed_before=timedelta(minutes=6)) == [404]
        assert await village.text("x" * 20_000) == [404]
        assert not any("asks for help" in one for one in await village.heard("Mar"))
        assert await village.text(CALL, signed_before=timedelta(minutes=4)) == [204]
        assert any("asks for help" in one for one in await village.heard("Mar"))


async def test_the_phrase_for_safe_answers_a_check_in_and_opens_nothing_else(desk: Desk) -> None:
    async with _village(desk) as village:
        await village.stage.say("Luz", "check-in in 2 h")
        await village.stage.pass_time(minutes=115)
        await village.text(SAFE)
        async with desk.turn() as turn:
            rows = await checkins.of_member(
                turn.tx, turn.guard, village.people["Luz"], frozenset({"answered"})
            )
        assert len(rows) == 1
        await village.stage.pass_time(hours=3)
        assert not any("did not answer" in one for one in await village.heard("Mar"))
        await village.stage.say("Luz", "check-in in 1 h")
        assert "not your word" in (await village.stage.say("Luz", f"ok {SAFE}"))[0]


async def test_no_text_ends_a_call_that_runs(desk: Desk) -> None:
    async with _village(desk) as village:
        await village.stage.say("Luz", "alarm")
        await village.stage.pass_time(seconds=40)
        await village.text(SAFE)
        await village.text("cancel " + WORD, name="m2")
        assert any("That ends nothing" in one for one in await village.heard("Mar"))
        await village.stage.pass_time(minutes=4)
        assert any("Luz asks for help" in one for one in await village.heard("Cora"))


async def test_what_is_neither_phrase_becomes_a_question_and_silence_reaches_people(desk: Desk) -> None:
    async with _village(desk) as village:
        await village.text("they are at the door")
        assert "Do you need help?" in (await village.heard("Luz"))[-1]
        await village.stage.pass_time(minutes=3)
        assert any(
            "tried to reach us, unverified: a text message" in one for one in await village.heard("Mar")
        )


async def test_a_borrowed_phone_with_name_and_phrase_calls_and_anything_else_reaches_a_person(
    desk: Desk,
) -> None:
    async with _village(desk) as village:
        await village.text(f"Luz {SAFE}", "+33 6 11 22 33 44")
        assert "We do not count that." in (await village.heard("Mar"))[-1]
        await village.text("tell them I am at the bridge", "+33 6 11 22 33 44", name="m2")
        assert "from a phone we do not know" in (await village.heard("Cora"))[-1]
        assert "at the bridge" in (await village.heard("Cora"))[-1]
        await village.text(f"Luz {CALL}", "+33 6 11 22 33 44", name="m3")
        assert any("from a phone we do not know" in x and "Luz asks" in x for x in await village.heard("Sol"))


async def test_guessing_the_phrase_for_safe_is_stopped_and_a_call_still_counts(desk: Desk) -> None:
    async with _village(desk) as village:
        await village.stage.say("Luz", "check-in in 1 h")
        for number in range(5):
            await village.text(f"guess number {number}", name=f"g{number}")
        await village.text(SAFE, name="right")
        async with desk.turn() as turn:
            waiting = await checkins.of_member(
                turn.tx, turn.guard, village.people["Luz"], frozenset({"planned", "prompted"})
            )
        assert len(waiting) == 1
        await village.text(CALL, name="call")
        assert any("Luz asks for help" in one for one in await village.heard("Mar"))


async def test_a_text_that_breaks_its_handler_reaches_coordinators(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: object) -> None:
        raise LookupError("nobody thought of this")

    async with _village(desk) as village:
        with monkeypatch.context() as patched:
            patched.setattr(texting, "receive", broken)
            assert await village.text(CALL) == [204]
        assert any("could not be handled here" in one for one in await village.heard("Cora"))


async def test_what_goes_out_says_nothing_comes_once_and_another_gateway_stands_in(desk: Desk) -> None:
    stage = TextStage(desk)
    luz = await a_person(stage, "Luz", locale="es", languages=["es"])
    async with (
        a_gateway("sms-gate", desk.clock, name="a") as first,
        a_gateway("webhook", desk.clock, name="b", secret="another secret of both", calls=True) as second,
    ):
        gateways = (first.settings, second.settings)
        assert ways(gateways) == {"sms", "call"} and ways(gateways[:1]) == {"sms"}
        async with desk.turn() as turn:
            for kind in (SMS, "call"):
                await wakers.keep(turn.tx, turn.guard, luz, wakers.Waking(kind, "+50255551234"), turn.now)
            await rings.write(turn.tx, [(turn.ids(), luz)], turn.now)
            await rings.write_heard(turn.tx, turn.ids(), luz, turn.now)
        texts = Texts(gateways, desk.clock)
        ways_out = {
            SMS: texts,
            "call": Calls(gateways, desk.clock),
            rings.HEARD: replace(texts, text=ARRIVED),
        }
        pump = RingPump(desk.database, desk.guard, ways_out, desk.clock)
        first.away = True
        await pump.ring_all()
        bodies = sorted((one["do"], one["text"]) for one in second.sent.values())
        assert bodies == [
            ("call", ""),
            ("text", "Por favor, mira tus mensajes."),
            ("text", "Tu mensaje está aquí."),
        ]
        assert await pump.ring_all() == 0 and len(second.asked) == 3


async def test_an_order_whose_answer_was_lost_is_not_sent_twice_by_the_same_gateway(desk: Desk) -> None:
    stage = TextStage(desk)
    luz = await a_person(stage, "Luz")
    async with a_gateway("sms-gate", desk.clock) as gateway:
        gateway.loses_answers = 1
        async with desk.turn() as turn:
            await wakers.keep(turn.tx, turn.guard, luz, wakers.Waking(SMS, "+50255551234"), turn.now)
            await rings.write(turn.tx, [(turn.ids(), luz)], turn.now)
        pump = RingPump(desk.database, desk.guard, {SMS: Texts([gateway.settings], desk.clock)}, desk.clock)
        await pump.ring_all()
        desk.clock.move(seconds=3)
        await pump.ring_all()
        desk.clock.move(hours=1)
        assert await pump.ring_all() == 0
        assert len(gateway.asked) == 2 and len(gateway.sent) == 1
        (order,) = gateway.sent.values()
        assert len(order["id"]) <= 36 and order["phoneNumbers"] == ["+50255551234"]


async def test_a_responder_gives_a_number_only_after_reading_what_it_tells(desk: Desk) -> None:
    stage = TextStage(desk)
    cora = await a_person(stage, "Cora", Role.COORDINATOR)
    assert "The phone company learns" in (await stage.say("Cora", "wake sms +502 5555 0000"))[0]
    async with desk.turn() as turn:
        assert await wakers.of_member(turn.tx, turn.guard, cora) == ()
    await stage.say("Cora", "1")
    async with desk.turn() as turn:
        assert await wakers.of_member(turn.tx, turn.guard, cora) == (wakers.Waking(SMS, "+50255550000"),)

"""Cards and introductions stay in chat for an hour; a word that was typed is taken back at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bare_bot import BareBot
from conftest import Clock

from directory.core.effects import Tell
from directory.core.text import say
from directory.core.viewer import Lane, Viewer
from directory.store.database import Database
from directory.store.guarded import Guard
from directory.words import set_word
from hub import passing
from hub.due import CLOCK, DuePump

CARD = say("1. Casa de la Memoria.")


@pytest.fixture
async def bot(database: Database, guard: Guard, clock: Clock) -> BareBot:
    return BareBot(database, guard, clock)


async def _tell(bot: BareBot, member: str, *, passes: bool) -> str:
    async with bot.turn(CLOCK) as turn:
        await turn.record(Tell(member, CARD, passes=passes))
    await bot.carry()
    return bot.lane.sent[-1][2]


async def _an_hour(bot: BareBot, clock: Clock) -> None:
    clock.now += timedelta(hours=1)

    async def on_due(turn: object, ref: str) -> None:
        await passing.on_due(bot.letters, turn, ref)  # type: ignore[arg-type]

    await DuePump(bot.turn, {passing.DUE: on_due}, clock).fire_all()
    await bot.carry()


def _taken_back(bot: BareBot) -> list[object]:
    return [content["redacts"] for kind, content, _ in bot.lane.sent if kind == passing.REDACTION]


async def test_a_card_is_taken_back_after_an_hour_and_only_once(bot: BareBot, clock: Clock) -> None:
    event = await _tell(bot, await bot.a_member("ana"), passes=True)
    assert _taken_back(bot) == []
    await _an_hour(bot, clock)
    await _an_hour(bot, clock)
    assert _taken_back(bot) == [event]


async def test_what_is_no_card_stays(bot: BareBot, clock: Clock) -> None:
    await _tell(bot, await bot.a_member("ana"), passes=False)
    await _an_hour(bot, clock)
    assert _taken_back(bot) == []


async def test_a_card_that_was_not_sent_within_the_hour_is_taken_back_later(
    bot: BareBot, clock: Clock
) -> None:
    member = await bot.a_member("ana")
    async with bot.turn(CLOCK) as turn:
        await turn.record(Tell(member, CARD, passes=True))
    await _an_hour(bot, clock)
    assert _taken_back(bot) == []
    event = bot.lane.sent[-1][2]
    await _an_hour(bot, clock)
    assert _taken_back(bot) == [event]


async def test_clear_takes_cards_back_now_and_not_again_after_the_hour(bot: BareBot, clock: Clock) -> None:
    event = await _tell(bot, await bot.a_member("ana"), passes=True)
    other = await _tell(bot, await bot.a_member("bea"), passes=True)
    await bot.ear.deliver(bot.says("ana", "clear"))
    while await _waiting(bot):
        await bot.carry()
    assert _taken_back(bot) == [event]
    await _an_hour(bot, clock)
    assert _taken_back(bot) == [event, other]


async def test_clear_stops_a_card_that_has_not_arrived(bot: BareBot, clock: Clock) -> None:
    member = await bot.a_member("ana")
    async with bot.turn(CLOCK) as turn:
        await turn.record(Tell(member, CARD, passes=True))
    await bot.ear.deliver(bot.says("ana", "clear"))
    while await _waiting(bot):
        await bot.carry()
    assert [
        content.get("body")
        for _, content, _ in bot.lane.sent
        if content.get("body") == "1. Casa de la Memoria."
    ] == []
    await _an_hour(bot, clock)
    assert _taken_back(bot) == []


async def test_a_word_typed_in_chat_is_taken_back_at_once_and_other_words_are_not(bot: BareBot) -> None:
    member = await bot.a_member("ana")
    async with bot.turn(Viewer(Lane.CHAT, member=member)) as turn:
        await set_word(turn, member, "luna azul de mayo")
    asked = bot.says("ana", "word")
    given = bot.says("ana", "luna azul de mayo")
    for inbound in (asked, given):
        await bot.ear.deliver(inbound)
    while await _waiting(bot):
        await bot.carry()
    assert _taken_back(bot) == [given.event_id]


async def _waiting(bot: BareBot) -> bool:
    async with bot.turn(CLOCK) as turn:
        found = await turn.tx.exec_driver_sql("select count(*) from letters where state = 'waiting'")
        return bool(found.scalar_one())

"""A message with the word that a homeserver held back answers nothing that is asked later, whatever time it
claims; a call for help counts however late it comes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bare_bot import BareBot
from conftest import Clock

from directory import words
from directory.core.viewer import Lane, Viewer
from directory.store.database import Database
from directory.store.guarded import Guard

WORD = "luna azul de mayo"


@pytest.fixture
async def bot(database: Database, guard: Guard, clock: Clock) -> BareBot:
    bot = BareBot(database, guard, clock)
    ana = await bot.a_member("ana")
    async with bot.turn(Viewer(Lane.CHAT, member=ana)) as turn:
        await words.set_word(turn, ana, WORD)
    return bot


async def last(bot: BareBot) -> str:
    for _ in range(6):
        await bot.carry()
    return str(bot.lane.sent[-1][1]["body"])


async def states(bot: BareBot) -> set[str]:
    async with bot.database.transaction() as tx:
        return {row[0] for row in await tx.exec_driver_sql("select state from actions")}


@pytest.mark.parametrize("line", [f"cancel {WORD}", f"safe {WORD}"])
async def test_an_order_with_the_word_that_was_held_back_stops_no_alarm(bot: BareBot, line: str) -> None:
    await bot.ear.deliver(bot.says("ana", "alarm"))
    before = await states(bot)
    await bot.ear.deliver(replace(bot.says("ana", line), late=True))
    assert await states(bot) == before
    assert "came only now" in await last(bot)


async def test_the_word_alone_that_was_held_back_is_no_answer_and_the_question_stays(bot: BareBot) -> None:
    await bot.ear.deliver(bot.says("ana", "alarm"))
    await bot.ear.deliver(bot.says("ana", "cancel"))
    before = await states(bot)
    await bot.ear.deliver(replace(bot.says("ana", WORD), late=True))
    assert await states(bot) == before
    assert "came only now" in await last(bot)
    await bot.ear.deliver(bot.says("ana", WORD))
    assert await states(bot) != before


async def test_a_call_for_help_that_was_held_back_goes_out_though_a_word_is_asked_for(bot: BareBot) -> None:
    await bot.ear.deliver(bot.says("ana", "alarm"))
    await bot.ear.deliver(bot.says("ana", "cancel"))
    await bot.ear.deliver(bot.says("ana", WORD))
    over = await states(bot)
    await bot.ear.deliver(bot.says("ana", "ok"))
    await bot.ear.deliver(replace(bot.says("ana", "alarm they are at the door"), late=True))
    assert await states(bot) > over

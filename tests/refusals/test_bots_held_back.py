"""A message with the word that a homeserver held back answers nothing that is asked later, whatever time it
claims; a call for help counts however late it comes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bare_bot import BareBot
from conftest import Clock

from bots.said import Form
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
        found = await tx.exec_driver_sql("select state from actions where kind = 'alarm'")
        return {row[0] for row in found}


async def asked(bot: BareBot) -> set[str]:
    """How things stand with what is asked about."""
    async with bot.database.transaction() as tx:
        found = await tx.exec_driver_sql("select state from actions where kind = 'unclear'")
        return {row[0] for row in found}


@pytest.mark.parametrize("line", [f"cancel {WORD}", f"safe {WORD}"])
async def test_an_order_with_the_word_that_was_held_back_stops_no_alarm(bot: BareBot, line: str) -> None:
    await bot.ear.deliver(bot.says("ana", "alarm"))
    before = await states(bot)
    await bot.ear.deliver(replace(bot.says("ana", line), late=True))
    assert await states(bot) == before
    heard = await last(bot)
    assert "came only now" in heard and "1 = help, 0 = no" in heard
    assert await asked(bot) == {"asked"}


async def test_what_came_late_and_is_written_again_is_asked_about_no_more(bot: BareBot) -> None:
    await bot.ear.deliver(bot.says("ana", "alarm"))
    await bot.ear.deliver(replace(bot.says("ana", f"cancel {WORD}"), late=True))
    await bot.ear.deliver(bot.says("ana", f"cancel {WORD}"))
    assert (await states(bot), await asked(bot)) == ({"cancelled"}, {"ended"})


@pytest.mark.parametrize("line", ["1", "0"])
async def test_a_number_that_was_held_back_answers_no_later_question_and_somebody_asks(
    bot: BareBot, line: str
) -> None:
    """A zero she gave long ago must not end what a voice message began; a one is told at once, unverified."""
    await bot.ear.deliver(replace(bot.says("ana", ""), form=Form.VOICE))
    await bot.ear.deliver(replace(bot.says("ana", line), late=True))
    assert await asked(bot) == ({"told"} if line == "1" else {"asked"})
    assert ("people that you tried" if line == "1" else "1 = help, 0 = no") in await last(bot)
    await bot.ear.deliver(bot.says("ana", "0"))
    assert await asked(bot) == {"ended"}


async def test_a_no_to_the_question_never_sounds_as_if_it_ended_a_call_that_runs(bot: BareBot) -> None:
    await bot.ear.deliver(bot.says("ana", "alarm"))
    await bot.ear.deliver(replace(bot.says("ana", ""), form=Form.VOICE))
    await bot.ear.deliver(bot.says("ana", "0"))
    assert "Your alarm is set" in await last(bot)
    assert await states(bot) == {"raised"}


async def test_of_a_burst_nobody_can_read_one_is_asked_about_and_asked_for_again(bot: BareBot) -> None:
    for _ in range(3):
        await bot.ear.deliver(replace(bot.says("ana", ""), form=Form.UNREADABLE, trusted=False))
    await last(bot)
    said = [str(content["body"]) for _, content, _ in bot.lane.sent]
    assert len(said) == 1 and "send it once more" in said[0] and "1 = help, 0 = no" in said[0]


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

"""Many things in the same moment: nothing is lost, nothing is doubled, nobody waits for anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bare_bot import BareBot
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from sqlalchemy.event import listen, remove

from bots.store import actions, conversations
from directory.core.viewer import Lane, Role, Viewer
from directory.store.database import Database
from directory.store.guarded import Guard


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def test_two_words_for_help_in_one_moment_are_one_alarm(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    await asyncio.gather(*(stage.say("Lupe", f"alarm {n}") for n in range(4)))
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        found = await actions.in_states(turn.tx, turn.guard, frozenset({"raised", "running"}))
    assert [one.member for one in found] == [lupe]
    assert {"0", "1", "2", "3"} <= set(found[0].fields["text"].split())


async def test_two_friends_who_call_for_each_other_at_once_both_get_through(stage: Stage) -> None:
    handles = ["Lupe", "Rosa", "Ines"]
    people = {handle: await a_person(stage, handle) for handle in handles}
    for handle in handles:
        await in_circle(stage, handle, *(other for other in handles if other != handle))
        await stage.say(handle, "plan window 0")
    await asyncio.gather(*(stage.say(handle, "alarm") for handle in handles))
    for handle, member in people.items():
        heard = "\n".join(await stage.heard_by(member))
        assert all(f"{other} asks for help." in heard for other in handles if other != handle)


async def test_two_people_who_take_it_at_once_hear_who_has_it(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    await a_person(stage, "Rosa")
    await a_person(stage, "Ines")
    await in_circle(stage, "Lupe", "Rosa", "Ines")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=60)
    both = await asyncio.gather(stage.say("Rosa", "1"), stage.say("Ines", "1"))
    texts = [" ".join(answers) for answers in both]
    assert sum("You have it." in text for text in texts) == 1
    assert sum(body.endswith("has it.") for body in await stage.heard_by(lupe)) == 1


async def test_a_look_that_comes_twice_asks_nobody_twice(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "alarm")
    due = dict(stage.due)
    await stage.pass_time(seconds=31)
    stage.due.update(due)
    await stage.pass_time(seconds=5)
    assert sum("asks for help" in body for body in await stage.heard_by(keeper)) == 1


async def test_a_clock_that_jumps_back_delays_nothing_for_ever(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    keeper = await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "alarm")
    stage.base.clock.move(hours=-1)
    await stage.pass_time(minutes=61)
    assert any("asks for help" in body for body in await stage.heard_by(keeper))


async def test_two_first_questions_at_once_are_both_kept(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")

    async def ask(n: int) -> None:
        async with stage.turn(Viewer(Lane.CLOCK)) as turn:
            await conversations.remember(turn, lupe, "alarm", {"action": str(n)})

    await asyncio.gather(*(ask(n) for n in range(5)))
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        talk = await conversations.of(turn.tx, turn.guard, lupe)
    assert {one.context["action"] for one in talk.open} == {"0", "1", "2", "3", "4"}


async def test_the_place_is_gone_once_it_is_over(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Ana", Role.COORDINATOR)
    await stage.say("Lupe", "plan place the house by the mill")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    await stage.say("Lupe", f"safe {WORD}")
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        (found,) = await actions.in_states(turn.tx, turn.guard, frozenset({"safe"}))
    assert not found.fields["place"]


async def test_many_who_ask_the_same_in_one_moment_cost_the_database_a_few_statements(
    database: Database, guard: Guard
) -> None:
    """A page that stands already is not written again: it made everybody's commands ten times slower."""
    bot, names, again = BareBot(database, guard), [f"m{number}" for number in range(10)], list[str]()
    for name in names:
        await bot.a_member(name)
    await asyncio.gather(*(bot.ear.deliver(bot.says(name, "help")) for name in names))
    with watched(database, again):
        await asyncio.gather(*(bot.ear.deliver(bot.says(name, "help")) for name in names))
    assert len(again) <= 8, again
    for _ in range(3):
        await bot.carry()
    assert len(bot.lane.sent) == 20


@contextmanager
def watched(database: Database, statements: list[str]) -> Iterator[None]:
    """Every statement of this block."""
    engine = database.engine.sync_engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(" ".join(statement.split())[:120])

    listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        remove(engine, "before_cursor_execute", note)

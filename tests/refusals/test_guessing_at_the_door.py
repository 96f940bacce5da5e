"""Whoever guesses a member's word where one signs in is stopped, and keeps the member out of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bots_stage import WORD, Stage, a_person
from doors import a_door
from people import seen_as
from pressing import press, sign_in
from sqlalchemy import update

from directory import words
from directory.core.viewer import Lane
from directory.store.tables import sessions

if TYPE_CHECKING:
    from conftest import Desk

WRONG, RIGHT = 422, 303


async def test_guesses_from_elsewhere_close_the_door_and_neither_her_page_nor_her_browser_nor_chat(
    desk: Desk,
) -> None:
    luz = await a_person(Stage(desk), "Luz")
    async with a_door(desk) as door:
        _, _, hers = await sign_in(door, "luz", WORD)
        assert [(await sign_in(door, "luz", "a guess"))[0] for _ in range(5)] == [WRONG] * 5
        assert (await sign_in(door, "luz", WORD))[0] == WRONG, "no guesser finds the word by going on"
        assert (await press(door, hers, "/words", do="give", word=WORD))[:2] == (RIGHT, "/words?said=words")
        desk.clock.move(minutes=9)
        from_a_link = await door.session(luz)
        assert (await press(door, from_a_link, "/words", do="give", word=WORD))[0] == RIGHT
        async with desk.turn(await seen_as(desk, luz, lane=Lane.CHAT)) as turn:
            assert await words.check_word(turn, luz, WORD) is not None


async def test_the_browser_she_was_signed_in_with_is_known_when_its_time_is_over_and_not_once_she_left_it(
    desk: Desk,
) -> None:
    await a_person(Stage(desk), "Luz")
    await a_person(Stage(desk), "Mar")
    async with a_door(desk) as door:
        _, _, hers = await sign_in(door, "luz", WORD)
        _, _, left = await sign_in(door, "luz", WORD)
        _, _, anothers = await sign_in(door, "mar", WORD)
        desk.clock.move(hours=5)
        for _ in range(5):
            await sign_in(door, "luz", "a guess")
        await _ended(door.desk, left)
        codes = {"hers": hers, "left": left, "anothers": anothers, "none": ""}
        seen = {name: (await sign_in(door, "luz", WORD, before=code))[0] for name, code in codes.items()}
        assert seen == {"hers": RIGHT, "left": WRONG, "anothers": WRONG, "none": WRONG}


async def test_guesses_by_whoever_holds_her_browser_are_counted_too(desk: Desk) -> None:
    luz = await a_person(Stage(desk), "Luz")
    async with a_door(desk) as door:
        session = await door.session(luz)
        for _ in range(3):
            assert (await press(door, session, "/words", do="give", word="a guess"))[0] == WRONG
        for _ in range(2):
            assert (await sign_in(door, "luz", "a guess", before=session))[0] == WRONG
        assert (await press(door, session, "/words", do="give", word=WORD))[0] == WRONG
        assert (await sign_in(door, "luz", WORD, before=session))[0] == WRONG
        assert (await sign_in(door, "luz", WORD))[0] == RIGHT, "whoever comes without it is not kept out"


async def _ended(desk: Desk, code: str) -> None:
    async with desk.turn() as turn:
        mine = sessions.c.digest == turn.guard.digest("session", code)
        await turn.tx.execute(update(sessions).where(mine).values(ended_at=turn.now))

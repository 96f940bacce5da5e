"""The one secret a member remembers, with the real key derivation."""

from __future__ import annotations

import pytest
from conftest import Desk
from people import a_member, seen_as

from directory import words
from directory.core.viewer import Lane, Viewer
from directory.refusals import BadAnswer, NeedsWord, NotYours

WORD = "Mi abuela teje"


async def with_word(desk: Desk, handle: str = "Luz") -> str:
    luz = await a_member(desk, handle)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await words.set_word(turn, luz, WORD)
    return luz


async def said(desk: Desk, member: str, word: str, lane: Lane = Lane.CHAT) -> bool:
    async with desk.turn(await seen_as(desk, member, lane=lane)) as turn:
        return await words.check_word(turn, member, word) is not None


async def test_her_word_is_hers_however_the_phone_writes_it_and_no_other_is(desk: Desk) -> None:
    luz = await with_word(desk)
    assert await said(desk, luz, " mi ABUELA  teje")
    assert not await said(desk, luz, "mi abuelo teje")


async def test_handle_and_word_sign_in_without_any_bot_and_wrong_ones_tell_nothing(desk: Desk) -> None:
    luz = await with_word(desk)
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        said_it = await words.who_says(turn, "luz", WORD)
        assert said_it is not None and said_it[0] == luz
        assert await words.who_says(turn, "luz", "something else") is None
        assert await words.who_says(turn, "nobody-here", WORD) is None


async def test_guessing_on_a_page_stops_after_five_and_does_not_lock_her_out_of_chat(desk: Desk) -> None:
    luz = await with_word(desk)
    for guess in range(5):
        assert not await said(desk, luz, f"guess {guess}", Lane.PAGE)
    assert not await said(desk, luz, WORD, Lane.PAGE)
    assert await said(desk, luz, WORD, Lane.CHAT)
    desk.clock.move(minutes=11)
    assert await said(desk, luz, WORD, Lane.PAGE)


async def test_a_new_word_needs_the_old_one_first(desk: Desk) -> None:
    luz = await with_word(desk)
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await words.set_word(turn, luz, "otra palabra")
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await words.set_word(turn, luz, "otra palabra")
    assert await said(desk, luz, "otra palabra")


async def test_nobody_sets_somebody_elses_word_and_easy_words_are_refused(desk: Desk) -> None:
    luz, ana = await a_member(desk, "Luz"), await a_member(desk, "Ana")
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, ana)) as turn:
            await words.set_word(turn, luz, WORD)
    for easy in ("abc", "Luz", "password"):
        with pytest.raises(BadAnswer):
            async with desk.turn(await seen_as(desk, luz)) as turn:
                await words.set_word(turn, luz, easy)

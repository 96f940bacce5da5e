"""Whoever holds both secrets of a member and tries out which is the word finds the same either way.

Luz has X as her word and Y as her phrase, Eva the other way round. Everything is done with each, in chat, on
the pages and through the API, and compared. The arithmetic of it: tests/unit/test_word_places.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bots_stage import Stage, a_person
from doors import Door, a_door
from people import seen_as
from pressing import press, settle, sign_in
from sqlalchemy import delete, select, update

from directory import second_phrase, words
from directory.store.tables import given_words, verifiers, word_tries

if TYPE_CHECKING:
    from conftest import Desk

    from directory.turn import Turn

X, Y = "blue kettle of tin", "all is well at home"
N, M, W = "a new phrase here", "and one more of them", "a word nobody said"
ALL = (X, Y, N, M, W)

CHAT: Mapping[str, tuple[str, ...]] = {
    "another phrase": ("phrase", X, N, f"cancel {N}"),
    "another phrase, and one more with it": ("phrase", X, N, f"cancel {N}", "phrase", N, M, f"cancel {M}"),
    "another phrase, and one with the other": ("phrase", X, N, f"cancel {N}", "phrase", Y, M, f"cancel {M}"),
    "the other as the phrase": ("phrase", X, Y, f"cancel {Y}"),
    "what was given as the phrase": ("phrase", X, X, "0"),
    "no phrase": ("phrase off", X),
    "too often": ("phrase off", X) * 6 + ("phrase", X, N, "0"),
    "another word": ("word", X, W),
    "another word with the phrase that was chosen": ("phrase", X, N, f"cancel {N}", "word", N, W),
    "the other as the word": ("word", X, Y),
    "practised wrongly, and left": ("phrase", X, N, "cancel not it", "0"),
}


async def _two(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk)
    people = {name: await a_person(stage, name, word=word) for name, word in (("Luz", X), ("Eva", Y))}
    for name, phrase in (("Luz", Y), ("Eva", X)):
        async with desk.turn(await seen_as(desk, people[name], word=True)) as turn:
            practice = await second_phrase.prepare(turn, phrase)
            assert await second_phrase.practise(turn, practice, phrase)
    desk.clock.move(days=4)
    return stage, people


async def _kept(desk: Desk, member: str) -> bytes:
    async with desk.turn() as turn:
        found = select(verifiers.c.guarded).where(verifiers.c.member == member)
        return bytes((await turn.tx.execute(found)).scalar_one())


async def _shape(desk: Desk, member: str) -> object:
    """What lies in the tables of words about somebody: every open value, and how long every sealed one is."""
    rows: list[object] = []
    async with desk.turn() as turn:
        for table in (verifiers, given_words):
            for row in await turn.tx.execute(select(table).where(table.c.member == member)):
                told = {name: one for name, one in row._mapping.items() if name not in ("id", "member")}
                rows.append({n: len(one) if isinstance(one, bytes) else one for n, one in told.items()})
        tries = (await turn.tx.execute(select(word_tries.c.lane, word_tries.c.tries))).all()
    return sorted(map(str, rows)), [tuple(one) for one in tries]


async def test_in_chat_every_trial_has_one_outcome_whichever_of_the_two_was_given(desk: Desk) -> None:
    stage, people = await _two(desk)
    for trial, lines in CHAT.items():
        began, seen = desk.clock(), []
        for name, member in people.items():
            desk.clock.now = began
            before = await _kept(desk, member)
            answers = [(line, await stage.say(name, line)) for line in lines]
            async with desk.turn(await seen_as(desk, member)) as turn:
                counts = [await words.check_word(turn, member, one) is not None for one in ALL]
            after = await _kept(desk, member)
            seen.append((answers, counts, len(_parts(before) & _parts(after)), await _shape(desk, member)))
            async with desk.turn() as turn:
                hers = await words.check_word(turn, people["Eva"], Y)
                assert hers is not None and not hers.pressed, "the true word is hers whatever they do"
                await _as_before(turn, member, before)
        assert seen[0] == seen[1], trial
        assert seen[0][2] == (0 if lines[-1] != "0" or "off" in lines[0] else len(_parts(before))), trial


async def _as_before(turn: Turn, member: str, sealed: bytes) -> None:
    await turn.tx.execute(update(verifiers).where(verifiers.c.member == member).values(guarded=sealed))
    for table in (given_words, word_tries):
        await turn.tx.execute(delete(table))


def _parts(sealed: bytes) -> set[bytes]:
    """Eight bytes each, after the head, which names the key: to see what of it stayed as it was."""
    return {sealed[at : at + 8] for at in range(16, len(sealed) - 8, 8)}


async def test_the_phrase_chosen_last_calls_for_help_and_the_word_does_not(desk: Desk) -> None:
    """What all this is good for stays: with the word she changes it, and who is forced is heard."""
    stage, people = await _two(desk)
    for line in CHAT["another phrase"]:
        await stage.say("Luz", line)
    for days in (0, 4):
        desk.clock.move(days=days)
        async with desk.turn() as turn:
            given = [await words.check_word(turn, people["Luz"], one) for one in (X, N, Y)]
        assert [one and one.pressed for one in given] == [False, True, None if days else True]


async def test_a_word_that_somebody_read_is_worth_nothing_once_she_chose_another(desk: Desk) -> None:
    stage, people = await _two(desk)
    for line in CHAT["another word"]:
        await stage.say("Luz", line)
    async with desk.turn() as turn:
        given = [await words.check_word(turn, people["Luz"], one) for one in (X, W, Y)]
    assert [one and one.pressed for one in given] == [None, False, True]


async def _by_the_page(door: Door, session: str, name: str) -> list[object]:
    """A phrase, no phrase and a word by buttons of the pages; then who can sign in."""
    shown, seen = await press(door, session, "/phrase", do="prepare", phrase=N, word=X), []
    practice = re.search(r'name="practice" value="([\w-]+)"', shown[2])
    assert practice is not None
    seen.append((shown[0], len(practice.group(1)), _plain(shown[2])))
    for form in (
        {"do": "practise", "phrase": "not it", "practice": practice.group(1)},
        {"do": "practise", "phrase": N, "practice": practice.group(1)},
        {"do": "prepare", "phrase": X, "word": X},
        {"do": "prepare", "phrase": Y, "word": X},
        {"do": "remove", "word": X},
    ):
        status, to, text = await press(door, session, "/phrase", **form)
        seen.append((status, to, _plain(text)))
    seen.append([(await sign_in(door, name, one))[:2] for one in ALL])
    status, to, text = await press(door, session, "/words", do="choose", new=W, again=W, word=X)
    seen.append((status, to, _plain(text)))
    seen.append([(await sign_in(door, name, one))[:2] for one in ALL])
    return seen


def _plain(html: str) -> str:
    return re.sub(r'value="[\w-]{16,}"', "", html)


async def test_on_the_pages_every_trial_has_one_outcome_too(desk: Desk) -> None:
    stage, people = await _two(desk)
    seen = []
    async with a_door(desk) as door:
        for name, member in people.items():
            session = await door.session(member)
            seen.append(await _by_the_page(door, session, name))
            await settle(desk, stage)
            codes = [(await sign_in(door, name, one))[2] for one in (W, Y)]
            answers = [
                await door.ask(operation, {"input": given} if given else {}, session=code)
                for code in codes
                for operation, given in (("RemoveSecondPhrase", {}), ("SetWord", {"word": W}), ("MyWord", {}))
            ]
            seen[-1].append(re.sub(r"[0-9a-f]{12,}", "", str(answers)))
            async with desk.turn() as turn:
                await turn.tx.execute(delete(word_tries))
    for luz, eva in zip(*seen, strict=True):
        assert luz == eva
    assert [one[0] for one in seen[0][6]] == [303, 303, 303, 422, 422]
    assert [one[0] for one in seen[0][8]] == [422, 303, 303, 422, 303]

"""Comparing pictures as people read it, and who may read in which room whatever the homeserver says."""

from __future__ import annotations

import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from people import matrix_id

from bots.pictures import PICTURES
from directory.core.effects import ComparePictures, MeetInRoom
from directory.core.viewer import Role
from hub.chance import random_id
from hub.ear import BotEar
from hub.matrix.hearing import Compared, Pictures
from hub.readers import readers_of
from hub.store import rooms

SEVEN = (0, 1, 2, 15, 16, 62, 63)


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


@pytest.fixture
def ear(stage: Stage) -> BotEar:
    return BotEar(stage.desk, stage.turn, None, None)  # type: ignore[arg-type]


def test_there_are_sixty_four_different_pictures_with_names() -> None:
    assert len({picture for picture, _ in PICTURES}) == len({name for _, name in PICTURES}) == 64


async def test_a_member_asks_and_a_stranger_cannot(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    await stage.say("Eve", "pictures")
    assert stage.base.heard(ComparePictures) == []
    assert "Your app asks you now" in (await stage.say("Lupe", "pictures"))[0]
    assert stage.base.heard(ComparePictures) == [ComparePictures(lupe)]


@pytest.mark.parametrize(
    ("locale", "words"),
    [("es", "🐶 Perro\n🐱 Gato"), ("fr", "🐶 Chien\n🐱 Chat"), ("ar", "كلب"), ("en", "🐶 Dog\n🐱 Cat")],
)
async def test_the_pictures_have_names_in_the_persons_language(
    stage: Stage, ear: BotEar, locale: str, words: str
) -> None:
    lupe = await a_person(stage, "Lupe", locale=locale)
    await ear.pictures(Pictures("@bot:example.org", matrix_id("Lupe"), SEVEN))
    shown = (await stage.heard_by(lupe))[-1]
    plain = shown.replace("\u2068", "").replace("\u2069", "")
    assert words in plain and all(PICTURES[number][0] in plain for number in SEVEN)


async def test_other_pictures_warn_the_person_and_the_coordinators_and_the_same_wake_nobody(
    stage: Stage, ear: BotEar
) -> None:
    lupe, ana = await a_person(stage, "Lupe"), await a_person(stage, "Ana", Role.COORDINATOR)
    before = len(await stage.heard_by(ana))
    await ear.compared(matrix_id("Lupe"), Compared.SAME)
    assert (await stage.heard_by(lupe))[-1] == "The pictures are the same. Your app knows me now."
    assert len(await stage.heard_by(ana)) == before
    await ear.compared(matrix_id("Lupe"), Compared.DIFFERENT)
    assert "Write nothing secret" in (await stage.heard_by(lupe))[-1]
    assert "Lupe compared pictures with the bot" in (await stage.heard_by(ana))[-1]
    await ear.compared(matrix_id("Eve"), Compared.DIFFERENT)
    assert len(await stage.heard_by(ana)) == before + 1


async def test_a_direct_room_is_read_by_its_member_alone_and_a_meeting_by_the_two(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    both = (matrix_id("Lupe"), matrix_id("Rosa"))
    async with stage.base.turn() as turn:
        common = {"account": "bot", "now": turn.now}
        for purpose, ref, matrix in (
            ("direct", lupe, "!one"),
            ("lobby", None, "!two"),
            ("direct", "gone", "!x"),
        ):
            await rooms.known(
                turn.tx, turn.guard, room=random_id(), purpose=purpose, ref=ref, matrix=matrix, **common
            )
        meeting = random_id()
        meet = MeetInRoom("an introduction", both)
        await rooms.want(
            turn.tx,
            turn.guard,
            room=meeting,
            purpose="introduction",
            ref=meet.introduction,
            users=meet.matrix_ids,
            **common,
        )
        await rooms.made(turn.tx, turn.guard, meeting, "!three")
        assert await readers_of(turn, "!one") == frozenset({matrix_id("Lupe")})
        assert await readers_of(turn, "!two") is None and await readers_of(turn, "!unknown") is None
        assert await readers_of(turn, "!three") == frozenset(both)
        assert await readers_of(turn, "!x") == frozenset()

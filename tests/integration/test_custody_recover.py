"""A network that lost its administrator gets one again at the machine, and nobody can do it in secret."""

from __future__ import annotations

import pytest
from conftest import Desk
from people import a_member, heard_by

from directory import audit, recovering, words
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NotYours
from directory.store import roles

WORD = "nine slow herons"


async def word_fits(desk: Desk, member: str, word: str) -> bool:
    async with desk.turn(Viewer(Lane.PAGE, member)) as turn:
        return await words.check_word(turn, member, word) is not None


async def test_a_member_becomes_administrator_with_a_new_word_and_every_other_one_is_told(desk: Desk) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.ADMINISTRATOR}))
    luz = await a_member(desk, "Luz")
    async with desk.turn(Viewer(Lane.CHAT, luz)) as turn:
        await words.set_word(turn, luz, "the old river song")
    async with desk.turn() as turn:
        done = await recovering.recover(turn, handle="luz", word=WORD)
    assert (done.member, done.new, done.told) == (luz, False, 1)
    assert "Luz was made an administrator at the machine itself" in heard_by(desk, ana)[-1]
    async with desk.turn() as turn:
        assert sorted(await roles.holders(turn.tx, Role.ADMINISTRATOR)) == sorted([ana, luz])
    assert await word_fits(desk, luz, WORD)
    assert not await word_fits(desk, luz, "the old river song")
    async with desk.turn(Viewer(Lane.PAGE, ana, frozenset({Role.ADMINISTRATOR, Role.REVIEWER}))) as turn:
        assert "recovered" in {entry.act for entry in await audit.read(turn)}


async def test_when_nobody_is_left_somebody_new_can_begin(desk: Desk) -> None:
    async with desk.turn() as turn:
        done = await recovering.recover(turn, handle="Marisol", word=WORD, locale="es")
    assert (done.new, done.told) == (True, 0)
    async with desk.turn() as turn:
        assert await roles.holders(turn.tx, Role.ADMINISTRATOR) == [done.member]


async def test_it_happens_only_at_the_machine_and_with_a_real_word(desk: Desk) -> None:
    luz = await a_member(desk, "Luz", roles=frozenset({Role.COORDINATOR}))
    for lane in (Lane.CHAT, Lane.PAGE, Lane.PEER):
        async with desk.turn(Viewer(lane, luz, frozenset({Role.COORDINATOR}))) as turn:
            with pytest.raises(NotYours):
                await recovering.recover(turn, handle="Luz", word=WORD)
    async with desk.turn() as turn:
        with pytest.raises(BadAnswer):
            await recovering.recover(turn, handle="Luz", word="no")

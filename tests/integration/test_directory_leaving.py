"""Leaving takes everything along, here and at linked networks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from conftest import Clock, Desk
from people import a_member, away_desk, later_on, link, matrix_id, seen_as, shown_to
from sqlalchemy import select

from directory import leaving, members
from directory.core.viewer import Lane, Role
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store.tables import cards, shares


@pytest.fixture
async def away(
    fresh_database: Callable[[], AbstractAsyncContextManager[str]], clock: Clock
) -> AsyncIterator[Desk]:
    """The other network's hub."""
    async with away_desk(fresh_database, clock) as desk:
        yield desk


async def test_who_leaves_is_gone_here_and_there_and_her_account_is_a_stranger(
    desk: Desk, away: Desk
) -> None:
    wire = await link(desk, away)
    luz = await a_member(desk, "Luz")
    await shown_to(desk, luz, away.home)
    await wire.carry()
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await leaving.leave(turn)

    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await leaving.leave(turn)
    await later_on(desk)
    await wire.carry()

    for hub in (desk, away):
        async with hub.turn() as turn:
            assert (await turn.tx.execute(select(cards.c.id))).all() == []
    async with desk.turn() as turn:
        known = await members.viewer_of(
            turn.tx, desk.guard, matrix_id=matrix_id("Luz"), lane=Lane.CHAT, now=desk.clock()
        )
        assert known is None
        (state,) = (await turn.tx.execute(select(shares.c.state))).scalars()
        assert state == "withdrawn"
    await a_member(desk, "Luz")


async def test_the_last_administrator_stays_and_members_remove_nobody(desk: Desk) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.ADMINISTRATOR}))
    luz = await a_member(desk, "Luz")
    with pytest.raises(BadAnswer):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            await leaving.leave(turn)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
            await leaving.remove(turn, ana)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await leaving.remove(turn, luz)
        assert await members.standing(turn.tx, luz) is None

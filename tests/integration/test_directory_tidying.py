"""What is thrown away by itself, and what beside it stays."""

from __future__ import annotations

from conftest import Desk
from people import a_card, a_linked_network, a_member, a_newcomer
from sqlalchemy import func, select

from directory import joining, sharing
from directory.core.viewer import Lane, Viewer
from directory.store.tables import cards, join_codes, lobbies, members
from directory.tidying import tidy
from hub.handlers import DUE_DRILLS, DUE_TIDY, TIDY_EVERY, go_on_hourly
from hub.store.tables import due


async def test_old_codes_lobbies_newcomers_and_cards_go_and_the_rest_stays(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki")
    stays = await a_member(desk, "Luz")
    await a_newcomer(desk, "Ana")
    async with desk.turn() as turn:
        await joining.invite(turn)
        await sharing.apply_cards(turn, far, [a_card(1, "Bosque")], until=desk.clock())
    async with desk.turn(Viewer(Lane.CHAT)) as turn:
        await joining.knock(turn, matrix_id="@who:example.org")
    desk.clock.move(days=61)
    await a_newcomer(desk, "Noor")
    async with desk.turn(Viewer(Lane.CLOCK)) as turn:
        await tidy(turn)
        kept = set((await turn.tx.execute(select(members.c.handle))).scalars())
        empty = [await turn.tx.scalar(select(func.count()).select_from(t)) for t in (cards, lobbies)]
        unused = select(func.count()).where(join_codes.c.used_at.is_(None))
        assert await turn.tx.scalar(unused) == 0
        assert await turn.tx.scalar(select(members.c.id).where(members.c.handle == "Luz")) == stays
    assert kept == {"Luz", "Noor"}
    assert empty == [0, 0]


async def test_a_hub_that_starts_every_half_hour_tidies_all_the_same(desk: Desk) -> None:
    first = desk.clock()
    for _ in range(3):
        async with desk.turn(Viewer(Lane.CLOCK)) as turn:
            await go_on_hourly(turn)
            waiting = (await turn.tx.execute(select(due.c.kind, due.c.due_at))).all()
        assert {row.kind for row in waiting} >= {DUE_TIDY, DUE_DRILLS}
        assert {row.due_at for row in waiting} == {first + TIDY_EVERY}
        desk.clock.move(minutes=30)

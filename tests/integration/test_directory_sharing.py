"""Being shown to a linked network by name, what it holds then, and taking it back, on two databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from conftest import Clock, Desk
from people import (
    a_member,
    an_organisation,
    away_desk,
    link,
    seen_as,
    settle,
    shown_to,
)
from sqlalchemy import select

from directory import consent, profiles, sharing
from directory.core.questions import Question
from directory.search import find_allies
from directory.store.tables import cards, holdings

FreshDatabase = Callable[[], AbstractAsyncContextManager[str]]


@pytest.fixture
async def away(fresh_database: FreshDatabase, clock: Clock) -> AsyncIterator[Desk]:
    """The other network's hub."""
    async with away_desk(fresh_database, clock) as desk:
        yield desk


async def held_titles(desk: Desk) -> set[str]:
    async with desk.turn() as turn:
        found = await turn.tx.execute(select(cards.c.body).where(cards.c.member.is_(None)))
        return {str(body["title"]) for body in found.scalars()}


async def test_a_yes_by_name_shows_her_there_exactly_as_the_preview_said(desk: Desk, away: Desk) -> None:
    wire = await link(desk, away)
    luz = await a_member(desk, "Luz", country="GT", issues=["land-and-territory", "hiv"], languages=["es"])
    await wire.carry()
    assert await held_titles(away) == set()

    async with desk.turn(await seen_as(desk, luz)) as turn:
        preview = await consent.preview(turn, away.home)
    await shown_to(desk, luz, away.home)
    await wire.carry()

    ana = await a_member(away, "Ana")
    async with away.turn(await seen_as(away, ana)) as turn:
        (card,) = (await find_allies(turn, Question(issues=("land-and-territory",)))).cards
    assert {**preview, "id": card.id} == {
        "id": card.id,
        "kind": card.kind,
        "title": "Luz",
        "acronym": None,
        "country": "GT",
        "regions": [],
        "issues": ["land-and-territory"],
        "languages": ["es"],
        "offers": [],
        "website": None,
        "listed_publicly": False,
        "confirmed_at": int(desk.clock().timestamp()),
        "purpose": None,
    }


async def test_withdrawing_once_removes_her_there_and_both_ledgers_say_so(desk: Desk, away: Desk) -> None:
    wire = await link(desk, away)
    luz = await a_member(desk, "Luz", country="GT", issues=["torture"])
    await shown_to(desk, luz, away.home)
    await wire.carry()
    assert await held_titles(away) == {"Luz"}

    async with desk.turn(await seen_as(desk, luz)) as turn:
        await consent.withdraw(turn, away.home)
    await wire.carry()

    assert await held_titles(away) == set()
    async with desk.turn(await seen_as(desk, luz)) as turn:
        (mine,) = await consent.mine(turn)
        (row,) = await sharing.my_ledger(turn)
    assert (mine.name, mine.holds, mine.withdrawn_at is not None) == ("Rafiki", False, True)
    assert (row.state, row.withdrawal_confirmed_at) == ("withdrawn", desk.clock())
    async with away.turn() as turn:
        held = [row for row in await sharing.ledger(turn, desk.home) if row.direction == "held"]
    assert [(row.state, row.title) for row in held] == [("withdrawn", None)]


async def test_a_withdrawn_card_never_comes_back_and_a_new_yes_gets_a_new_card(
    desk: Desk, away: Desk
) -> None:
    wire = await link(desk, away)
    luz = await a_member(desk, "Luz", issues=["torture"])
    await shown_to(desk, luz, away.home)
    async with desk.turn() as turn:
        late = (await sharing.pending(turn, away.home)).bodies
    await wire.carry()
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await consent.withdraw(turn, away.home)
    await wire.carry()
    async with away.turn() as turn:
        assert await sharing.apply_cards(turn, desk.home, late, until=away.clock.move(days=1)) == 0

    await shown_to(desk, luz, away.home)
    await wire.carry()
    assert await held_titles(away) == {"Luz"}
    async with away.turn() as turn:
        states = (await turn.tx.execute(select(holdings.c.state))).scalars().all()
    assert sorted(states) == ["held", "withdrawn"]


async def test_organisations_cross_by_agreement_and_only_real_changes_are_sent(
    desk: Desk, away: Desk
) -> None:
    wire = await link(desk, away)
    pueblos = await an_organisation(desk, "Pueblos", works_in=["GT"], issues=["lgbti-rights"])
    await wire.carry()
    assert await held_titles(away) == {"Pueblos"}

    async with desk.turn() as turn:
        await profiles.changed(turn, pueblos)
    await settle(desk)
    async with desk.turn() as turn:
        assert not await sharing.pending(turn, away.home)


async def test_a_change_reaches_whoever_holds_a_copy(desk: Desk, away: Desk) -> None:
    wire = await link(desk, away)
    luz = await a_member(desk, "Luz", languages=["es"])
    await shown_to(desk, luz, away.home)
    await wire.carry()
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await profiles.change(turn, luz, {"languages": ["es", "quc"]})
    await wire.carry()
    async with away.turn() as turn:
        (body,) = (await turn.tx.execute(select(cards.c.body).where(cards.c.member.is_(None)))).scalars()
    assert body["languages"] == ["es", "quc"]


async def test_a_severed_link_leaves_nothing_of_the_other_side(desk: Desk, away: Desk) -> None:
    wire = await link(desk, away)
    luz = await a_member(desk, "Luz")
    await shown_to(desk, luz, away.home)
    await an_organisation(desk, "Pueblos")
    await wire.carry()
    async with away.turn() as turn:
        await sharing.network_severed(turn, desk.home)
    assert await held_titles(away) == set()
    async with desk.turn() as turn:
        await sharing.network_severed(turn, away.home)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert [shown.withdrawn_at for shown in await consent.mine(turn)] == [desk.clock()]


async def test_after_a_lost_place_everything_is_sent_again(desk: Desk, away: Desk) -> None:
    wire = await link(desk, away)
    await an_organisation(desk, "Pueblos")
    await wire.carry()
    async with desk.turn() as turn:
        await sharing.all_dirty(turn, away.home)
        assert len((await sharing.pending(turn, away.home)).bodies) == 1

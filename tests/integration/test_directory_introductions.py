"""Two people meet: at home, and across a link between two databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from conftest import Clock, Desk
from people import (
    a_member,
    an_organisation,
    away_desk,
    heard_by,
    link,
    matrix_id,
    seen_as,
    settle,
    shown_to,
)

from directory import introductions
from directory.core.effects import DueAt, MeetInRoom, Post, Tell, TellRoles
from directory.core.introductions import State
from directory.core.questions import Question
from directory.search import find_allies
from directory.store.tables import bindings

FreshDatabase = Callable[[], AbstractAsyncContextManager[str]]
PURPOSE = "We look after the same river and would like to plan together."


@pytest.fixture
async def away(fresh_database: FreshDatabase, clock: Clock) -> AsyncIterator[Desk]:
    """The other network's hub."""
    async with away_desk(fresh_database, clock) as desk:
        yield desk


async def card_of(desk: Desk, asker: str, title: str) -> str:
    async with desk.turn(await seen_as(desk, asker)) as turn:
        page = await find_allies(turn, Question(first=50))
    return next(card.id for card in page.cards if card.title == title)


async def asks(desk: Desk, asker: str, card: str, purpose: str = PURPOSE) -> str:
    async with desk.turn(await seen_as(desk, asker)) as turn:
        return await introductions.ask(turn, card, purpose)


async def says(desk: Desk, member: str, introduction: str, *, yes: bool) -> State:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return await introductions.answer(turn, introduction, yes)


async def two_members(desk: Desk) -> tuple[str, str, str]:
    """Luz, Ana, and the id of Ana's card."""
    luz, ana = await a_member(desk, "Luz", languages=["es"]), await a_member(desk, "Ana")
    await settle(desk)
    return luz, ana, await card_of(desk, luz, "Ana")


async def test_two_yeses_at_home_end_in_a_room(desk: Desk) -> None:
    luz, ana, card = await two_members(desk)
    asked = await asks(desk, luz, card)
    assert PURPOSE in heard_by(desk, ana)[-1] and "Luz (Red Ayni)" in heard_by(desk, ana)[-1]
    assert desk.heard(Tell)[-1].question == "introduction"

    assert await says(desk, ana, asked, yes=True) is State.ACCEPTED

    assert desk.heard(MeetInRoom) == [MeetInRoom(asked, (matrix_id("Luz"), matrix_id("Ana")))]
    assert "Ana said yes" in heard_by(desk, luz)[-1]
    async with desk.turn() as turn:
        await introductions.met(turn, asked)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        (row,) = (await introductions.mine(turn)).asked
    assert (row.title, row.state, row.purpose) == ("Ana", "met", PURPOSE)


async def test_across_a_link_the_contact_crosses_only_with_the_yes(desk: Desk, away: Desk) -> None:
    wire = await link(desk, away)
    body = await an_organisation(away, "Bosque Vivo", works_in=["GT"], issues=["land-and-territory"])
    ana = await a_member(away, "Ana", organisation=body)
    luz = await a_member(desk, "Luz", country="GT", issues=["torture", "hiv"], languages=["es"])
    await settle(away)
    await wire.carry()
    await shown_to(desk, luz, away.home)
    await wire.carry()

    asked = await asks(desk, luz, await card_of(desk, luz, "Bosque Vivo"))
    (request,) = desk.heard(Post)
    assert matrix_id("Luz") not in str(request.body) and "hiv" not in str(request.body)
    await wire.carry()
    assert "Luz (Red Ayni) would like to meet Bosque Vivo" in heard_by(away, ana)[-1]
    async with away.turn(await seen_as(away, ana)) as turn:
        (shown,) = (await introductions.mine(turn)).received
    assert (shown.name, shown.organisation, shown.purpose) == ("Luz", "Bosque Vivo", PURPOSE)

    assert await says(away, ana, asked, yes=True) is State.ACCEPTED
    await wire.carry()

    assert away.heard(MeetInRoom) == []
    assert desk.heard(MeetInRoom) == [MeetInRoom(asked, (matrix_id("Luz"), matrix_id("Ana")))]


async def test_at_most_three_are_shown_a_day_and_the_fourth_comes_tomorrow(desk: Desk) -> None:
    ana = await a_member(desk, "Ana")
    askers = [await a_member(desk, f"Luz{number}") for number in range(4)]
    await settle(desk)
    desk.recorded.clear()
    for asker in askers:
        last = await asks(desk, asker, await card_of(desk, asker, "Ana"))
    assert len(heard_by(desk, ana)) == 3
    due = [effect for effect in desk.heard(DueAt) if effect.ref == last][-1]
    desk.clock.now = due.at
    async with desk.turn() as turn:
        await introductions.expire(turn, last)
    assert len(heard_by(desk, ana)) == 4


async def test_silence_ends_after_two_weeks_with_one_sentence(desk: Desk) -> None:
    luz, _, card = await two_members(desk)
    asked = await asks(desk, luz, card)
    due = [effect for effect in desk.heard(DueAt) if effect.ref == asked][-1]
    desk.clock.now = due.at
    async with desk.turn() as turn:
        await introductions.expire(turn, asked)
    assert heard_by(desk, luz)[-1] == "No answer came from Ana. You can look for somebody else."
    async with desk.turn(await seen_as(desk, luz)) as turn:
        (row,) = (await introductions.mine(turn)).asked
    assert row.state == "no answer"


async def test_without_a_chat_on_one_side_the_coordinators_bring_them_together(desk: Desk) -> None:
    luz, ana, card = await two_members(desk)
    asked = await asks(desk, luz, card)
    async with desk.turn() as turn:
        await turn.tx.execute(bindings.delete().where(bindings.c.member == luz))
    await says(desk, ana, asked, yes=True)
    assert desk.heard(MeetInRoom) == []
    assert "The coordinators will bring you together" in heard_by(desk, luz)[-1]
    assert desk.heard(TellRoles)[-1].role == "coordinator"

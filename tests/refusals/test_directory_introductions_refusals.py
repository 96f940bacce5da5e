"""Who is not asked, what is not told, and that the ordinary request beside it goes through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from conftest import Clock, Desk
from people import (
    a_card,
    a_linked_network,
    a_member,
    an_organisation,
    away_desk,
    heard_by,
    link,
    seen_as,
    settle,
    shown_to,
)
from sqlalchemy import select

from directory import consent, introductions, members, sharing
from directory.core.effects import DueAt, MeetInRoom, Post, Tell
from directory.core.introductions import State
from directory.core.questions import Question
from directory.refusals import BadAnswer, NobodySpeaks, NotYours, Refusal, SayYesFirst, TooMany
from directory.search import find_allies
from directory.store.tables import introductions as table

FreshDatabase = Callable[[], AbstractAsyncContextManager[str]]
PURPOSE = "We look after the same river."


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


async def time_is_up(desk: Desk, introduction: str) -> None:
    desk.clock.now = [effect for effect in desk.heard(DueAt) if effect.ref == introduction][-1].at
    async with desk.turn() as turn:
        await introductions.expire(turn, introduction)


async def rows(desk: Desk) -> int:
    async with desk.turn() as turn:
        return len((await turn.tx.execute(select(table.c.id))).all())


async def two_members(desk: Desk) -> tuple[str, str, str]:
    luz, ana = await a_member(desk, "Luz"), await a_member(desk, "Ana")
    await settle(desk)
    return luz, ana, await card_of(desk, luz, "Ana")


async def test_an_organisation_nobody_speaks_for_cannot_be_asked_and_one_with_a_voice_can(desk: Desk) -> None:
    silent = await an_organisation(desk, "Pueblos")
    luz, ana = await a_member(desk, "Luz"), await a_member(desk, "Ana")
    card = await card_of(desk, luz, "Pueblos")
    with pytest.raises(NobodySpeaks):
        await asks(desk, luz, card)
    assert await rows(desk) == 0

    async with desk.turn() as turn:
        await members.take_over(turn, silent, ana)
    await settle(desk)
    await asks(desk, luz, card)
    assert "would like to meet Pueblos" in heard_by(desk, ana)[-1]


async def test_a_listed_organisation_across_a_link_is_refused_the_same(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki")
    luz = await a_member(desk, "Luz")
    async with desk.turn() as turn:
        listed = a_card(1, "Bosque", listed_publicly=True)
        await sharing.apply_cards(turn, far, [listed], until=desk.clock())
    with pytest.raises(NobodySpeaks):
        await asks(desk, luz, str(listed["id"]))


async def test_across_a_link_she_must_be_shown_first_and_then_it_goes(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki")
    luz = await a_member(desk, "Luz")
    async with desk.turn() as turn:
        await sharing.apply_cards(turn, far, [a_card(1, "Bosque")], until=desk.clock())
    with pytest.raises(SayYesFirst):
        await asks(desk, luz, f"{1:032x}")
    assert desk.heard(Post) == [] and await rows(desk) == 0
    await shown_to(desk, luz, far)
    await asks(desk, luz, f"{1:032x}")
    assert len(desk.heard(Post)) == 1


async def test_a_no_and_silence_look_alike_and_a_no_holds(desk: Desk) -> None:
    luz, ana, card = await two_members(desk)
    noor = await a_member(desk, "Noor")
    await settle(desk)
    refused, silent = await asks(desk, luz, card), await asks(desk, luz, await card_of(desk, luz, "Noor"))
    before = len(heard_by(desk, luz))
    assert await says(desk, ana, refused, yes=False) is State.REFUSED
    assert len(heard_by(desk, luz)) == before
    async with desk.turn(await seen_as(desk, luz)) as turn:
        waits = {(row.title, row.state) for row in (await introductions.mine(turn)).asked}
    assert waits == {("Ana", "waiting"), ("Noor", "waiting")}

    await time_is_up(desk, refused)
    async with desk.turn() as turn:
        await introductions.expire(turn, silent)
    assert [text.replace("Ana", "Noor") for text in heard_by(desk, luz)[-2:-1]] == heard_by(desk, luz)[-1:]

    told = len(heard_by(desk, ana))
    again = await asks(desk, luz, card)
    assert again != refused and len(heard_by(desk, ana)) == told
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert (await introductions.mine(turn)).asked[0].state == "waiting"
    await asks(desk, luz, await card_of(desk, luz, "Noor"))
    assert len(heard_by(desk, noor)) > 0


async def test_only_the_one_who_was_asked_can_answer(desk: Desk) -> None:
    luz, ana, card = await two_members(desk)
    noor = await a_member(desk, "Noor", roles=frozenset())
    asked = await asks(desk, luz, card)
    for other in (luz, noor):
        with pytest.raises(NotYours):
            await says(desk, other, asked, yes=True)
    with pytest.raises(NotYours):
        await says(desk, ana, "f" * 32, yes=True)
    assert desk.heard(MeetInRoom) == []
    assert await says(desk, ana, asked, yes=True) is State.ACCEPTED
    assert await says(desk, ana, asked, yes=True) is State.ACCEPTED
    assert len(desk.heard(MeetInRoom)) == 1


async def test_what_is_over_stays_over(desk: Desk) -> None:
    luz, ana, card = await two_members(desk)
    asked = await asks(desk, luz, card)
    await time_is_up(desk, asked)
    with pytest.raises(Refusal):
        await says(desk, ana, asked, yes=True)
    assert desk.heard(MeetInRoom) == []


async def test_asking_twice_is_one_request_and_six_open_ones_are_too_many(desk: Desk) -> None:
    luz, _, card = await two_members(desk)
    assert await asks(desk, luz, card) == await asks(desk, luz, card)
    for number in range(5):
        await a_member(desk, f"Noor{number}")
    await settle(desk)
    others = [await card_of(desk, luz, f"Noor{number}") for number in range(5)]
    for other in others[:4]:
        await asks(desk, luz, other)
    with pytest.raises(TooMany):
        await asks(desk, luz, others[4])


async def test_no_contact_travels_in_a_purpose_and_none_lies_open(desk: Desk) -> None:
    luz, _, card = await two_members(desk)
    with pytest.raises(BadAnswer):
        await asks(desk, luz, card, "Write to me at @luz:example.org")
    asked = await asks(desk, luz, card)
    async with desk.turn() as turn:
        row = (await turn.tx.execute(select(table).where(table.c.id == asked))).one()
    assert PURPOSE.encode() not in bytes(row.guarded) and b"Luz" not in bytes(row.guarded)


async def test_she_is_not_asked_to_meet_herself_nor_a_card_that_is_not_there(desk: Desk) -> None:
    luz, _, _ = await two_members(desk)
    async with desk.turn(await seen_as(desk, await a_member(desk, "Noor"))) as turn:
        own = next(card.id for card in (await find_allies(turn, Question())).cards if card.title == "Luz")
    for card in (own, "f" * 32):
        with pytest.raises(NotYours):
            await asks(desk, luz, card)


async def test_a_peer_reaches_only_whom_it_was_shown_and_answers_only_what_it_was_asked(
    desk: Desk, away: Desk
) -> None:
    wire = await link(desk, away)
    shown, hidden = await a_member(desk, "Luz"), await a_member(desk, "Ana")
    await shown_to(desk, shown, away.home)
    await wire.carry()
    home = await card_of(desk, shown, "Ana")
    async with desk.turn() as turn:
        (row,) = [row for row in await sharing.ledger(turn, away.home) if row.direction == "given"]
    told = len(desk.heard(Tell))
    for number, to in enumerate((home, "f" * 32, row.card)):
        request = {
            "id": f"{number:032x}",
            "to_card": to,
            "from_card": {"handle": "Sol"},
            "purpose": PURPOSE,
        }
        async with desk.turn() as turn:
            await introductions.receive_request(turn, away.home, request)
            await introductions.receive_request(turn, away.home, request)
    heard = desk.heard(Tell)[told:]
    assert [tell.member for tell in heard] == [shown]
    assert all(tell.member != hidden for tell in heard)

    asked = await asks(desk, shown, home)
    async with desk.turn() as turn:
        forged = {"introduction": asked, "yes": True, "contact": "@mallory:evil.example"}
        await introductions.receive_decision(turn, away.home, forged)
    assert desk.heard(MeetInRoom) == []


async def test_her_withdrawal_takes_her_requests_along_there(desk: Desk, away: Desk) -> None:
    wire = await link(desk, away)
    body = await an_organisation(away, "Bosque")
    ana = await a_member(away, "Ana", organisation=body)
    await settle(away)
    luz = await a_member(desk, "Luz")
    await shown_to(desk, luz, away.home)
    await wire.carry()
    asked = await asks(desk, luz, await card_of(desk, luz, "Bosque"))
    await wire.carry()
    assert await says(away, ana, asked, yes=True) is State.ACCEPTED
    assert await rows(away) == 1

    async with desk.turn(await seen_as(desk, luz)) as turn:
        await consent.withdraw(turn, away.home)
    await wire.carry()

    assert await rows(away) == 0
    async with away.turn(await seen_as(away, ana)) as turn:
        assert (await introductions.mine(turn)).received == ()

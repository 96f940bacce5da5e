"""What nobody is shown, beside what the same person is shown: hidden looks exactly like absent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import msgspec
import pytest
from conftest import Clock, Desk
from people import (
    a_card,
    a_linked_network,
    a_member,
    a_newcomer,
    an_organisation,
    away_desk,
    link,
    seen_as,
    settle,
    shown_to,
)
from sqlalchemy import select

from directory import consent, members, sharing, showing
from directory.core.audiences import Audience
from directory.core.questions import Question
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NeedsWord, NotYours, Refusal
from directory.search import AllyPage, find_allies, look
from directory.store.tables import cards, shares

FreshDatabase = Callable[[], AbstractAsyncContextManager[str]]
MARKED = "lgbti-rights"


@pytest.fixture
async def away(fresh_database: FreshDatabase, clock: Clock) -> AsyncIterator[Desk]:
    """The other network's hub."""
    async with away_desk(fresh_database, clock) as desk:
        yield desk


async def asks(desk: Desk, member: str, question: Question) -> AllyPage:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return await find_allies(turn, question)


async def home_bodies(desk: Desk) -> list[dict[str, object]]:
    async with desk.turn() as turn:
        return list((await turn.tx.execute(select(cards.c.body))).scalars())


async def narrowed(desk: Desk, member: str, field: str, audience: Audience) -> None:
    async with desk.turn(await seen_as(desk, member)) as turn:
        await showing.set_audience(turn, field, audience)
    await settle(desk)


async def test_a_hidden_field_is_the_same_bytes_as_one_left_empty(desk: Desk) -> None:
    hides = await a_member(desk, "Luz", country="GT", issues=["torture"], languages=["es"])
    await a_member(desk, "Ana", languages=["es"])
    await narrowed(desk, hides, "country", Audience.INTRODUCED)
    await narrowed(desk, hides, "issues", Audience.NOBODY)
    hidden, absent = sorted(await home_bodies(desk), key=lambda body: str(body["title"]), reverse=True)
    same = {"id": "", "title": ""}
    assert msgspec.json.encode(hidden | same) == msgspec.json.encode(absent | same)


async def test_a_filter_on_a_hidden_field_matches_as_if_it_were_empty_and_not_on_an_open_one(
    desk: Desk,
) -> None:
    reader = await a_member(desk, "Noor")
    hides = await a_member(desk, "Luz", country="GT", issues=["torture"])
    await narrowed(desk, hides, "issues", Audience.INTRODUCED)
    assert (await asks(desk, reader, Question(issues=("torture",)))).cards == ()
    assert [card.title for card in (await asks(desk, reader, Question(regions=("GT",)))).cards] == ["Luz"]


async def test_whoever_hides_their_name_has_no_card_at_all_and_the_neighbour_has(desk: Desk) -> None:
    reader, luz = await a_member(desk, "Noor"), await a_member(desk, "Luz")
    await a_member(desk, "Ana")
    await narrowed(desk, luz, "handle", Audience.COORDINATORS)
    assert [card.title for card in (await asks(desk, reader, Question())).cards] == ["Ana"]
    async with desk.turn(await seen_as(desk, reader)) as turn:
        assert await members.find_handle(turn, "Luz") is None
        assert await members.find_handle(turn, "Ana") is not None


async def test_unknown_hidden_withdrawn_and_expired_cards_are_one_refusal(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki")
    reader = await a_member(desk, "Noor")
    gone, late, good = a_card(1, "Gone"), a_card(2, "Late"), a_card(3, "Good")
    async with desk.turn() as turn:
        await sharing.apply_cards(turn, far, [late], until=desk.clock())
        desk.clock.move(days=30)
        await sharing.apply_cards(turn, far, [gone, good], until=desk.clock())
        await sharing.apply_tombstone(turn, far, [str(gone["id"])])
    said = set()
    for card in (gone["id"], late["id"], f"{9:032x}", "no id at all"):
        with pytest.raises(NotYours) as refused:
            async with desk.turn(await seen_as(desk, reader)) as turn:
                await look(turn, str(card))
        said.add(refused.value.text)
    assert len(said) == 1
    async with desk.turn(await seen_as(desk, reader)) as turn:
        assert (await look(turn, str(good["id"]))).title == "Good"


async def test_marked_issues_are_not_on_a_home_card_until_she_widens_them_with_her_word(desk: Desk) -> None:
    reader = await a_member(desk, "Noor")
    luz = await a_member(desk, "Luz", country="GT", issues=["torture", MARKED])
    await settle(desk)
    assert MARKED not in str(await home_bodies(desk))
    question = Question(issues=(MARKED,), regions=("GT",))
    assert (await asks(desk, reader, question)).cards == ()

    with pytest.raises(NeedsWord):
        await narrowed(desk, luz, "marked_issues", Audience.NETWORK)
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await showing.set_audience(turn, "marked_issues", Audience.NETWORK)
    await settle(desk)
    assert [card.title for card in (await asks(desk, reader, question)).cards] == ["Luz"]


async def test_marked_issues_never_cross_even_when_widened_and_are_not_taken_when_sent(
    desk: Desk, away: Desk
) -> None:
    wire = await link(desk, away)
    luz = await a_member(desk, "Luz", issues=["torture", MARKED])
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await showing.set_audience(turn, "marked_issues", Audience.LINKED)
    await shown_to(desk, luz, away.home)
    async with desk.turn() as turn:
        (sent,) = (await sharing.pending(turn, away.home)).bodies
    assert sent["issues"] == ["torture"]
    async with away.turn() as turn:
        careless = a_card(7, "Sol", kind="person", issues=[MARKED, "torture"])
        await sharing.apply_cards(turn, desk.home, [careless], until=away.clock())
    assert MARKED not in str(await home_bodies(away))
    await wire.carry()


async def test_below_country_level_nobody_and_fifty_get_the_same_answer(desk: Desk) -> None:
    reader = await a_member(desk, "Noor")
    question = Question(issues=(MARKED,), regions=("GT-01",))
    before = await asks(desk, reader, question)
    for number in range(3):
        await an_organisation(desk, f"Org {number}", works_in=["GT-01"], issues=[MARKED])
    assert await asks(desk, reader, question) == before
    assert before.cards == () and before.advice is not None
    in_the_country = await asks(desk, reader, Question(issues=(MARKED,), regions=("GT",)))
    assert len(in_the_country.cards) == 3


async def test_nothing_crosses_before_a_yes_by_name_and_then_only_to_that_name(desk: Desk) -> None:
    one, other = await a_linked_network(desk, "Rafiki"), await a_linked_network(desk, "Sahel")
    luz = await a_member(desk, "Luz")
    await settle(desk)
    async with desk.turn() as turn:
        assert not await sharing.pending(turn, one) and not await sharing.pending(turn, other)
    await shown_to(desk, luz, one)
    async with desk.turn() as turn:
        assert len((await sharing.pending(turn, one)).bodies) == 1
        assert not await sharing.pending(turn, other)


async def test_a_yes_needs_the_word_and_taking_it_back_needs_none(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki")
    luz = await a_member(desk, "Luz")
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await consent.say_yes(turn, far, "chat")
    async with desk.turn() as turn:
        assert (await turn.tx.execute(select(shares))).all() == []
    await shown_to(desk, luz, far)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await consent.withdraw(turn, far)
    await settle(desk)
    async with desk.turn() as turn:
        assert not await sharing.pending(turn, far)


async def test_people_do_not_cross_where_the_agreement_does_not_share_people(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki", shares=("organisation",))
    luz = await a_member(desk, "Luz")
    with pytest.raises(Refusal):
        await shown_to(desk, luz, far)
    await an_organisation(desk, "Pueblos")
    async with desk.turn() as turn:
        assert len((await sharing.pending(turn, far)).bodies) == 1


async def test_two_networks_hold_one_person_under_two_ids(desk: Desk) -> None:
    one, other = await a_linked_network(desk, "Rafiki"), await a_linked_network(desk, "Sahel")
    luz = await a_member(desk, "Luz")
    await shown_to(desk, luz, one)
    await shown_to(desk, luz, other)
    async with desk.turn() as turn:
        ids = {str((await sharing.pending(turn, network)).bodies[0]["id"]) for network in (one, other)}
    home = {str(body["id"]) for body in await home_bodies(desk)}
    assert len(ids | home) == 3


async def test_a_peer_overwrites_neither_our_cards_nor_another_network_s(desk: Desk) -> None:
    one, other = await a_linked_network(desk, "Rafiki"), await a_linked_network(desk, "Sahel")
    await an_organisation(desk, "Pueblos")
    (ours,) = await home_bodies(desk)
    async with desk.turn() as turn:
        theirs = a_card(1, "Bosque")
        assert await sharing.apply_cards(turn, one, [theirs], until=desk.clock()) == 1
        forged = [theirs | {"title": "Forged"}, a_card(0, "Forged") | {"id": ours["id"]}]
        assert await sharing.apply_cards(turn, other, forged, until=desk.clock()) == 0
        await sharing.apply_tombstone(turn, other, [str(theirs["id"]), str(ours["id"])])
    assert sorted(str(body["title"]) for body in await home_bodies(desk)) == ["Bosque", "Pueblos"]


async def test_a_received_card_says_only_what_a_card_may_say(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki")
    odd = a_card(1, " Bos\u202eque\n ", issues=["torture", "no-such-issue", 7], website="javascript:alert(1)")
    async with desk.turn() as turn:
        taken = await sharing.apply_cards(
            turn,
            far,
            [odd | {"phone": "+502 1234"}, {}, a_card(2, ""), a_card(3, "X", kind="spy")],
            until=desk.clock(),
        )
    assert taken == 1
    (body,) = await home_bodies(desk)
    assert (body["title"], body["issues"], body["website"]) == ("Bos que", ["torture"], None)
    assert "phone" not in body


async def test_a_page_of_one_reader_is_worth_nothing_to_another_or_for_another_question(desk: Desk) -> None:
    noor, luz = await a_member(desk, "Noor"), await a_member(desk, "Luz")
    for number in range(3):
        await an_organisation(desk, f"Org {number}", issues=["torture"])
    question = Question(issues=("torture",), first=1)
    after = (await asks(desk, noor, question)).next
    assert after is not None
    for who, asked in (
        (luz, question),
        (noor, Question(first=1)),
        (noor, replace(question, after=after + "x")),
    ):
        with pytest.raises(BadAnswer):
            await asks(desk, who, replace(asked, after=asked.after or after))
    assert len((await asks(desk, noor, replace(question, after=after))).cards) == 1


async def test_strangers_and_newcomers_find_nothing_and_a_token_finds_no_people(desk: Desk) -> None:
    waiting = await a_newcomer(desk, "Luz")
    await a_member(desk, "Ana")
    await settle(desk)
    await an_organisation(desk, "Pueblos")
    for viewer in (Viewer(Lane.CHAT), Viewer(Lane.PEER, network="n"), await seen_as(desk, waiting)):
        with pytest.raises(NotYours):
            async with desk.turn(viewer) as turn:
                await find_allies(turn, Question())
    async with desk.turn(Viewer(Lane.TOKEN)) as turn:
        assert [card.title for card in (await find_allies(turn, Question())).cards] == ["Pueblos"]


async def test_the_ledger_names_no_person_and_is_not_for_members(desk: Desk) -> None:
    far = await a_linked_network(desk, "Rafiki")
    luz = await a_member(desk, "Luz")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    await shown_to(desk, luz, far)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await sharing.ledger(turn, far)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        (row,) = await sharing.ledger(turn, far)
    assert (row.kind, row.title, row.state) == ("person", None, "dirty")

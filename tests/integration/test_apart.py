"""Whom not to ask: who was named is not there, to either of the two, and nothing tells either of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from doors import a_door
from people import a_card, a_linked_network, an_organisation, heard_by, seen_as, shown_to, someone

from directory import apart, asking, cards, consent, introductions, search, sharing, showing
from directory.core.audiences import Audience
from directory.core.questions import Question
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NeedsWord, NotYours, Refusal
from directory.store import following_tables
from directory.store import members as rows
from directory.store import roles as held
from directory.store.gathered_tables import kept_apart


async def with_card(desk: Desk, handle: str, *roles: Role) -> str:
    member = await someone(desk, handle, *roles)
    async with desk.turn() as turn:
        await cards.refresh(turn, member)
    return member


async def sees(desk: Desk, member: str, *, first: int = 20) -> list[str]:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return sorted(one.title for one in (await search.find_allies(turn, Question(first=first))).cards)


async def card_of(desk: Desk, member: str, title: str) -> str:
    async with desk.turn(await seen_as(desk, member)) as turn:
        found = (await search.find_allies(turn, Question())).cards
        return next(one.id for one in found if one.title == title)


async def never(desk: Desk, member: str, handle: str) -> None:
    async with desk.turn(await seen_as(desk, member)) as turn:
        await apart.name_person(turn, handle)


async def test_neither_finds_opens_or_asks_the_other_and_everybody_else_does(desk: Desk) -> None:
    ana, beto, luz = [await with_card(desk, name) for name in ("Ana", "Beto", "Luz")]
    of_ana = await card_of(desk, beto, "Ana")
    await never(desk, ana, "Beto")
    assert (await sees(desk, ana), await sees(desk, beto)) == (["Luz"], ["Luz"])
    assert await sees(desk, luz) == ["Ana", "Beto"]
    assert heard_by(desk, beto) == []
    async with desk.turn(await seen_as(desk, beto)) as turn:
        for card in (of_ana, "no-such-card"):
            with pytest.raises(NotYours):
                await search.look(turn, card)
            with pytest.raises(NotYours):
                await asking.ask(turn, card, "To meet you")
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert (await search.look(turn, of_ana)).title == "Ana"
        assert await apart.mine(turn) == ()


async def test_whom_she_does_not_see_is_named_like_nobody_and_kept_apart_once_they_are_seen(
    desk: Desk,
) -> None:
    ana, beto = await with_card(desk, "Ana"), await with_card(desk, "Beto")
    async with desk.turn(await seen_as(desk, beto)) as turn:
        await showing.set_audience(turn, "handle", Audience.NOBODY)
        await cards.refresh(turn, beto)
    await never(desk, ana, "Beto")
    await never(desk, ana, "Karim")
    assert (await sees(desk, ana), await sees(desk, beto)) == ([], [])
    async with desk.turn(await seen_as(desk, beto, word=True)) as turn:
        await showing.set_audience(turn, "handle", None)
        await cards.refresh(turn, beto)
    assert (await sees(desk, ana), await sees(desk, beto)) == ([], [])
    assert await sees(desk, await with_card(desk, "Luz")) == ["Ana", "Beto"]


async def test_a_page_is_as_full_as_any_other_and_nobody_comes_twice(desk: Desk) -> None:
    ana = await with_card(desk, "Ana")
    names = [f"p{number}" for number in range(7)]
    for name in names:
        await with_card(desk, name)
    beto = await with_card(desk, "Beto")
    for name in ("p6", "p5", "p1"):
        await never(desk, await id_of(desk, name), "Beto")
    async with desk.turn(await seen_as(desk, beto)) as turn:
        one = await search.find_allies(turn, Question(first=3))
        two = await search.find_allies(turn, Question(first=3, after=one.next))
    assert len(one.cards) == 3 and one.next is not None
    shown = [card.title for card in (*one.cards, *two.cards)]
    assert sorted(shown) == ["Ana", "p0", "p2", "p3", "p4"]
    assert await sees(desk, ana, first=20) == sorted([*names, "Beto"])


async def id_of(desk: Desk, handle: str) -> str:
    async with desk.turn() as turn:
        row = await rows.with_handle(turn.tx, handle)
    assert row is not None
    return row.id


async def test_who_speaks_for_an_organisation_is_kept_apart_with_it(desk: Desk) -> None:
    ana, beto = await with_card(desk, "Ana"), await with_card(desk, "Beto")
    body = await an_organisation(desk, "Bosque Vivo")
    card = await card_of(desk, ana, "Bosque Vivo")
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await apart.name_card(turn, card)
    assert await sees(desk, ana) == ["Beto"] and "Ana" in await sees(desk, beto)
    async with desk.turn() as turn:
        await held.add_spokesperson(turn.tx, body, beto, turn.now)
    assert await sees(desk, beto) == ["Bosque Vivo"]


async def test_a_network_sees_nothing_of_her_and_reaches_her_with_nothing(desk: Desk) -> None:
    ana = await with_card(desk, "Ana")
    network = await a_linked_network(desk, "tejido")
    await shown_to(desk, ana, network)
    async with desk.turn() as turn:
        (mine,) = (await sharing.pending(turn, network)).bodies
        await sharing.apply_cards(
            turn, network, [a_card(1, "Elsewhere")], until=turn.now + timedelta(days=30)
        )
    assert await sees(desk, ana) == ["Elsewhere"]
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await apart.name_network(turn, network)
        with pytest.raises(Refusal):
            await consent.say_yes(turn, network, "chat")
        body = {"id": "r1", "to_card": mine["id"], "from_card": {"handle": "X"}, "purpose": "To meet"}
    assert await sees(desk, ana) == []
    async with desk.turn() as turn:
        await introductions.receive_request(turn, network, body)
    assert heard_by(desk, ana) == []


async def test_what_waited_for_her_answer_is_over_and_looks_like_silence(desk: Desk) -> None:
    ana, beto = await with_card(desk, "Ana"), await with_card(desk, "Beto")
    card = await card_of(desk, beto, "Ana")
    async with desk.turn(await seen_as(desk, beto)) as turn:
        await asking.ask(turn, card, "To meet you")
    await never(desk, ana, "Beto")
    async with desk.turn(await seen_as(desk, beto)) as turn:
        (one,) = (await introductions.mine(turn)).asked
    assert one.state == "waiting" and heard_by(desk, beto) == []


async def test_it_is_sealed_taken_back_with_the_word_and_sessions_are_read_anew(desk: Desk) -> None:
    ana, beto = await with_card(desk, "Ana"), await with_card(desk, "Beto")
    await never(desk, ana, "Beto")
    async with desk.turn() as turn:
        (row,) = (await turn.tx.execute(kept_apart.select())).all()
        assert beto.encode() not in row.guarded and b"Beto" not in row.guarded and beto != row.whom
        told = {one.what for one in await turn.tx.execute(following_tables.card_changes.select())}
        assert {f"#{ana}", f"#{beto}"} <= told
    async with desk.turn(await seen_as(desk, ana)) as turn:
        (named,) = await apart.mine(turn)
        with pytest.raises(NeedsWord):
            await apart.allow(turn, named.id)
        with pytest.raises(BadAnswer):
            await apart.name_person(turn, "no such name")
    async with desk.turn(await seen_as(desk, beto, word=True)) as turn:
        with pytest.raises(NotYours):
            await apart.allow(turn, named.id)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await apart.allow(turn, named.id)
    assert await sees(desk, beto) == ["Ana"]


async def test_in_chat_by_name_by_number_and_back_with_the_word(desk: Desk) -> None:
    stage = Stage(desk)
    for name in ("Ana", "Beto"):
        await a_person(stage, name)
    assert "Nobody is told" in (await stage.say("Ana", "never with Beto"))[-1]
    assert "1. Beto" in (await stage.say("Ana", "never with"))[-1]
    assert "Ana" not in "\n".join(await stage.say("Beto", "find in Guatemala"))
    await stage.say("Ana", "allow again 1")
    assert (await stage.say("Ana", "luna azul"))[-1] == "Done."
    assert "Ana" in "\n".join(await stage.say("Beto", "find in Guatemala"))
    assert "Nobody is told" in (await stage.say("Beto", "never with 1"))[-1]
    assert "1. Ana" in (await stage.say("Beto", "never with"))[-1]
    assert "starts with a letter" in (await stage.say("Ana", "never with 7up?"))[-1]


async def test_by_the_api_the_answer_without_her_is_the_same_shape(desk: Desk) -> None:
    async with a_door(desk) as door:
        ana, beto = await with_card(desk, "Ana"), await with_card(desk, "Beto")
        mine, other = await door.session(ana), await door.session(beto)
        _status, done = await door.ask("KeepApart", {"input": {"handle": "Beto"}}, session=mine)
        assert done["data"]["keepApart"]["errors"] == []
        _status, answer = await door.ask("FindAllies", {"question": {}, "first": 5}, session=other)
        assert answer["data"]["findAllies"]["edges"] == []
        _status, listed = await door.ask("KeptApart", session=mine)
        assert [one["name"] for one in listed["data"]["keptApart"]] == ["Beto"]
        _status, others = await door.ask("KeptApart", session=other)
        assert others["data"]["keptApart"] == []
        named = {"input": {"named": listed["data"]["keptApart"][0]["id"]}}
        _status, refused = await door.ask("AllowAgain", named, session=mine)
        assert refused["data"]["allowAgain"]["errors"][0]["code"] == "NEEDS_WORD"

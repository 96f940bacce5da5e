"""What ends by itself unless somebody says that it goes on: a yes to a network, and a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from doors import a_door
from people import a_linked_network, heard_by, seen_as, settle, shown_to, someone

from directory import cards, consent, going_on, profiles, sharing, showing, tidying
from directory.core.audiences import Audience
from directory.core.questions import Question
from directory.core.viewer import Lane, Viewer
from directory.refusals import NeedsWord, NotYours
from directory.search import find_allies
from directory.store import members as rows
from directory.store.guarded import HubSealed
from directory.turn import Turn


async def tidied(desk: Desk, **later: float) -> None:
    desk.clock.now += timedelta(**later)
    async with desk.turn(Viewer(Lane.CLOCK)) as turn:
        await going_on.tend(turn)
    await settle(desk)


async def a_shown_member(desk: Desk) -> tuple[str, str]:
    """Luz, whose card was confirmed today and who said yes to a network, which has her card."""
    luz = await someone(desk, "Luz")
    async with desk.turn() as turn:
        await rows.change(turn.tx, luz, {"confirmed_at": turn.now})
    network = await a_linked_network(desk, "tejido")
    await shown_to(desk, luz, network)
    async with desk.turn() as turn:
        await cards.refresh(turn, luz)
        batch = await sharing.pending(turn, network)
        await sharing.sent(turn, network, 1, bodies=batch.bodies)
    assert [body["title"] for body in batch.bodies] == ["Luz"]
    return luz, network


async def withdrawn(desk: Desk, network: str) -> bool:
    async with desk.turn() as turn:
        return bool((await sharing.pending(turn, network)).withdrawn)


async def found(desk: Desk) -> list[str]:
    async with desk.turn() as turn:
        return [one.title for one in (await find_allies(turn, Question(kinds=("person",)))).cards]


async def test_a_yes_is_asked_about_once_in_time_and_ends_with_its_year(desk: Desk) -> None:
    luz, network = await a_shown_member(desk)
    await tidied(desk, days=340)
    asked = [text for text in heard_by(desk, luz) if "Shall it go on" in text]
    assert asked == []
    await tidied(desk, days=5)
    await tidied(desk, hours=1)
    assert len([text for text in heard_by(desk, luz) if "Shall it go on" in text]) == 1
    assert not await withdrawn(desk, network)
    await tidied(desk, days=20)
    assert await withdrawn(desk, network)
    assert "your yes has ended after a year" in "\n".join(heard_by(desk, luz))
    async with desk.turn(await seen_as(desk, luz)) as turn:
        with pytest.raises(NotYours):
            await going_on.go_on(turn, network, "chat")
        (one,) = await consent.mine(turn)
        assert one.withdrawn_at is not None


async def test_whoever_says_that_it_goes_on_is_shown_for_another_year_and_once_is_enough(desk: Desk) -> None:
    luz, network = await a_shown_member(desk)
    await tidied(desk, days=345)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await going_on.go_on(turn, network, "chat")
        await going_on.still_right(turn)
    await settle(desk)
    await tidied(desk, days=30)
    assert not await withdrawn(desk, network) and await found(desk) == ["Luz"]
    async with desk.turn(await seen_as(desk, luz)) as turn:
        (one,) = await consent.mine(turn)
    assert one.ends_at is not None and one.ends_at - desk.clock.now == timedelta(days=335)


async def test_a_card_nobody_vouched_for_rests_and_comes_back_with_the_word_only(desk: Desk) -> None:
    luz, network = await a_shown_member(desk)
    await tidied(desk, days=345)
    assert any("still right" in text for text in heard_by(desk, luz)) and await found(desk) == ["Luz"]
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await going_on.go_on(turn, network, "chat")
    await tidied(desk, days=22)
    assert await found(desk) == [] and await withdrawn(desk, network)
    async with desk.turn() as turn:
        row = await rows.load(turn.tx, luz)
        assert row is not None and row.state == "active", "help and everything else goes on"
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await going_on.still_right(turn)
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await going_on.still_right(turn)
    await settle(desk)
    assert await found(desk) == ["Luz"]


async def test_while_the_records_are_closed_nothing_of_it_is_done_and_the_rest_of_the_hour_is(
    desk: Desk,
) -> None:
    luz, _ = await a_shown_member(desk)
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await showing.set_audience(turn, "marked_issues", Audience.NETWORK)
        await profiles.change(turn, luz, {"issues": ["lgbti-rights"]})
        row = await rows.load(turn.tx, luz)
        assert row is not None and row.guarded is not None
    await tidied(desk, days=345)
    desk.clock.now += timedelta(days=22)
    closed = Desk(desk.database, replace(desk.guard, archive=None), desk.clock)
    async with closed.turn(Viewer(Lane.CLOCK)) as turn:
        with pytest.raises(HubSealed):
            async with turn.tx.begin_nested():
                await going_on.tend(turn)
                await cards.refresh(turn, luz)
        await tidying.when_open(turn, closing)
    assert await found(desk) == ["Luz"]
    await tidied(desk)
    assert await found(desk) == []


async def closing(turn: Turn) -> None:
    """What the hour does, with the cards rewritten as hub/effects.py does it."""
    await going_on.tend(turn)
    (luz,) = await rows.load_many(turn.tx, states=("active",), kinds=("person",))
    await cards.refresh(turn, luz.id)


async def test_in_chat_one_is_yes_and_nought_is_nobody(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Luz")
    desk.clock.now += timedelta(days=345)
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        await going_on.tend(turn)
    assert "shown to nobody" in (await stage.say("Luz", "0"))[-1]
    assert "Nobody here sees a card of you" in (await stage.say("Luz", "card"))[-1]
    assert "shown again as it was" in (await stage.say("Luz", "card is right"))[-1]
    assert "another year" in (await stage.say("Luz", "luna azul"))[-1]
    assert "Members of your network see" in (await stage.say("Luz", "card"))[-1]


async def test_by_the_api(desk: Desk) -> None:
    async with a_door(desk) as door:
        luz, network = await a_shown_member(desk)
        session = await door.session(luz)
        _status, answer = await door.ask("Sharing", session=session)
        (one,) = answer["data"]["sharing"]
        assert one["shown"] and one["endsAt"].startswith("2027")
        _status, done = await door.ask("GoOnSharing", {"input": {"network": network}}, session=session)
        assert done["data"]["goOnSharing"]["errors"] == []
        _status, done = await door.ask("RestMyCard", session=session)
        _status, mine = await door.ask("MyCard", {"audience": "network"}, session=session)
        assert mine["data"]["myCard"]["rests"] and mine["data"]["seeAs"] == []
        _status, refused = await door.ask("ConfirmMyCard", session=session)
        assert refused["data"]["confirmMyCard"]["errors"][0]["code"] == "NEEDS_WORD"

"""How much somebody may be shown in a day, decoys that ring, and what a member learns of being looked up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from people import a_member, an_organisation, seen_as, settle
from sqlalchemy import select, text, update

from bots.store import conversations
from directory import budgets, decoys, introductions, joining, looked_up, search
from directory.core import decoys as rules
from directory.core.budgets import INVITER, PEER_ASKS, VIEWER
from directory.core.cards import Body
from directory.core.effects import DueAt, Effect, Tell, TellRoles, Urgency
from directory.core.introductions import ASKS_A_DAY
from directory.core.questions import Question
from directory.core.text import say
from directory.core.viewer import Lane, Role, Viewer
from directory.invitations import MOST_LATELY
from directory.languages import render
from directory.refusals import EnoughToday, NotYours, Refusal, TooMany
from directory.search import ENOUGH, AllyPage, find_allies, from_rows
from directory.store import decoys as decoy_rows
from directory.store import introductions as introduction_rows
from directory.store.finding_tables import decoys as decoy_table
from directory.store.tables import cards, join_codes, members
from directory.turn import Turn
from hub.effects import Recorder
from hub.letters import LetterBox

if TYPE_CHECKING:
    from conftest import Desk

CLOCK = Viewer(Lane.CLOCK)


async def crowd(desk: Desk, people: int) -> None:
    """So many members with a card each, put there at once."""
    async with desk.turn() as turn:
        given = {"n": people, "home": desk.home, "now": turn.now}
        await turn.tx.execute(
            text(
                "insert into members (id, kind, state, handle, since) select 'm' || g, 'person', 'active',"
                " 'h' || g, cast(:now as timestamptz) from generate_series(1, :n) g"
            ),
            {"n": people, "now": turn.now},
        )
        await turn.tx.execute(
            text(
                "insert into cards (id, origin, member, kind, body, tags, fresh_at) select md5('c' || g),"
                " :home, 'm' || g, 'person',"
                " jsonb_build_object('id', md5('c' || g), 'kind', 'person', 'title', 'h' || g,"
                " 'issues', array['torture'], 'regions', array['KE'], 'languages', array['sw'], 'offers',"
                " array[]::text[], 'listed_publicly', false, 'confirmed_at', 0),"
                " array['k:person', 'i:torture', 'n:torture', 'r:KE', 'r:001', 'w:KE', 'l:sw'], :now"
                " from generate_series(1, :n) g"
            ),
            given,
        )


async def asks(
    desk: Desk, member: str, *, first: int = 50, after: str | None = None, issue: str = "torture"
) -> AllyPage:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return await find_allies(turn, Question(issues=(issue,), first=first, after=after))


async def gathers(desk: Desk, member: str, most: int = 40) -> int:
    """Page after page; how many people were shown."""
    seen, after = 0, None
    for _ in range(most):
        page = await asks(desk, member, after=after)
        seen += sum(card.kind == "person" for card in page.cards)
        after = page.next
        if after is None or page.advice is ENOUGH:
            break
    return seen


async def test_a_day_of_honest_searching_meets_no_limit_and_gathering_does(desk: Desk) -> None:
    await crowd(desk, VIEWER + 200)
    await an_organisation(desk, "Open door", issues=["torture"], works_in=["KE"])
    luz, mal = await a_member(desk, "Luz"), await a_member(desk, "Mal")
    shown: list[str] = []
    for _ in range(40):
        page = await asks(desk, luz, first=12)
        assert len(page.cards) == 12 and page.advice is None
        shown += [card.id for card in page.cards if card.kind == "person"]
        desk.clock.move(minutes=20)
    for card in shown[:60]:
        async with desk.turn(await seen_as(desk, luz)) as turn:
            assert (await search.look(turn, card)).id == card
    seen = await gathers(desk, mal)
    assert VIEWER - 50 <= seen <= VIEWER
    page = await asks(desk, mal, first=50)
    assert [card.title for card in page.cards] == ["Open door"]
    assert page.advice is not None and "tomorrow" in render(page.advice, "en")
    async with desk.turn(await seen_as(desk, mal)) as turn:
        with pytest.raises(EnoughToday):
            await search.look(turn, shown[0])
    desk.clock.move(hours=24, minutes=11)
    assert await gathers(desk, mal, 1) > 0


async def test_whoever_was_shown_enough_is_not_told_whether_there_is_anybody(desk: Desk) -> None:
    await crowd(desk, VIEWER + 50)
    mal = await a_member(desk, "Mal")
    await gathers(desk, mal)
    for minutes in (0, 11):
        desk.clock.move(minutes=minutes)
        somebody, nobody = [await asks(desk, mal, issue=issue) for issue in ("torture", "fair-trial")]
        assert somebody == nobody and somebody.advice is ENOUGH
        there, not_there = [await refused(desk, mal, card) for card in (await a_card(desk), "0" * 32)]
        assert there is not_there is EnoughToday
    assert await refused(desk, await a_member(desk, "Luz"), "0" * 32) is NotYours


async def test_what_was_undone_gives_nobody_cards_for_nothing(desk: Desk) -> None:
    await crowd(desk, 80)
    mal, card = await a_member(desk, "Mal"), await a_card(desk)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with desk.turn(await seen_as(desk, mal)) as turn:
                assert await budgets.spend(turn, 1) == 1
                raise ZeroDivisionError
    async with desk.turn(await seen_as(desk, mal)) as turn:
        assert not budgets.purse_of(turn).take(mal, 1, turn.now)
        assert (await search.look(turn, card)).id == card
    assert len((await asks(desk, mal, first=12)).cards) == 12


async def test_who_opens_the_last_card_of_a_day_is_told_of_once(desk: Desk) -> None:
    await crowd(desk, 60)
    mal, card = await a_member(desk, "Mal"), await a_card(desk)
    async with desk.turn(await seen_as(desk, mal)) as turn:
        await budgets.spend(turn, VIEWER - 1)
    desk.recorded.clear()
    async with desk.turn(await seen_as(desk, mal)) as turn:
        await search.look(turn, card)
    assert ["Mal was shown very many" in render(one.text, "en") for one in desk.heard(TellRoles)] == [True]
    assert await refused(desk, mal, card) is EnoughToday
    assert len(desk.heard(TellRoles)) == 1


async def a_card(desk: Desk) -> str:
    async with desk.turn() as turn:
        found = await turn.tx.scalar(select(cards.c.id).where(cards.c.kind == "person").limit(1))
    return str(found)


async def refused(desk: Desk, member: str, card: str) -> type[Refusal]:
    with pytest.raises(Refusal) as why:
        async with desk.turn(await seen_as(desk, member)) as turn:
            await search.look(turn, card)
    return type(why.value)


async def invited_by(desk: Desk, inviter: str, newcomers: list[str]) -> None:
    async with desk.turn() as turn:
        await turn.tx.execute(
            update(join_codes).where(join_codes.c.member.in_(newcomers)).values(inviter=inviter)
        )


async def test_those_whom_one_person_invited_share_a_budget(desk: Desk) -> None:
    await crowd(desk, 900)
    root = await a_member(desk, "Root")
    others = [await a_member(desk, f"Acc{number}") for number in "abcd"]
    await invited_by(desk, root, others)
    seen = [await gathers(desk, member) for member in others]
    assert INVITER - 60 <= sum(seen) <= INVITER
    told = [render(one.text, "en") for one in desk.heard(TellRoles)]
    assert sum("is among people" in one for one in told) == 1
    assert await gathers(desk, root) > 100  # who invited them is charged to somebody else


async def test_decoys_are_made_and_ring_when_several_are_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SEVERAL", 2)
    await crowd(desk, 120)
    luz = await a_member(desk, "Luz")
    async with desk.turn(CLOCK) as turn:
        await decoys.tend(turn)
        await decoys.tend(turn)
        assert await decoy_rows.among_people(turn.tx) == (120, 2)
    desk.recorded.clear()
    await asks(desk, luz, first=20)
    assert desk.heard(TellRoles) == []
    await gathers(desk, luz)
    (rung,) = desk.heard(TellRoles)
    assert rung.wakes and "Luz" in render(rung.text, "en")
    await gathers(desk, luz)
    assert len(desk.heard(TellRoles)) == 1


def test_a_decoy_says_when_it_was_confirmed_as_somebody_does() -> None:
    people: list[Body] = [{"kind": "person", "title": f"h{n}", "confirmed_at": 1000 + n} for n in range(4)]
    assert {rules.mixed("c", people, seed)["confirmed_at"] for seed in range(4)} <= {1000, 1001, 1002, 1003}


async def test_asking_to_meet_a_decoy_counts_twice_and_looks_like_silence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SEVERAL", 2)
    await crowd(desk, 110)
    luz = await a_member(desk, "Luz")
    async with desk.turn(CLOCK) as turn:
        await decoys.tend(turn)
        decoy = await turn.tx.scalar(select(decoy_table.c.card))
    desk.recorded.clear()
    async with desk.turn(await seen_as(desk, luz)) as turn:
        asked = await introductions.ask(turn, str(decoy), "We would like to learn from you.")
        (mine,) = (await introductions.mine(turn)).asked
    assert mine.id == asked and mine.state == "waiting"
    assert len(desk.heard(TellRoles)) == 1


async def test_a_member_learns_a_week_late_that_somebody_looked_them_up(desk: Desk) -> None:
    luz, ana = await a_member(desk, "Luz"), await a_member(desk, "Ana", issues=["torture"])
    await settle(desk)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        card = await turn.tx.scalar(select(cards.c.id).where(cards.c.member == ana))
        await search.look(turn, str(card))

    async def told() -> list[str]:
        async with desk.turn(await seen_as(desk, ana)) as turn:
            return [one.name for one in await looked_up.mine(turn)]

    assert await told() == []
    desk.clock.move(days=8)
    assert await told() == []
    desk.clock.move(days=6)
    assert await told() == ["Red Ayni"]
    async with desk.turn() as turn:
        await turn.tx.execute(update(members).where(members.c.id == ana).values(state="frozen"))
    async with desk.turn(Viewer(Lane.PAGE, ana)) as turn:
        assert await looked_up.mine(turn) == ()
        await turn.tx.execute(update(members).where(members.c.id == ana).values(state="active"))
    desk.clock.now += timedelta(days=30)
    assert await told() == []


async def test_a_linked_network_brings_in_so_many_requests_a_day(desk: Desk) -> None:
    async with desk.turn() as turn:
        asked = [await budgets.peer_may_ask(turn, "elsewhere") for _ in range(PEER_ASKS + 1)]
    assert asked == [True] * PEER_ASKS + [False]


async def test_one_connector_brings_in_twelve_people_in_a_month_and_a_coordinator_more(desk: Desk) -> None:
    con = await a_member(desk, "Con", roles=frozenset({Role.CONNECTOR}))
    cora = await a_member(desk, "Cora", roles=frozenset({Role.COORDINATOR}))
    async with desk.turn(await seen_as(desk, cora)) as turn:
        assert len({(await joining.invite(turn)).code for _ in range(MOST_LATELY + 1)}) == MOST_LATELY + 1
    async with desk.turn(await seen_as(desk, con)) as turn:
        for _ in range(MOST_LATELY):
            await joining.invite(turn)
    async with desk.turn(await seen_as(desk, con)) as turn:
        with pytest.raises(TooMany):
            await joining.invite(turn)
    desk.clock.move(days=4)  # codes that nobody used have ended
    async with desk.turn(await seen_as(desk, con)) as turn:
        assert await joining.invite(turn)


async def test_somebody_asks_ten_people_a_day_whatever_they_answer(desk: Desk) -> None:
    await crowd(desk, 12)
    luz = await a_member(desk, "Luz")
    page = await asks(desk, luz, first=12)
    for number, card in enumerate(page.cards):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            if number == ASKS_A_DAY:
                with pytest.raises(TooMany):
                    await introductions.ask(turn, card.id, "We look after the same river.")
                break
            asked = await introductions.ask(turn, card.id, "We look after the same river.")
            await introduction_rows.change(turn.tx, asked, state="accepted")
    desk.clock.move(days=1, minutes=1)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert await introductions.ask(turn, page.cards[-1].id, "We look after the same river.")


ROOT = Path(__file__).parents[2]
PEOPLE = Question(issues=("torture",), first=12)
HELP = say("{name} asks for help.", name="Luz")


@pytest.fixture
async def durable(desk: Desk) -> Desk:
    """The same, committed as in a real hub: the run's server waits for no disk."""
    async with desk.turn() as turn:
        name = (await turn.tx.execute(text("SELECT current_database()"))).scalar_one()
        await turn.tx.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = on'))
    await desk.database.engine.dispose()
    return desk


async def waits_for_the_disk(turn: Turn) -> bool:
    return (await turn.tx.execute(text("SHOW synchronous_commit"))).scalar_one() == "on"


async def test_an_answer_in_chat_waits_for_the_disk_whatever_was_searched(durable: Desk) -> None:
    await crowd(durable, 40)
    luz = await a_member(durable, "Luz")
    async with durable.turn(await seen_as(durable, luz)) as turn:
        assert (await find_allies(turn, PEOPLE)).cards
        assert await waits_for_the_disk(turn)


@pytest.mark.parametrize("what", ["alarm", "letter", "call"])
async def test_whatever_is_promised_in_a_search_on_a_page_waits_for_the_disk(
    durable: Desk, what: str
) -> None:
    await crowd(durable, 40)
    luz = await a_member(durable, "Luz")
    recorder = Recorder(LetterBox(durable.guard), _nothing, _nothing, conversations.remember)
    effects: dict[str, Effect] = {
        "alarm": DueAt("alarm", "a" * 32, durable.clock() + timedelta(minutes=3)),
        "letter": Tell(luz, HELP, Urgency.ALARM, wakes=True),
        "call": TellRoles(Role.COORDINATOR, HELP, Urgency.ALARM, wakes=True),
    }
    async with durable.turn(await seen_as(durable, luz)) as turn:
        on_a_page = replace(turn, find=from_rows)
        assert (await find_allies(on_a_page, PEOPLE)).cards
        assert not await waits_for_the_disk(turn), "a search alone keeps nobody waiting"
        await recorder.record(on_a_page, effects[what])
        assert await waits_for_the_disk(turn)
    async with durable.turn(await seen_as(durable, luz)) as turn:
        assert await waits_for_the_disk(turn), "nor is anything left for whoever comes next"


def test_nothing_but_the_counting_of_a_search_is_ever_committed_lightly() -> None:
    said = {
        str(file.relative_to(ROOT))
        for layer in ("directory", "bots", "hub")
        for file in (ROOT / layer).rglob("*.py")
        if "synchronous_commit" in file.read_text()
    }
    assert said == {
        "directory/store/budgets.py",
        "directory/store/database.py",
        "hub/embedded/postgres_settings.py",
    }


async def _nothing(*_given: object) -> None:
    """Not asked here."""

"""The index and PostgreSQL answer the same: random directories, viewers, questions and orders of writing."""

from __future__ import annotations

import os
import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import HOME, NOON, TECHNICIAN, Desk
from people import a_member, an_organisation, seen_as
from random_directory import Directory
from sqlalchemy import delete, select, update

from directory import vocabularies
from directory.core import ranking
from directory.core.questions import Question
from directory.core.questions import plan as plan_of
from directory.core.viewer import Viewer
from directory.index import asking, catalogue, chunk
from directory.search import find_allies
from directory.store import following, search
from directory.store.database import Database
from directory.store.following_tables import card_changes, card_turns
from directory.store.tables import cards
from hub.index.following import Follower

SEEDS = int(os.environ.get("AYNI_SEEDS", "2"))
SILENT_FROM = NOON - timedelta(days=3)


async def assert_agree(database: Database, follower: Follower, them: Directory, questions: int) -> None:
    """Every page of some random questions, asked both ways."""
    known = follower.catalogue
    async with database.transaction() as tx:
        for _ in range(questions):
            plan = plan_of(them.question(3), them.asker(), vocabularies.known())
            own = await following.number_of(tx, plan.without) if plan.without else None
            asked = asking.Moment(NOON, SILENT_FROM, own)
            after, first = None, them.chance.choice((1, 4, 13, 50))
            while True:
                rows = await search.find(
                    tx, plan, now=NOON, leases_from=SILENT_FROM, after=after, first=first
                )
                found = asking.find(known, asking.wanted(known, plan), asked, after=after, first=first)
                assert asking.hits(known, found.spots) == rows.hits
                assert found.next == rows.next
                after = rows.next
                if after is None:
                    break


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_both_answer_the_same_whatever_is_written(
    database: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "SIZE", 25)
    monkeypatch.setattr(chunk, "SIZE", 25)
    monkeypatch.setattr(ranking, "WINDOW", 5)
    monkeypatch.setattr(asking, "WINDOW", 5)
    them = Directory(random.Random(seed), HOME, NOON)
    async with database.transaction() as tx:
        await them.begin(tx)
        await them.add(tx, 60)
    follower = Follower(database, time.monotonic)
    await follower.follow()
    await assert_agree(database, follower, them, 10)
    for _ in range(12):
        for _ in range(them.chance.randint(1, 4)):
            async with database.transaction() as tx:
                await them.write(tx)
        await follower.follow()
        await assert_agree(database, follower, them, 3)


class Elapsed:
    """A clock that only goes forward when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


async def titles(follower: Follower, desk: Desk, viewer: Viewer = TECHNICIAN) -> list[str]:
    """What a search finds, wherever it is answered."""
    async with desk.turn(viewer) as turn:
        page = await find_allies(replace(turn, find=follower.find), Question(issues=("torture",)))
    return [card.title for card in page.cards]


async def renamed(desk: Desk, title: str) -> None:
    async with desk.turn() as turn:
        card = (await turn.tx.execute(select(cards.c.id, cards.c.body))).one()
        body = {**card.body, "title": title}
        await turn.tx.execute(update(cards).values(body=body, version=cards.c.version + 1))


async def test_an_index_that_is_not_sure_lets_the_database_answer(desk: Desk) -> None:
    elapsed = Elapsed()
    follower = Follower(desk.database, elapsed)
    await an_organisation(desk, "Before", works_in=["001"], issues=["torture"])
    assert await titles(follower, desk) == ["Before"], "nothing was read yet: PostgreSQL answers"
    await follower.follow()
    await renamed(desk, "After")

    elapsed.now += 0.19
    assert await titles(follower, desk) == ["Before"], "for less than 200 ms what was read may be told"
    elapsed.now += 0.02
    assert await titles(follower, desk) == ["After"]
    await follower.follow()
    assert follower.serves(TECHNICIAN)
    assert await titles(follower, desk) == ["After"]


async def test_people_read_what_they_wrote_themselves_at_once(desk: Desk) -> None:
    elapsed = Elapsed()
    follower = Follower(desk.database, elapsed)
    await an_organisation(desk, "Before", works_in=["001"], issues=["torture"])
    luz = await seen_as(desk, await a_member(desk, "Luz"))
    await follower.follow()
    await renamed(desk, "After")
    elapsed.now += 0.01
    follower.wrote(TECHNICIAN)

    assert await titles(follower, desk) == ["After"]
    assert await titles(follower, desk, luz) == ["Before"], "others wait for the next reading"


async def test_a_turn_that_commits_late_is_not_missed(desk: Desk) -> None:
    """It began first and has the smaller transaction id, and a smaller card number: both are no order."""
    follower = Follower(desk.database, time.monotonic)
    them = Directory(random.Random(1), HOME, NOON)
    async with desk.database.transaction() as tx:
        await them.begin(tx)
    async with desk.database.transaction() as early:
        await them.add(early, 3)
        async with desk.database.transaction() as late:
            await them.add(late, 3)
        await follower.follow()
        assert len(follower.catalogue) == 3
    await follower.follow()
    assert len(follower.catalogue) == 6
    await assert_agree(desk.database, follower, them, 10)


async def test_whoever_missed_too_much_begins_anew(desk: Desk) -> None:
    elapsed = Elapsed()
    follower = Follower(desk.database, elapsed)
    await an_organisation(desk, "One", works_in=["001"], issues=["torture"])
    await follower.follow()
    await renamed(desk, "Two")
    async with desk.turn() as turn:
        await turn.tx.execute(delete(card_changes))
        await turn.tx.execute(delete(card_turns))
    await an_organisation(desk, "Three", works_in=["001"], issues=["torture"])
    elapsed.now += 60
    await follower.follow()
    assert follower.serves(TECHNICIAN)
    assert sorted(await titles(follower, desk)) == ["Three", "Two"]

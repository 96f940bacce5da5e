"""Listing real public organisations, from the table as it came."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import Desk
from people import a_member, seen_as, settle
from sqlalchemy import func, select

from directory import imports, members, vocabularies
from directory.core.questions import Question
from directory.core.reading import Reading, read
from directory.core.viewer import Role
from directory.imports import ImportReport
from directory.refusals import NotYours
from directory.search import find_allies
from directory.store.tables import cards
from directory.store.tables import imports as table
from directory.store.tables import members as people

SOURCE = "public list, November 2026"


async def lists(desk: Desk, reading: Reading, *, dry_run: bool = False) -> ImportReport:
    async with desk.turn() as turn:
        return await imports.import_organisations(turn, reading, source=SOURCE, dry_run=dry_run)


async def test_the_real_table_is_listed_once_and_twice_changes_nothing(
    desk: Desk, organisations: bytes
) -> None:
    reading = read(organisations, vocabularies.known())
    rehearsed = await lists(desk, reading, dry_run=True)
    async with desk.turn() as turn:
        assert await turn.tx.scalar(select(func.count()).select_from(people)) == 0

    first = await lists(desk, reading)
    desk.clock.move(days=1)
    second = await lists(desk, reading)

    assert replace(rehearsed, dry_run=False) == first
    assert first.added == len(reading.rows) and 45 <= first.added <= 52
    assert (second.added, second.changed, second.unchanged) == (0, 0, first.added)
    async with desk.turn() as turn:
        found = (await turn.tx.execute(select(people.c.kind, people.c.state, people.c.source))).all()
        assert {tuple(row) for row in found} == {("organisation", "listed", SOURCE)}
        assert await turn.tx.scalar(select(func.count()).select_from(table)) == 1


async def test_a_member_finds_them_and_each_says_that_it_is_only_listed(
    desk: Desk, organisations: bytes
) -> None:
    await lists(desk, read(organisations, vocabularies.known()))
    luz = await a_member(desk, "Luz", country="GT", languages=["es"])
    async with desk.turn(await seen_as(desk, luz)) as turn:
        page = await find_allies(turn, Question(issues=("land-and-territory",), regions=("GT",), first=50))
    assert len(page.cards) >= 4
    assert all(card.listed_publicly and card.confirmed_at == desk.clock() for card in page.cards)
    assert "GT" in page.cards[0].regions


async def test_a_change_in_the_table_changes_that_one_organisation(desk: Desk, organisations: bytes) -> None:
    reading = read(organisations, vocabularies.known())
    await lists(desk, reading)
    moved = replace(reading.rows[0], languages=("sw",))
    report = await lists(desk, replace(reading, rows=(moved, *reading.rows[1:])))
    assert (report.added, report.changed) == (0, 1)
    async with desk.turn() as turn:
        found = await turn.tx.execute(select(cards.c.body).where(cards.c.tags.contains(["l:sw"])))
        assert moved.name in {body["title"] for body in found.scalars()}


async def test_what_a_spokesperson_says_is_left_alone(desk: Desk, organisations: bytes) -> None:
    reading = read(organisations, vocabularies.known())
    await lists(desk, reading)
    async with desk.turn() as turn:
        wanted = select(people.c.id).where(people.c.title == reading.rows[0].name)
        organisation = await turn.tx.scalar(wanted)
    assert organisation is not None
    ana = await a_member(desk, "Ana")
    async with desk.turn() as turn:
        await members.take_over(turn, organisation, ana)
    await settle(desk)
    report = await lists(desk, replace(reading, rows=(replace(reading.rows[0], languages=("sw",)),)))
    assert (report.changed, report.unchanged) == (0, 1)
    assert report.findings[-1].line == reading.rows[0].line


async def test_members_import_nothing_and_coordinators_do(desk: Desk, organisations: bytes) -> None:
    reading = read(organisations, vocabularies.known())
    luz = await a_member(desk, "Luz")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await imports.import_organisations(turn, reading, source=SOURCE)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        assert (await imports.import_organisations(turn, reading, source=SOURCE)).added > 0


async def test_a_table_of_people_lists_nobody_and_one_of_organisations_beside_it_does(desk: Desk) -> None:
    of_people = "first name,last name,phone,country\n" + "".join(
        f"Ana{number},García,+502 5555 {number:04},Guatemala\n" for number in range(1000)
    )
    reading = read(of_people.encode(), vocabularies.known())
    report = await lists(desk, reading)
    async with desk.turn() as turn:
        assert await turn.tx.scalar(select(func.count()).select_from(people)) == 0
        assert await turn.tx.scalar(select(func.count()).select_from(cards)) == 0
    assert report.added == 0 and desk.recorded == []
    plain = read(b"name,country\nBosque Vivo,Guatemala\n", vocabularies.known())
    assert (await lists(desk, plain)).added == 1

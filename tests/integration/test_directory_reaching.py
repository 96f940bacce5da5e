"""Releases of reach: numbers from ten on, nothing under it, and no second look too soon."""

from __future__ import annotations

import json

import pytest
from conftest import Desk
from people import a_member, seen_as
from sqlalchemy import select

from directory import reaching
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.reaching import ReachTable, Release
from directory.refusals import NotYours
from directory.store.tables import members, releases

CLOCK = Viewer(Lane.CLOCK)


async def a_crowd(desk: Desk, count: int, *, first: int = 0, tied: int = 0, **said: object) -> None:
    """Active people, some of them tied to somebody here."""
    async with desk.turn() as turn:
        ids = [f"crowd-{number:03}" for number in range(first, first + count)]
        person = {"kind": "person", "state": "active", "since": turn.now, **said}
        await turn.tx.execute(members.insert(), [{"id": one, **person} for one in ids])
        for one in ids[:tied]:
            await reaching.note(turn, one, "connected")


async def released(desk: Desk) -> Release:
    async with desk.turn(CLOCK) as turn:
        await reaching.release(turn)
    async with desk.turn() as turn:
        found = await reaching.latest(turn)
    assert found is not None
    return found


def table(release: Release, about: str) -> ReachTable:
    return next(table for table in release.tables if table.about == about)


def lines(shown: ReachTable) -> dict[str, tuple[int | None, ...]]:
    return {render(row.label, "en"): (*row.cells, row.total) for row in shown.rows}


async def test_groups_of_ten_and_more_are_shown_by_country(desk: Desk) -> None:
    await a_crowd(desk, 40, tied=20, country="GT", languages=["es"])
    await a_crowd(desk, 30, first=40, tied=15, country="HN", languages=["es"])
    release = await released(desk)
    assert [render(text, "en") for text in release.sentences] == ["70 people are counted."]
    by_country = lines(table(release, "region"))
    assert {name: cells[-1] for name, cells in by_country.items()} == {"Guatemala": 40, "Honduras": 30}
    assert [render(column, "es") for column in table(release, "region").columns][2]


async def test_what_is_under_ten_is_neither_shown_nor_kept_nor_named(desk: Desk) -> None:
    await a_crowd(desk, 40, tied=20, country="GT")
    await a_crowd(desk, 3, first=40, country="NI")
    release = await released(desk)
    async with desk.turn() as turn:
        kept = json.dumps((await turn.tx.execute(select(releases.c.body))).scalar_one())
    assert "NI" not in kept and "Nicaragua" not in lines(table(release, "region"))
    numbers = [cell for row in table(release, "region").rows for cell in row.cells if cell is not None]
    assert all(number >= 10 for number in numbers)


async def test_too_few_people_show_no_number_at_all_and_may_be_counted_again_at_once(desk: Desk) -> None:
    await a_crowd(desk, 5, country="GT")
    first = await released(desk)
    assert [render(text, "en") for text in first.sentences] == [
        "There are too few people here to show any number."
    ]
    assert all(cell is None for shown in first.tables for row in shown.rows for cell in row.cells)
    await a_crowd(desk, 40, first=5, tied=20, country="GT")
    desk.clock.move(seconds=1)
    assert (await released(desk)).id != first.id


async def test_one_more_person_is_not_seen_by_asking_again_before_ninety_days(desk: Desk) -> None:
    await a_crowd(desk, 40, tied=20, country="GT")
    first = await released(desk)
    await a_crowd(desk, 1, first=40, country="GT")
    desk.clock.move(days=89)
    assert await released(desk) == first
    desk.clock.move(days=1)
    assert (await released(desk)).id != first.id


async def test_reach_is_for_coordinators_and_reviewers_and_not_for_members(desk: Desk) -> None:
    await a_crowd(desk, 12, country="GT")
    await released(desk)
    luz = await a_member(desk, "Luz")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    async with desk.turn(await seen_as(desk, ana)) as turn:
        assert await reaching.latest(turn) is not None
    for deed in (reaching.latest, reaching.release):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, luz)) as turn:
                await deed(turn)

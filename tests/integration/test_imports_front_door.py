"""Importing by the front door: asked for, worked on in the background, questions answered, then kept."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
from conftest import Desk
from doors import Door, a_door
from people import a_member
from sqlalchemy import func, select, update

from directory.core.viewer import Role
from directory.import_runs import MOST_BEGUN, next_one
from directory.store.gathered_tables import import_runs
from directory.store.tables import members
from hub.importing import Wish
from hub.importing_work import KeptForAlarms, read_waiting

LIST = b"Grupo,Where,legal name\nBosque Vivo,Guatemala,Ana Maria Garcia\n,Kenya,\n"
AS_FIELDS = [{"header": "Grupo", "field": "name"}, {"header": "Where", "field": "country"}]
LEFT_OUT = {"header": "legal name", "field": ""}


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def start(door: Door, session: str, **how: Any) -> dict[str, Any]:
    given = {} if "run" in how else {"data": b64encode(LIST).decode()}
    _status, answer = await door.ask(
        "StartImport", {"input": {"source": "list", **given, **how}}, session=session
    )
    return answer["data"]["startImport"]


async def report(desk: Desk, door: Door, session: str, run: str) -> dict[str, Any]:
    await read_waiting(desk.turn, lambda _wish: None)
    _status, answer = await door.ask("ImportRun", {"run": run}, session=session)
    assert answer["data"]["importRun"]["state"] == "done"
    return answer["data"]["importRun"]["report"]


async def test_columns_are_asked_about_and_remembered_then_the_good_lines_are_kept(
    desk: Desk, door: Door
) -> None:
    session = await door.session(await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR})))
    run = (await start(door, session))["run"]
    assert door.later == ["import"]
    first = await report(desk, door, session, run)
    assert (first["taken"], first["kept"]) == (False, False)
    assert [one["header"] for one in first["columns"] if one["about"]] == ["legal name"]

    await start(door, session, run=run, columns=[*AS_FIELDS, LEFT_OUT])
    second = await report(desk, door, session, run)
    assert (second["added"], second["taken"]) == (1, False)
    await start(door, session, run=run, trial=False, partly=True)
    third = await report(desk, door, session, run)
    assert (third["added"], third["kept"]) == (1, True)
    async with desk.turn() as turn:
        assert (
            await turn.tx.scalar(select(members.c.title).where(members.c.state == "listed")) == "Bosque Vivo"
        )
        assert await turn.tx.scalar(select(import_runs.c.file)) is None

    gone = await start(door, session, run=run)
    assert "no longer here" in gone["errors"][0]["message"]
    other = (await start(door, session))["run"]
    fresh = await report(desk, door, session, other)
    assert [one["field"] for one in fresh["columns"]] == ["name", "country", ""]


async def test_another_keeper_reads_nothing_of_it_and_a_member_starts_none(desk: Desk, door: Door) -> None:
    mine = await door.session(await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR})))
    other = await door.session(await a_member(desk, "Eva", roles=frozenset({Role.COORDINATOR})))
    member = await door.session(await a_member(desk, "Luz"))
    run = (await start(door, mine))["run"]
    _status, answer = await door.ask("ImportRun", {"run": run}, session=other)
    assert answer["data"]["importRun"] is None
    _status, refused = await door.ask("StartImport", {"input": {"source": "x", "data": ""}}, session=member)
    assert refused["errors"] and door.later == ["import"]
    async with desk.turn() as turn:
        assert await turn.tx.scalar(select(func.count()).select_from(import_runs)) == 1


async def test_a_full_disk_ends_it_and_says_so(desk: Desk, door: Door) -> None:
    def full(_wish: object) -> None:
        raise KeptForAlarms(percent=3)

    mine = await door.session(await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR})))
    run = (await start(door, mine, trial=False))["run"]
    await read_waiting(desk.turn, full)
    _status, answer = await door.ask("ImportRun", {"run": run}, session=mine)
    assert (answer["data"]["importRun"]["state"], answer["data"]["importRun"]["report"]) == ("failed", None)


async def test_a_table_that_breaks_its_reader_fails_and_the_next_is_read(desk: Desk, door: Door) -> None:
    def breaks(wish: Wish) -> None:
        if wish.source == "broken":
            raise ZeroDivisionError

    mine = await door.session(await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR})))
    broken, killed, good = [(await start(door, mine, source=name))["run"] for name in ("broken", "b", "list")]
    for _ in range(MOST_BEGUN):
        async with desk.turn() as turn:
            await turn.tx.execute(update(import_runs).where(import_runs.c.id != killed).values(state="done"))
            assert await next_one(turn) is not None  # and whoever reads it is killed
    async with desk.turn() as turn:
        await turn.tx.execute(update(import_runs).where(import_runs.c.id != killed).values(state="waiting"))
    await read_waiting(desk.turn, breaks)
    states = {}
    for run in (broken, killed, good):
        _status, answer = await door.ask("ImportRun", {"run": run}, session=mine)
        states[run] = answer["data"]["importRun"]["state"]
    assert states == {broken: "failed", killed: "failed", good: "done"}


async def test_half_a_letter_in_a_late_key_breaks_no_report(desk: Desk, door: Door) -> None:
    mine = await door.session(await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR})))
    lines = [f'{{"name": "Casa {number}", "country": "GT"}}' for number in range(501)]
    lines.append('{"name": "Casa abierta", "country": "GT", "\\ud800x": "1"}')
    run = (await start(door, mine, run=None, data=b64encode("\n".join(lines).encode()).decode()))["run"]
    found = await report(desk, door, mine, run)
    assert found["taken"] and "first named here" in str(found["findings"])


async def test_a_noted_person_gets_a_code_and_another_is_erased(desk: Desk, door: Door) -> None:
    mine = await door.session(await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR})))
    data = b64encode(b"name,kind\nnube,person\nrio,person\n").decode()
    run = (await start(door, mine, run=None, data=data, people=True, trial=False))["run"]
    assert (await report(desk, door, mine, run))["noted"] == 2
    _status, answer = await door.ask("NotedPeople", {}, session=mine)
    one, two = answer["data"]["notedPeople"]
    _status, made = await door.ask("InviteNoted", {"input": {"person": one["id"]}}, session=mine)
    assert made["data"]["inviteNoted"]["invitation"]["code"]
    await door.ask("ForgetNoted", {"input": {"person": two["id"]}}, session=mine)
    _status, left = await door.ask("NotedPeople", {}, session=mine)
    assert [(each["handle"], each["invited"]) for each in left["data"]["notedPeople"]] == [
        (one["handle"], True)
    ]

"""Who leaves takes the key to everything sealed about them along, also out of copies of the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import Desk
from people import a_member, later_on, seen_as
from sqlalchemy import select

from directory import erasing, leaving, profiles
from directory.core.effects import DueAt
from directory.core.viewer import Lane, Role, Viewer
from directory.store import members as rows
from directory.store import person_keys
from directory.store.guarded import Erased
from directory.store.tables import person_keys as keys


async def a_member_with_a_city(desk: Desk, handle: str, city: str) -> str:
    member = await a_member(desk, handle)
    async with desk.turn(Viewer(Lane.PAGE, member)) as turn:
        await profiles.change(turn, member, {"city": city})
    return member


async def sealed_of(desk: Desk, member: str) -> bytes:
    """What a backup of the database holds of this member."""
    async with desk.turn() as turn:
        row = await rows.load(turn.tx, member)
    assert row is not None and row.guarded is not None
    return row.guarded


async def test_what_a_copy_of_the_database_holds_of_her_opens_no_more_once_she_left(desk: Desk) -> None:
    await a_member(desk, "Marisol", roles=frozenset({Role.ADMINISTRATOR}))
    luz = await a_member_with_a_city(desk, "Luz", "Cobán")
    ana = await a_member_with_a_city(desk, "Ana", "Lima")
    copies = {member: await sealed_of(desk, member) for member in (luz, ana)}
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await leaving.leave(turn)
    await later_on(desk)
    assert erasing.DUE in {due.kind for due in desk.heard(DueAt)}
    closed = replace(desk.guard, archive=None)  # it works while nobody is there to open the records
    async with Desk(desk.database, closed, desk.clock).turn() as turn:
        await erasing.forget(turn)
        assert await person_keys.orphans(turn.tx) == []
        assert len((await turn.tx.execute(select(keys))).all()) == 1
    with pytest.raises(Erased):
        desk.guard.open_fields("members", luz, copies[luz])
    assert desk.guard.open_fields("members", ana, copies[ana]) == {"city": "Lima"}


async def test_a_leaving_that_was_undone_destroys_nothing(desk: Desk) -> None:
    luz = await a_member_with_a_city(desk, "Luz", "Cobán")
    sealed = await sealed_of(desk, luz)

    async def half_way() -> None:
        async with desk.turn() as turn:
            await rows.delete(turn.tx, luz)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await half_way()
    async with desk.turn() as turn:
        await erasing.forget(turn)
    assert desk.guard.open_fields("members", luz, sealed) == {"city": "Cobán"}


async def test_what_she_writes_later_is_under_the_same_key_and_a_newcomers_under_another(desk: Desk) -> None:
    luz = await a_member_with_a_city(desk, "Luz", "Cobán")
    async with desk.turn(Viewer(Lane.PAGE, luz)) as turn:
        await profiles.change(turn, luz, {"text": "Water is life."})
        first = await person_keys.slot_for(turn.tx, turn.guard, luz)
    ana = await a_member_with_a_city(desk, "Ana", "Lima")
    async with desk.turn() as turn:
        assert await person_keys.slot_for(turn.tx, turn.guard, luz) == first
        assert await person_keys.slot_for(turn.tx, turn.guard, ana) != first
    kept = desk.guard.open_fields("members", luz, await sealed_of(desk, luz))
    assert kept == {"city": "Cobán", "text": "Water is life."}

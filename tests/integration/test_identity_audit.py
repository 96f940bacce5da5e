"""The audit log: what is written, who reads it, and that nobody changes a byte unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from doors import a_door
from people import a_member, seen_as
from sqlalchemy import select, text, update

from directory import audit, joining, leaving, members
from directory.core.audit import Fault
from directory.core.viewer import Role
from directory.refusals import NeedsWord, NotYours
from directory.store.tables import audit as table

if TYPE_CHECKING:
    from conftest import Desk


async def _acts(desk: Desk) -> list[str | None]:
    async with desk.turn() as turn:
        return [entry.act for entry in await audit.read(turn)]


async def test_every_use_of_a_privilege_is_written_with_its_difference(desk: Desk) -> None:
    luz = await a_member(desk, "Luz", roles=frozenset({Role.RESPONDER}))
    async with desk.turn() as turn:
        await members.give_role(turn, luz, Role.REVIEWER)
        await members.take_role(turn, luz, Role.RESPONDER)
        await members.members(turn)
    async with desk.turn() as turn:
        found = await audit.read(turn)
    assert [entry.act for entry in found] == [
        "read-members",
        "role-taken",
        "role-given",
        "confirmed",
        "invited",
    ]
    given = found[2]
    assert (given.about, given.before, given.after) == ("Luz", "responder", "responder, reviewer")
    assert (found[1].before, found[1].after) == ("responder, reviewer", "reviewer")


async def test_a_reviewer_reads_it_and_a_coordinator_does_not(desk: Desk) -> None:
    reviewer = await a_member(desk, "Rita", roles=frozenset({Role.REVIEWER}))
    coordinator = await a_member(desk, "Cora", roles=frozenset({Role.COORDINATOR}))
    async with desk.turn(await seen_as(desk, reviewer)) as turn:
        assert await audit.read(turn)
        assert (await audit.verify(turn)).broken is None
    for act in (audit.read, audit.verify):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, coordinator)) as turn:
                await act(turn)


async def test_a_reviewer_changes_nothing(desk: Desk) -> None:
    reviewer, luz = (
        await a_member(desk, "Rita", roles=frozenset({Role.REVIEWER})),
        await a_member(desk, "Luz"),
    )
    viewer = await seen_as(desk, reviewer, word=True)
    for refused in (
        lambda turn: members.give_role(turn, luz, Role.RESPONDER),
        lambda turn: members.take_role(turn, luz, Role.RESPONDER),
        lambda turn: joining.invite(turn),
        lambda turn: leaving.remove(turn, luz),
    ):
        with pytest.raises(NotYours):
            async with desk.turn(viewer) as turn:
                await refused(turn)


async def test_giving_a_role_needs_the_word(desk: Desk) -> None:
    ana, luz = await a_member(desk, "Ana", roles=frozenset({Role.ADMINISTRATOR})), await a_member(desk, "Luz")
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, ana)) as turn:
            await members.give_role(turn, luz, Role.RESPONDER)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await members.give_role(turn, luz, Role.RESPONDER)
    assert Role.RESPONDER in (await seen_as(desk, luz)).roles


@pytest.mark.parametrize("column", ["about", "commitment", "hash", "guarded"])
async def test_any_changed_byte_is_found_where_it_is(desk: Desk, column: str) -> None:
    for _ in range(3):
        async with desk.turn() as turn:
            await joining.invite(turn, locale="es")
            await audit.note(turn, "read-members", "somebody")
    async with desk.turn() as turn:
        assert (await audit.verify(turn)).broken is None
        kept = (await turn.tx.execute(select(table.c[column]).where(table.c.place == 4))).scalar_one()
    for at in range(0, len(kept), max(1, len(kept) // 12)):
        async with desk.turn() as turn:
            other = kept[:at] + bytes((kept[at] ^ 1,)) + kept[at + 1 :]
            await turn.tx.execute(update(table).where(table.c.place == 4).values({column: other}))
            broken = (await audit.verify(turn)).broken
            assert broken is not None and broken.place == 4
            await turn.tx.execute(update(table).where(table.c.place == 4).values({column: kept}))
    async with desk.turn() as turn:
        assert (await audit.verify(turn)).broken is None


async def test_a_missing_moved_or_emptied_entry_is_found(desk: Desk) -> None:
    for _ in range(4):
        async with desk.turn() as turn:
            await audit.note(turn, "read-members")
    for harm, fault in (
        ("DELETE FROM audit WHERE place = 2", Fault.MISSING),
        ("UPDATE audit SET guarded = NULL WHERE place = 2", Fault.EMPTIED),
        ("UPDATE audit SET at = at + interval '1 second' WHERE place = 2", Fault.CHANGED),
    ):
        with pytest.raises(_Undo):
            async with desk.turn() as turn:
                await turn.tx.execute(text(harm))
                broken = (await audit.verify(turn)).broken
                assert broken is not None and (broken.place, broken.fault) == (2, fault)
                raise _Undo


class _Undo(Exception):
    """Leaves a turn unkept."""


async def test_a_cut_end_shows_against_a_fingerprint_kept_elsewhere(desk: Desk) -> None:
    for _ in range(3):
        async with desk.turn() as turn:
            await audit.note(turn, "read-members")
    async with desk.turn() as turn:
        before = await audit.verify(turn)
        await turn.tx.execute(text("DELETE FROM audit WHERE place = 3"))
        after = await audit.verify(turn)
    assert after.broken is None and (after.entries, after.fingerprint) != (before.entries, before.fingerprint)


async def test_what_it_says_of_somebody_can_be_erased_and_the_chain_holds(desk: Desk) -> None:
    luz = await a_member(desk, "Luz", roles=frozenset({Role.RESPONDER}))
    async with desk.turn() as turn:
        await members.give_role(turn, luz, Role.REVIEWER)
        await audit.forget(turn, luz)
    async with desk.turn() as turn:
        found = await audit.read(turn)
        assert [entry.act for entry in found] == ["audit-erased", None, None, "invited"]
        assert (await audit.verify(turn)).broken is None


async def test_it_is_read_on_the_page_and_nobody_else_sees_that_there_is_one(desk: Desk) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.ADMINISTRATOR}))
    luz = await a_member(desk, "Luz")
    async with a_door(desk) as door:
        _, seen = await door.ask("Audit", session=await door.session(ana))
        _, refused = await door.ask("Audit", session=await door.session(luz))
    assert seen["data"]["auditCheck"]["intact"] is True
    assert {"confirmed", "invited"} <= {entry["act"] for entry in seen["data"]["audit"]}
    assert refused["errors"][0]["extensions"]["code"] == "NOT_YOURS"


async def test_a_refused_act_leaves_no_entry(desk: Desk) -> None:
    luz = await a_member(desk, "Luz")
    before = await _acts(desk)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await members.members(turn)
    assert await _acts(desk) == ["read-audit", *before]

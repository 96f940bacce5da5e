"""Coming in, through the services on a real database."""

from __future__ import annotations

from conftest import Desk
from people import a_member, a_newcomer, matrix_id, seen_as

from directory import joining, members
from directory.core.effects import CardChanged, Tell, TellRoles
from directory.core.viewer import Lane, Role, Viewer
from directory.store import members as rows


async def test_a_good_code_makes_somebody_who_waits_and_whoever_invited_is_asked(desk: Desk) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    async with desk.turn(await seen_as(desk, ana)) as turn:
        code = (await joining.invite(turn, locale="es")).typed
    desk.recorded.clear()

    luz = await a_newcomer(desk, "Luz", code=code, country="GT", issues=["land-and-territory", "hiv"])

    (asked,) = desk.heard(Tell)
    assert (asked.member, asked.question, asked.context) == (ana, joining.CONFIRM, {"member": luz})
    async with desk.turn(await seen_as(desk, ana)) as turn:
        assert [person.handle for person in await joining.waiting(turn)] == ["Luz"]
        row = await rows.load(turn.tx, luz)
    assert row is not None
    assert (row.locale, row.country, row.issues) == ("es", "GT", ("land-and-territory",))
    assert desk.guard.open_fields("members", luz, row.guarded) == {"marked_issues": ["hiv"]}


async def test_without_an_inviter_here_the_coordinators_are_asked(desk: Desk) -> None:
    await a_newcomer(desk, "Luz")
    assert [ask.role for ask in desk.heard(TellRoles)] == [Role.COORDINATOR]


async def test_it_is_her_makes_her_a_member_with_the_roles_of_the_code(desk: Desk) -> None:
    async with desk.turn() as turn:
        code = (await joining.invite(turn, roles={Role.RESPONDER})).typed
    luz = await a_newcomer(desk, "Luz", code=code)
    assert (await seen_as(desk, luz)).roles == frozenset()

    async with desk.turn() as turn:
        await joining.confirm(turn, luz)

    assert (await seen_as(desk, luz)).roles == {Role.MEMBER, Role.RESPONDER}
    assert desk.heard(CardChanged)[-1] == CardChanged(luz)
    async with desk.turn() as turn:
        by_account = await members.viewer_of(
            turn.tx, desk.guard, matrix_id=matrix_id("Luz"), lane=Lane.CHAT, now=desk.clock()
        )
        assert by_account is not None and by_account.member == luz
        assert await members.matrix_id_of(turn.tx, desk.guard, luz) == matrix_id("Luz")


async def test_somebody_nobody_knows_is_forgotten_and_a_stranger_again(desk: Desk) -> None:
    luz = await a_newcomer(desk, "Luz")
    async with desk.turn() as turn:
        await joining.turn_away(turn, luz)
        assert await rows.load(turn.tx, luz) is None
        known = await members.viewer_of(
            turn.tx, desk.guard, matrix_id=matrix_id("Luz"), lane=Lane.CHAT, now=desk.clock()
        )
    assert known is None


async def test_a_member_who_lost_the_old_account_comes_back_to_the_same_entry(desk: Desk) -> None:
    luz = await a_member(desk, "Luz")
    async with desk.turn() as turn:
        code = (await joining.invite_back(turn, luz)).typed
    async with desk.turn(Viewer(Lane.CHAT)) as turn:
        entered = await joining.enter(
            turn, matrix_id="@new:example.org", master_key=None, room="!n:example.org", code=code
        )
    assert entered == joining.Entered(luz, back=True)
    async with desk.turn() as turn:
        assert await members.matrix_id_of(turn.tx, desk.guard, luz) == "@new:example.org"


async def test_the_first_administrator_is_made_at_the_machine_and_only_once(desk: Desk) -> None:
    async with desk.turn() as turn:
        first = await members.found(turn, handle="Marta", locale="es")
    assert Role.ADMINISTRATOR in (await seen_as(desk, first)).roles


async def test_coordinators_list_their_people(desk: Desk) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    await a_member(desk, "Luz")
    async with desk.turn(await seen_as(desk, ana)) as turn:
        assert {entry.handle for entry in await members.members(turn)} == {"Ana", "Luz"}

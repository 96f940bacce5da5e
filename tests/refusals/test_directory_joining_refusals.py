"""Who does not come in, what they are told, and that the neighbour with a good code still does."""

from __future__ import annotations

import pytest
from conftest import Desk
from people import a_member, a_newcomer, matrix_id, seen_as

from directory import joining, members
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NotYours
from directory.store import members as rows

STRANGER = Viewer(Lane.CHAT)
Answered = joining.Entered | joining.TryAgain | joining.Silence


async def a_code(desk: Desk) -> str:
    async with desk.turn() as turn:
        return (await joining.invite(turn)).typed


async def tries(desk: Desk, who: str, code: str) -> Answered:
    async with desk.turn(STRANGER) as turn:
        return await joining.enter(
            turn, matrix_id=matrix_id(who), master_key="key", room=f"!{who}:example.org", code=code
        )


async def test_unknown_used_and_expired_codes_get_the_same_answer(desk: Desk) -> None:
    used, expired = await a_code(desk), await a_code(desk)
    assert isinstance(await tries(desk, "Luz", used), joining.Entered)
    desk.clock.move(hours=72)
    answers = [
        await tries(desk, "one", "0000-0000-0000-0000-0000-0000-00"),
        await tries(desk, "two", used),
        await tries(desk, "three", expired),
        await tries(desk, "four", "not a code at all"),
    ]
    assert answers == [joining.TryAgain(4)] * 4


async def test_a_code_lives_for_72_hours_and_however_it_is_typed(desk: Desk) -> None:
    code = await a_code(desk)
    desk.clock.move(hours=71, minutes=59)
    typed = code.upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert isinstance(await tries(desk, "Luz", typed), joining.Entered)


async def test_after_five_tries_there_is_silence_even_for_a_good_code_and_the_neighbour_still_enters(
    desk: Desk,
) -> None:
    good = await a_code(desk)
    heard = [await tries(desk, "mallory", "wrong") for _ in range(5)]
    assert heard == [joining.TryAgain(left) for left in (4, 3, 2, 1)] + [joining.Silence()]
    assert await tries(desk, "mallory", good) == joining.Silence()
    assert isinstance(await tries(desk, "Luz", good), joining.Entered)


async def test_a_lobby_closes_after_ten_minutes_and_opens_again_after_an_hour(desk: Desk) -> None:
    good = await a_code(desk)
    assert await tries(desk, "Luz", "wrong") == joining.TryAgain(4)
    desk.clock.move(minutes=11)
    assert await tries(desk, "Luz", good) == joining.Silence()
    async with desk.turn(STRANGER) as turn:
        assert not await joining.knock(turn, matrix_id=matrix_id("Luz"))
    desk.clock.move(minutes=49)
    assert isinstance(await tries(desk, "Luz", good), joining.Entered)


async def test_an_account_that_is_bound_already_does_not_use_a_code_up(desk: Desk) -> None:
    await a_member(desk, "Luz")
    good = await a_code(desk)
    assert await tries(desk, "Luz", good) == joining.TryAgain(4)
    assert isinstance(await tries(desk, "Ana", good), joining.Entered)


async def test_two_people_cannot_have_one_name_however_it_is_written(desk: Desk) -> None:
    await a_member(desk, "Luz")
    for number, same in enumerate(("luz", "LUZ", "Ｌｕｚ", "Lu\u200bz", "Luz ")):
        with pytest.raises(BadAnswer) as refused:
            await a_newcomer(desk, same, account=f"@{number}:example.org")
        assert refused.value.field == "handle"
    await a_newcomer(desk, "Luz2")


async def test_a_taken_name_and_a_reserved_name_are_refused_in_the_same_words(desk: Desk) -> None:
    await a_member(desk, "Luz")
    said = []
    for name in ("Luz", "admin"):
        with pytest.raises(BadAnswer) as refused:
            await a_newcomer(desk, name, account=f"@as-{name}:example.org")
        said.append(refused.value.text)
    assert said[0] == said[1]


async def test_a_name_in_mixed_alphabets_is_refused_and_one_in_arabic_is_not(desk: Desk) -> None:
    with pytest.raises(BadAnswer):
        await a_newcomer(desk, "Lu\u0437a")
    await a_newcomer(desk, "نور")


async def test_nobody_confirms_themselves_and_a_plain_member_confirms_nobody(desk: Desk) -> None:
    ana = await a_member(desk, "Ana")
    luz = await a_newcomer(desk, "Luz")
    for who in (luz, ana):
        viewer = await seen_as(desk, who)
        with pytest.raises(NotYours):
            async with desk.turn(viewer) as turn:
                await joining.confirm(turn, luz)
    async with desk.turn() as turn:
        row = await rows.load(turn.tx, luz)
    assert row is not None and row.state == "waiting"


async def test_a_member_invites_nobody_and_a_coordinator_makes_no_administrators(desk: Desk) -> None:
    luz = await a_member(desk, "Luz")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await joining.invite(turn)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, ana)) as turn:
            await joining.invite(turn, roles={Role.ADMINISTRATOR})
    async with desk.turn(await seen_as(desk, ana)) as turn:
        assert await joining.invite(turn, roles={Role.RESPONDER})


async def test_a_second_founder_is_refused(desk: Desk) -> None:
    async with desk.turn() as turn:
        await members.found(turn, handle="Marta")
    with pytest.raises(NotYours):
        async with desk.turn() as turn:
            await members.found(turn, handle="Mallory")


async def test_the_list_of_members_is_not_for_members(desk: Desk) -> None:
    luz = await a_member(desk, "Luz")
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await members.members(turn)

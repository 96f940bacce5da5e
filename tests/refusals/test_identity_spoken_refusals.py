"""A code alone gets nowhere, in chat and on the page; the same code with its words lets somebody in."""

from __future__ import annotations

from bots_stage import Stage, a_person
from conftest import Desk
from people import a_member, heard_by, matrix_id, seen_as

from bots.commands.joining import DOES_NOT_FIT
from directory import invitations, joining
from directory.core.spoken import spoken_from
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render

STRANGER = Viewer(Lane.CHAT)
Answered = joining.Entered | joining.TryAgain | joining.Silence


async def an_invite(desk: Desk, viewer: Viewer | None = None) -> joining.Invite:
    async with desk.turn(viewer) if viewer is not None else desk.turn() as turn:
        return await joining.invite(turn)


async def tries(desk: Desk, who: str, typed: str) -> Answered:
    async with desk.turn(STRANGER) as turn:
        return await joining.enter(
            turn, matrix_id=matrix_id(who), master_key="key", room=f"!{who}:example.org", code=typed
        )


def other_words(made: joining.Invite) -> str:
    """Two words that are not these."""
    found = (spoken_from(f"{number:032x}", "en") for number in range(3))
    return next(words for words in found if words != made.spoken)


async def test_the_code_alone_and_the_code_with_other_words_are_answered_like_no_code_at_all(
    desk: Desk,
) -> None:
    made = await an_invite(desk)
    assert await tries(desk, "one", made.code) == joining.TryAgain(4)
    assert await tries(desk, "two", f"{made.code} {other_words(made)}") == joining.TryAgain(4)
    assert await tries(desk, "three", made.spoken) == joining.TryAgain(4)
    assert await tries(desk, "four", "0000-0000 apple boat") == joining.TryAgain(4)
    assert isinstance(await tries(desk, "Luz", made.typed), joining.Entered)


async def test_whoever_found_the_paper_ends_it_by_guessing_and_its_maker_hears(desk: Desk) -> None:
    ana = await a_member(desk, "Ana", roles=frozenset({Role.CONNECTOR}))
    made = await an_invite(desk, await seen_as(desk, ana))
    other = await an_invite(desk, await seen_as(desk, ana))
    for number in range(invitations.WRONG_WORDS):
        assert await tries(desk, f"thief{number}", f"{made.code} {other_words(made)}") == joining.TryAgain(4)
    assert await tries(desk, "Luz", made.typed) == joining.TryAgain(4), "even with the right words"
    assert "tried with wrong words" in heard_by(desk, ana)[-1]
    assert isinstance(await tries(desk, "Luz", other.typed), joining.Entered), "her other code is as it was"


async def test_one_slip_of_the_tongue_costs_nothing(desk: Desk) -> None:
    made = await an_invite(desk)
    await tries(desk, "Luz", f"{made.code} {other_words(made)}")
    assert isinstance(await tries(desk, "Luz", made.typed), joining.Entered)


async def test_the_lobby_reads_join_with_a_code_and_nothing_else(desk: Desk) -> None:
    stage = Stage(desk)
    made = await an_invite(desk)
    for said in ("hello", "help", "join", "alarm", "is anybody there?"):
        await stage.say("Eve", said)
    assert stage.lobby == [], "nothing at all is said to a stranger"
    await stage.say("Eve", f"join {made.code}")
    assert [render(one.text, "en") for one in stage.lobby] == [render(DOES_NOT_FIT, "en")]
    assert (await stage.say("Eve", f"join {made.typed}"))[0].startswith("Welcome to Red Ayni")


async def test_nothing_but_words_from_a_signed_device_binds_an_account(desk: Desk) -> None:
    stage = Stage(desk)
    made = await an_invite(desk)
    await stage.say("Lupe", f"join {made.typed}", trusted=False)
    assert stage.lobby == []
    assert (await stage.say("Lupe", f"join {made.typed}"))[0].startswith("Welcome to Red Ayni")


async def test_only_the_account_our_page_made_comes_in_by_join_alone_and_only_once(desk: Desk) -> None:
    stage = Stage(desk)
    made = await an_invite(desk)
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        entered = await joining.enter_by_page(turn, made.typed, "en")
    assert entered is not None
    async with desk.turn(Viewer(Lane.PAGE, entered.member)) as turn:
        await joining.expect_account(turn, matrix_id("q7random"))
    await stage.say("Eve", "join")
    assert stage.lobby == []
    async with desk.turn(STRANGER) as turn:
        assert await joining.knock(turn, matrix_id=matrix_id("q7random"))
        assert not await joining.knock(turn, matrix_id=matrix_id("stranger"))
    await stage.say("q7random", "join", trusted=False)
    assert stage.lobby == []
    assert "I write to you here" in (await stage.say("q7random", "join"))[0]
    async with desk.turn() as turn:
        assert await joining.members.matrix_id_of(turn.tx, desk.guard, entered.member) == matrix_id(
            "q7random"
        )


async def test_nobody_comes_in_as_administrator_and_a_connector_invites_in_chat(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Ana", Role.CONNECTOR)
    await a_person(stage, "Luz")
    (made,) = await stage.say("Ana", "invite")
    code, words = made.splitlines()[1], made.splitlines()[3]
    assert "I do not know that" in (await stage.say("Luz", "invite"))[0]
    assert (await stage.say("Mar", f"join {code} {words}"))[0].startswith("Welcome to Red Ayni")

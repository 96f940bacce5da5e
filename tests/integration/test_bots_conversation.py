"""Joining, looking for allies and consenting by talking, in the person's own language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from people import a_card, a_linked_network, an_organisation

from directory import consent, joining, members, sharing
from directory.core.viewer import Lane, Role, Viewer


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def a_code(stage: Stage, inviter: str | None = None, **how: object) -> str:
    async with stage.base.turn() as turn:
        viewer = turn.viewer
        if inviter is not None:
            found = await members.viewer_of_member(turn.tx, inviter, Lane.CHAT)
            assert found is not None
            viewer = found
    async with stage.turn(viewer) as turn:
        return (await joining.invite(turn, **how)).typed  # type: ignore[arg-type]


async def test_somebody_joins_in_spanish_and_her_contact_says_it_is_her(stage: Stage) -> None:
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    code = await a_code(stage, ana, locale="es")
    assert "?" in (await stage.say("Lupe", f"unirme {code}"))[0]
    await stage.say("Lupe", "Lupe")
    await stage.say("Lupe", "Guatemala")
    await stage.say("Lupe", "tierra y territorio, agua")
    await stage.say("Lupe", "español, kiche")
    await stage.say("Lupe", "0")
    thanks = await stage.say("Lupe", WORD)
    assert len(thanks) == 1
    assert (await stage.heard_by(ana))[-1].startswith("Lupe came in with a code")
    assert (await stage.say("Ana", "1"))[-1] == "Lupe is in. Thank you."
    async with stage.base.turn() as turn:
        viewer = await members.viewer_of(
            turn.tx, turn.guard, matrix_id="@lupe:example.org", lane=Lane.CHAT, now=turn.now
        )
        assert viewer is not None and viewer.member is not None and viewer.locale == "es"
        assert viewer.roles == {Role.MEMBER}
        row = await members.rows.load(turn.tx, viewer.member)
    assert row is not None
    assert (row.country, row.issues, row.languages) == ("GT", ("land-and-territory", "water"), ("es", "quc"))


async def test_without_a_language_in_the_code_the_first_question_is_which(stage: Stage) -> None:
    code = await a_code(stage)
    (hello,) = await stage.say("Amal", f"join {code}")
    assert "العربية" in hello.splitlines()[-1]
    await stage.say("Amal", "٤")
    assert (await stage.say("Amal", "امل"))[0] != ""
    async with stage.base.turn() as turn:
        viewer = await members.viewer_of(
            turn.tx, turn.guard, matrix_id="@amal:example.org", lane=Lane.CHAT, now=turn.now
        )
    assert viewer is not None and viewer.locale == "ar"


async def test_a_word_nobody_knows_gets_near_ones_and_a_number_takes_one(stage: Stage) -> None:
    code = await a_code(stage, locale="en")
    await stage.say("Lupe", f"join {code}")
    await stage.say("Lupe", "Lupe")
    await stage.say("Lupe", "0")
    (near,) = await stage.say("Lupe", "water, lannd and territori")
    assert "I understood: Water" in near and "1 = Land and territory" in near
    await stage.say("Lupe", "1")
    async with stage.base.turn() as turn:
        viewer = await members.viewer_of(
            turn.tx, turn.guard, matrix_id="@lupe:example.org", lane=Lane.CHAT, now=turn.now
        )
        assert viewer is not None and viewer.member is not None
        row = await members.rows.load(turn.tx, viewer.member)
    assert row is not None and row.issues == ("water", "land-and-territory")


async def test_a_conversation_broken_off_goes_on_where_it_stood(stage: Stage) -> None:
    code = await a_code(stage, locale="en")
    await stage.say("Lupe", f"join {code}")
    await stage.say("Lupe", "Lupe")
    restarted = Stage(stage.base)
    (answer,) = await restarted.say("Lupe", "Atlantis")
    assert "country" in answer
    (answer,) = await restarted.say("Lupe", "Guatemala")
    assert answer.startswith("What do you work on?")


async def test_five_wrong_codes_and_there_is_silence_even_for_the_right_one(stage: Stage) -> None:
    code = await a_code(stage)
    for _ in range(5):
        await stage.say("Eve", "join 0000-0000-0000-0000-0000-0000-00")
    answers = len(stage.lobby)
    await stage.say("Eve", f"join {code}")
    assert answers == 4 and len(stage.lobby) == answers and not stage.letters


async def test_allies_of_a_linked_network_are_found_in_one_line(stage: Stage) -> None:
    await a_person(stage, "Lupe", locale="en", issues=["land-and-territory"])
    sur = await a_linked_network(stage.base, "Sur")
    await an_organisation(stage.base, "Tierra Viva", issues=["land-and-territory"], works_in=["GT"])
    async with stage.turn(Viewer(Lane.PEER, network=sur)) as turn:
        card = a_card(1, "Bufete Popular", issues=["land-and-territory"], regions=["013"], languages=["es"])
        await sharing.apply_cards(turn, sur, [card], until=turn.now + timedelta(days=7))
    (found,) = await stage.say("Lupe", "find land in Guatemala")
    assert "1. Tierra Viva" in found and "Bufete Popular (Sur)" in found
    (asked,) = await stage.say("Lupe", "find lannd in Guatemala")
    assert "Did you mean Land and territory" in asked
    assert "1. Tierra Viva" in (await stage.say("Lupe", "1"))[0]


async def test_a_yes_to_a_network_shows_the_card_first_and_needs_the_word(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe", issues=["land-and-territory"])
    sur = await a_linked_network(stage.base, "Sur")
    (preview,) = await stage.say("Lupe", "yes sur")
    assert "Name: Lupe" in preview and "Works on: Land and territory" in preview
    assert preview.endswith("1 = yes, 0 = no")
    await stage.say("Lupe", "1")
    assert (await stage.say("Lupe", "not my word"))[0].startswith("That is not your word.")
    assert (await stage.say("Lupe", WORD))[0].startswith("Sur can see you now.")
    viewer = Viewer(Lane.CHAT, lupe, frozenset({Role.MEMBER}))
    async with stage.turn(viewer) as turn:
        (shown,) = await consent.mine(turn)
    assert shown.network == sur and shown.withdrawn_at is None
    (answer,) = await stage.say("Lupe", "no Sur")
    assert answer.startswith("Sur no longer sees you.")


async def test_help_lists_only_what_this_person_may_say(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Ana", Role.COORDINATOR)
    for handle, may in (("Lupe", False), ("Ana", True)):
        told = await stage.say(handle, "help")
        while "write: more" in told[-1]:
            told += await stage.say(handle, "more")
        assert any("waiting:" in page for page in told) is may
        assert "alarm: call for help." in told[0]


async def test_stop_leaves_the_talk_and_join_goes_on(stage: Stage) -> None:
    code = await a_code(stage, locale="en")
    await stage.say("Lupe", f"join {code}")
    assert (await stage.say("Lupe", "stop"))[0].startswith("We stop here.")
    assert (await stage.say("Lupe", "join"))[0].startswith("Which name")


async def test_the_word_is_changed_only_by_who_knows_the_old_one(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await stage.say("Lupe", "word")
    assert (await stage.say("Lupe", "wrong one"))[0].startswith("That is not your word.")
    await stage.say("Lupe", WORD)
    assert (await stage.say("Lupe", "sol amarillo"))[0] == "Your word is set. I never show it."
    await stage.say("Lupe", "alarm")
    assert (await stage.say("Lupe", "cancel sol amarillo"))[0].startswith("Stopped.")


async def test_an_introduction_is_asked_for_and_answered_in_chat(stage: Stage) -> None:
    await a_person(stage, "Lupe", issues=["land-and-territory"])
    marta = await a_person(stage, "Marta", issues=["land-and-territory"], country="MX", works_in=["GT"])
    (found,) = await stage.say("Lupe", "find land in Guatemala")
    assert "1. Marta" in found
    await stage.say("Lupe", "meet 1")
    await stage.say("Lupe", "We need a lawyer who knows land titles.")
    assert "We need a lawyer" in (await stage.heard_by(marta))[-1]
    assert not stage.meetings
    await stage.say("Marta", "1")
    (meeting,) = stage.meetings
    assert set(meeting.matrix_ids) == {"@lupe:example.org", "@marta:example.org"}


async def test_a_request_that_comes_in_does_not_take_the_answer_to_another_question(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Rosa", issues=["water"])
    sur = await a_linked_network(stage.base, "Sur")
    await stage.say("Rosa", "yes Sur")
    stage.base.clock.move(minutes=1)
    await stage.say("Lupe", "circle Rosa")
    stage.base.clock.move(minutes=1)
    (again,) = await stage.say("Rosa", "1")
    assert "More than one question is open." in again and "Shall the members of Sur see you?" in again
    rosas = await stage.say("Rosa", "0")
    assert rosas[0] == "Good. Nothing is shown to them." and "asks you to be in their circle" in rosas[1]
    assert (await stage.say("Rosa", "1"))[0].startswith("Thank you. You would be asked first.")
    assert sur not in {post.network for post in stage.posts}


async def test_the_word_is_taken_although_a_call_came_in_between(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    await a_person(stage, "Rosa", issues=["water"])
    await in_circle(stage, "Lupe", "Rosa")
    await a_linked_network(stage.base, "Sur")
    await stage.say("Rosa", "yes Sur")
    await stage.say("Rosa", "1")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    answers = await stage.say("Rosa", WORD)
    assert answers[0].startswith("Sur can see you now.") and "Lupe asks for help." in answers[1]
    await stage.pass_time(seconds=11)
    assert (await stage.say("Rosa", "1"))[0].startswith("You have it.")

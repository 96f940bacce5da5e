"""The phrase for danger: answered like the word, and behind it people are asked for help, unseen by her."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bots_stage import TIMES, WORD, Stage, a_person, in_circle
from people import matrix_id, seen_as
from sqlalchemy import select

from bots import later as bots_later
from bots import measuring, pressed, sentinel
from directory import audit, leaving, second_phrase, words
from directory.core.effects import ClearRoom, Post, SecretSaid, Tell
from directory.core.viewer import Lane, Role
from directory.languages import render
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store.tables import verifiers
from hub.ear import BotEar
from hub.matrix.hearing import Invite

if TYPE_CHECKING:
    from conftest import Desk

PHRASE = "All is well at home, thank you."
TYPED = "all is well at home thank you"
DO_NOT = "Do not write to them or call them."

DAYS = replace(TIMES, again_s=86400, again_at_most_s=86400)
"""Who is not answered for days is woken again every hour: tests/integration/test_bots_alarm_ladder.py."""


async def a_phrase(desk: Desk, member: str, phrase: str = PHRASE) -> None:
    """She chose it and practised it."""
    async with desk.turn(await seen_as(desk, member, word=True)) as turn:
        assert await second_phrase.practise(turn, await second_phrase.prepare(turn, phrase), phrase)


async def _village(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk, DAYS)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Eva")}
    for name in ("Cora", "Caro"):
        people[name] = await a_person(stage, name, Role.COORDINATOR)
    await in_circle(stage, "Luz", "Mar")
    await a_phrase(desk, people["Luz"])
    return stage, people


async def _silent(desk: Desk, member: str) -> list[sentinel.AlarmView]:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return [one for one in await sentinel.open_alarms(turn) if one.silent]


async def test_it_does_not_count_before_it_was_practised(desk: Desk) -> None:
    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        practice = await second_phrase.prepare(turn, PHRASE)
        assert await words.check_word(turn, luz, PHRASE) is None
        assert not await second_phrase.practise(turn, practice, "something else")
        assert await words.check_word(turn, luz, PHRASE) is None
        assert await second_phrase.practise(turn, practice, TYPED)
        given = await words.check_word(turn, luz, TYPED)
        assert given is not None and given.pressed
        plain = await words.check_word(turn, luz, WORD)
        assert plain is not None and not plain.pressed


async def test_choosing_it_needs_the_word_and_another_phrase_than_the_word(desk: Desk) -> None:
    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    for word, phrase, refusal in (
        (False, PHRASE, NeedsWord),
        (True, WORD, BadAnswer),
        (True, "ok", BadAnswer),
    ):
        with pytest.raises(refusal):
            async with desk.turn(await seen_as(desk, luz, word=word)) as turn:
                await second_phrase.prepare(turn, phrase)


async def test_practised_too_late_or_by_somebody_else_it_begins_again(desk: Desk) -> None:
    stage = Stage(desk)
    luz, eva = await a_person(stage, "Luz"), await a_person(stage, "Eva")
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        practice = await second_phrase.prepare(turn, PHRASE)
    for member, minutes in ((eva, 0), (luz, 16)):
        desk.clock.move(minutes=minutes)
        with pytest.raises(BadAnswer):
            async with desk.turn(await seen_as(desk, member, word=True)) as turn:
                await second_phrase.practise(turn, practice, PHRASE)


async def test_nothing_stored_tells_who_has_one(desk: Desk) -> None:
    stage = Stage(desk)
    luz, eva = await a_person(stage, "Luz"), await a_person(stage, "Eva")
    await a_phrase(desk, luz)
    async with desk.turn() as turn:
        kept = [dict(row._mapping) for row in await turn.tx.execute(select(verifiers))]
    assert {one["member"] for one in kept} == {luz, eva}
    assert len({(tuple(one), len(one["guarded"]), one["since"]) for one in kept}) == 1


async def test_removed_with_the_word_it_counts_no_more_after_three_days(desk: Desk) -> None:
    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    await a_phrase(desk, luz)
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await second_phrase.remove(turn)
        still = await words.check_word(turn, luz, PHRASE)
        assert still is not None and still.pressed, "at once it would tell which of the two was given"
    desk.clock.move(days=3)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert await words.check_word(turn, luz, PHRASE) is None
        assert await words.check_word(turn, luz, WORD) is not None


async def test_in_chat_it_is_explained_chosen_practised_and_removed(desk: Desk) -> None:
    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    told = (await stage.say("Luz", "phrase"))[0]
    assert "forces you" in told and "It does not hide what this device already shows." in told
    assert "not your word" in (await stage.say("Luz", "wrong words"))[0]
    assert "Write the phrase you choose" in (await stage.say("Luz", WORD))[0]
    assert "practise it" in (await stage.say("Luz", PHRASE))[0]
    assert "not the same" in (await stage.say("Luz", "cancel all is fine"))[0]
    said = len(desk.heard(SecretSaid))
    assert "It counts from now on" in (await stage.say("Luz", f"cancel {TYPED}"))[0]
    assert len(desk.heard(SecretSaid)) > said, "it is taken back out of the room like a word"
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert await words.check_word(turn, luz, PHRASE) is not None
    await stage.say("Luz", "phrase off")
    assert await stage.say("Luz", WORD) == [
        "Good. In three days you have no second phrase. Until then the old one still counts."
    ]
    desk.clock.move(days=3)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert await words.check_word(turn, luz, PHRASE) is None


async def test_stopping_an_alarm_with_it_looks_stopped_and_goes_on_until_two_lift_it(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "alarm they are at the door")
    await stage.pass_time(seconds=31)
    async with desk.turn(await seen_as(desk, people["Luz"])) as turn:
        before = await sentinel.my_alarm(turn)
    assert await stage.say("Luz", f"cancel {TYPED}") == [
        "Stopped. Everyone who was asked hears that you are safe."
    ]
    heard = len(await stage.heard_by(people["Luz"]))
    first, _, rest = (await stage.heard_by(people["Mar"]))[-1].partition("\n")
    assert first.startswith(DO_NOT) and "Luz gave the phrase for danger" in rest
    async with desk.turn(await seen_as(desk, people["Luz"])) as turn:
        after = await sentinel.my_alarm(turn)
    assert before is not None and after is not None and after.id == before.id
    assert after.state == "cancelled" and [one.step for one in after.story][-1] == "cancelled"

    await stage.pass_time(minutes=4)
    assert (await stage.heard_by(people["Cora"]))[-1].startswith(DO_NOT)
    await stage.say("Cora", "1")
    assert await stage.say("Cora", "done") == ["You have nothing to finish."], "one alone does not end it"
    assert await _silent(desk, people["Eva"]) == []
    await stage.say("Cora", "all clear Luz")
    assert "One more person" in (await stage.say("Cora", WORD))[0]
    assert len(await _silent(desk, people["Cora"])) == 1
    await stage.say("Caro", "all clear Luz")
    assert "The silent call is over. Everyone hears it." in await stage.say("Caro", WORD)
    assert await _silent(desk, people["Cora"]) == []
    assert "is over" in (await stage.heard_by(people["Mar"]))[-1]
    assert len(await stage.heard_by(people["Luz"])) == heard, "her room hears nothing of all that"


async def test_stopped_with_the_word_it_is_over_for_everybody(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "alarm")
    await stage.pass_time(seconds=31)
    assert await stage.say("Luz", f"cancel {WORD}") == [
        "Stopped. Everyone who was asked hears that you are safe."
    ]
    assert "gave their word for it" in (await stage.heard_by(people["Mar"]))[-1]
    assert await _silent(desk, people["Cora"]) == []


async def test_within_the_window_it_goes_out_all_the_same(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "alarm")
    assert await stage.say("Luz", f"safe {TYPED}") == ["Stopped. Nobody has heard anything."]
    assert (await stage.heard_by(people["Mar"]))[-1].startswith(DO_NOT)


@pytest.mark.parametrize("line", ["cancel", "safe", "ok"])
async def test_with_nothing_to_stop_it_still_calls_for_help_and_answers_the_same(
    desk: Desk, line: str
) -> None:
    stage, people = await _village(desk)
    with_word = await stage.say("Luz", f"{line} {WORD}")
    assert not any(DO_NOT in one for one in await stage.heard_by(people["Mar"]))
    assert await stage.say("Luz", f"{line} {TYPED}") == with_word
    assert (await stage.heard_by(people["Mar"]))[-1].startswith(DO_NOT)


async def test_given_again_it_wakes_nobody_twice(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", f"ok {TYPED}")
    before = len(await stage.heard_by(people["Mar"]))
    await stage.say("Luz", f"ok {TYPED}")
    assert len(await stage.heard_by(people["Mar"])) == before


async def test_nothing_of_it_is_shown_to_her_even_when_she_coordinates(desk: Desk) -> None:
    stage = Stage(desk)
    people = {
        name: await a_person(stage, name, Role.COORDINATOR, Role.ADMINISTRATOR)
        for name in ("Luz", "Cora", "Caro")
    }
    await a_phrase(desk, people["Luz"])
    await stage.say("Luz", f"ok {TYPED}")
    assert len(await _silent(desk, people["Cora"])) == 1
    assert await _silent(desk, people["Luz"]) == []
    assert await stage.say("Luz", "alarms") == ["Nobody is asking for help now."]
    assert await stage.say("Luz", "status") == ["Nothing is open for you now."]
    for name in ("Cora", "Caro"):
        await stage.say(name, "all clear Luz")
        await stage.say(name, WORD)
    assert not any(
        "Luz" in told or DO_NOT in told for told in await stage.heard_by(people["Luz"]) if "silent" in told
    )
    seen = {}
    for name in ("Luz", "Cora"):
        async with desk.turn(await seen_as(desk, people[name])) as turn:
            seen[name] = [one.act for one in await audit.read(turn)]
    assert "silent-lifted" in seen["Cora"] and "silent-lifted" not in seen["Luz"]
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, people["Luz"], word=True)) as turn:
            await pressed.lift(turn, "luz")


@pytest.mark.parametrize("alarm", [False, True])
async def test_no_figure_tells_her_of_it_either(desk: Desk, alarm: bool) -> None:
    """What stopping with the word leaves in the numbers, for an alarm that others heard and with none."""
    stage = Stage(desk)
    people = {name: await a_person(stage, name, Role.COORDINATOR) for name in ("Luz", "Eva", "Cora")}
    await a_phrase(desk, people["Luz"])
    seen = {}
    for name, said in (("Eva", WORD), ("Luz", TYPED)):
        desk.clock.move(days=31)
        if alarm:
            await stage.say(name, "alarm")
            await stage.pass_time(minutes=10)
        await stage.say(name, f"cancel {said}")
        await stage.pass_time(minutes=10)
        async with desk.turn(await seen_as(desk, people[name])) as turn:
            found = await measuring.figures(stage.desk, turn)
        seen[name] = (found.alarms, found.unanswered, found.told, found.answered)
        async with desk.turn(await seen_as(desk, people["Cora"])) as turn:
            others = (await measuring.figures(stage.desk, turn)).told
        assert others >= max(found.told, name == "Luz"), "whoever looks after her finds it in them"
    assert seen["Eva"] == seen["Luz"]


async def test_the_networks_she_named_hear_that_it_is_silent(desk: Desk) -> None:
    from people import a_linked_network

    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    network = await a_linked_network(desk, "Rafiki")
    await stage.say("Luz", "plan")
    from bots import planning

    async with desk.turn(await seen_as(desk, luz)) as turn:
        await planning.set_plan(stage.desk, turn, networks=(network,))
    await a_phrase(desk, luz)
    await stage.say("Luz", f"ok {TYPED}")
    assert [post.body["silent"] for post in stage.posts if post.type == "alarm"] == [True]
    assert isinstance(stage.posts[-1], Post)


async def test_leaving_with_it_looks_gone_and_a_coordinator_can_stop_it(desk: Desk) -> None:
    stage, people = await _village(desk)
    await a_person(stage, "Marisol", Role.ADMINISTRATOR)
    heard = {}
    for name, said in (("Eva", WORD), ("Luz", TYPED)):
        await stage.say(name, "leave")
        heard[name] = await stage.say(name, said)
        assert await stage.say(name, "status") == []
    assert heard["Eva"] == heard["Luz"] and heard["Eva"][0].startswith("You have left.")
    async with desk.turn() as turn:
        assert await rows.load(turn.tx, people["Eva"]) is None
        assert await rows.load(turn.tx, people["Luz"]) is not None
        for handle in ("Eva", "Luz"):
            assert await words.who_says(turn, handle, WORD) is None
    assert "To stop it: halt Luz" in " ".join(await stage.heard_by(people["Cora"]))
    async with desk.turn(await seen_as(desk, people["Cora"])) as turn:
        (waits,) = await bots_later.listed(turn)
    assert (waits.handle, waits.kind, waits.stopped) == ("Luz", "leave", False)
    await stage.say("Cora", "halt Luz")
    assert "Stopped" in (await stage.say("Cora", WORD))[0]
    await stage.pass_time(hours=73)
    async with desk.turn() as turn:
        kept = await rows.load(turn.tx, people["Luz"])
    assert kept is not None and kept.state == "frozen"
    for name in ("Cora", "Caro"):
        await stage.say(name, "lift Luz")
        await stage.say(name, WORD)
    assert await stage.say("Luz", "status") == ["Nothing is open for you now."]


async def test_whoever_left_with_it_meets_at_the_bot_what_a_stranger_meets(desk: Desk) -> None:
    stage, people = await _village(desk)
    await a_person(stage, "Marisol", Role.ADMINISTRATOR)
    ear = BotEar(stage.desk, stage.turn, None, None)  # type: ignore[arg-type]  # only invitations are heard
    met = {}
    for name, said in (("Eva", WORD), ("Luz", TYPED)):
        await stage.say(name, "leave")
        await stage.say(name, said)
        stage.lobby.clear()
        await stage.say(name, "join abcd apple river")
        answers = [(one.room, render(one.text, "en")) for one in stage.lobby]
        new = f"!new-{name}:example.org"
        invite = Invite(
            account="bot", room=new, inviter=matrix_id(name), reason="", direct=True, encrypted=True
        )
        met[name] = [text for _, text in answers], await ear.invited(invite)
        assert [room for room, _ in answers] == [f"!{name}:example.org"]
    assert met["Eva"] == met["Luz"]
    before = len(await stage.heard_by(people["Mar"]))
    await stage.say("Luz", "alarm")
    assert len(await stage.heard_by(people["Mar"])) > before, "a call for help is heard all the same"


async def test_leaving_with_it_is_done_after_three_days_when_nobody_stops_it(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "leave")
    await stage.say("Luz", TYPED)
    await stage.pass_time(hours=71)
    async with desk.turn() as turn:
        assert await rows.load(turn.tx, people["Luz"]) is not None
    await stage.pass_time(hours=2)
    async with desk.turn() as turn:
        assert await rows.load(turn.tx, people["Luz"]) is None


async def test_a_copy_comes_after_three_days_and_a_stopped_one_holds_no_more_than_the_pages(
    desk: Desk,
) -> None:
    stage, people = await _village(desk)
    await in_circle(stage, "Eva", "Mar")
    for name in ("Eva", "Luz"):
        await stage.say(name, "alarm they are at the door")
        await stage.say(name, f"cancel {WORD}")
    await stage.pass_time(hours=25)
    asked = {}
    for name, said in (("Eva", WORD), ("Luz", TYPED)):
        await stage.say(name, "copy")
        asked[name] = await stage.say(name, said)
    assert asked["Eva"] == asked["Luz"]
    await stage.say("Cora", "halt Luz")
    await stage.say("Cora", WORD)
    await stage.pass_time(hours=73)
    read = {}
    for name, said in (("Eva", WORD), ("Luz", TYPED)):
        assert "Your copy is ready" in (await stage.heard_by(people[name]))[-1]
        await stage.say(name, "copy")
        read[name] = (await stage.say(name, said))[0]
    hers, theirs = json.loads(read["Eva"]), json.loads(read["Luz"])
    assert [one["text"] for one in hers.pop("calls")] == ["they are at the door"]
    assert theirs.pop("calls") == [], "what no page shows any more is in none that was stopped"
    assert (theirs.pop("card")["handle"], hers.pop("card")["handle"]) == ("Luz", "Eva")
    assert theirs == hers and theirs["circle"] == ["Mar"], "less than she sees would tell that it was stopped"


async def test_only_who_looks_after_the_network_stops_or_lifts(desk: Desk) -> None:
    stage, people = await _village(desk)
    await stage.say("Luz", "copy")
    await stage.say("Luz", TYPED)
    for name, word, refusal in (("Eva", True, NotYours), ("Mar", True, NotYours), ("Cora", False, NeedsWord)):
        for act in (bots_later.stop, pressed.lift):
            with pytest.raises(refusal):
                async with stage.turn(await seen_as(desk, people[name], word=word)) as turn:
                    await act(turn, "luz")
    with pytest.raises(NotYours):
        async with stage.turn(await seen_as(desk, people["Eva"])) as turn:
            await bots_later.listed(turn)


async def test_a_new_word_chosen_under_pressure_counts_and_the_true_one_stays_hers(desk: Desk) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    await stage.say("Luz", "word")
    await stage.say("Luz", TYPED)
    assert await stage.say("Luz", "their new word") == ["Your word is set. I never show it."]
    async with desk.turn(await seen_as(desk, luz)) as turn:
        forced = await words.check_word(turn, luz, "their new word")
        assert forced is not None and forced.pressed
        assert await words.check_word(turn, luz, PHRASE) is None
        hers = await words.check_word(turn, luz, WORD)
        assert hers is not None and not hers.pressed


async def test_the_last_administrator_cannot_leave_with_either(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    await a_phrase(desk, ana)
    answers = []
    for said in (WORD, TYPED):
        await stage.say("Ana", "leave")
        answers.append(await stage.say("Ana", said))
    assert answers[0] == answers[1] and "last administrator" in answers[0][0]
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, ana, lane=Lane.PAGE)) as turn:
            await leaving.leave(turn)


async def test_what_the_bot_says_of_the_phrase_is_taken_back_once_it_was_practised(desk: Desk) -> None:
    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    for said in ("phrase", WORD, PHRASE, f"cancel {TYPED}"):
        before = len(desk.recorded)
        await stage.say("Luz", said)
        now = desk.recorded[before:]
        told = [one for one in now if isinstance(one, Tell) and one.member == luz]
        assert told and all(one.passes for one in told), said
        assert any(isinstance(one, SecretSaid) for one in now), f"what the person wrote as well: {said}"
    assert [type(one) for one in now if isinstance(one, ClearRoom | Tell)] == [ClearRoom, Tell]
    await stage.say("Luz", "phrase")
    await stage.say("Luz", "0")
    assert len(desk.heard(ClearRoom)) == 2, "and when they leave it"


async def test_what_was_chosen_by_force_calls_for_help_and_ends_three_days_after_the_true_word(
    desk: Desk,
) -> None:
    stage, theirs = Stage(desk), "a phrase of theirs"
    luz = await a_person(stage, "Luz")
    await a_phrase(desk, luz)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        given = await words.check_word(turn, luz, PHRASE)
        assert given is not None
        turn = words.sure(turn, given)
        assert await second_phrase.practise(turn, await second_phrase.prepare(turn, theirs), theirs)
        pressed_too = [await words.check_word(turn, luz, said) for said in (PHRASE, theirs)]
        assert [one is not None and one.pressed for one in pressed_too] == [True, True]
        hers = await words.check_word(turn, luz, WORD)
        assert hers is not None and not hers.pressed
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await words.set_word(turn, luz, "a new word of hers")
        still = await words.check_word(turn, luz, theirs)
        assert still is not None and still.pressed
    desk.clock.move(days=3)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert await words.check_word(turn, luz, theirs) is None
        assert await words.check_word(turn, luz, PHRASE) is not None

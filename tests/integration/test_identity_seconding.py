"""Asked by one, confirmed by a second: at home, by a custodian, by a linked network, on real databases."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from bots_stage import HANDLERS, WORD, Stage, a_person, in_circle
from doors import a_door
from people import a_member, a_newcomer, matrix_id, seen_as
from two_hubs import Neighbours, pair

from bots import freezing, offboarding, seconding
from bots.desk import Desk as BotsDesk
from directory import custodians, joining, members, vocabularies, words
from directory import seconding as wishes
from directory.core.effects import Tell
from directory.core.two_person import LASTS, NEW_FOR, Act
from directory.core.viewer import Lane, Role, Viewer
from directory.custodians import Sheet
from directory.languages import render
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import seconding as store
from directory.store.seconding import CustodianRow
from hub.federation import links
from hub.federation.covering import promise_of
from hub.handlers import asked_second

if TYPE_CHECKING:
    from conftest import Desk

__all__ = ["pair"]
DESK = BotsDesk(vocabularies.known(), "Red del Sur", promises=promise_of)
ADMIN, COORDINATOR = frozenset({Role.ADMINISTRATOR}), frozenset({Role.COORDINATOR})


async def _due(_desk: object, turn: Any, ask: str) -> None:
    await seconding.on_due(turn, ask)


@pytest.fixture(autouse=True)
def _wishes_fall_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, wishes.DUE, _due)


async def _roles(desk: Any, member: str) -> frozenset[Role]:
    return (await seen_as(desk, member)).roles


# --- at home ----------------------------------------------------------------------------------------------


async def test_one_administrator_alone_makes_no_other_and_the_second_does_it_in_chat(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Ana", Role.ADMINISTRATOR)
    cora, luz = await a_person(stage, "Cora", Role.COORDINATOR), await a_person(stage, "Luz")
    await stage.say("Ana", "give role luz administrator")
    assert "One more person" in (await stage.say("Ana", WORD))[0]
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)
    assert "Ana asks you as the second person. Luz: become administrator." in (await stage.heard_by(cora))[-1]
    assert "Write your word" in (await stage.say("Cora", "1"))[0]
    assert Role.ADMINISTRATOR not in await _roles(desk, luz), "not before the word"
    assert "It is done" in (await stage.say("Cora", WORD))[0]
    assert Role.ADMINISTRATOR in await _roles(desk, luz)
    assert any("The second person said yes" in told for told in [one.body for one in stage.letters])


async def test_other_roles_need_one_administrator_only(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Ana", Role.ADMINISTRATOR)
    luz = await a_person(stage, "Luz")
    await stage.say("Ana", "give role luz responder")
    assert await stage.say("Ana", WORD) == ["Done."]
    assert Role.RESPONDER in await _roles(desk, luz)


async def test_the_second_says_no_and_nothing_is_changed(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    await a_person(stage, "Cora", Role.COORDINATOR)
    luz = await a_person(stage, "Luz")
    await stage.say("Ana", "give role luz administrator")
    await stage.say("Ana", WORD)
    assert await stage.say("Cora", "0") == ["Good. Nothing was changed."]
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)
    assert "said no" in (await stage.heard_by(ana))[-1]


async def test_who_asked_whom_it_is_about_and_a_plain_member_are_no_second(desk: Desk) -> None:
    ana, luz, mar = [
        await a_member(desk, "Ana", roles=ADMIN),
        await a_member(desk, "Luz", roles=COORDINATOR),
        await a_member(desk, "Mar"),
    ]
    cora = await a_member(desk, "Cora", roles=COORDINATOR)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        waits = await members.give_role(turn, luz, Role.ADMINISTRATOR)
    assert isinstance(waits, wishes.Waits)
    assert waits.asked == 1, "only Cora"
    for who in (ana, luz, mar):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, who, word=True)) as turn:
                await seconding.answer(turn, waits.ask, yes=True)
        async with desk.turn(await seen_as(desk, who)) as turn:
            assert [one.may_answer for one in await seconding.listed(turn)] == [False] * (who == ana)
    with pytest.raises(NeedsWord):
        async with desk.turn(await seen_as(desk, cora)) as turn:
            await seconding.answer(turn, waits.ask, yes=True)
    async with desk.turn(await seen_as(desk, cora, word=True)) as turn:
        await seconding.answer(turn, waits.ask, yes=True)
    assert Role.ADMINISTRATOR in await _roles(desk, luz)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, cora, word=True)) as turn:
            await seconding.answer(turn, waits.ask, yes=True)


async def test_two_who_want_the_same_are_two_people(desk: Desk) -> None:
    ana, bea, luz = [await a_member(desk, name, roles=ADMIN) for name in ("Ana", "Bea", "Luz")]
    mar = await a_member(desk, "Mar")
    for _ in range(2):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            assert isinstance(await members.give_role(turn, mar, Role.ADMINISTRATOR), wishes.Waits)
    async with desk.turn(await seen_as(desk, bea, word=True)) as turn:
        assert await members.give_role(turn, mar, Role.ADMINISTRATOR) is None
    assert Role.ADMINISTRATOR in await _roles(desk, mar)
    assert luz


async def test_it_is_over_after_three_days_and_who_asked_hears_so(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    cora, luz = await a_person(stage, "Cora", Role.COORDINATOR), await a_person(stage, "Luz")
    await stage.say("Ana", "give role luz administrator")
    await stage.say("Ana", WORD)
    await stage.pass_time(hours=73)
    assert "Nobody was the second person in time" in (await stage.heard_by(ana))[-1]
    await stage.say("Cora", "1")
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)
    assert cora


async def test_whoever_is_forced_to_say_yes_is_answered_the_same_and_nothing_is_done(desk: Desk) -> None:
    ana, cora = await a_member(desk, "Ana", roles=ADMIN), await a_member(desk, "Cora", roles=COORDINATOR)
    luz = await a_member(desk, "Luz")
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        waits = await members.give_role(turn, luz, Role.ADMINISTRATOR)
    assert isinstance(waits, wishes.Waits)
    forced = replace(await seen_as(desk, cora, word=True), given_as=1)
    async with desk.turn(forced) as turn:
        said = await seconding.answer(turn, waits.ask, yes=True)
        assert await seconding.listed(turn) == ()
    assert render(said, "en") == "Thank you. It is done."
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)


async def _forced(desk: Any, member: str) -> Viewer:
    return replace(await seen_as(desk, member, word=True), given_as=1)


async def test_whoever_is_forced_to_ask_sees_what_the_word_shows_and_nobody_is_asked(desk: Desk) -> None:
    """The same text, the same list, the same log, with a second person here and without."""
    ana = await a_member(desk, "Ana", roles=ADMIN)
    luz, mar = await a_member(desk, "Luz"), await a_member(desk, "Mar")
    for others in (0, 1):
        cora = await a_member(desk, "Cora", roles=COORDINATOR) if others else None
        seen = []
        for viewer, about in ((await seen_as(desk, ana, word=True), luz), (await _forced(desk, ana), mar)):
            before = len(desk.heard(Tell))
            async with desk.turn(viewer) as turn:
                waits = await members.give_role(turn, about, Role.ADMINISTRATOR)
                assert isinstance(waits, wishes.Waits)
                again = await members.give_role(turn, about, Role.ADMINISTRATOR)
                assert isinstance(again, wishes.Waits)
                mine = [one for one in await seconding.listed(turn) if one.id == waits.ask]
            seen.append((render(waits.text, "en"), waits.asked, again == waits, [one.mine for one in mine]))
            asked = len(desk.heard(Tell)) - before
            assert asked == (0 if viewer.pressed else others)
            if cora is not None and viewer.pressed:
                with pytest.raises(NotYours):
                    async with desk.turn(await seen_as(desk, cora, word=True)) as turn:
                        await seconding.answer(turn, waits.ask, yes=True)
        assert seen[0] == seen[1]
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            await wishes.forget(turn, ana)
    assert Role.ADMINISTRATOR not in await _roles(desk, mar)


async def test_a_code_typed_by_somebody_forced_looks_as_if_it_was_done(desk: Desk) -> None:
    sheet = await _sheet(desk)
    ana, luz = await a_member(desk, "Ana", roles=ADMIN), await a_member(desk, "Luz")
    async with desk.turn(await _forced(desk, ana)) as turn:
        waits = await members.give_role(turn, luz, Role.ADMINISTRATOR)
        assert isinstance(waits, wishes.Waits)
        with pytest.raises(BadAnswer):
            await seconding.use_code(turn, waits.ask, "0000-0000-0000")
    async with desk.turn(await seen_as(desk, ana)) as turn:
        said = await seconding.use_code(turn, waits.ask, sheet.codes[0])
        assert await seconding.listed(turn) == ()
    assert render(said, "en") == "Thank you. It is done."
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        freely = await members.give_role(turn, luz, Role.ADMINISTRATOR)
        assert isinstance(freely, wishes.Waits)
        await seconding.use_code(turn, freely.ask, sheet.codes[1])
    assert Role.ADMINISTRATOR in await _roles(desk, luz), "asked freely it is done"


async def test_what_was_asked_by_somebody_who_may_no_more_is_not_done(desk: Desk) -> None:
    """Roles taken away, or the entry held back, between the wish and the yes."""
    sheet = await _sheet(desk)
    ana, bea = [await a_member(desk, name, roles=ADMIN) for name in ("Ana", "Bea")]
    luz, mar = await a_member(desk, "Luz"), await a_member(desk, "Mar")
    async with desk.turn(await seen_as(desk, bea, word=True)) as turn:
        waits = await members.give_role(turn, luz, Role.ADMINISTRATOR)
        assert isinstance(waits, wishes.Waits)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await members.take_role(turn, bea, Role.ADMINISTRATOR)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, bea, word=True)) as turn:
            await seconding.use_code(turn, waits.ask, sheet.codes[0])
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            await seconding.answer(turn, waits.ask, yes=True)
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        hers = await members.give_role(turn, mar, Role.ADMINISTRATOR)
        assert isinstance(hers, wishes.Waits)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await seconding.use_code(turn, hers.ask, sheet.codes[1])
    assert Role.ADMINISTRATOR in await _roles(desk, mar), "who still may is seconded"


# --- a custodian ------------------------------------------------------------------------------------------


async def _sheet(desk: Any) -> Sheet:
    async with desk.turn() as turn:
        return await custodians.first(turn, "the notary")


async def test_a_network_with_one_coordinator_lifts_a_freeze_with_a_custodians_code(desk: Desk) -> None:
    stage = Stage(desk)
    sheet = await _sheet(desk)
    await a_person(stage, "Ana", Role.ADMINISTRATOR, Role.COORDINATOR)
    luz = await a_person(stage, "Luz")
    await stage.say("Ana", "freeze luz")
    await stage.say("Ana", "lift luz")
    assert "Nobody else here can be the second person" in (await stage.say("Ana", WORD))[0]
    assert "not right" in (await stage.say("Ana", "second 0000-0000-0000"))[0]
    assert (await seen_as(desk, luz)).roles == frozenset()
    assert "It is done" in (await stage.say("Ana", f"second {sheet.codes[0]}"))[0]
    assert Role.MEMBER in (await seen_as(desk, luz)).roles
    await stage.say("Ana", "freeze luz")
    await stage.say("Ana", "lift luz")
    await stage.say("Ana", WORD)
    assert "not right" in (await stage.say("Ana", f"second {sheet.codes[0]}"))[0], "each works once"
    assert "It is done" in (await stage.say("Ana", f"second {sheet.codes[1].upper()}"))[0]


async def test_only_who_asked_uses_a_code_and_an_ended_custodians_sheet_is_paper(desk: Desk) -> None:
    sheet = await _sheet(desk)
    ana = await a_member(desk, "Ana", roles=ADMIN)
    luz, mar = await a_member(desk, "Luz"), await a_member(desk, "Mar")
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        waits = await members.give_role(turn, luz, Role.ADMINISTRATOR)
    assert isinstance(waits, wishes.Waits)
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, mar, word=True)) as turn:
            await seconding.use_code(turn, waits.ask, sheet.codes[0])
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        (named,) = await custodians.everybody(turn)
        assert (named.name, named.codes) == ("the notary", custodians.CODES)
        await custodians.end(turn, named.id)
    with pytest.raises(BadAnswer):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            await seconding.use_code(turn, waits.ask, sheet.codes[0])
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)


async def test_a_custodian_is_named_by_two_and_a_member_then_confirms(desk: Desk) -> None:
    stage = Stage(desk)
    sheet = await _sheet(desk)
    await a_person(stage, "Ana", Role.ADMINISTRATOR)
    mar, luz = await a_person(stage, "Mar"), await a_person(stage, "Luz")
    await stage.say("Ana", "custodian mar")
    await stage.say("Ana", WORD)
    await stage.say("Ana", f"second {sheet.codes[0]}")
    await stage.say("Ana", "give role luz administrator")
    await stage.say("Ana", WORD)
    assert "become administrator" in (await stage.heard_by(mar))[-1]
    await stage.say("Mar", "1")
    await stage.say("Mar", WORD)
    assert Role.ADMINISTRATOR in await _roles(desk, luz)


async def test_the_machine_names_nobody_by_itself_and_gets_the_sheet_after_a_yes(desk: Desk) -> None:
    ana = await a_member(desk, "Ana", roles=ADMIN)
    async with desk.turn() as turn:
        waits = await custodians.name_outside(turn, "the notary")
    assert isinstance(waits, wishes.Waits)
    async with desk.turn() as turn:
        assert isinstance(await custodians.name_outside(turn, "the notary"), wishes.Waits)
        assert await custodians.everybody(turn) == ()
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await seconding.answer(turn, waits.ask, yes=True)
    async with desk.turn() as turn:
        assert isinstance(await custodians.name_outside(turn, "somebody else"), wishes.Waits)
        sheet = await custodians.name_outside(turn, "the notary")
        assert isinstance(sheet, Sheet)
        assert len(set(sheet.codes)) == custodians.CODES
    async with desk.turn() as turn:
        assert isinstance(await custodians.name_outside(turn, "the notary"), wishes.Waits), "once"
        with pytest.raises(NotYours):
            await custodians.first(turn, "one more")


async def test_nobody_but_the_custodian_outside_has_a_whole_code_and_both_halves_make_one(desk: Desk) -> None:
    ana, bea = [await a_member(desk, name, roles=ADMIN) for name in ("Ana", "Bea")]
    luz = await a_member(desk, "Luz")
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        waits = await custodians.name_outside(turn, "the notary")
    assert isinstance(waits, wishes.Waits)
    async with desk.turn(await seen_as(desk, bea, word=True)) as turn:
        await seconding.answer(turn, waits.ask, yes=True)
    shown = next(
        one for one in desk.heard(Tell) if one.member == bea and "second half" in render(one.text, "en")
    )
    assert shown.passes, "it does not stay in the room"
    second = re.findall(r"[0-9]: ([0-9a-z]{4}-[0-9a-z]{4})", render(shown.text, "en"))
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        sheet = await custodians.name_outside(turn, "the notary")
        assert isinstance(sheet, Sheet)
        assert sheet.halves
        wish = await members.give_role(turn, luz, Role.ADMINISTRATOR)
        assert isinstance(wish, wishes.Waits)
        for half in (sheet.codes[0], second[0], sheet.codes[0] + sheet.codes[0], sheet.codes[0] + second[1]):
            with pytest.raises(BadAnswer):
                await seconding.use_code(turn, wish.ask, half)
        await seconding.use_code(turn, wish.ask, f"{sheet.codes[0]} {second[0]}")
    assert Role.ADMINISTRATOR in await _roles(desk, luz)


async def test_whoever_is_alone_gets_no_new_sheet_by_an_old_ones_code(desk: Desk) -> None:
    """Else one code of an honest custodian would make eight that only whoever asked has seen."""
    sheet = await _sheet(desk)
    ana = await a_member(desk, "Ana", roles=ADMIN)
    with pytest.raises(BadAnswer, match="hands over half"):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            await custodians.name_outside(turn, "nobody at all")
    bea = await a_member(desk, "Bea", roles=ADMIN)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        waits = await custodians.name_outside(turn, "nobody at all")
        assert isinstance(waits, wishes.Waits)
        with pytest.raises(BadAnswer, match="hands over half"):
            await seconding.use_code(turn, waits.ask, sheet.codes[0])
    async with desk.turn(await seen_as(desk, bea, word=True)) as turn:
        await seconding.answer(turn, waits.ask, yes=True)


async def test_a_custodian_is_not_told_whose_silent_call_is_to_be_lifted(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    cora, mar = await a_person(stage, "Cora", Role.COORDINATOR), await a_person(stage, "Mar")
    luz = await a_person(stage, "Luz")
    async with desk.turn() as turn:
        await store.add_custodian(turn.tx, CustodianRow(turn.ids(), mar, None, turn.now))
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        waits = await wishes.wish(turn, Act.LIFT_SILENT, luz)
        kept = await wishes.wish(turn, Act.KEEP_FREEZE, luz)
    assert isinstance(waits, wishes.Waits)
    assert isinstance(kept, wishes.Waits)
    assert (waits.asked, kept.asked) == (1, 2)
    asked = [one.member for one in desk.heard(Tell) if one.context.get("ask") == waits.ask]
    assert asked == [cora], "and a custodian is asked for what they may decide"


# --- one person, and somebody they made up ----------------------------------------------------------------


async def _let_in(desk: Any, by: str, handle: str, *roles: Role) -> str:
    """Somebody whom one member alone invites and confirms; the id."""
    async with desk.turn(await seen_as(desk, by, word=True)) as turn:
        code = (await joining.invite(turn, roles=roles)).typed
    member = await a_newcomer(desk, handle, code=code)
    async with desk.turn(await seen_as(desk, by, word=True)) as turn:
        await joining.confirm(turn, member)
    return member


async def _asks(desk: Any, who: str, about: str) -> wishes.Waits:
    async with desk.turn(await seen_as(desk, who, word=True)) as turn:
        outcome = await wishes.wish(turn, Act.KEEP_FREEZE, about)
    assert isinstance(outcome, wishes.Waits)
    return outcome


async def test_one_administrator_and_a_coordinator_they_made_up_are_one_person(desk: Desk) -> None:
    ana, luz = await a_member(desk, "Ana", roles=ADMIN), await a_member(desk, "Luz")
    shadow = await _let_in(desk, ana, "Shadow", Role.COORDINATOR)
    twin = await _let_in(desk, ana, "Twin")
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await members.give_role(turn, twin, Role.COORDINATOR)
    waits = await _asks(desk, ana, luz)
    assert waits.asked == 0
    for who, ask in ((shadow, waits.ask), (twin, waits.ask), (ana, (await _asks(desk, shadow, luz)).ask),
                     (twin, (await _asks(desk, shadow, luz)).ask)):  # fmt: skip
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, who, word=True)) as turn:
                await seconding.answer(turn, ask, yes=True)


async def test_another_coordinator_a_custodians_code_and_time_make_it_two(desk: Desk) -> None:
    sheet = await _sheet(desk)
    ana, luz = await a_member(desk, "Ana", roles=ADMIN), await a_member(desk, "Luz")
    bea = await a_member(desk, "Bea", roles=COORDINATOR)
    new = await _let_in(desk, ana, "New", Role.COORDINATOR)
    told = [one.member for one in desk.heard(Tell) if "look after the network" in render(one.text, "en")]
    assert told == [bea], "the others hear of it"
    async with desk.turn(await seen_as(desk, bea, word=True)) as turn:
        await seconding.answer(turn, (await _asks(desk, new, luz)).ask, yes=True)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await seconding.use_code(turn, (await _asks(desk, ana, luz)).ask, sheet.codes[0])
    desk.clock.move(seconds=NEW_FOR.total_seconds())
    async with desk.turn(await seen_as(desk, new, word=True)) as turn:
        await seconding.answer(turn, (await _asks(desk, ana, luz)).ask, yes=True)


async def test_whoever_is_brought_back_without_a_word_stands_for_who_brought_them(desk: Desk) -> None:
    ana, luz = await a_member(desk, "Ana", roles=ADMIN), await a_member(desk, "Luz")
    bea, cora = [await a_member(desk, name, roles=COORDINATOR) for name in ("Bea", "Cora")]
    async with desk.turn(replace(await seen_as(desk, bea), word_at=None)) as turn:
        await words.set_word(turn, bea, WORD)
    for who in (bea, cora):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            code = (await joining.invite_back(turn, who)).typed
        async with desk.turn(Viewer(Lane.CHAT)) as turn:
            await joining.redeem(turn, code)
    assert (await _asks(desk, ana, luz)).asked == 1, "Bea, whose word they do not have"


async def test_a_custodian_brought_back_without_a_word_is_whoever_made_the_code_and_with_hers_is_herself(
    desk: Desk,
) -> None:
    """Else one coordinator, with a code for a custodian that they use themselves, would be two people."""
    ana, luz = await a_member(desk, "Ana", roles=COORDINATOR), await a_member(desk, "Luz")
    mar, noa = [await a_member(desk, name) for name in ("Mar", "Noa")]
    async with desk.turn() as turn:
        for who in (mar, noa):
            await store.add_custodian(turn.tx, CustodianRow(turn.ids(), who, None, turn.now))
    async with desk.turn(await seen_as(desk, noa)) as turn:
        await words.set_word(turn, noa, WORD)
    desk.clock.move(hours=1)
    for who in (mar, noa):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            code = (await joining.invite_back(turn, who)).typed
        async with desk.turn(Viewer(Lane.PAGE)) as turn:
            assert await joining.enter_by_page(turn, code, "en") == joining.Entered(who, back=True)
    async with desk.turn(await seen_as(desk, mar)) as turn:
        await words.set_word(turn, mar, "whatever the coordinator likes")
    waits = await _asks(desk, ana, luz)
    assert waits.asked == 1, "only Noa"
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, mar, word=True)) as turn:
            await seconding.answer(turn, waits.ask, yes=True)
    async with desk.turn(await seen_as(desk, noa, word=True)) as turn:
        await seconding.answer(turn, waits.ask, yes=True)
    desk.clock.move(seconds=NEW_FOR.total_seconds())
    assert (await _asks(desk, ana, luz)).asked == 2, "after two weeks everybody had time to notice"


async def test_a_keeper_who_comes_back_in_chat_without_a_word_is_whoever_made_the_code_too(
    desk: Desk,
) -> None:
    ana, luz = await a_member(desk, "Ana", roles=COORDINATOR), await a_member(desk, "Luz")
    bea, cora = [await a_member(desk, name, roles=COORDINATOR) for name in ("Bea", "Cora")]
    async with desk.turn(await seen_as(desk, bea)) as turn:
        await words.set_word(turn, bea, WORD)
    for who, name in ((bea, "Bea"), (cora, "Cora")):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            code = (await joining.invite_back(turn, who)).typed
        async with desk.turn(Viewer(Lane.CHAT)) as turn:
            back = await joining.come_back(
                turn, matrix_id=matrix_id(name), master_key="another", room="!new:example.org", code=code,
                alone=True,
            )  # fmt: skip
        assert back == joining.Entered(who, back=True)
    assert (await _asks(desk, ana, luz)).asked == 1, "Bea, whose word they do not have"


async def test_off_boarding_ends_what_somebody_asked_for_and_their_being_a_second_person(desk: Desk) -> None:
    ana, bea = [await a_member(desk, name, roles=ADMIN) for name in ("Ana", "Bea")]
    mar, luz = await a_member(desk, "Mar"), await a_member(desk, "Luz")
    for who in (bea, ana):
        async with desk.turn(await seen_as(desk, who, word=True)) as turn:
            await custodians.name_member(turn, "mar")
    async with desk.turn(await seen_as(desk, bea, word=True)) as turn:
        waits = await members.give_role(turn, luz, Role.ADMINISTRATOR)
    assert isinstance(waits, wishes.Waits)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        assert (await offboarding.off_board(turn, "bea")).second == 1
        assert (await offboarding.off_board(turn, "mar")).second == 1
        assert await custodians.everybody(turn) == ()
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, mar, word=True)) as turn:
            await seconding.answer(turn, waits.ask, yes=True)
    assert Role.ADMINISTRATOR not in await _roles(desk, luz)


# --- a linked network -------------------------------------------------------------------------------------


async def _one_each(pair: Neighbours, *, lent: bool = True) -> tuple[str, str, str]:
    """An administrator and a frozen member in the south, a coordinator in the north, linked."""
    await pair.introduce()
    await pair.compare()
    await pair.agree(links.Terms(our_second=lent, their_second=lent))
    south, north = pair.a, pair.b
    ana = await a_member(south, "Ana", roles=ADMIN | COORDINATOR)  # type: ignore[arg-type]
    luz = await a_member(south, "LuzXochitl77")  # type: ignore[arg-type]
    nour = await a_member(north, "Nour", roles=COORDINATOR)  # type: ignore[arg-type]
    async with south.turn(await seen_as(south, ana)) as turn:  # type: ignore[arg-type]
        await freezing.freeze(turn, "luzxochitl77")
    await pair.settle()
    return ana, luz, nour


async def _ask_north(pair: Neighbours, ana: str) -> str:
    async with pair.a.turn(await seen_as(pair.a, ana, word=True)) as turn:  # type: ignore[arg-type]
        waits = await freezing.vote(turn, "luzxochitl77", keep=False)
    assert isinstance(waits, wishes.Waits)
    assert waits.asked == 0
    async with pair.a.turn(await seen_as(pair.a, ana)) as turn:  # type: ignore[arg-type]
        assert await seconding.pass_on(DESK, turn, waits.ask, pair.b.home) == "Réseau du Nord"
    await pair.settle()
    return waits.ask


async def _state(pair: Neighbours, member: str) -> str:
    async with pair.a.turn() as turn:
        known = await members.standing(turn.tx, member)
    assert known is not None
    return known.state


async def test_a_coordinator_of_a_linked_network_is_the_second_and_sees_only_that_decision(
    pair: Neighbours,
) -> None:
    ana, luz, nour = await _one_each(pair)
    await _ask_north(pair, ana)
    (told,) = [each for each in pair.b.told if each.question == wishes.QUESTION]
    text = render(told.text, "en")
    assert "Ana of Red del Sur asks for a second person: somebody's entry is let free again." in text
    assert "LuzXochitl77" not in await pair.b.everything(), "nothing says about whom"
    viewer = await seen_as(pair.b, nour, word=True)  # type: ignore[arg-type]
    async with pair.b.turn(viewer) as turn:
        (shown,) = await seconding.listed(turn)
        assert (shown.may_answer, shown.network) == (True, "Red del Sur")
        await seconding.answer(turn, shown.id, yes=True)
    assert await _state(pair, luz) == "frozen"
    await pair.settle()
    assert await _state(pair, luz) == "active"
    async with pair.b.turn(viewer) as turn:
        assert await seconding.listed(turn) == ()


async def test_a_network_that_did_not_agree_to_it_is_not_asked_and_a_custodian_still_completes(
    pair: Neighbours,
) -> None:
    ana, luz, nour = await _one_each(pair, lent=False)
    viewer = await seen_as(pair.a, ana, word=True)  # type: ignore[arg-type]
    async with pair.a.turn() as turn:
        sheet = await custodians.first(turn, "the notary")
    async with pair.a.turn(viewer) as turn:
        waits = await freezing.vote(turn, "luzxochitl77", keep=False)
    assert isinstance(waits, wishes.Waits)
    with pytest.raises(BadAnswer, match="has not agreed to be your second person"):
        async with pair.a.turn(viewer) as turn:
            await seconding.pass_on(DESK, turn, waits.ask, pair.b.home)
    body = {"id": "b" * 32, "act": "lift-freeze", "by": "Ana", "ends_at": 4_000_000_000_000}
    async with pair.b.turn(Viewer(Lane.PEER, network=pair.a.home)) as turn:
        await asked_second(turn, pair.a.home, body)  # a hub that asks all the same
    async with pair.b.turn(await seen_as(pair.b, nour, word=True)) as turn:  # type: ignore[arg-type]
        assert await seconding.listed(turn) == ()
    async with pair.a.turn(viewer) as turn:
        await seconding.use_code(turn, waits.ask, sheet.codes[0])
    assert await _state(pair, luz) == "active"


async def test_what_was_agreed_about_it_stays_when_the_agreement_is_amended_without_a_word_of_it(
    pair: Neighbours,
) -> None:
    await _one_each(pair)
    await pair.agree(links.Terms(days=200))
    async with pair.a.turn() as turn:
        assert (await promise_of(turn, pair.b.home)).second
    await pair.agree(links.Terms(their_second=False))
    async with pair.a.turn() as turn:
        assert not (await promise_of(turn, pair.b.home)).second
    async with pair.b.turn() as turn:
        assert (await promise_of(turn, pair.a.home)).second


async def test_a_no_from_there_changes_nothing_and_another_can_be_asked(pair: Neighbours) -> None:
    ana, luz, nour = await _one_each(pair)
    ask = await _ask_north(pair, ana)
    async with pair.b.turn(await seen_as(pair.b, nour)) as turn:  # type: ignore[arg-type]
        (shown,) = await seconding.listed(turn)
        await seconding.answer(turn, shown.id, yes=False)
    await pair.settle()
    assert await _state(pair, luz) == "frozen"
    heard = [render(one.text, "en") for one in pair.a.recorded if isinstance(one, Tell) and one.member == ana]
    assert "Réseau du Nord said no. You can ask somebody else." in heard
    async with pair.a.turn(await seen_as(pair.a, ana)) as turn:  # type: ignore[arg-type]
        assert await seconding.pass_on(DESK, turn, ask, pair.b.home)


async def test_an_answer_from_a_network_nobody_asked_or_after_the_time_says_nothing(pair: Neighbours) -> None:
    ana, luz, nour = await _one_each(pair)
    ask = await _ask_north(pair, ana)
    [(ref,)] = await pair.a.rows("select peer_ref from second_asks where id = :id", id=ask)
    peer = Viewer(Lane.PEER, network="stranger")
    yes = {"request": str(ref), "yes": True, "by": "Eve"}
    async with pair.a.turn(peer) as turn:
        await seconding.receive_seconded(turn, "stranger", yes)
    assert await _state(pair, luz) == "frozen"
    pair.clock.move(hours=73)
    async with pair.a.turn(peer) as turn:
        await seconding.receive_seconded(turn, pair.b.home, yes)
    async with pair.b.turn(await seen_as(pair.b, nour, word=True)) as turn:  # type: ignore[arg-type]
        assert await seconding.listed(turn) == ()
    async with pair.a.turn() as turn:
        assert await wishes.store.load(turn.tx, ask) is not None


async def test_a_plain_member_there_is_not_asked_and_nothing_they_say_counts(pair: Neighbours) -> None:
    ana, luz, _nour = await _one_each(pair)
    mali = await a_member(pair.b, "Mali")  # type: ignore[arg-type]
    await _ask_north(pair, ana)
    [(theirs,)] = await pair.b.rows("select id from second_asks")
    with pytest.raises(NotYours):
        async with pair.b.turn(await seen_as(pair.b, mali, word=True)) as turn:  # type: ignore[arg-type]
            await seconding.answer(turn, str(theirs), yes=True)
    await pair.settle()
    assert await _state(pair, luz) == "frozen"


async def test_when_somebody_at_home_did_it_the_linked_network_is_asked_no_more(pair: Neighbours) -> None:
    ana, luz, nour = await _one_each(pair)
    await _ask_north(pair, ana)
    bea = await a_member(pair.a, "Bea", roles=COORDINATOR)  # type: ignore[arg-type]
    async with pair.a.turn(await seen_as(pair.a, bea, word=True)) as turn:  # type: ignore[arg-type]
        assert await freezing.vote(turn, "luzxochitl77", keep=False) is freezing.Held.LIFTED
    await pair.settle()
    assert await _state(pair, luz) == "active"
    async with pair.b.turn(await seen_as(pair.b, nour)) as turn:  # type: ignore[arg-type]
        assert await seconding.listed(turn) == ()


async def test_a_linked_network_that_asks_without_end_wakes_nobody_without_end(pair: Neighbours) -> None:
    _ana, _luz, _nour = await _one_each(pair)
    ends = round((pair.clock() + LASTS).timestamp() * 1000)
    async with pair.b.turn(Viewer(Lane.PEER, network=pair.a.home)) as turn:
        for number in range(20):
            body = {"id": f"{number:032x}", "act": "lift-freeze", "by": "Ana", "ends_at": ends}
            await seconding.receive_second(turn, pair.a.home, body)
            await seconding.receive_second(turn, pair.a.home, {**body, "state": "over"})
    told = [each for each in pair.b.told if each.question == wishes.QUESTION]
    assert len(told) == seconding.MOST_OPEN


# --- over HTTP --------------------------------------------------------------------------------------------


async def test_over_the_api_the_circle_seconds_and_sign_ins_are_listed_and_ended(desk: Desk) -> None:
    stage = Stage(desk)
    cora = await a_person(stage, "Cora", Role.COORDINATOR)
    luz, mar, eva = [await a_person(stage, name) for name in ("Luz", "Mar", "Eva")]
    await in_circle(stage, "Luz", "Mar")
    await stage.say("Cora", "freeze luz")
    await stage.say("Cora", "lift luz")
    await stage.say("Cora", WORD)
    async with a_door(desk) as door:
        sessions = {who: await door.session(who) for who in (cora, mar, eva)}
        _, empty = await door.ask("Seconds", session=sessions[eva])
        assert empty["data"]["secondAsks"] == []
        _, found = await door.ask("Seconds", session=sessions[mar])
        (one,) = found["data"]["secondAsks"]
        assert (one["mayAnswer"], one["mine"]) == (True, False)
        wanted = {"input": {"ask": one["id"], "yes": True}}
        _, unsure = await door.ask("AnswerSecond", wanted, session=sessions[mar])
        assert unsure["data"]["answerSecond"]["errors"][0]["code"] == "NEEDS_WORD"
        _, refused = await door.ask("AnswerSecond", wanted, session=sessions[eva])
        assert refused["data"]["answerSecond"]["errors"][0]["code"] == "NOT_YOURS"
        assert len(await stage.say("Mar", "sessions")) == 1
        _, listed = await door.ask("MemberSignIns", {"handle": "mar"}, session=sessions[cora])
        assert len(listed["data"]["memberSignIns"]) == 1
        _, ended = await door.ask("EndSignIns", {"input": {"handle": "mar"}}, session=sessions[cora])
        assert ended["data"]["endSignIns"]["ended"] == 1
        _, gone = await door.ask("Seconds", session=sessions[mar])
        assert gone["errors"]
        _, hers = await door.ask("EndSignIns", {"input": {"handle": "cora"}}, session=sessions[eva])
        assert hers["errors"][0]["extensions"]["code"] == "NOT_YOURS"
    assert luz


async def test_in_chat_sign_ins_are_listed_and_ended_one_by_one(desk: Desk) -> None:
    stage = Stage(desk)
    luz = await a_person(stage, "Luz")
    async with a_door(desk) as door:
        assert await stage.say("Luz", "sessions") == ["You are signed in nowhere."]
        first = await door.session(luz)
        desk.clock.move(minutes=1)
        second = await door.session(luz)
        assert (await stage.say("Luz", "sessions"))[0].count("ends by itself") == 2
        await stage.say("Luz", "sessions 1")
        _, gone = await door.ask("Home", session=second)
        assert gone["errors"]
        _, there = await door.ask("Home", session=first)
        assert "errors" not in there
        assert await stage.say("Luz", "sesiones todas") == ["You are signed out everywhere."]
        _, gone = await door.ask("Home", session=first)
        assert gone["errors"]


def test_the_acts_that_need_two_are_these() -> None:
    assert {act.value for act in Act} >= {
        "give-administrator",
        "lift-freeze",
        "keep-freeze",
        "name-custodian",
    }

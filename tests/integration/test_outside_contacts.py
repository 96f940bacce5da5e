"""Outside contacts: they see nothing, their keeper is asked, and whoever may ask reads what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from bots_stage import Stage
from conftest import Desk
from doors import Door, a_door
from people import a_member, seen_as, someone
from sqlalchemy import select

from directory import audit, outside
from directory.core.effects import Tell
from directory.core.outside import Came, MayAsk
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours, TooMany
from directory.store import members as rows
from directory.store.gathered_tables import outside_asks, outside_contacts

OMBUDS: dict[str, object] = {
    "name": "Procuradora Ruth",
    "office": "Ombuds office",
    "country": "GT",
    "offers": ["urgent-appeals"],
    "languages": ["es"],
    "reach": "+502 5555 0101, after five",
    "never": "names of witnesses",
    "about": "answers within a day",
}


async def a_contact(desk: Desk, keeper: str, may_ask: MayAsk = MayAsk.MEMBERS) -> str:
    async with desk.turn(await seen_as(desk, keeper)) as turn:
        return await outside.keep(turn, OMBUDS, may_ask)


async def shown(desk: Desk, member: str) -> tuple[outside.Contact, ...]:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return await outside.contacts(turn)


async def test_a_member_asks_the_keeper_and_reads_what_came_of_it_but_never_how_to_reach(desk: Desk) -> None:
    keeper, luz, eva = await a_member(desk, "Nura"), await a_member(desk, "Luz"), await a_member(desk, "Eva")
    contact = await a_contact(desk, keeper)
    (seen,) = await shown(desk, luz)
    assert (seen.said.name, seen.keeper, seen.said.never) == (
        "Procuradora Ruth",
        "Nura",
        "names of witnesses",
    )
    assert (seen.said.reach, seen.mine, seen.outcomes) == ("", False, ())
    async with desk.turn(await seen_as(desk, luz)) as turn:
        asked = await outside.ask(turn, contact, "A visit to the prison in Cobán")
    told = [one for one in desk.heard(Tell) if one.member == keeper][-1]
    assert "Luz" in str(told.text) and "prison" not in str(told.text)
    async with desk.turn(await seen_as(desk, keeper)) as turn:
        await outside.settle(turn, asked, Came.HELPED, "She went the same day")
    (after,) = await shown(desk, eva)
    assert [(one.came, one.text) for one in after.outcomes] == [(Came.HELPED, "She went the same day")]
    assert after.asks == () and "Luz" not in repr(after)
    assert [one.outcome for one in (await shown(desk, luz))[0].asks] == ["She went the same day"]
    assert (await shown(desk, keeper))[0].said.reach == OMBUDS["reach"]
    async with desk.turn() as turn:
        rows = [*(await turn.tx.execute(select(outside_contacts.c.guarded))).scalars()]
        rows += (await turn.tx.execute(select(outside_asks.c.guarded))).scalars()
        assert not any(word in row for row in rows for word in (b"Ruth", b"prison", b"5555"))


async def test_who_may_ask_is_the_keepers_choice_and_nobody_else_changes_it(desk: Desk) -> None:
    keeper, luz = await a_member(desk, "Nura"), await a_member(desk, "Luz")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    contact = await a_contact(desk, keeper, MayAsk.COORDINATORS)
    assert await shown(desk, luz) == () and len(await shown(desk, ana)) == 1
    for attempt in (
        lambda turn: outside.ask(turn, contact, "x"),
        lambda turn: outside.keep(turn, OMBUDS, MayAsk.MEMBERS, contact),
        lambda turn: outside.confirm(turn, contact),
        lambda turn: outside.hand(turn, contact, "Luz"),
        lambda turn: outside.forget(turn, contact),
    ):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, luz)) as turn:
                await attempt(turn)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await outside.ask(turn, contact, "A word with the minister")
    async with desk.turn(await seen_as(desk, keeper)) as turn:
        await outside.hand(turn, contact, "Luz")
    assert (await shown(desk, luz))[0].mine
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await outside.forget(turn, contact)
    assert await shown(desk, ana) == ()


async def test_a_coordinator_takes_no_contact_from_a_keeper_who_is_here_nor_sees_one_kept_alone(
    desk: Desk,
) -> None:
    keeper = await a_member(desk, "Nura")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    open_one, own = await a_contact(desk, keeper), await a_contact(desk, keeper, MayAsk.KEEPER)
    assert [(one.id, one.may_hand) for one in await shown(desk, ana)] == [(open_one, False)]
    for contact in (open_one, own):
        with pytest.raises(NotYours):
            async with desk.turn(await seen_as(desk, ana)) as turn:
                await outside.hand(turn, contact, "Ana")
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, ana)) as turn:
            await outside.ask(turn, own, "A visit")


async def test_a_coordinator_hands_on_what_somebody_held_back_keeps_and_the_log_says_so(desk: Desk) -> None:
    keeper, luz = await a_member(desk, "Nura"), await a_member(desk, "Luz")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    contact = await a_contact(desk, keeper, MayAsk.KEEPER)
    async with desk.turn() as turn:
        await rows.change(turn.tx, keeper, {"state": "frozen"})
    (seen,) = await shown(desk, ana)
    assert (seen.id, seen.said.reach, seen.may_hand) == (contact, "", True)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await outside.hand(turn, contact, "Luz")
    async with desk.turn(replace(await seen_as(desk, ana), roles=frozenset({Role.ADMINISTRATOR}))) as turn:
        assert (await audit.read(turn))[0].act == "outside-handed"
    assert [(one.mine, one.said.reach) for one in await shown(desk, luz)] == [(True, OMBUDS["reach"])]


async def test_what_nobody_confirmed_for_half_a_year_says_so(desk: Desk) -> None:
    keeper = await a_member(desk, "Nura")
    contact = await a_contact(desk, keeper)
    desk.clock.now += timedelta(days=181)
    assert (await shown(desk, keeper))[0].stale
    async with desk.turn(await seen_as(desk, keeper)) as turn:
        await outside.confirm(turn, contact)
    assert not (await shown(desk, keeper))[0].stale


async def test_bad_words_are_named_by_field_and_a_sixth_open_ask_waits(desk: Desk) -> None:
    keeper, luz = await a_member(desk, "Nura"), await a_member(desk, "Luz")
    contact = await a_contact(desk, keeper)
    for field, value in (("name", ""), ("never", "x" * 301), ("country", "XX"), ("offers", ["magic"])):
        with pytest.raises(BadAnswer) as refused:
            async with desk.turn(await seen_as(desk, keeper)) as turn:
                await outside.keep(turn, {**OMBUDS, field: value}, MayAsk.MEMBERS)
        assert refused.value.field == field
    async with desk.turn(await seen_as(desk, luz)) as turn:
        for number in range(5):
            await outside.ask(turn, contact, f"request {number}")
        with pytest.raises(TooMany):
            await outside.ask(turn, contact, "one more")


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def test_the_api_takes_words_and_gives_terms(desk: Desk, door: Door) -> None:
    session = await door.session(await a_member(desk, "Nura"))
    given: dict[str, Any] = {
        **OMBUDS,
        "country": "Guatemala",
        "offers": "urgent appeals",
        "languages": "Spanish",
    }
    _status, made = await door.ask("KeepOutside", {"input": {**given, "mayAsk": "MEMBERS"}}, session=session)
    assert made["data"]["keepOutside"]["errors"] == []
    _status, answer = await door.ask("OutsideContacts", session=session)
    (one,) = answer["data"]["outsideContacts"]
    assert (one["country"]["key"], one["offers"][0]["key"], one["mine"]) == ("GT", "urgent-appeals", True)
    _status, wrong = await door.ask("KeepOutside", {"input": {**given, "offers": "magic"}}, session=session)
    assert wrong["data"]["keepOutside"]["errors"][0]["field"] == "offers"


async def test_on_the_page_a_keeper_hands_one_over_and_a_coordinator_one_that_nobody_can_look_after(
    desk: Desk, door: Door
) -> None:
    keeper, ana = await someone(desk, "Nura"), await someone(desk, "Ana", Role.COORDINATOR)
    luz = await someone(desk, "Luz")
    contact = await a_contact(desk, keeper)
    sessions = {who: await door.session(who) for who in (ana, keeper, luz)}

    async def offered(who: str) -> bool:
        async with (
            aiohttp.ClientSession(cookies={door.cookie: sessions[who], **door.came_in}) as client,
            client.get(f"{door.url}/outside") as page,
        ):
            return 'value="hand"' in await page.text()

    assert await offered(keeper) and not await offered(ana)
    async with desk.turn() as turn:
        await rows.change(turn.tx, keeper, {"state": "frozen"})
    assert await offered(ana) and not await offered(luz)
    given = {"input": {"contact": contact, "handle": "Luz"}}
    _status, done = await door.ask("HandOutside", given, session=sessions[ana])
    assert done["data"]["handOutside"]["errors"] == []
    assert await offered(luz)


async def test_in_chat_they_are_listed_by_number_and_asked(desk: Desk) -> None:
    stage = Stage(desk)
    keeper = await a_member(desk, "Nura")
    await a_member(desk, "Luz")
    await a_contact(desk, keeper)
    listed = await stage.say("Luz", "outside")
    assert "1. Procuradora Ruth, Ombuds office (Nura)" in listed[-1]
    assert "Never send: names of witnesses" in (await stage.say("Luz", "outside 1 a visit to the prison"))[-1]
    assert "a visit to the prison" in (await stage.say("Nura", "outside"))[-1]
    assert "the number and what is needed" in (await stage.say("Luz", "outside 7 a visit"))[-1]


async def test_one_keeper_enters_no_more_than_a_list_can_show_of_everybody(desk: Desk) -> None:
    nura, luz = await a_member(desk, "Nura"), await a_member(desk, "Luz")
    kept = [await a_contact(desk, nura) for _ in range(outside.MOST_KEPT)]
    with pytest.raises(TooMany):
        await a_contact(desk, nura)
    await a_contact(desk, luz)
    async with desk.turn(await seen_as(desk, nura)) as turn:
        await outside.forget(turn, kept[0])
    await a_contact(desk, nura)

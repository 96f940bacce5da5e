"""People without a device: found with the yes they gave by word of mouth, for as long as it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from doors import Door, a_door
from people import a_linked_network, heard_by, seen_as, settle, someone

from bots import proxies
from directory import asking, carried, consent, introductions
from directory.core.carried import MOST_CARRIED
from directory.core.questions import Question
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NobodySpeaks, NotYours, TooMany
from directory.search import find_allies
from directory.store import members as rows
from directory.store.gathered_tables import carried_people
from directory.store.tables import bindings

SAID: dict[str, object] = {"who": "Ana; her sister was there", "how": "at her house", "language": "quc"}
SAYS: dict[str, object] = {"country": "GT", "languages": ["quc"], "issues": ["land-and-territory"]}


async def carry(desk: Desk, ana: str, handle: str = "Marta", *, meets: bool = False, months: int = 6) -> str:
    async with desk.turn(await seen_as(desk, ana)) as turn:
        said = carried.consent_of(turn, SAID, months=months, meets=meets)
        member = await proxies.carry(turn, handle, SAYS, said)
    await settle(desk)
    return member


async def found(desk: Desk, member: str) -> list[str]:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return [one.title for one in (await find_allies(turn, Question(kinds=("person",)))).cards]


async def tidied(desk: Desk, **later: float) -> None:
    desk.clock.now += timedelta(**later)
    async with desk.turn(Viewer(Lane.CLOCK)) as turn:
        await carried.tend(turn)
        await proxies.tend(turn)
    await settle(desk)


async def two(desk: Desk) -> tuple[str, str]:
    """A connector and a member."""
    return await someone(desk, "Ana", Role.CONNECTOR), await someone(desk, "Luz")


async def test_she_is_found_and_what_she_said_yes_to_is_written_down_and_sealed(desk: Desk) -> None:
    ana, luz = await two(desk)
    await carry(desk, ana)
    assert await found(desk, luz) == ["Marta"]
    async with desk.turn(await seen_as(desk, ana)) as turn:
        (one,) = await carried.listed(turn)
        (row,) = (await turn.tx.execute(carried_people.select())).all()
    assert (one.consent.who, one.consent.how, one.consent.language) == tuple(SAID.values())
    assert one.consent.ends_at - one.consent.asked_at == timedelta(days=180) and not one.consent.meets
    assert b"house" not in row.guarded and b"sister" not in row.guarded
    async with desk.turn(await seen_as(desk, luz)) as turn:
        with pytest.raises(NotYours):
            await carried.listed(turn)


async def test_in_time_the_connector_is_asked_to_ask_again_and_without_a_yes_nobody_finds_her(
    desk: Desk,
) -> None:
    ana, luz = await two(desk)
    member = await carry(desk, ana, months=2)
    await tidied(desk, days=38)
    assert heard_by(desk, ana) == []
    await tidied(desk, days=2)
    await tidied(desk, days=1)
    assert len([text for text in heard_by(desk, ana) if "Please ask again" in text]) == 1
    assert await found(desk, luz) == ["Marta"]
    await tidied(desk, days=20)
    assert await found(desk, luz) == []
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await carried.renew(turn, member, carried.consent_of(turn, SAID, months=1))
    await settle(desk)
    assert await found(desk, luz) == ["Marta"]
    await tidied(desk, days=31)
    await tidied(desk, days=61)
    async with desk.turn() as turn:
        assert await rows.load(turn.tx, member) is None


async def test_nobody_opens_more_of_her_than_this_network_sees(desk: Desk) -> None:
    ana, luz = await two(desk)
    member = await carry(desk, ana)
    network = await a_linked_network(desk, "tejido")
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await consent.say_yes(turn, network, "chat")
        assert [one.network for one in await consent.mine(turn)] == [network], "her own yes is for herself"
    for one in (luz, await someone(desk, "Eva", Role.CONNECTOR)):
        async with desk.turn(await seen_as(desk, one)) as turn:
            said = carried.consent_of(turn, SAID, months=1)
            for attempt in (
                lambda turn, said=said: carried.renew(turn, member, said),
                lambda turn: carried.edit(turn, member, {"country": "MX"}),
                lambda turn: carried.hand(turn, member, "Eva"),
                lambda turn: proxies.put_down(turn, member),
            ):
                with pytest.raises(NotYours):
                    await attempt(turn)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        with pytest.raises(NotYours):
            await carried.carry(turn, "Rosa", SAYS, said)


async def test_who_asks_to_meet_her_reaches_the_connector_when_she_agreed_to_that_only(desk: Desk) -> None:
    ana, luz = await two(desk)
    await carry(desk, ana, "Rosa")
    await carry(desk, ana, "Marta", meets=True)

    async def ask(name: str) -> str:
        async with desk.turn(await seen_as(desk, luz)) as turn:
            cards = (await find_allies(turn, Question(kinds=("person",)))).cards
            card = next(one.id for one in cards if one.title == name)
            return await asking.ask(turn, card, "We want to visit in May")

    with pytest.raises(NobodySpeaks):
        await ask("Rosa")
    asked = await ask("Marta")
    assert "would like to meet Marta" in heard_by(desk, ana)[-1]
    async with desk.turn(await seen_as(desk, ana)) as turn:
        (one,) = (await introductions.mine(turn)).received
        assert (one.id, one.organisation) == (asked, "Marta")
        await introductions.answer(turn, asked, yes=True)
    assert any("said yes" in text for text in heard_by(desk, luz))


async def test_she_is_handed_over_and_put_down_and_speaks_for_herself_once_she_has_a_phone(
    desk: Desk,
) -> None:
    ana, luz = await two(desk)
    eva = await someone(desk, "Eva", Role.CONNECTOR)
    nura = await someone(desk, "Nura", Role.COORDINATOR)
    member = await carry(desk, ana)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        with pytest.raises(BadAnswer):
            await carried.hand(turn, member, "Luz")
        await carried.hand(turn, member, "Eva")
    assert "You look after the entry of Marta" in heard_by(desk, eva)[-1]
    async with desk.turn(await seen_as(desk, nura)) as turn:
        with pytest.raises(NotYours):
            await carried.hand(turn, member, "Nura")
        await rows.change(turn.tx, eva, {"state": "frozen"})
        await carried.hand(turn, member, "Nura")
        await proxies.put_down(turn, member)
        assert await rows.load(turn.tx, member) is None
    await settle(desk)
    assert await found(desk, luz) == []
    rosa = await carry(desk, ana, "Rosa")
    async with desk.turn() as turn:
        await turn.tx.execute(
            bindings.insert().values(member=rosa, matrix_digest=b"d", guarded=b"sealed", since=turn.now)
        )
    await tidied(desk)
    assert "Rosa speaks here themselves now." in heard_by(desk, ana)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        with pytest.raises(NotYours):
            await carried.edit(turn, rosa, {"country": "MX"})


async def test_her_check_ins_are_another_yes_and_go_on_when_this_one_ends(desk: Desk) -> None:
    ana, luz = await two(desk)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await proxies.take_on(turn, "Marta", "at her house, her sister was there")
    member = await carry(desk, ana)
    assert await found(desk, luz) == ["Marta"]
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await proxies.put_down(turn, member)
        row = await rows.load(turn.tx, member)
        assert row is not None and row.state == "active" and row.country is None and row.issues == ()
        assert (await proxies.whose(turn, "Marta")).member == member
    await settle(desk)
    assert await found(desk, luz) == []


async def test_a_yes_without_what_it_needs_is_none(desk: Desk) -> None:
    ana, _ = await two(desk)
    for field, changed in (
        ("who", {"said": {**SAID, "who": ""}}),
        ("how", {"said": {**SAID, "how": "x" * 501}}),
        ("language", {"said": {**SAID, "language": "xx-nothing"}}),
        ("months", {"months": 7}),
        ("daysAgo", {"days_ago": 31}),
    ):
        given: dict[str, Any] = {"said": SAID, "months": 6, **changed}
        async with desk.turn(await seen_as(desk, ana)) as turn:
            with pytest.raises(BadAnswer) as refused:
                carried.consent_of(turn, given.pop("said"), **given)
        assert refused.value.field == field
    async with desk.turn(await seen_as(desk, ana)) as turn:
        said = carried.consent_of(turn, SAID, months=1)
        with pytest.raises(BadAnswer):
            await carried.carry(turn, "no spaces here", SAYS, said)
        for number in range(MOST_CARRIED):
            await carried.carry(turn, f"one-{number}", {}, said)
        with pytest.raises(TooMany):
            await carried.carry(turn, "one-more", {}, said)


async def test_in_chat_a_name_a_comma_and_how_they_said_yes(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, "Ana", Role.CONNECTOR)
    await a_person(stage, "Luz")
    said = (await stage.say("Ana", "without phone Marta, at her house, her sister was there"))[-1]
    assert said.startswith("Written down. Marta is found here until")
    assert "Marta: their yes holds until" in (await stage.say("Ana", "without phone"))[-1]
    assert "Marta" in "\n".join(await stage.say("Luz", "find in Guatemala"))
    assert "Written down" in (await stage.say("Ana", "without phone Marta، again"))[-1]
    assert (await stage.say("Luz", "without phone Rosa, yes"))[-1].startswith("I do not know that")


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def test_by_the_api_and_on_the_page(desk: Desk, door: Door) -> None:
    ana, luz = await two(desk)
    mine, other = await door.session(ana), await door.session(luz)
    given = {**SAID, "language": "K'iche'", "handle": "Marta", "country": "Guatemala", "months": 3}
    _status, made = await door.ask("CarryPerson", {"input": given}, session=mine)
    member = made["data"]["carryPerson"]["member"]
    assert member, made
    _status, answer = await door.ask("CarriedPeople", session=mine)
    (one,) = answer["data"]["carriedPeople"]
    assert (one["handle"], one["language"]["key"], one["mine"], one["ended"]) == ("Marta", "quc", True, False)
    _status, wrong = await door.ask("CarryPerson", {"input": {**given, "months": 9}}, session=mine)
    assert wrong["data"]["carryPerson"]["errors"][0]["field"] == "months"
    _status, refused = await door.ask("PutDownCarried", {"input": {"member": member}}, session=other)
    assert refused["errors"]
    async with (
        aiohttp.ClientSession(cookies={door.cookie: mine, **door.came_in}) as client,
        client.get(f"{door.url}/without-phone") as page,
    ):
        shown = await page.text()
    assert page.status == 200 and "her sister was there" in shown and "I asked them again" in shown

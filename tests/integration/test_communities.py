"""Communities: any one who speaks for one hides it at once; only its own way shows more of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from doors import Door, a_door
from people import a_linked_network, heard_by, seen_as, settle, someone

from directory import cards, communities, community_wishes, leaving, members, profiles, sharing
from directory.community_deeds import CHECKS, DEEDS
from directory.core.communities import WANTS, Act
from directory.core.questions import Question
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.search import find_allies
from directory.store import communities as store
from directory.store import members as rows

ANA, LUZ, EVA = "Ana", "Luz", "Eva"
WORDS: dict[str, object] = {"way": "in an assembly", "since": "1994", "country": "GT", "languages": ["quc"]}


async def entered(desk: Desk, *handles: str, needed: int = 2) -> str:
    """Entered by the technician; hidden until everybody named said yes."""
    async with desk.turn() as turn:
        return await communities.enter(turn, "San Isidro", WORDS, handles, needed)


async def three(desk: Desk) -> tuple[str, str, str]:
    return await someone(desk, ANA), await someone(desk, LUZ), await someone(desk, EVA)


async def seen(desk: Desk, member: str) -> communities.Community | None:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return next(iter(await communities.listed(turn)), None)


async def answers(desk: Desk, member: str, *, yes: bool = True) -> int:
    viewer = await seen_as(desk, member, word=True)
    shown = await seen(desk, member)
    assert shown is not None and shown.own is not None
    async with desk.turn(viewer) as turn:
        missing = await community_wishes.answer(turn, shown.own.waits[0].id, yes=yes)
    await settle(desk)
    return missing


async def wants(
    desk: Desk, member: str, community: str, act: Act, *, word: bool = True, **detail: object
) -> int:
    async with desk.turn(await seen_as(desk, member, word=word)) as turn:
        missing = await community_wishes.want(turn, community, act, detail)
    await settle(desk)
    return missing


async def found(desk: Desk, member: str) -> list[str]:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return [card.title for card in (await find_allies(turn, Question(kinds=("community",)))).cards]


async def shown_one(desk: Desk) -> tuple[str, str, str, str]:
    """A community for which Ana and Luz speak, shown; Eva is a member like any other."""
    ana, luz, eva = await three(desk)
    community = await entered(desk, ANA, LUZ)
    async with desk.turn() as turn:
        await store.end_wishes(turn.tx, community)
        await rows.change(turn.tx, community, {"state": "active"})
        await cards.refresh(turn, community)
    return community, ana, luz, eva


async def test_nobody_sees_it_before_everybody_who_speaks_for_it_said_yes_with_their_word(desk: Desk) -> None:
    ana, luz, eva = await three(desk)
    await entered(desk, ANA, LUZ)
    await settle(desk)
    assert await seen(desk, eva) is None and await found(desk, eva) == []
    mine = await seen(desk, ana)
    assert mine is not None and mine.hidden and mine.own is not None
    assert "San Isidro" in heard_by(desk, ana)[-1] and "1 = yes" in heard_by(desk, luz)[-1]
    async with desk.turn(await seen_as(desk, ana)) as turn:
        with pytest.raises(NeedsWord):
            await community_wishes.answer(turn, mine.own.waits[0].id, yes=True)
    assert await answers(desk, ana) == 1 and await found(desk, eva) == []
    assert await answers(desk, luz) == 0
    shown = await seen(desk, eva)
    assert shown is not None and (shown.way.way, shown.way.since, shown.own) == (
        "in an assembly",
        "1994",
        None,
    )
    assert shown.speakers == () and await found(desk, eva) == ["San Isidro"]


async def test_one_hides_it_at_once_without_the_word_and_one_alone_never_shows_it_again(desk: Desk) -> None:
    community, ana, luz, eva = await shown_one(desk)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await communities.hide(turn, community)
    await settle(desk)
    assert await found(desk, eva) == [] and await seen(desk, eva) is None
    assert "Luz hid San Isidro" in heard_by(desk, ana)[-1]
    assert await wants(desk, luz, community, Act.SHOW) == 1
    assert await wants(desk, luz, community, Act.SHOW) == 1, "asking twice is one yes"
    assert await found(desk, eva) == []
    assert await answers(desk, ana, yes=False) == 0
    assert await found(desk, eva) == [], "one no ends it"
    assert await wants(desk, ana, community, Act.SHOW) == 1
    assert await answers(desk, luz) == 0 and await found(desk, eva) == ["San Isidro"]


async def test_nobody_else_acts_for_it_not_even_who_looks_after_the_network(desk: Desk) -> None:
    community, ana, _, eva = await shown_one(desk)
    keeper = await someone(desk, "Nura", Role.COORDINATOR, Role.ADMINISTRATOR)
    for one in (eva, keeper):
        async with desk.turn(await seen_as(desk, one, word=True)) as turn:
            for attempt in (
                lambda turn: communities.hide(turn, community),
                lambda turn: community_wishes.want(turn, community, Act.CHANGE, {"country": "MX"}),
                lambda turn: profiles.change(turn, community, {"country": "MX"}),
                lambda turn: members.take_over(turn, community, keeper),
                lambda turn: communities.name_again(turn, community, ("Eva",)),
            ):
                with pytest.raises(NotYours):
                    await attempt(turn)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        with pytest.raises(NotYours):
            await profiles.change(turn, community, {"country": "MX"})
    async with desk.turn(await seen_as(desk, eva)) as turn:
        with pytest.raises(NotYours):
            await communities.enter(turn, "Another", WORDS, (ANA, LUZ))


async def test_to_say_less_is_done_at_once_and_to_say_more_waits(desk: Desk) -> None:
    community, ana, luz, _ = await shown_one(desk)
    assert await wants(desk, ana, community, Act.CHANGE, word=False, country=None) == 0
    with pytest.raises(NeedsWord):
        await wants(desk, ana, community, Act.CHANGE, word=False, issues=["land-and-territory"])
    key = ("land-and-territory",)
    assert await wants(desk, ana, community, Act.CHANGE, issues=key, languages=["quc"]) == 1
    mine = await seen(desk, luz)
    assert mine is not None and mine.own is not None and mine.own.values["issues"] == ()
    assert "Works on" in str(mine.own.waits[0].text) and "Speaks" not in str(mine.own.waits[0].text)
    await answers(desk, luz)
    mine = await seen(desk, luz)
    assert mine is not None and mine.own is not None and mine.own.values["issues"] == key
    assert await wants(desk, luz, community, Act.AUDIENCE, word=False, field="issues", audience="nobody") == 0
    assert await wants(desk, luz, community, Act.AUDIENCE, field="issues", audience="network") == 1


async def test_a_linked_network_sees_it_by_its_own_way_only_and_any_one_takes_it_back(desk: Desk) -> None:
    community, ana, luz, _ = await shown_one(desk)
    network = await a_linked_network(desk, "tejido", shares=("person", "community"))

    async def sent() -> list[str]:
        async with desk.turn() as turn:
            return [str(body["title"]) for body in (await sharing.pending(turn, network)).bodies]

    assert await sent() == []
    assert await wants(desk, ana, community, Act.SHARE, network=network) == 1
    assert await sent() == []
    assert await answers(desk, luz) == 0
    assert await sent() == ["San Isidro"]
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await communities.stop_sharing(turn, community, network)
    await settle(desk)
    assert await sent() == []


async def test_the_yes_of_somebody_who_is_forced_looks_like_one_and_is_none(desk: Desk) -> None:
    community, ana, luz, eva = await shown_one(desk)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        await communities.hide(turn, community)
    await settle(desk)
    viewer = replace(await seen_as(desk, ana, word=True), given_as=1)
    async with desk.turn(viewer) as turn:
        assert await community_wishes.want(turn, community, Act.SHOW, {}) == 1
    told, other = await seen(desk, ana), await seen(desk, luz)
    assert told is not None and told.own is not None and told.own.waits[0].said
    assert other is not None and other.own is not None and other.own.waits == ()
    assert await wants(desk, luz, community, Act.SHOW) == 1
    async with desk.turn(viewer) as turn:
        assert await community_wishes.want(turn, community, Act.SHOW, {}) in (0, 1)
    await settle(desk)
    assert await found(desk, eva) == []


async def test_with_fewer_than_two_it_is_hidden_and_those_named_anew_need_everybodys_yes(desk: Desk) -> None:
    community, ana, luz, eva = await shown_one(desk)
    async with desk.turn() as turn:
        await leaving.erase(turn, luz)
    async with desk.turn(Viewer(Lane.CLOCK)) as turn:
        await communities.tend(turn)
    await settle(desk)
    assert await found(desk, eva) == []
    async with desk.turn() as turn:
        await communities.name_again(turn, community, ("Eva",))
    await answers(desk, eva)
    assert await found(desk, eva) == []
    await answers(desk, ana)
    assert await found(desk, eva) == ["San Isidro"]
    async with desk.turn(await seen_as(desk, eva)) as turn:
        await communities.step_down(turn, community)
    await settle(desk)
    shown = await seen(desk, ana)
    assert shown is not None and shown.hidden and shown.speakers == (ANA,)


async def test_another_speaks_for_it_and_it_is_erased_by_its_own_way_only(desk: Desk) -> None:
    community, ana, luz, eva = await shown_one(desk)
    assert await wants(desk, ana, community, Act.SPEAK, handle=EVA) == 1
    assert "let Eva speak for San Isidro" in heard_by(desk, luz)[-1]
    await answers(desk, luz)
    assert "You now speak for San Isidro" in heard_by(desk, eva)[-1]
    detail = {"way": "by consensus of three", "since": "1994", "needed": 3}
    assert await wants(desk, ana, community, Act.DECIDE, **detail) == 1
    await answers(desk, eva)
    assert await wants(desk, ana, community, Act.ERASE) == 2
    await answers(desk, luz)
    async with desk.turn() as turn:
        assert await rows.load(turn.tx, community) is not None
    async with desk.turn(await seen_as(desk, eva, word=True)) as turn:
        mine = next(iter(await communities.listed(turn)))
        assert mine.own is not None
        await community_wishes.answer(turn, mine.own.waits[0].id, yes=True)
        assert await rows.load(turn.tx, community) is None
    assert await seen(desk, ana) is None


async def test_what_is_wrong_is_named_by_field_and_a_wish_ends_after_a_month(desk: Desk) -> None:
    ana, luz, _ = await three(desk)
    wrong: tuple[tuple[str, dict[str, Any]], ...] = (
        ("name", {"name": " "}),
        ("way", {"words": {**WORDS, "way": ""}}),
        ("since", {"words": {**WORDS, "since": "x" * 81}}),
        ("country", {"words": {**WORDS, "country": "XX"}}),
        ("speakers", {"handles": (ANA,)}),
        ("speakers", {"handles": (ANA, "Nobody")}),
        ("needed", {"needed": 3}),
    )
    good: dict[str, Any] = {"name": "San Isidro", "words": WORDS, "handles": (ANA, LUZ), "needed": 2}
    for field, changed in wrong:
        with pytest.raises(BadAnswer) as refused:
            async with desk.turn() as turn:
                await communities.enter(turn, **{**good, **changed})
        assert refused.value.field == field
    await entered(desk, ANA, LUZ)
    await answers(desk, ana)
    desk.clock.now += timedelta(days=31)
    mine = await seen(desk, luz)
    assert mine is not None and mine.own is not None and mine.own.waits == ()


def test_everything_that_waits_has_a_check_and_a_deed() -> None:
    assert set(WANTS) == set(CHECKS) == set(DEEDS)
    assert {Act.HIDE, Act.STOP_SHARING, Act.STEP_DOWN} == set(Act) - set(WANTS)


async def test_in_chat_they_are_asked_and_one_word_hides_it(desk: Desk) -> None:
    stage = Stage(desk)
    await a_person(stage, ANA)
    await a_person(stage, LUZ)
    async with stage.turn(Viewer(Lane.TERMINAL)) as turn:
        await communities.enter(turn, "San Isidro", WORDS, (ANA, LUZ))
    for one in (ANA, LUZ):
        assert "yes for your community" in (await stage.say(one, "1"))[-1]
        said = (await stage.say(one, "luna azul"))[-1]
    assert said == "Thank you. It is done."
    listed = (await stage.say(LUZ, "communities"))[-1]
    assert "1. San Isidro: decides in an assembly, since 1994." in listed
    assert "is hidden" in (await stage.say(LUZ, "hide community 1"))[-1]
    assert "Hidden: nobody else sees it" in (await stage.say(ANA, "communities"))[-1]
    await stage.say(ANA, "show community San Isidro")
    assert "have to say yes: 1" in (await stage.say(ANA, "luna azul"))[-1]
    assert "no community of that name" in (await stage.say(ANA, "hide community 7"))[-1]


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


async def test_by_the_api_words_become_terms_and_the_page_hides_it(desk: Desk, door: Door) -> None:
    keeper = await someone(desk, "Nura", Role.COORDINATOR)
    session = await door.session(keeper)
    ana = await someone(desk, ANA)
    await someone(desk, LUZ)
    given = {"name": "San Isidro", "way": "in an assembly", "since": "1994", "country": "Guatemala"}
    _status, made = await door.ask(
        "EnterCommunity", {"input": {**given, "speakers": ["Ana, Luz"]}}, session=session
    )
    community = made["data"]["enterCommunity"]["community"]
    assert community, made
    mine = await door.session(ana)
    _status, answer = await door.ask("Communities", session=mine)
    (one,) = answer["data"]["communities"]
    assert (one["mine"], one["hidden"], sorted(one["speakers"])) == (True, True, ["Ana", "Luz"])
    assert [part["value"] for part in one["parts"] if part["field"] == "country"] == ["Guatemala"]
    wish = {"input": {"wish": one["waits"][0]["id"], "yes": True}}
    _status, refused = await door.ask("AnswerCommunity", wish, session=mine)
    assert refused["data"]["answerCommunity"]["errors"][0]["code"] == "NEEDS_WORD"
    act = {"input": {"community": community, "act": "HIDE"}}
    _status, done = await door.ask("ActForCommunity", act, session=mine)
    assert done["data"]["actForCommunity"] == {"missing": 0, "errors": []}
    async with (
        aiohttp.ClientSession(cookies={door.cookie: mine, **door.came_in}) as client,
        client.get(f"{door.url}/communities") as page,
    ):
        shown = await page.text()
    assert page.status == 200 and "San Isidro" in shown and "Hidden: nobody else sees it." in shown

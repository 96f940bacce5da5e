"""What a member sees of herself, from every chair."""

from __future__ import annotations

import pytest
from conftest import Desk
from people import a_linked_network, a_member, seen_as, settle, shown_to

from directory import members, profiles, seconding, showing
from directory.core.audiences import DEFAULTS, Audience
from directory.core.two_person import Act
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.showing import Seen
from directory.store import members as rows


async def luz_of_totonicapan(desk: Desk) -> str:
    luz = await a_member(desk, "Luz", country="GT", issues=["torture", "hiv"], languages=["es"])
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await profiles.change(
            turn, luz, {"subdivision": "GT-08", "city": "  Momostenango ", "text": "Ask me."}
        )
    await settle(desk)
    return luz


async def sees(desk: Desk, member: str, audience: str) -> Seen:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return await showing.see_as(turn, audience)


async def test_her_own_card_holds_everything_she_said(desk: Desk) -> None:
    luz = await luz_of_totonicapan(desk)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        mine = await showing.my_card(turn)
        row = await rows.load(turn.tx, luz)
    assert (mine.handle, mine.issues, mine.subdivision, mine.city) == (
        "Luz",
        ("torture", "hiv"),
        "GT-08",
        "Momostenango",
    )
    assert mine.audiences == dict(DEFAULTS)
    assert row is not None and b"Momostenango" not in bytes(row.guarded or b"")


async def test_each_chair_sees_what_its_audience_allows(desk: Desk) -> None:
    luz = await luz_of_totonicapan(desk)
    far = await a_linked_network(desk, "Rafiki")
    network, coordinators = await sees(desk, luz, "network"), await sees(desk, luz, "coordinators")
    introduced = await sees(desk, luz, "introduced")
    assert network.body is not None and introduced.body is not None
    assert (network.body["issues"], dict(network.guarded)) == (["torture"], {})
    assert coordinators == network
    assert introduced.body["issues"] == ["torture", "hiv"]
    assert dict(introduced.guarded) == {"subdivision": "GT-08", "city": "Momostenango", "text": "Ask me."}

    assert (await sees(desk, luz, far)).body is None
    await shown_to(desk, luz, far)
    there = (await sees(desk, luz, far)).body
    assert there is not None and there["issues"] == ["torture"]
    with pytest.raises(NotYours):
        await sees(desk, luz, desk.home)


async def test_a_field_can_be_narrowed_and_put_back(desk: Desk) -> None:
    luz = await luz_of_totonicapan(desk)
    far = await a_linked_network(desk, "Rafiki")
    await shown_to(desk, luz, far)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await showing.set_audience(turn, "languages", Audience.NETWORK)
    there, here = (await sees(desk, luz, far)).body, (await sees(desk, luz, "network")).body
    assert there is not None and here is not None
    assert (there["languages"], here["languages"]) == ([], ["es"])
    async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
        await showing.set_audience(turn, "languages", None)
    assert (await sees(desk, luz, far)).body == {**there, "languages": ["es"]}


async def test_an_audience_of_no_network_and_a_field_that_is_none_are_refused(desk: Desk) -> None:
    luz = await a_member(desk, "Luz")
    for field, audience in (("city", Audience.NAMED), ("shoe size", Audience.NETWORK)):
        with pytest.raises(BadAnswer):
            async with desk.turn(await seen_as(desk, luz, word=True)) as turn:
                await showing.set_audience(turn, field, audience)


@pytest.mark.parametrize(
    "answer",
    [
        {"issues": ["no-such-issue"]},
        {"languages": [f"x{number}" for number in range(25)]},
        {"country": "Guatemala"},
        {"country": "013"},
        {"locale": "tlh"},
        {"text": "x" * 501},
        {"shoe_size": 38},
    ],
)
async def test_answers_that_cannot_be_kept_change_nothing_and_name_their_field(
    desk: Desk, answer: dict[str, object]
) -> None:
    luz = await a_member(desk, "Luz", country="GT")
    with pytest.raises(BadAnswer) as refused:
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await profiles.change(turn, luz, {"languages": ["es"]} | answer)
    assert refused.value.field in answer
    async with desk.turn() as turn:
        row = await rows.load(turn.tx, luz)
    assert row is not None and (row.country, row.languages) == ("GT", ())


async def test_nobody_changes_somebody_else_and_the_last_administrator_stays(desk: Desk) -> None:
    luz, ana = await a_member(desk, "Luz"), await a_member(desk, "Ana", roles=frozenset({Role.ADMINISTRATOR}))
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, ana)) as turn:
            await profiles.change(turn, luz, {"languages": ["es"]})
    with pytest.raises(BadAnswer):
        async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
            await members.take_role(turn, ana, Role.ADMINISTRATOR)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        await members.made_administrator(
            turn, seconding.Agreed("0" * 32, Act.GIVE_ADMINISTRATOR, luz, "", ana)
        )
        await members.take_role(turn, ana, Role.ADMINISTRATOR)
    assert Role.ADMINISTRATOR in (await seen_as(desk, luz)).roles

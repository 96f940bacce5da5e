"""What people watch comes at once, to whoever may see it, and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from doors import CLIENT, NOT_OURS, Door, a_door
from people import seen_as
from watching import a_watcher, hints

from bots import offboarding, sentinel
from directory.core.viewer import Lane, Role, Viewer
from directory.store import ways_in
from hub.api import tokens


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened, hints(desk, opened):
        yield opened


async def the_alarm_of(desk: Desk, member: str) -> str:
    async with desk.turn(await seen_as(desk, member)) as turn:
        found = await sentinel.my_alarm(turn)
    assert found is not None
    return found.id


async def test_an_alarm_comes_to_the_person_at_once_and_to_nobody_who_was_not_told(
    desk: Desk, door: Door
) -> None:
    stage = Stage(desk)
    ixchel, tomas = await a_person(stage, "Ixchel"), await a_person(stage, "Tomas")
    async with (
        a_watcher(door, session=await door.session(ixchel)) as hers,
        a_watcher(door, session=await door.session(tomas)) as his,
    ):
        await hers.watch("AlarmChanged")
        await his.watch("AlarmChanged")
        await hers.nothing_came()
        await stage.say("Ixchel", "alarm")
        shown = await hers.heard()
        assert shown["type"] == "next"
        assert shown["payload"]["data"]["alarmChanged"]["mine"] is True
        await his.nothing_came()


async def test_a_coordinator_sees_it_once_somebody_was_told_and_again_when_it_is_taken(
    desk: Desk, door: Door
) -> None:
    stage = Stage(desk)
    await a_person(stage, "Ixchel")
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    async with a_watcher(door, session=await door.session(ana)) as watcher:
        await watcher.watch("AlarmChanged")
        await watcher.nothing_came()
        await stage.say("Ixchel", "alarm")
        await watcher.nothing_came()
        await stage.pass_time(seconds=60)
        shown = (await watcher.heard())["payload"]["data"]["alarmChanged"]
        assert (shown["handle"], shown["state"]) == ("Ixchel", "RUNNING")
        await watcher.watch("TimelineGrew", "b", alarm=shown["id"])
        steps = (await watcher.heard())["payload"]["data"]["timelineGrew"]
        assert len(steps) == len(shown["timeline"])
        await stage.say("Ana", "1")
        came = [await watcher.heard(), await watcher.heard()]
        by_id = {one["id"]: one["payload"]["data"] for one in came}
        assert by_id["a"]["alarmChanged"]["takenBy"] == "Ana"
        assert [step["who"] for step in by_id["b"]["timelineGrew"]] == ["Ana"]


async def test_the_rule_is_asked_before_anything_is_watched(desk: Desk, door: Door) -> None:
    stage = Stage(desk)
    ixchel = await a_person(stage, "Ixchel")
    tomas = await a_person(stage, "Tomas")
    await stage.say("Tomas", "alarm")
    hidden = await the_alarm_of(desk, tomas)
    assert door.live is not None
    async with a_watcher(door, session=await door.session(ixchel)) as watcher:
        for name, operation, variables in (
            ("a", "LinkChanged", {}),
            ("b", "TimelineGrew", {"alarm": hidden}),
            ("c", "TimelineGrew", {"alarm": "f" * 32}),
        ):
            await watcher.watch(operation, name, **variables)
            told = await watcher.heard()
            assert (told["type"], told["id"]) == ("error", name)
            assert told["payload"][0]["extensions"]["code"] == "NOT_YOURS"
        (connection,) = door.live.changes.connections
        assert connection.subscriptions == {}
        await watcher.watch("AlarmChanged", "d")
        await watcher.nothing_came()
        assert list(connection.subscriptions) == ["d"]


async def test_whoever_is_off_boarded_or_signed_out_is_put_out_at_once(desk: Desk, door: Door) -> None:
    stage = Stage(desk)
    ixchel, tomas, ana = [await a_person(stage, name) for name in ("Ixchel", "Tomas", "Ana")]
    async with (
        a_watcher(door, session=await door.session(ixchel)) as first,
        a_watcher(door, session=await door.session(tomas)) as second,
        a_watcher(door, session=await door.session(ana)) as third,
    ):
        for watcher in (first, second, third):
            await watcher.watch("AlarmChanged")
            await watcher.nothing_came()
        async with desk.turn(Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR}))) as turn:
            await offboarding.off_board(turn, "Ixchel")
        assert await first.heard() == 4403
        async with desk.turn() as turn:
            await ways_in.end_sign_ins(turn.tx, tomas, turn.now)
        assert await second.heard() == 4403
        await third.nothing_came()


async def test_a_token_that_ends_closes_its_socket_and_one_that_names_nothing_watches_nothing(
    desk: Desk, door: Door
) -> None:
    async with desk.turn() as turn:
        technician = await tokens.technician_token(turn)
        made = await tokens.make_token(turn, "x", ["FindAllies"], timedelta(days=1))
    async with a_watcher(door, headers={**CLIENT, "Authorization": f"Bearer {made.secret}"}) as watcher:
        await watcher.watch("LinkChanged")
        assert (await watcher.heard())["payload"][0]["extensions"]["code"] == "NOT_YOURS"
        async with desk.turn() as turn:
            await tokens.revoke(turn, made.token.id)
        assert await watcher.heard() == 4403
    async with a_watcher(door, headers={**CLIENT, "Authorization": f"Bearer {technician}"}) as watcher:
        await watcher.watch("LinkChanged")
        await watcher.nothing_came()
        desk.clock.move(hours=1)
        await watcher.nothing_came()


async def test_a_session_that_passes_its_time_is_put_out(desk: Desk, door: Door) -> None:
    ixchel = await a_person(Stage(desk), "Ixchel")
    async with a_watcher(door, session=await door.session(ixchel)) as watcher:
        assert door.live is not None
        await door.live.look()
        await watcher.nothing_came()
        desk.clock.move(hours=5)
        await door.live.look()
        assert await watcher.heard() == 4403


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("hello", 4400),
        ('{"type": "connection_init"}', 4429),
        ('{"type": "nothing"}', 4400),
        ('{"type": "subscribe", "id": 3}', 4400),
        ("[" * 9_000, 4400),
    ],
)
async def test_what_is_no_message_closes_the_socket_and_a_neighbour_goes_on(
    desk: Desk, door: Door, sent: str, code: int
) -> None:
    session = await door.session(await a_person(Stage(desk), "Ixchel"))
    async with a_watcher(door, session=session) as one, a_watcher(door, session=session) as other:
        await one.socket.send_str(sent)
        assert await one.heard() == code
        await other.nothing_came()


async def test_only_documents_of_the_contract_can_be_watched_and_each_under_its_own_id(
    desk: Desk, door: Door
) -> None:
    session = await door.session(await a_person(Stage(desk), "Ixchel"))
    async with a_watcher(door, session=session) as watcher:
        await watcher.say("subscribe", id="q", payload={"query": "subscription { alarmChanged { id } }"})
        assert (await watcher.heard())["payload"][0]["extensions"]["code"] == "OPEN_QUERIES_OFF"
        await watcher.watch("Home", "h")
        assert (await watcher.heard())["payload"][0]["extensions"]["code"] == "UNKNOWN_DOCUMENT"
        await watcher.watch("AlarmChanged", "a")
        await watcher.say("complete", id="a")
        await watcher.watch("AlarmChanged", "a")
        await watcher.nothing_came()
        await watcher.watch("AlarmChanged", "a")
        assert await watcher.heard() == 4409


async def test_nobody_comes_in_without_a_session_from_another_site_or_without_the_protocol(
    desk: Desk, door: Door
) -> None:
    session = await door.session(await a_person(Stage(desk), "Ixchel"))
    cookies = {door.cookie: session}
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    upgrade |= {
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "graphql-transport-ws",
    }
    async with aiohttp.ClientSession() as client:
        for extra, kept, status in (
            ({}, {}, 404),
            ({"Origin": "https://elsewhere.example"}, cookies, 403),
            ({"Sec-Fetch-Site": "cross-site"}, cookies, 403),
            ({"Sec-WebSocket-Protocol": "graphql-ws"}, cookies, 400),
        ):
            async with client.get(
                f"{door.url}/graphql", headers={**upgrade, **extra}, cookies=kept
            ) as answer:
                assert answer.status == status
                assert (await answer.text() == NOT_OURS) is (status == 404)
    async with a_watcher(door, session=session, headers={"Origin": door.url}) as watcher:
        await watcher.nothing_came()

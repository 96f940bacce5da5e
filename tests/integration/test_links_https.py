"""The second lane between linked hubs: HTTPS, with Matrix cut, slow or there too; what strangers meet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
from conftest import Clock
from fixtures_embedded import eventually
from https_lane import TwoLanes, a_certificate, lanes
from two_hubs import pair

from directory.core.effects import Post, Stream
from hub.federation import identity
from hub.federation import links as doing
from hub.federation.core.envelope import MAX_WIRE, WIRE_SIZES
from hub.federation.core.lanes import step_of
from hub.federation.lanes import web
from hub.letters import TryLater

__all__ = ["lanes", "pair"]
ALARM = {"id": "a" * 32, "kind_of_help": "alarm", "severity": "high", "raised_at": 1_795_000_000_000}
NOTE = {"about": "a" * 32, "step": "note", "text": "Somebody is on the way"}


async def alarm(lanes: TwoLanes, name: str = "a" * 32) -> None:
    async with lanes.a.hub.turn() as turn:
        await turn.record(Post(lanes.b.hub.home, Stream.URGENT, "alarm", {**ALARM, "id": name}))


async def address(lanes: TwoLanes) -> str:
    link = await lanes.b.hub.link(lanes.a.hub)
    return f"https://{lanes.b.host}/{step_of(bytes.fromhex(link.peer.secret), lanes.b.hub.home)}"


def heard(lanes: TwoLanes) -> list[str]:
    return [str(body["id"]) for kind, _, body in lanes.b.hub.heard if kind == "alarm"]


async def unconfirmed(lanes: TwoLanes) -> int:
    found = await lanes.a.hub.rows(
        "select count(*) from envelopes where direction = 'out' and type in ('alarm', 'action')"
        " and confirmed_at is null"
    )
    return int(str(found[0][0]))


async def test_with_matrix_cut_an_alarm_arrives_over_https_and_so_does_its_receipt(lanes: TwoLanes) -> None:
    lanes.cut()
    await alarm(lanes)
    await lanes.posted()
    assert heard(lanes) == ["a" * 32], "at once, without waiting for Matrix to be found slow"
    await lanes.settle()
    assert await unconfirmed(lanes) == 0


async def test_both_lanes_bring_one_alarm_and_what_matrix_does_not_bring_in_time_goes_over_https(
    lanes: TwoLanes,
) -> None:
    await alarm(lanes)
    await lanes.settle(1)
    assert heard(lanes) == ["a" * 32], "it came twice, and is heard once"
    lanes.cut()
    async with lanes.a.hub.turn() as turn:
        await turn.record(Post(lanes.b.hub.home, Stream.WORK, "action", NOTE))
    await lanes.settle(1)
    assert not [kind for kind, _, _ in lanes.b.hub.heard if kind == "action"], "Matrix first"
    await lanes.settle(12)
    assert [kind for kind, _, _ in lanes.b.hub.heard if kind == "action"] == ["action"]
    await lanes.settle(2)
    assert await unconfirmed(lanes) == 0


async def test_without_https_matrix_alone_works(lanes: TwoLanes) -> None:
    async with lanes.b.hub.turn() as turn:
        await identity.name_https(turn, "", [])
    await lanes.settle()
    await lanes.a.hub.rows("delete from letters where account = 'https' returning id")
    await alarm(lanes)
    written = await lanes.a.hub.rows("select account from letters where state = 'waiting'")
    assert {account for (account,) in written} == {"envoy"}
    await lanes.settle()
    assert heard(lanes) == ["a" * 32]


async def test_nobody_but_a_linked_hub_meets_anything_but_the_homeserver(lanes: TwoLanes) -> None:
    good = await address(lanes)
    async with aiohttp.ClientSession() as client:

        async def ask(method: str, url: str, **more: object) -> tuple[int, bytes, list[tuple[str, str]]]:
            async with client.request(method, url, ssl=False, **more) as answer:  # type: ignore[arg-type]
                kept = [(k, v) for k, v in answer.headers.items() if k not in ("Date",)]
                return answer.status, await answer.read(), kept

        stranger = await ask("POST", f"https://{lanes.b.host}/{'b' * 26}", data=b"x")
        assert stranger[0] == 404
        for method, url in (
            ("GET", good),
            ("PUT", good),
            ("POST", good[:-1]),
            ("POST", good + "/"),
            ("POST", good[:-1] + ("a" if good[-1] != "a" else "b")),
        ):
            assert await ask(method, url, data=b"x") == stranger, (method, url)
        wire = bytes(min(WIRE_SIZES))
        assert (await ask("POST", good, data=wire))[0] == 204, "the twin: it is known"
        for size in (0, 1, 1080, MAX_WIRE + 1):
            assert (await ask("POST", good, data=bytes(size)))[0] == 400, "only four lengths are read"
        packed = {"Content-Encoding": "gzip"}
        assert (await ask("POST", good, data=wire, headers=packed))[0] == 400, "and nothing is unpacked"
    async with lanes.b.hub.turn() as turn:
        await doing.sever(turn, lanes.a.hub.home)
    await lanes.b.peers.read()
    async with aiohttp.ClientSession() as client, client.post(good, data=b"x", ssl=False) as answer:
        assert answer.status == 404, "a link that has ended leads nowhere"


async def test_another_certificate_is_sent_nothing(lanes: TwoLanes, clock: Clock, tmp_path: Path) -> None:
    _, other, _ = a_certificate(tmp_path / "other")
    async with web.https_lane(clock, web.is_this_machine) as lane:
        wire = bytes(min(WIRE_SIZES))
        step = (await address(lanes)).rpartition("/")[2]
        with pytest.raises(TryLater):
            await lane.send("", "", web.to_content(lanes.b.host, [other], step, wire, clock()), "1")
        with pytest.raises(TryLater):
            await lane.send("", "", web.to_content(lanes.b.host, [], step, wire, clock()), "2")
        content = web.to_content(lanes.b.host, [other, lanes.b.pin], step, wire, clock())
        assert await lane.send("", "", content, "3") == web.POSTED, "the twin"
        clock.move(minutes=11)
        assert await lane.send("", "", content, "4") == web.LATE, "too old: it was sent again meanwhile"
    lanes.b.peers._steps.clear()
    lanes.b.peers.changed()

    async def known() -> bool:
        return lanes.b.peers.knows(step)

    running = asyncio.create_task(lanes.b.peers.run())
    assert await eventually(known), "links are read again when one is new"
    running.cancel()

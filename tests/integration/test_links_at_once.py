"""Several things at once at several links: nothing is lost, and alarms wait for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import msgspec
import pytest
from conftest import Clock
from sqlalchemy import text
from two_hubs import AHub, Neighbours, two_hubs

from directory import crypto
from directory.core.effects import Post, Stream
from hub.federation.core.shapes import base32
from hub.store import envelopes, links

ALARM = {"kind_of_help": "alarm", "severity": "high", "raised_at": 1_795_000_000_000}


@pytest.fixture
async def pair(
    fresh_database: Callable[[], AbstractAsyncContextManager[str]], clock: Clock
) -> AsyncIterator[Neighbours]:
    """Two linked hubs."""
    async with two_hubs(fresh_database, clock) as found:
        await found.link()
        yield found


async def another_network(hub: AHub, number: int) -> str:
    """A second linked network of this hub, of which only the keys exist; its id."""
    network = base32(bytes([number]) * 20)
    async with hub.turn() as turn:
        known = await links.every(turn.tx, hub.guard)
        sealing = crypto.sealing_public(crypto.new_sealing_key(hub.guard.chance)).hex()
        peer = msgspec.structs.replace(known[0].peer, sealing=sealing)
        await links.add(
            turn.tx,
            hub.guard,
            network=network,
            name=f"Network {number}",
            peer=peer,
            opened_by_us=True,
            room=str(known[0].room),
            now=turn.now,
        )
        await envelopes.begin(turn.tx, network, Stream)
        await links.change(turn.tx, network, state="active")
    return network


def alarm_to(network: str, number: int) -> Post:
    return Post(network, Stream.URGENT, "alarm", {**ALARM, "id": f"{number:032x}"})


async def sent_to(hub: AHub, network: str) -> list[int]:
    """Numbers of the alarms in the stream to a network."""
    found = await hub.rows(
        "select seq from envelopes where direction = 'out' and type = 'alarm' and network = :n order by seq",
        n=network,
    )
    return [int(str(row[0])) for row in found]


async def test_two_alarms_to_the_same_networks_in_opposite_orders_both_go_out(pair: Neighbours) -> None:
    hub, one = pair.b, pair.a.home
    other = await another_network(hub, 1)
    both_began = asyncio.Barrier(2)

    async def alarm(number: int, order: tuple[str, str]) -> None:
        async with hub.turn() as turn:
            await turn.record(alarm_to(order[0], number))
            await both_began.wait()
            await turn.record(alarm_to(order[1], number))

    async with asyncio.timeout(60):
        await asyncio.gather(alarm(1, (one, other)), alarm(2, (other, one)))
    await hub.due.fire_all()
    for network in (one, other):
        numbers = await sent_to(hub, network)
        assert len(numbers) == 2
        assert numbers[1] == numbers[0] + 1, "a number was given twice or left out"


async def test_an_alarm_does_not_wait_for_somebody_who_is_busy_with_the_link(pair: Neighbours) -> None:
    hub, network = pair.b, pair.a.home
    async with hub.turn() as busy:
        assert await links.of(busy.tx, hub.guard, network, lock=True)
        async with asyncio.timeout(60), hub.turn() as turn:
            for number in (1, 2):
                await turn.record(alarm_to(network, number))
        assert await sent_to(hub, network) == []
    async with hub.turn() as turn:
        await turn.record(alarm_to(network, 3))
    await pair.settle()
    heard = [int(str(body["id"]), 16) for kind, _, body in pair.a.heard if kind == "alarm"]
    assert heard == [1, 2, 3], "what was left for later goes out first"
    assert await hub.rows("select 1 from envelopes where direction = 'next'") == []
    assert await hub.rows("select 1 from due where kind = 'left'") == []


async def test_what_was_left_for_later_cannot_be_read_in_the_database(pair: Neighbours) -> None:
    hub, network = pair.b, pair.a.home
    async with hub.turn() as busy:
        assert await links.of(busy.tx, hub.guard, network, lock=True)
        async with hub.turn() as turn:
            body = {"about": "a" * 32, "step": "detail", "handle": "Xochitl77"}
            await turn.record(Post(network, Stream.WORK, "action", body))
        assert "Xochitl77" not in await hub.everything()
    await pair.settle()
    assert [body["handle"] for kind, _, body in pair.a.heard if kind == "action"] == ["Xochitl77"]


async def test_due_handlers_come_again_when_somebody_is_busy_with_the_link(pair: Neighbours) -> None:
    hub, network = pair.a, pair.b.home
    async with pair.b.turn() as turn:
        await turn.record(alarm_to(hub.home, 1))
    await pair.carry()
    pair.clock.move(seconds=1)
    async with hub.turn() as busy:
        assert await links.of(busy.tx, hub.guard, network, lock=True)
        async with asyncio.timeout(60):
            await hub.due.fire_all()
        # Whoever is at the link may move the very rows that just fired: they must not be held meanwhile.
        await busy.tx.execute(text("set local lock_timeout = '2s'"))
        await busy.tx.execute(text("update due set tries = 0"))
    await pair.settle()
    assert await pair.b.rows(
        "select count(*) from envelopes where type = 'alarm' and confirmed_at is not null"
    ) == [(1,)]

"""Alarms beside bare encrypted sends, in the same run: from the moment a rung is due to the decrypted read.

The hub is a real `care` process on a real homeserver, the responder a real app. A bare send is one encrypted
message between two apps over the same homeservers, bot and hub left out. Both take turns, so that a busy
machine slows both. AYNI_BENCH_ALARMS makes it smaller.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from care_stage import Cares, a_hub
from figure import Figure
from fixtures_embedded import BASES, eventually
from matrix import _homeservers as homeservers
from matrix_parts import People

from bots.core.ladder import Rung
from bots.store import actions, circles, duty
from bots.widening import DUE
from directory.core.effects import DueAt
from directory.core.viewer import Lane, Role, Viewer
from directory.store import members
from hub.chance import chance, random_id
from hub.due import CLOCK
from hub.embedded.postgres import PostgresPart
from hub.federation import links
from hub.federation.core.agreement import Cover, Hours
from hub.matrix.person import Person
from hub.matrix.rooms import Purpose
from hub.node import Node, open_node

ALARMS = int(os.environ.get("AYNI_BENCH_ALARMS", "40"))
AHEAD = timedelta(seconds=0.7)
"""A rung is due so soon after its row is written: the pump sleeps in between, as it does at night."""
TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))
ALWAYS = Cover(hours=(Hours(days=(1, 2, 3, 4, 5, 6, 7)),))


def in_the_network() -> Iterator[Figure]:
    """One responder of the circle, at home."""
    alarm, bare = asyncio.run(_at_home())
    yield from _figures("in the network", alarm, bare, 250)


def across_a_link() -> Iterator[Figure]:
    """A responder on duty at a linked network, on another homeserver."""
    alarm, bare = asyncio.run(_abroad())
    yield from _figures("across a link", alarm, bare, 450)


def _figures(where: str, alarm: list[float], bare: list[float], bar: float) -> Iterator[Figure]:
    middle, plain = statistics.median(alarm) * 1000, statistics.median(bare) * 1000
    yield Figure(f"bare encrypted send {where}, p50", plain, "ms")
    yield Figure(f"alarm to the first responder's read {where}, p50", middle, "ms", bar)
    yield Figure(f"alarm beside bare sends {where}", middle / plain, "times", 1.5)


@dataclass(frozen=True, slots=True)
class Called:
    """Who calls at which hub, and who reads it."""

    node: Node
    caller: str
    reader: Person
    room: str
    rung: int


async def _at_home() -> tuple[list[float], list[float]]:
    people = People()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ayni-bench-")))
        postgres, pair = await stack.enter_async_context(homeservers(folder))
        hub = await stack.enter_async_context(a_hub(folder / "hub", postgres.url(), pair.a, pair.a.url))
        lupe, rosa = await people.a_person(pair.a), await people.a_person(pair.a)
        await hub.enter(lupe, "lupe")
        room = await hub.enter(rosa, "rosa", Role.RESPONDER)
        await hub.start()
        await rosa.until_joined(room, hub.bot, 120)
        node = await stack.enter_async_context(_node(hub))
        caller, reader = await _member(node, "lupe"), await _member(node, "rosa")
        async with node.turn(CLOCK) as turn:
            await circles.ask(turn.tx, caller, reader, turn.now)
            await circles.say_yes(turn.tx, caller, reader, turn.now)
        found = await _turns(Called(node, caller, rosa, room, -1), lupe)
        await people.close()
        return found


async def _abroad() -> tuple[list[float], list[float]]:
    people = People()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ayni-bench-")))
        postgres, pair = await stack.enter_async_context(homeservers(folder))
        second = PostgresPart(folder / "pg2", chance=chance, bases=BASES)
        await second.start()
        stack.push_async_callback(second.stop)
        here = await stack.enter_async_context(a_hub(folder / "here", postgres.url(), pair.a, pair.a.url))
        there = await stack.enter_async_context(a_hub(folder / "there", second.url(), pair.b, pair.b.url))
        lupe, tomas = await people.a_person(pair.a), await people.a_person(pair.b)
        await here.enter(lupe, "lupe")
        room = await there.enter(tomas, "tomas", Role.RESPONDER)
        await asyncio.gather(here.start(), there.start())
        await tomas.until_joined(room, there.bot, 120)
        a, b = [await stack.enter_async_context(_node(hub)) for hub in (here, there)]
        await _link(a, b)
        caller, helper = await _member(a, "lupe"), await _member(b, "tomas")
        async with a.turn(CLOCK) as turn:
            named = circles.PlanRow(networks=(b.home,))
            await circles.keep_plan(turn.tx, turn.guard, caller, named, 30)
        async with b.turn(CLOCK) as turn:
            end = turn.now + timedelta(hours=12)
            await duty.begin(turn.tx, random_id(), helper, turn.now, end, ("en",))
        found = await _turns(Called(a, caller, tomas, room, int(Rung.COORDINATORS)), lupe)
        await people.close()
        return found


async def _turns(called: Called, plain: Person) -> tuple[list[float], list[float]]:
    bare_room = await plain.create_room([called.reader.user_id], purpose=Purpose.DIRECT)
    await called.reader.accept(inviter=plain.user_id)
    await plain.until_joined(bare_room, called.reader.user_id)
    alarm, bare = [], []
    await _bare(called, plain, bare_room), await _alarm(called)
    for _ in range(ALARMS):
        bare.append(await _bare(called, plain, bare_room))
        alarm.append(await _alarm(called))
    return alarm, bare


async def _bare(called: Called, plain: Person, room: str) -> float:
    began = time.time()
    await plain.say(room, "help me")
    await called.reader.hear(60, room=room)
    return time.time() - began


async def _alarm(called: Called) -> float:
    """From the moment the rung is due; the alarm is over afterwards, so that the next one is a new one."""
    action, node = random_id(), called.node
    async with node.turn(CLOCK) as turn:
        at = turn.now + AHEAD
        state = "raised" if called.rung < 0 else "running"
        columns = {"kind": "alarm", "member": called.caller, "network": turn.home, "state": state}
        columns |= {"severity": "high", "rung": called.rung, "raised_at": turn.now, "next_at": at}
        fields = {"handle": "lupe", "language": "en", "country": "GT"}
        await actions.add(turn.tx, turn.guard, action, fields, **columns)
        await turn.record(DueAt(DUE, action, at))
    await called.reader.wait_for(lambda heard: heard.room == called.room and "for help" in heard.body, 60)
    took = time.time() - at.timestamp()
    async with node.turn(CLOCK) as turn:
        found = await actions.get(turn.tx, turn.guard, action)
        if found is not None:
            await actions.change(turn.tx, turn.guard, found, None, state="closed", next_at=None)
    return took


@asynccontextmanager
async def _node(hub: Cares) -> AsyncIterator[Node]:
    node = await open_node(hub.data, part="bench")
    try:
        yield node
    finally:
        await node.close()


async def _member(node: Node, handle: str) -> str:
    async with node.turn(CLOCK) as turn:
        found = await members.with_handle(turn.tx, handle)
    assert found is not None
    return found.id


async def _link(a: Node, b: Node) -> None:
    """From nothing to an agreement under which the second answers the first at any hour."""
    async with a.turn(TECHNICIAN) as turn:
        code = await links.invite(turn)
    async with b.turn(TECHNICIAN) as turn:
        await links.accept(turn, code)
    for one, other in ((a, b), (b, a)):
        await eventually(lambda one=one, other=other: _known(one, other), within=120)  # type: ignore[misc]
        async with one.turn(TECHNICIAN) as turn:
            await links.words_match(turn, other.home)
    for one, other in ((a, b), (b, a)):
        await eventually(lambda one=one, other=other: _stands(one, other, "verified"), within=120)  # type: ignore[misc]
    async with a.turn(TECHNICIAN) as turn:
        await links.propose(turn, b.home, links.Terms(their_cover=ALWAYS))
    await eventually(lambda: _drafted(b, a), within=120)
    async with b.turn(TECHNICIAN) as turn:
        await links.sign(turn, a.home)
    for one, other in ((a, b), (b, a)):
        await eventually(lambda one=one, other=other: _stands(one, other, "active"), within=120)  # type: ignore[misc]


async def _view(one: Node, other: Node) -> links.LinkView | None:
    async with one.turn(TECHNICIAN) as turn:
        return next((link for link in await links.links(turn) if link.network == other.home), None)


async def _known(one: Node, other: Node) -> bool:
    link = await _view(one, other)
    return link is not None and link.words_can_be_compared


async def _stands(one: Node, other: Node, state: str) -> bool:
    link = await _view(one, other)
    return link is not None and link.state == state


async def _drafted(one: Node, other: Node) -> bool:
    link = await _view(one, other)
    return link is not None and bool(link.draft)


FIGURES = [in_the_network, across_a_link]

if __name__ == "__main__":
    for function in FIGURES:
        if len(sys.argv) < 2 or function.__name__ in sys.argv[1:]:
            for each in function():
                print(each)

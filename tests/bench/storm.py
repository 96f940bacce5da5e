"""500 people press the button on their pages within a second: when each first message was read, and all.

A real `care`, a real `door`, one homeserver, circles of three out of 30 apps that decrypt. Beside it, in the
same run, one bare bot sends as many encrypted messages to the same 30 people, AT_ONCE at a time, and is done
when the homeserver has them all. AYNI_BENCH_STORM makes it smaller.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from care_stage import Cares, a_hub
from figure import Figure
from fixtures_embedded import eventually
from matrix import _homeservers as homeservers
from matrix_parts import People

from bots.store import circles
from directory.core.viewer import Role
from directory.store import members
from hub.chance import random_id
from hub.cli.asking import Hub
from hub.clock import utc_now
from hub.demo.browser import Browser
from hub.due import CLOCK
from hub.growing import environment
from hub.matrix.person import Person
from hub.matrix.rooms import Purpose
from hub.node import open_node
from hub.pulse import last_beat

CALLERS = int(os.environ.get("AYNI_BENCH_STORM", "500"))
READERS, CIRCLE = 30, 3
AT_ONCE = 16
PATIENCE_S = 300


@dataclass
class Storm:
    """Everybody at their places. `read`: when which caller's message was first and last read."""

    bare: Person
    readers: list[Person]
    rooms: list[str]
    bare_rooms: list[str]
    browsers: list[Browser]
    pressed: dict[str, float] = field(default_factory=dict)
    read: dict[str, list[float]] = field(default_factory=dict)


def storm() -> Iterator[Figure]:
    """500 alarms through the page within a second, beside as many bare sends."""
    first, last, bare = asyncio.run(_storm())
    letters = CALLERS * CIRCLE
    yield Figure(f"{CALLERS} alarms at once: each one's first message was read after", first, "s", 15)
    yield Figure(f"{CALLERS} alarms at once: all {letters} messages were read after", last, "s", 35)
    yield Figure(f"{letters} bare encrypted sends of one bot, {AT_ONCE} at once", bare, "s")
    yield Figure("alarms beside bare sends", last / bare, "times", 1.3)


async def _storm() -> tuple[float, float, float]:
    people = People()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ayni-bench-")))
        postgres, pair = await stack.enter_async_context(homeservers(folder))
        hub = await stack.enter_async_context(a_hub(folder / "hub", postgres.url(), pair.a, pair.a.url))
        readers = [await people.a_person(pair.a) for _ in range(READERS)]
        rooms = [await hub.enter(one, f"r{n}", Role.RESPONDER) for n, one in enumerate(readers)]
        await hub.start()
        for one, room in zip(readers, rooms, strict=True):
            await one.until_joined(room, hub.bot, 120)
        await _callers(hub)
        address = await stack.enter_async_context(_door(hub))
        bare = await people.a_person(pair.a)
        places = Storm(bare, readers, rooms, await _bare_rooms(bare, readers), [])
        places.browsers = [await _at_the_page(hub, address, f"c{n}") for n in range(CALLERS)]
        took = await _bare(places)
        first, last = await _alarms(places)
        await asyncio.gather(*(browser.close() for browser in places.browsers))
        await people.close()
        return first, last, took


async def _callers(hub: Cares) -> None:
    """Members with a circle of three and nothing to wait for."""
    node = await open_node(hub.data, part="bench")
    try:
        async with node.turn(CLOCK) as turn:
            found = [await members.with_handle(turn.tx, f"r{n}") for n in range(READERS)]
            for number in range(CALLERS):
                who = random_id()
                row: dict[str, object] = {
                    "id": who,
                    "kind": "person",
                    "state": "active",
                    "handle": f"c{number}",
                }
                row |= {"handle_key": f"c{number}", "country": "GT", "languages": ["en"], "since": turn.now}
                await members.insert_member(turn.tx, row)
                for step in range(CIRCLE):
                    one = found[(number * CIRCLE + step) % READERS]
                    assert one is not None
                    await circles.ask(turn.tx, who, one.id, turn.now)
                    await circles.say_yes(turn.tx, who, one.id, turn.now)
                await circles.keep_plan(turn.tx, turn.guard, who, circles.PlanRow(0), 30)
    finally:
        await node.close()


@asynccontextmanager
async def _door(hub: Cares) -> AsyncIterator[str]:
    command = (sys.executable, "-m", "hub.process", "door", str(hub.data))
    log = (hub.data / "door.log").open("ab")
    running = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment()}, stdout=log, stderr=log
    )
    log.close()
    try:
        beat = await eventually(lambda: _beats(hub.data), within=60)
        yield f"http://127.0.0.1:{beat}"
    finally:
        running.terminate()
        await running.wait()


async def _beats(data: Path) -> int:
    beat = last_beat(data, "door", utc_now())
    return beat.port or 0 if beat is not None and beat.ready else 0


async def _at_the_page(hub: Cares, address: str, handle: str) -> Browser:
    made = await asyncio.to_thread(Hub(hub.data).act, "MakeLoginLink", handle=handle)
    browser = Browser.at(address)
    await browser.open(str(made["url"]))
    await browser.press("")
    await browser.open("/alarm")
    return browser


async def _bare_rooms(bare: Person, readers: list[Person]) -> list[str]:
    rooms = []
    for one in readers:
        rooms.append(await bare.create_room([one.user_id], purpose=Purpose.DIRECT))
        await one.accept(inviter=bare.user_id)
        await bare.until_joined(rooms[-1], one.user_id)
        await bare.say(rooms[-1], "good morning")
    return rooms


async def _bare(places: Storm) -> float:
    slots = asyncio.Semaphore(AT_ONCE)

    async def talk(room: str) -> None:
        for _ in range(CALLERS * CIRCLE // READERS):
            async with slots:
                await places.bare.say(room, "Help is asked for, please look at once")

    began = time.perf_counter()
    await asyncio.gather(*map(talk, places.bare_rooms))
    return time.perf_counter() - began


async def _alarms(places: Storm) -> tuple[float, float]:
    began = time.perf_counter()
    listening = [asyncio.create_task(_listen(places, *each)) for each in _seats(places)]
    pressing = [asyncio.create_task(_press(one, n)) for n, one in enumerate(places.browsers)]
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*pressing)
        await asyncio.gather(*listening)
    firsts = [min(times) for times in places.read.values()]
    assert len(firsts) == CALLERS and all(len(times) == CIRCLE for times in places.read.values())
    return max(firsts) - began, max(map(max, places.read.values())) - began


def _seats(places: Storm) -> Iterator[tuple[Person, str]]:
    return zip(places.readers, places.rooms, strict=True)


async def _press(browser: Browser, number: int) -> None:
    """Spread over the second."""
    await asyncio.sleep(number / CALLERS)
    await browser.press("raise")


async def _listen(places: Storm, reader: Person, room: str) -> None:
    """As many as are meant for this reader; each names who called."""
    for _ in range(CALLERS * CIRCLE // READERS):
        heard = await reader.wait_for(lambda one: one.room == room and one.wakes, PATIENCE_S)
        words = heard.body.replace(":", " ").replace(",", " ").replace(".", " ").split()
        caller = next(word for word in words if word[0] == "c" and word[1:].isdigit())
        places.read.setdefault(caller, []).append(time.perf_counter())


FIGURES = [storm]

if __name__ == "__main__":
    for each in storm():
        print(each)

"""Commands by Matrix beside bare encrypted sends of nio, in the same run and loop; and what a bot costs.

A command is one encrypted message of a member on another homeserver to a real `care` process, its
transaction, and the encrypted answer. A bare send is one encrypted message between two apps, bot and hub left
out. Rounds of both take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from bare_bot import BareBot, a_bare_bot
from care_stage import a_hub
from figure import Figure
from fixtures_embedded import BASES, Pair, Server
from matrix_parts import Ear, People, a_login

from directory.core.viewer import Role
from hub.chance import chance
from hub.embedded.postgres import PostgresPart
from hub.embedded.synapse import SynapsePart
from hub.matrix.person import Person
from hub.matrix.rooms import Purpose
from hub.store import letters
from hub.store import listen as notifications

COMMANDS, SPEAKERS = 6_000, 200
BRIEF, LOOKING = ("duty", "help duty"), ("status",)
TALKERS, EACH, ROUNDS, TURNS = 16, 10, 3, 15
BOTS = 4
MIB = 1 << 20
MINUTES = [number for number in range(61, 1400) if number % 60]


def through_the_bot() -> Iterator[Figure]:
    """Commands through dispatch, transaction and letter, without a homeserver."""
    for orders, bar in ((BRIEF, 1500), (LOOKING, None)):
        rate, statements = asyncio.run(_through(orders))
        mix = ", ".join(orders)
        yield Figure(f"commands through the bot ({mix})", rate, "a second", bar, at_most=False)
        yield Figure(f"SQL statements a command ({mix})", statements, "")


async def _through(orders: tuple[str, ...]) -> tuple[float, float]:
    async with a_bare_bot(SPEAKERS) as bot:
        count = _counted(bot)
        running = asyncio.create_task(bot.pump.run())
        wake = {letters.CHANNEL: lambda _: bot.pump.wake.set()}  # as in `care`
        waking = asyncio.create_task(notifications.listen(bot.url, wake))
        await _talk(bot, orders, SPEAKERS * 3)  # everything is prepared once
        before, began = count[0], time.perf_counter()
        await _talk(bot, orders, COMMANDS)
        took = time.perf_counter() - began
        for task in (waking, running):
            task.cancel()
        await asyncio.gather(waking, running, return_exceptions=True)
        return COMMANDS / took, (count[0] - before) / COMMANDS


def _counted(bot: BareBot) -> list[int]:
    from sqlalchemy.event import listen

    count = [0]

    def note(*_: object) -> None:
        count[0] += 1

    listen(bot.database.engine.sync_engine, "before_cursor_execute", note)
    return count


async def _talk(bot: BareBot, orders: tuple[str, ...], count: int) -> None:
    bot.lane.enough.clear()
    bot.lane.wanted = bot.lane.taken + count

    async def speak(number: int) -> None:
        for turn in range(count // SPEAKERS):
            await bot.ear.deliver(bot.says(f"m{number}", orders[(number + turn) % len(orders)]))

    await asyncio.gather(*(speak(number) for number in range(SPEAKERS)))
    await bot.lane.enough.wait()


@dataclass
class Stage:
    """Two homeservers, the talkers on the second, their rooms with the bot and with a bare app."""

    pair: Pair
    talkers: list[Person]
    bare: Person
    bot_rooms: list[str]
    bare_rooms: list[str]


@asynccontextmanager
async def _homeservers(folder: Path) -> AsyncIterator[tuple[PostgresPart, Pair]]:
    postgres = PostgresPart(folder / "pg", chance=chance, bases=BASES)
    await postgres.start()
    parts = [_synapse(folder, postgres, letter) for letter in "ab"]
    await asyncio.gather(*(part.start() for part in parts))
    try:
        async with aiohttp.ClientSession() as http:
            yield postgres, Pair(*(Server(part, http) for part in parts))
    finally:
        await asyncio.gather(*(part.stop() for part in parts))
        await postgres.stop()


def _synapse(folder: Path, postgres: PostgresPart, letter: str) -> SynapsePart:
    return SynapsePart(
        folder / letter,
        database=lambda: postgres.url("synapse", f"synapse_{letter}"),
        chance=chance,
        clock=lambda: datetime.now(UTC),
        bcrypt_rounds=4,
    )


def beside_bare_sends() -> Iterator[Figure]:
    """Command to answer across federation, and commands a second, beside bare encrypted sends."""
    bare_ms, command_ms, bare_rate, command_rate = asyncio.run(_beside())
    yield Figure("bare encrypted send across federation, p50", bare_ms, "ms")
    yield Figure("command to answer across federation, p50", command_ms, "ms")
    yield Figure("command to answer beside two bare sends", command_ms / (2 * bare_ms), "times", 1.5)
    yield Figure("bare encrypted sends, 16 at once", bare_rate, "a second")
    yield Figure("commands answered, 16 at once", command_rate, "a second")
    ratio = command_rate / bare_rate
    yield Figure("commands answered beside bare sends", ratio, "times", 0.4, at_most=False)


async def _beside() -> tuple[float, float, float, float]:
    people = People()
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as name:
        folder = Path(name)
        async with _homeservers(folder) as (postgres, pair):
            hub = a_hub(folder / "hub", postgres.url(), pair.a, pair.a.url)
            async with hub as cares:
                talkers = [await people.a_person(pair.b) for _ in range(TALKERS)]
                rooms = [
                    await cares.enter(person, f"p{number}", Role.RESPONDER)
                    for number, person in enumerate(talkers)
                ]
                await cares.start()
                bare = await people.a_person(pair.a)
                for person, room in zip(talkers, rooms, strict=True):
                    await person.until_joined(room, cares.bot, 120)
                stage = Stage(pair, talkers, bare, rooms, await _bare_rooms(talkers, bare))
                found = await _rounds(stage)
                await people.close()
                return found


async def _bare_rooms(talkers: list[Person], bare: Person) -> list[str]:
    rooms = []
    for person in talkers:
        rooms.append(await person.create_room([bare.user_id], purpose=Purpose.DIRECT))
        await bare.accept(inviter=person.user_id)
        await person.until_joined(rooms[-1], bare.user_id)
    return rooms


async def _rounds(stage: Stage) -> tuple[float, float, float, float]:
    minutes = iter(MINUTES * 20)
    lone: list[tuple[float, float]] = []
    crowd: list[tuple[float, float]] = []
    await _bare(stage, 0), await _command(stage, 0, next(minutes))
    for _ in range(ROUNDS):
        for _ in range(TURNS):
            lone.append((await _timed(_bare, stage, 0), await _timed(_command, stage, 0, next(minutes))))
        numbers = [next(minutes) for _ in range(EACH)]
        crowd.append((await _timed(_bare_crowd, stage), await _timed(_command_crowd, stage, numbers)))
    total = TALKERS * EACH
    return (
        statistics.median(bare for bare, _ in lone) * 1000,
        statistics.median(command for _, command in lone) * 1000,
        total / statistics.median(bare for bare, _ in crowd),
        total / statistics.median(command for _, command in crowd),
    )


async def _timed(work: Callable[..., Awaitable[None]], *given: object) -> float:
    began = time.perf_counter()
    await work(*given)
    return time.perf_counter() - began


async def _bare(stage: Stage, who: int) -> None:
    stage.bare.heard.clear()
    await stage.talkers[who].say(stage.bare_rooms[who], "duty on 61 m")
    await stage.bare.hear(60, room=stage.bare_rooms[who])


async def _command(stage: Stage, who: int, minutes: int) -> None:
    person, room = stage.talkers[who], stage.bot_rooms[who]
    await person.say(room, f"duty on {minutes} m")
    await person.wait_for(lambda heard: heard.room == room and f" {minutes} " in heard.body, 60)


async def _bare_crowd(stage: Stage) -> None:
    """Until the homeserver has them: a bare app does not hear every one of a burst (measured)."""

    async def talk(who: int) -> None:
        for _ in range(EACH):
            await stage.talkers[who].say(stage.bare_rooms[who], "duty on 61 m")

    await asyncio.gather(*(talk(who) for who in range(TALKERS)))


async def _command_crowd(stage: Stage, numbers: list[int]) -> None:
    async def talk(who: int) -> None:
        person, room = stage.talkers[who], stage.bot_rooms[who]
        for minutes in numbers:
            await person.say(room, f"duty on {minutes} m")
        for _ in numbers:
            await person.hear(120, room=room)

    await asyncio.gather(*(talk(who) for who in range(TALKERS)))


def weight() -> Iterator[Figure]:
    """What each further bot account adds to a process that listens, median of four."""
    yield Figure("a bot account costs", asyncio.run(_weight()), "MiB", 30)


async def _weight() -> float:
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as name:
        async with _homeservers(Path(name)) as (_, pair):
            listening, sizes = [], []
            for _ in range(BOTS + 1):
                before = _resident()
                account = (await a_login(pair.a)).account()
                await account.prepare()
                listening.append((account, asyncio.create_task(account.listen(Ear()))))
                await asyncio.sleep(2)  # a first sync; nothing says when memory has settled
                sizes.append(_resident() - before)
            for account, task in listening:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await account.close()
            return statistics.median(sizes[1:]) / MIB


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


FIGURES = [through_the_bot, beside_bare_sends, weight]

if __name__ == "__main__":
    for function in FIGURES:
        if len(sys.argv) < 2 or function.__name__ in sys.argv[1:]:
            for each in function():
                print(each)

"""Envelopes between hubs: reading, cards into the database, what is seen and taken back over HTTPS, floods.

Two real databases and, where a lane is named, real HTTPS on this machine; no Synapse. AYNI_BENCH_CARDS is how
many cards cross (6,000 by default).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
from conftest import Clock
from federation_builders import NOW, ANetwork
from figure import Figure
from fixtures_embedded import BASES, Databases, Prepare
from https_lane import TwoLanes, posting
from nacl import bindings as sodium
from people import an_organisation
from sqlalchemy import text
from two_hubs import AHub, Neighbours, two_hubs

from directory import cards as cards_of
from directory import crypto
from directory.core.effects import CardChanged
from hub.chance import chance
from hub.clock import monotonic, utc_now
from hub.due import DuePump
from hub.embedded.postgres import PostgresPart
from hub.federation import cards, parts
from hub.federation.core import streams
from hub.federation.core.admission import admit
from hub.federation.core.envelope import FRAME, open_envelope
from hub.federation.core.link import Stage
from hub.federation.fair import Budgets, Fair
from hub.store import due, letters
from hub.store.listen import listen

CARDS = int(os.environ.get("AYNI_BENCH_CARDS", "6000"))
CHANGES, WITHDRAWALS = 60, 30
ROUNDS, TIMES = 5, 2_000
IDLE_LINKS = 200
VISIBLE = "select 1 from cards where origin = :home and body->>'title' = :title"
CONFIRMED = "select 1 from shares where member = :member and withdrawal_confirmed_at is not null"


def reading() -> Iterator[Figure]:
    """Envelopes of 0.7 KB, up to the decision what to do, beside bare open, verify and parse of the same."""
    north, south = ANetwork("north"), ANetwork("south")
    wire = north.sealed(
        south,
        north.draft(
            south,
            "action",
            {"about": "a" * 32, "step": "note", "text": "x" * 300},
            stream=streams.Stream.WORK,
        ),
    )
    ring, head = south.keyring(north), streams.Head()

    def ours() -> None:
        opened = open_envelope(wire, ring, NOW)
        streams.receive(head, opened, seen=None, now=NOW)  # type: ignore[arg-type]
        admit(opened.type, Stage.ACTIVE)  # type: ignore[union-attr]

    def bare() -> None:
        padded = sodium.crypto_box_seal_open(wire[9:], south.sealing_public, south.sealing)
        signed = crypto.unpad_from_class(padded)
        sodium.crypto_sign_open(signed[8:FRAME] + b"ayni/envelope/v1\0" + signed[FRAME:], north.public)
        msgspec.json.decode(signed[FRAME:])

    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for name, call in (("ours", ours), ("bare", bare)):
            began = time.process_time()
            for _ in range(TIMES):
                call()
            rates[name].append(TIMES / (time.process_time() - began))
    mine, plain = statistics.median(rates["ours"]), statistics.median(rates["bare"])
    yield Figure("envelopes read up to decided effects", mine, "a second")
    yield Figure("the same over bare open, verify and parse", mine / plain, "×", 0.5, at_most=False)


def over_databases() -> Iterator[Figure]:
    """Cards into the other hub's database, and heartbeats of links that say nothing else."""
    yield from asyncio.run(_over_databases())


async def _over_databases() -> list[Figure]:
    async with a_pair() as pair:
        await pair.link()
        async with pair.a.turn() as turn:
            for number in range(CARDS):
                row = {
                    "id": f"{number:032x}",
                    "kind": "organisation",
                    "state": "listed",
                    "title": f"House {number}",
                    "source": "list",
                    "country": "GT",
                    "issues": ["land-and-territory"],
                    "since": turn.now,
                }
                await cards_of.rows.insert_member(turn.tx, row)
                await cards_of.refresh(turn, str(row["id"]))
        wires = await _pumped(pair)
        began = time.perf_counter()
        for wire in wires:
            await pair.b.take(wire)
        took = time.perf_counter() - began
        there = (await pair.b.rows("select count(*) from cards where origin = :h", h=pair.a.home))[0][0]
        each = await _heartbeat(pair)
    return [
        Figure(
            f"cards committed with their search rows ({there})",
            int(str(there)) / took,
            "a second",
            1500,
            at_most=False,
        ),
        Figure(
            f"{IDLE_LINKS} idle links, heartbeats out and in",
            each * IDLE_LINKS / 300 * 100,
            "% of a core",
            2.0,
        ),
    ]


async def _pumped(pair: Neighbours) -> list[object]:
    """Every card envelope that A writes for B, in order; nothing was delivered yet."""
    found: list[object] = []
    pump = cards.CardPump(pair.a.poster)
    while True:
        pair.clock.move(seconds=1)
        async with pair.a.turn() as turn:
            await turn.tx.execute(text("update heads set confirmed_seq = seq where direction = 'out'"))
            await pump.pump(turn, pair.b.home)
        fresh = await pair.a.outgoing()
        if not fresh:
            return found
        found += fresh


async def _heartbeat(pair: Neighbours) -> float:
    """CPU seconds of this process for one heartbeat written and one taken, with its receipt."""
    await pair.settle(seconds=400)
    began, rounds = time.process_time(), 6
    for _ in range(rounds):
        await pair.settle(seconds=300)
    return (time.process_time() - began) / rounds / 2


def over_https() -> Iterator[Figure]:
    """A change at A seen at B, and a withdrawal confirmed, over the HTTPS lane in real time."""
    yield from asyncio.run(_over_https())


async def _over_https() -> list[Figure]:
    async with a_pair() as pair, AsyncExitStack() as stack:
        await pair.link()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        a = await stack.enter_async_context(posting(pair.a, folder / "a"))
        b = await stack.enter_async_context(posting(pair.b, folder / "b"))
        await pair.settle()
        await a.peers.read()
        await b.peers.read()
        await TwoLanes(pair, a, b, pair.clock).settle()
        await stack.enter_async_context(_live(pair, (a, b)))
        seen = [await _change(pair, number) for number in range(CHANGES)]
        gone = [await _withdrawal(pair, number) for number in range(WITHDRAWALS)]
    seen.sort()
    gone.sort()
    return [
        Figure("change at A found at B over HTTPS, p50", seen[len(seen) // 2] * 1000, "ms", 500),
        Figure("the same, p99", seen[int(len(seen) * 0.99)] * 1000, "ms", 2000),
        Figure("withdrawal confirmed, p50", gone[len(gone) // 2] * 1000, "ms", 2000),
        Figure("withdrawal confirmed, the worst", gone[-1] * 1000, "ms", 60_000),
    ]


async def _change(pair: Neighbours, number: int) -> float:
    house = await an_organisation(pair.a, f"House {number}")
    return await _until(pair.a, [CardChanged(house)], lambda: _there(pair, f"House {number}"))


async def _there(pair: Neighbours, title: str) -> bool:
    return bool(await pair.b.rows(VISIBLE, home=pair.a.home, title=title))


async def _withdrawal(pair: Neighbours, number: int) -> float:
    found = await pair.a.rows("select id from members where title = :t", t=f"House {number}")
    member = str(found[0][0])
    await pair.a.rows("update members set state = 'erased' where id = :m returning id", m=member)

    async def confirmed() -> bool:
        return bool(await pair.a.rows(CONFIRMED, member=member))

    return await _until(pair.a, [CardChanged(member)], confirmed)


async def _until(hub: AHub, effects: list[CardChanged], holds: Callable[[], Awaitable[bool]]) -> float:
    began = time.perf_counter()
    async with hub.turn() as turn:
        for effect in effects:
            await turn.record(effect)
    async with asyncio.timeout(60):
        while True:
            if await holds():
                break
            await asyncio.sleep(0.005)
    return time.perf_counter() - began


@asynccontextmanager
async def _live(pair: Neighbours, posted: tuple[object, ...]) -> AsyncIterator[None]:
    """From now on both hubs run by the real clock, woken by their databases."""
    pair.a.poster = pair.b.poster = type(pair.a.poster)(pair.a.poster.letters, cards_lane())
    running = []
    for hub, one in ((pair.a, posted[0]), (pair.b, posted[1])):
        hub.clock = utc_now  # type: ignore[assignment]
        hub.poster = type(hub.poster)(hub.recorder.letters, cards_lane())
        hub.recorder = type(hub.recorder)(
            hub.recorder.letters, hub.poster, cards.changed, hub.recorder.remember
        )
        one.pump._clock = utc_now  # type: ignore[attr-defined]
        object.__setattr__(one.pump._lane, "clock", utc_now)  # type: ignore[attr-defined]
        due_pump = DuePump(hub.turn, parts.due_handlers(hub.poster), utc_now)
        wakes = {due.CHANNEL: _wake(due_pump.wake), letters.CHANNEL: _wake(one.pump.wake)}  # type: ignore[attr-defined]
        running += [asyncio.create_task(due_pump.run()), asyncio.create_task(listen(hub.url, wakes))]  # type: ignore[attr-defined]
    yield
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def cards_lane() -> object:
    """HTTPS, since there is no Matrix here."""
    from hub.federation.core.lanes import LaneKind

    return LaneKind.HTTPS


def _wake(event: asyncio.Event) -> Callable[[str], None]:
    return lambda _payload: event.set()


def flood() -> Iterator[Figure]:
    """Alarms of an honest hub while another sends as much as it can, beside the same without it."""
    quiet, under = asyncio.run(_flood())
    yield Figure("alarm of an honest hub handled, p99 without a flood", quiet * 1000, "ms")
    yield Figure("the same under a flood from another, over that", under / quiet, "×", 2.0)


async def _flood() -> tuple[float, float]:
    async with a_pair() as pair:
        await pair.link()
        wire = chance(1081)

        async def handle(_item: int) -> None:
            async with pair.b.turn() as turn:
                await pair.b.inbox.receive(turn, pair.a.home, wire)

        fair: Fair[int] = Fair(handle, Budgets(monotonic))

        async def honest() -> float:
            took = []
            for number in range(60):
                began = time.perf_counter()
                await fair.give("honest", 1081, number)
                took.append(time.perf_counter() - began)
                await asyncio.sleep(0.07)
            return sorted(took)[int(len(took) * 0.95)]

        async def hostile() -> None:
            number = 0
            while True:
                await asyncio.sleep(0.01)
                for _ in range(50):
                    number += 1
                    await fair.give("hostile", 1081, number)

        quiet = await honest()
        flooding = asyncio.create_task(hostile())
        await asyncio.sleep(1)
        under = await honest()
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)
        await fair.stop()
        return quiet, under


@asynccontextmanager
async def a_pair() -> AsyncIterator[Neighbours]:
    """Two founded hubs on a server of their own; `url` of each is kept for listening."""
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as folder:
        server = PostgresPart(Path(folder) / "pg", chance=chance, bases=BASES)
        await server.start()
        try:
            urls: list[str] = []
            databases = Databases(server)

            @asynccontextmanager
            async def fresh(prepare: Prepare | None = None) -> AsyncIterator[str]:
                async with databases.fresh(prepare) as url:
                    urls.append(url)
                    yield url

            async with two_hubs(fresh, Clock(utc_now())) as pair:
                pair.a.url, pair.b.url = urls  # type: ignore[attr-defined]
                yield pair
        finally:
            await server.stop()


FIGURES = [reading, over_databases, over_https, flood]

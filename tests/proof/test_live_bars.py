"""Idle subscribers weigh little, and an alarm is at its subscriber at once while they are there.

AYNI_WATCHERS (1000) is how many sockets are open, AYNI_ALARMS (100) how many calls for help are timed.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bots_stage import Stage, a_person
from doors import CONTRACT, Door, a_door
from watching import a_watcher, hints

from bots import sentinel
from directory.core.viewer import Role

if TYPE_CHECKING:
    from conftest import Desk

WATCHERS = int(os.environ.get("AYNI_WATCHERS", "1000"))
ALARMS = int(os.environ.get("AYNI_ALARMS", "100"))
MIB_A_THOUSAND, P99_MS = 40.0, 50.0
EACH = 10
"""Sockets one caller may have open."""


def resident_mib() -> float:
    """What this process, the door, holds in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


@asynccontextmanager
async def many(door: Door, sessions: list[str]) -> AsyncIterator[None]:
    """That many sockets, open and subscribed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).parents[1] / "many_watchers.py"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None and child.stdout is not None
    document = CONTRACT.by_name["AlarmChanged"].id
    asked = {"url": door.url + "/graphql", "cookie": door.cookie, "document": document, "sessions": sessions}
    child.stdin.write(json.dumps(asked).encode() + b"\n")
    await child.stdin.drain()
    assert await child.stdout.readline() == b"ready\n"
    try:
        yield
    finally:
        child.stdin.close()
        await child.wait()


@pytest.mark.timeout(900)
async def test_a_thousand_idle_subscribers_are_light_and_an_alarm_is_there_at_once(desk: Desk) -> None:
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.COORDINATOR, word=None)
    people = [
        await a_person(stage, f"Member{number}", word=None) for number in range(max(1, WATCHERS // EACH))
    ]
    callers = [await a_person(stage, f"Caller{number}", word=None) for number in range(min(ALARMS, 20))]
    async with a_door(desk) as door, hints(desk, door):
        sessions = [code for one in people for code in [await door.session(one)] * min(EACH, WATCHERS)]
        async with a_watcher(door, session=await door.session(ana)) as watcher:
            await watcher.watch("AlarmChanged")
            await watcher.nothing_came()
            before = resident_mib()
            async with many(door, sessions):
                assert door.live is not None
                assert len(door.live.changes.connections) == len(sessions) + 1
                grew = resident_mib() - before
                took = []
                for number in range(ALARMS):
                    async with desk.turn() as turn:
                        await sentinel.raise_for(
                            stage.desk,
                            turn,
                            callers[number % len(callers)],
                            source="page",
                            window=timedelta(0),
                        )
                    began = time.perf_counter()
                    shown = await watcher.heard()
                    took.append((time.perf_counter() - began) * 1e3)
                    assert shown["payload"]["data"]["alarmChanged"]["open"] is True
                    while (more := await later(watcher)) is not None:
                        assert more["type"] == "next"
    took.sort()
    middle = statistics.median(took)
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    print(
        f"\n{len(sessions)} idle subscribers: {grew:.1f} MiB, bar {MIB_A_THOUSAND * len(sessions) / 1000:.0f}"
    )
    print(f"{len(took)} alarms at a subscriber: p50 {middle:.1f} ms, p99 {p99:.1f}, bar {P99_MS:.0f}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    assert grew <= MIB_A_THOUSAND * len(sessions) / 1000
    assert p99 <= P99_MS


async def later(watcher: object) -> dict[str, object] | None:
    """What else came before a pong: the same call may be shown again as it goes on."""
    await watcher.say("ping")  # type: ignore[attr-defined]
    came: dict[str, object] = await watcher.heard()  # type: ignore[attr-defined]
    return None if came == {"type": "pong"} else came

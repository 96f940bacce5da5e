"""The search index of `door`: how long it takes to fill, what it weighs, and what one question costs.

AYNI_BENCH_MEMBERS cards on 200 networks, four of five of them people; the eleven shapes of FACTS.md, each
asked by members whose country and languages count.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from figure import Figure
from searching import NOW, House, a_house, shapes
from sqlalchemy import text

from directory import vocabularies
from directory.core.questions import Asker, Question, plan
from directory.index import asking
from directory.index.catalogue import Catalogue
from directory.sharing import SHOWN_UNCONFIRMED_FOR
from hub.index.following import Follower

MEMBERS = int(os.environ.get("AYNI_BENCH_MEMBERS", "1000000"))
TIMES = 300
MILLION = MEMBERS / 1_000_000
ASKER = Asker(member="nobody", country="GT", languages=("es",))


def _resident() -> float:
    """MiB of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _cost(known: Catalogue, question: Question) -> float:
    """Milliseconds a page: the median, planning not counted (it is kept)."""
    made = asking.wanted(known, plan(question, ASKER, vocabularies.known()))
    asked = asking.Moment(NOW, NOW - SHOWN_UNCONFIRMED_FOR)

    def once() -> float:
        began = time.perf_counter()
        asking.find(known, made, asked, after=None, first=question.first)
        return (time.perf_counter() - began) * 1e3

    once()
    return statistics.median(once() for _ in range(TIMES))


def _url(house: House) -> str:
    return house.database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")


async def _narrowed(house: House, follower: Follower) -> float:
    """Milliseconds from a committed change to the index without it: the worst of some."""
    worst = 0.0
    for number in range(50, 70):
        async with house.database.transaction() as tx:
            change = "update cards set tags = array['k:person'], version = version + 1 where number = :n"
            await tx.execute(text(change), {"n": number})
        began = time.perf_counter()
        while len(follower.catalogue.tags_of(number)) > 2:  # its kind and its network are left
            await asyncio.sleep(0.001)
            if time.perf_counter() - began > 5:
                break
        worst = max(worst, (time.perf_counter() - began) * 1e3)
    return worst


async def _measured() -> dict[str, float]:
    found: dict[str, float] = {}
    async with a_house(MEMBERS, 200) as house:
        gc.collect()
        before = _resident()
        follower = Follower(house.database, time.monotonic)
        began = time.perf_counter()
        await follower.follow()
        found["filled from PostgreSQL, a million cards|s|15"] = (time.perf_counter() - began) / MILLION
        gc.collect()
        known = follower.catalogue
        bitmaps = sum(len(each.serialize()) for chunk in known.chunks for each in chunk.tags.values())
        found["bitmaps, a million cards|MiB|60"] = bitmaps / 2**20 / MILLION
        found["bitmaps and cards in process, a million|MiB|410"] = (_resident() - before) / MILLION
        costs = {name: _cost(known, question) for name, question in shapes(house.made).items()}
        for name, cost in costs.items():
            found[f"page of 20: {name}|ms|"] = cost
        found["worst of the eleven shapes|ms|0.1"] = max(costs.values())
        following = asyncio.create_task(follower.run(_url(house)))
        found["a change in the index after its commit, worst of 20|ms|200"] = await _narrowed(house, follower)
        following.cancel()
    return found


def index() -> Iterator[Figure]:
    """The index over a large directory: filling, weight, questions, changes."""
    for name, figure in asyncio.run(_measured()).items():
        what, unit, bar = name.split("|")
        yield Figure(f"index, {MEMBERS:,} cards: {what}", figure, unit, float(bar) if bar else None)


FIGURES = [index]

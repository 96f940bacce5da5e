"""Searching a million members on 200 networks with PostgreSQL only, and writing beside it.

AYNI_BENCH_MEMBERS sets the size. The viewer's rules are on: who asks, their relation, leases, networks that
are linked, the budget of the day, sealed cursors.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from directory_million import Made, make
from figure import Figure
from sqlalchemy import text

from directory import cards, profiles, search, vocabularies
from directory.core.effects import CardChanged, Effect
from directory.core.questions import Question
from directory.core.viewer import Lane, Role, Viewer
from directory.search import find_allies
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.store.tables import networks
from directory.turn import Turn
from hub.chance import chance, random_id
from hub.embedded.postgres import PostgresPart
from hub.migrations import upgrade

MEMBERS = int(os.environ.get("AYNI_BENCH_MEMBERS", "1000000"))
ROUNDS = int(os.environ.get("AYNI_BENCH_ROUNDS", "150"))
EDITS, EDITORS = int(os.environ.get("AYNI_BENCH_EDITS", "6000")), 6
SMALL = 5_000
HOME = "home" + "0" * 60
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class House:
    """A database full of cards, and turns on it."""

    database: Database
    made: Made
    guard: Guard = field(
        default_factory=lambda: Guard(RingKey("w", chance(32)), RingKey("a", chance(32)), chance)
    )

    @asynccontextmanager
    async def turn(self, member: str) -> AsyncIterator[Turn]:
        """On behalf of a member; a changed card is rewritten in the same transaction."""
        viewer = Viewer(Lane.PAGE, member, frozenset({Role.MEMBER}), locale="es")
        changed: list[Effect] = []

        async def record(effect: Effect) -> None:
            changed.append(effect)

        async with self.database.transaction() as tx:
            turn = Turn(tx, viewer, NOW, record, random_id, self.guard, HOME)
            yield turn
            for effect in changed:
                if isinstance(effect, CardChanged):
                    await cards.refresh(turn, effect.member)

    async def people(self, most: int) -> list[str]:
        """Members of the home network."""
        async with self.database.transaction() as tx:
            found = await tx.execute(
                text("select id from members where kind = 'person' order by id limit :most"), {"most": most}
            )
            return list(found.scalars())


@asynccontextmanager
async def a_house(members: int, networks_: int) -> AsyncIterator[House]:
    """A fresh server with so many members."""
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as folder:
        server = PostgresPart(Path(folder) / "pg", chance=chance)
        await server.start()
        try:
            await asyncio.to_thread(upgrade, server.url())
            database = Database(server.url(), pool=EDITORS)
            async with database.transaction() as tx:
                await tx.execute(networks.insert().values(id=HOME, name="Home", home=True, since=NOW))
            made = await make(database, HOME, members=members, networks=networks_, now=NOW)
            yield House(database, made)
            await database.close()
        finally:
            await server.stop()


def shapes(made: Made) -> dict[str, Question]:
    """The eleven of FACTS.md."""
    common, second, mid, rare = made.issues[0], made.issues[1], made.issues[20], made.issues[-1]
    mid_language, rare_language = made.languages[8], made.languages[-1]
    offers = vocabularies.known().offers.keys()
    fine = [place for place in made.places if "-" in place]
    leaf, tiny = fine[len(fine) // 4], fine[-1]
    country, middling = made.places[3], made.places[120]
    world, asia = "001", "142"
    ask = Question(first=20)
    return {
        "rare issue in a subdivision": replace(ask, issues=(rare,), regions=(leaf,)),
        "mid issue in a country": replace(ask, issues=(mid,), regions=(country,)),
        "commonest issue in the world": replace(ask, issues=(common,), regions=(world,)),
        "commonest issue in Asia": replace(ask, issues=(common,), regions=(asia,)),
        "commonest issue in a tiny leaf": replace(ask, issues=(common,), regions=(tiny,)),
        "commonest issue in a mid-size country": replace(ask, issues=(common,), regions=(middling,)),
        "two issues in Asia": replace(ask, issues=(common, second), every=True, regions=(asia,)),
        "commonest in Asia, mid language and skill": replace(
            ask, issues=(common,), regions=(asia,), languages=(mid_language,), offers=(offers[30],)
        ),
        "commonest in the world, rare language and skill": replace(
            ask, issues=(common,), regions=(world,), languages=(rare_language,), offers=(offers[-1],)
        ),
        "mid issue in India, mid language": replace(
            ask, issues=(mid,), regions=("IN",), languages=(mid_language,)
        ),
        "no condition at all": ask,
    }


async def _timed(asked: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await asked()
    return (time.perf_counter() - began) * 1e3


async def _search(house: House) -> dict[str, list[float]]:
    """Every shape asked by many members in turn, one connection at a time; milliseconds."""
    people, chances = await house.people(3_000), random.Random(7)
    deep = await _deep(house, people.pop())
    asked = {**shapes(house.made), "a page 60 % deep": deep[1]}
    found: dict[str, list[float]] = {name: [] for name in asked}
    turns = [(name, question) for name, question in asked.items() for _ in range(ROUNDS)]
    chances.shuffle(turns)
    for place, (name, question) in enumerate(turns):
        member = deep[0] if name.startswith("a page") else people[place % len(people)]

        async def ask(member: str = member, question: Question = question) -> None:
            async with house.turn(member) as turn:
                await find_allies(turn, question)

        took = await _timed(ask)
        if place > len(asked) * 10:
            found[name].append(took)
    return found


async def _deep(house: House, member: str) -> tuple[str, Question]:
    """A question whose cursor points 60 % into what fits; the member who may use that cursor."""
    question = replace(shapes(house.made)["commonest issue in Asia"], first=20)
    async with house.turn(member) as turn:
        page = await find_allies(turn, question)
        return member, replace(question, after=_moved(turn, question, page.next or ""))


def _moved(turn: Turn, question: Question, cursor: str) -> str:
    """The cursor, sealed anew for a place far down."""
    place = search._opened(turn, replace(question, after=cursor))
    low = MEMBERS * 2 // 5
    below = replace(place, number=low + 1, low=low, high=low + 1)
    return search.cursor(turn.guard, turn.viewer, question, below)


async def _edit(house: House) -> float:
    """Edits a second, by several members at once, each a transaction that rewrites the card."""
    people = await house.people(2_000)
    issues, offers = house.made.issues, vocabularies.known().offers.keys()
    waiting = iter(range(EDITS))

    async def edits() -> None:
        for number in waiting:
            member = people[number % len(people)]
            said = {
                "issues": [issues[number % 50], issues[(number * 7 + 3) % 50]],
                "offers": [offers[number % 60]],
            }
            async with house.turn(member) as turn:
                await profiles.change(turn, member, said)

    began = time.perf_counter()
    await asyncio.gather(*(edits() for _ in range(EDITORS)))
    return EDITS / (time.perf_counter() - began)


async def _large() -> tuple[dict[str, list[float]], float, dict[str, list[float]]]:
    async with a_house(MEMBERS, 200) as house:
        fresh = await _search(house)
        rate = await _edit(house)
        return fresh, rate, await _search(house)


def _shown(found: dict[str, list[float]], when: str) -> Iterator[Figure]:
    for name, times in found.items():
        ordered = sorted(times)
        yield Figure(f"{name}{when}, median", ordered[len(ordered) // 2], "ms")
        yield Figure(
            f"{name}{when}, p99", ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], "ms", 5.0
        )


def searching() -> Iterator[Figure]:
    """The eleven shapes and no condition, PostgreSQL only; edits a second; the shapes after the edits."""
    fresh, rate, after = asyncio.run(_large())
    yield from _shown(fresh, "")
    yield Figure(f"member edits a second at {MEMBERS:,}", rate, "/s", 300.0, at_most=False)
    for figure in _shown(after, " after the edits"):
        if "p99" in figure.name:
            yield figure


_DIRECTORY = (
    "members cards person_keys audiences consents shares holdings introductions budgets decoys decoys_seen "
    "look_ups spokespersons roles join_codes card_turns card_changes"
)


async def _weighed() -> float:
    async with a_house(SMALL, 1) as house, house.database.transaction() as tx:
        found = [
            await tx.scalar(text("select pg_total_relation_size(cast(:name as regclass))"), {"name": name})
            for name in _DIRECTORY.split()
        ]
    return sum(found) / 2**20


def weight() -> Iterator[Figure]:
    """The directory's tables with their indexes at 5,000 members."""
    yield Figure("directory tables and indexes at 5,000 members", asyncio.run(_weighed()), "MiB", 40.0)


FIGURES = (weight, searching)

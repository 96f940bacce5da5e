"""What every test may ask for: real PostgreSQL, a fresh database each; only time and chance are ours.

And what deriving a word costs: 0.15 s for each person of each test would be minutes. At its
real cost it is measured in tests/proof."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from examples import TIMES
from hypothesis import HealthCheck, settings

import bots.store.tables  # noqa: F401
import directory.store.community_tables
import directory.store.deciding_tables
import directory.store.finding_tables
import directory.store.gathered_tables
import directory.store.tables
import hub.store.tables  # noqa: F401
from directory import words
from directory.core.effects import Effect
from directory.core.viewer import Lane, Role, Viewer
from directory.crypto import Cost
from directory.store.database import Database, metadata
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.chance import chance, random_id
from hub.migrations import upgrade

pytest_plugins = ["fixtures_embedded"]

PROVING = TIMES > 1 or any("proof" in word for word in sys.argv)
settings.register_profile(
    "ours", deadline=None, derandomize=not PROVING, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ours")
"""A busy machine fails nothing, and what is drawn is the same in every run; the proofs draw anew."""

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOME = "home" + "0" * 60
TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))


REAL_COST = words.COST
"""What a hub spends."""


@pytest.fixture(autouse=True)
def words_cost_nothing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deriving a word takes no time worth counting, but in proofs."""
    if "proof" not in request.path.parts:
        monkeypatch.setattr(words, "COST", Cost(1, 8192))


@dataclass
class Clock:
    """Virtual time: stands still until a test moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Move on (or back) by a timedelta's arguments."""
        self.now += timedelta(**by)
        return self.now


@dataclass
class Desk:
    """Begins turns on a test's database and keeps what they recorded."""

    database: Database
    guard: Guard
    clock: Clock
    recorded: list[Effect] = field(default_factory=list)
    home: str = HOME

    @asynccontextmanager
    async def turn(self, viewer: Viewer = TECHNICIAN) -> AsyncIterator[Turn]:
        """A real transaction on behalf of `viewer`; effects land in `recorded` instead of in letters."""
        fresh: list[Effect] = []

        async def record(effect: Effect) -> None:
            fresh.append(effect)

        async with self.database.transaction() as tx:
            yield Turn(tx, viewer, self.clock(), record, random_id, self.guard, self.home)
        self.recorded.extend(fresh)

    def heard(self, kind: type[Any]) -> list[Any]:
        """The recorded effects of one kind."""
        return [effect for effect in self.recorded if isinstance(effect, kind)]


LONG = (
    "power_cut",
    "the_story",
    "cli_",
    "custody_change",
    "matrix_",
    "alarm_rooms",
    "pages_",
    "roots_",
)
"""Files that begin first, because each is done by one worker and the other would wait for it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files before all others; else in their order."""
    items.sort(key=lambda item: not item.path.stem.removeprefix("test_").startswith(LONG))


@pytest.fixture
def clock() -> Clock:
    """Noon of a fixed day."""
    return Clock()


@pytest.fixture
def guard() -> Guard:
    """Fresh ring keys."""
    return Guard(RingKey("w1", chance(32)), RingKey("a1", chance(32)), chance)


async def only_tables(url: str) -> None:
    """Every table, and nothing in them: of a hub that the test founds."""
    database = Database(url)
    async with database.transaction() as tx:
        await tx.run_sync(metadata.create_all)
    await database.close()


async def migrated(url: str) -> None:
    """As `ayni init` and `ayni up` leave it: made by the migrations, which then find nothing to do."""
    await asyncio.to_thread(upgrade, url)


async def with_tables(url: str) -> None:
    """Every table, and the home network: made once a run, copied for each test."""
    database = Database(url)
    home = directory.store.tables.networks.insert().values(id=HOME, name="Red Ayni", home=True, since=NOON)
    async with database.transaction() as tx:
        await tx.run_sync(metadata.create_all)
        await tx.execute(home)
    await database.close()


@pytest.fixture
async def database(
    fresh_database: Callable[..., AbstractAsyncContextManager[str]],
) -> AsyncIterator[Database]:
    """A database of this test's own, with every table and the home network in it."""
    async with fresh_database(with_tables) as url:
        database = Database(url)
        yield database
        await database.close()


@pytest.fixture
def desk(database: Database, guard: Guard, clock: Clock) -> Desk:
    """Turns on a fresh database."""
    return Desk(database, guard, clock)


@pytest.fixture(scope="session")
def organisations() -> bytes:
    """The real input: 52 rows of public organisations, messy as they came."""
    return (Path(__file__).parents[1] / "hub" / "demo" / "organisations.csv").read_bytes()

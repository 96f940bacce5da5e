"""One PostgreSQL and two federating homeservers for a whole run; fresh databases and people for each test.

They start when the first test asks for them, and end with the run, also when the run is killed: the kernel
tells them. Loaded by tests/conftest.py through `pytest_plugins`.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import psycopg
import pytest
from psycopg import sql

from hub.chance import chance, random_id
from hub.embedded.postgres import PostgresPart
from hub.embedded.postgres_roles import Base
from hub.embedded.synapse import SynapsePart
from hub.matrix.admin import Account, Homeserver

BASES = (
    Base("ayni", "ayni"),
    Base("synapse_a", "synapse", bytewise=True),
    Base("synapse_b", "synapse", bytewise=True),
)

Prepare = Callable[[str], Awaitable[None]]
FreshDatabase = Callable[..., AbstractAsyncContextManager[str]]


async def eventually(check: Callable[[], Awaitable[object]], *, within: float = 60.0) -> object:
    """Ask `check` again and again until its answer is true; that answer. Fails after `within` seconds, which
    are for a machine that is busy with other things."""
    answer: object = None
    try:
        async with asyncio.timeout(within):
            while True:
                if answer := await check():
                    return answer
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"{check.__qualname__} was not true within {within} s; last answer: {answer!r}")


IN_MEMORY, ENOUGH = Path("/dev/shm"), 2**31


@contextmanager
def _a_fast_folder(otherwise: Path) -> Iterator[Path]:
    """A folder in memory where there is some, because making a database is a thousand small files."""
    if not IN_MEMORY.is_dir() or shutil.disk_usage(IN_MEMORY).free < ENOUGH:
        yield otherwise
        return
    for left in IN_MEMORY.glob("ayni-tests-*"):  # by a run that was killed
        if not Path("/proc", left.name.rpartition("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    ours = IN_MEMORY / f"ayni-tests-{os.getpid()}"
    ours.mkdir(mode=0o711)
    try:
        yield ours
    finally:
        shutil.rmtree(ours, ignore_errors=True)


@pytest.fixture(scope="session")
async def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PostgresPart]:
    """The server of this run, as the hub itself would start it, except that no row of a test has to
    outlive a power cut: making a database for each test costs a tenth of the time."""
    with _a_fast_folder(tmp_path_factory.mktemp("pg")) as data:
        part = PostgresPart(data, chance=chance, bases=BASES)
        await part.start()
        url = part.url("postgres", "postgres")
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                await db.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            await db.execute("SELECT pg_reload_conf()")
        yield part
        await part.stop()


@dataclass
class Databases:
    """Makes and drops databases on the run's server, over one connection."""

    server: PostgresPart
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    templates: dict[tuple[str, str], str] = field(default_factory=dict)
    line: psycopg.AsyncConnection | None = None

    async def _order(self, words: str, *names: str) -> None:
        if self.line is None or self.line.closed:
            url = self.server.url("postgres", "postgres")
            self.line = await psycopg.AsyncConnection.connect(url, autocommit=True)
        await self.line.execute(sql.SQL(words).format(*map(sql.Identifier, names)))

    async def close(self) -> None:
        """Give the connection back."""
        if self.line is not None:
            await self.line.close()

    async def _make(self, template: str) -> str:
        name = f"test_{next(self.numbers)}"
        await self._order("CREATE DATABASE {} OWNER ayni TEMPLATE {} STRATEGY file_copy", name, template)
        return name

    async def _template(self, prepare: Prepare) -> str:
        key = prepare.__code__.co_filename, prepare.__qualname__  # a module can be loaded under two names
        if key not in self.templates:
            name = await self._make("template0")
            await prepare(self.server.url("ayni", name))
            self.templates[key] = name
        return self.templates[key]

    @asynccontextmanager
    async def fresh(self, prepare: Prepare | None = None) -> AsyncIterator[str]:
        """A new database's address; dropped afterwards, whoever is still connected.

        `prepare` fills a template once a run (tables, say), of which each database is then a copy; it
        must close its connections.
        """
        name = await self._make(await self._template(prepare) if prepare else "template0")
        try:
            yield self.server.url("ayni", name)
        finally:
            await self._order("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
async def fresh_database(postgres_cluster: PostgresPart) -> AsyncIterator[FreshDatabase]:
    """`async with fresh_database() as url:` an empty database of one's own."""
    databases = Databases(postgres_cluster)
    yield databases.fresh
    await databases.close()


@dataclass
class Server:
    """One homeserver of the pair, and how to make people on it."""

    part: SynapsePart
    http: aiohttp.ClientSession

    @property
    def url(self) -> str:
        """Where clients reach it."""
        return self.part.client_url

    @property
    def name(self) -> str:
        """What addresses on it end with."""
        return self.part.server_name

    @property
    def admin(self) -> Homeserver:
        """To register and sign in by name."""
        return Homeserver(self.url, self.http, secret=self.part.registration_secret)

    async def a_person(self, name: str = "person", *, admin: bool = False) -> Account:
        """A new account with a name nobody had yet, signed in on its first device."""
        return await self.admin.register(f"{name}-{random_id()[:8]}", random_id(), admin=admin)


@dataclass
class Pair:
    """Two homeservers that federate, sharing one PostgreSQL."""

    a: Server
    b: Server


@pytest.fixture(scope="session")
async def homeservers(
    postgres_cluster: PostgresPart, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    """The pair of this run."""

    def part(letter: str) -> SynapsePart:
        data: Path = tmp_path_factory.mktemp(f"hs-{letter}")
        return SynapsePart(
            data,
            database=lambda: postgres_cluster.url("synapse", f"synapse_{letter}"),
            chance=chance,
            clock=lambda: datetime.now(UTC),
            bcrypt_rounds=4,
        )

    parts = part("a"), part("b")
    await asyncio.gather(*(each.start() for each in parts))
    async with aiohttp.ClientSession() as http:
        yield Pair(*(Server(each, http) for each in parts))
    await asyncio.gather(*(each.stop() for each in parts))

"""A hub whose `care` runs in processes of their own, at the run's homeservers, behind a wire that can be cut.

The first `care` is the owner of the bots' devices; every later one waits as a standby. Members are written
into the database as if they had come in, with their real apps and rooms.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from fixtures_embedded import Pair, Server, eventually

from directory.core.viewer import Role
from directory.store import bindings, members, roles
from hub.chance import random_id
from hub.due import CLOCK
from hub.founding import Founder, found_on, prepare, progress_nothing
from hub.growing import environment
from hub.matrix.crosssign import public
from hub.matrix.person import Person
from hub.matrix.rooms import Purpose
from hub.migrations import upgrade
from hub.node import open_node


class CutWire:
    """TCP between a bot and its homeserver; `cut` ends every connection and lets no new one through."""

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CutWire]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            self.cut()

    def cut(self) -> None:
        self._cut = True
        for writer in list(self._open):
            writer.transport.abort()

    def mend(self) -> None:
        self._cut = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        try:
            there = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, there[1]}
        self._open |= ends
        try:
            await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@dataclass
class Cares:
    """The hub, and its `care` processes, the owner first."""

    data: Path
    url: str
    server: Server
    bot: str = ""
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def start(self) -> asyncio.subprocess.Process:
        """One more `care`."""
        log = (self.data / "care.log").open("ab")
        one = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hub.process",
            "care",
            str(self.data),
            env={**os.environ, **environment()},
            stdout=log,
            stderr=log,
        )
        log.close()
        self.running.append(one)
        return one

    async def kill_owner(self) -> None:
        """kill -9."""
        owner = self.running.pop(0)
        owner.kill()
        await owner.wait()

    async def owned(self, within: float = 60.0) -> int:
        """Wait until somebody holds the bot's lock; how often it was taken until now."""

        async def fence() -> int:
            async with await psycopg.AsyncConnection.connect(self.url) as db:
                held = await db.execute(
                    "SELECT o.fence FROM owners o JOIN pg_stat_activity a"
                    " ON a.application_name = 'ayni owner ' || o.account JOIN pg_locks l"
                    " ON l.pid = a.pid AND l.locktype = 'advisory' AND l.granted WHERE o.account = 'bot'"
                )
                row = await held.fetchone()
            return int(row[0]) if row else 0

        return int(str(await eventually(fence, within=within)))

    async def end(self) -> None:
        for one in self.running:
            with suppress(ProcessLookupError):
                one.kill()
            await one.wait()
        self.running.clear()

    async def enter(self, person: Person, handle: str, *held: Role) -> str:
        """Make somebody a member, with a direct room that they open with the bot; the Matrix room."""
        room = await person.create_room([], purpose=Purpose.DIRECT)
        node = await open_node(self.data, part="test")
        try:
            async with node.turn(CLOCK) as turn:
                member = random_id()
                row = {"id": member, "kind": "person", "state": "active", "handle": handle}
                row |= {"handle_key": handle, "country": "GT", "languages": ["en"], "since": turn.now}
                await members.insert_member(turn.tx, row)
                kept = {"matrix_id": person.user_id, "room": room, "proof": "code"}
                kept |= {"master_key": public(person.seeds.master)}
                sealed = turn.guard.seal_fields("bindings", member, kept, watch=True)
                digest = turn.guard.digest("matrix-id", person.user_id)
                await bindings.bind(turn.tx, member, digest, sealed, turn.now)
                await roles.give_roles(turn.tx, member, held, turn.now)
        finally:
            await node.close()
        await person.invite(room, self.bot, direct=True)
        return room


@dataclass
class Faults:
    """Ways of breaking things; each is whole again when it returns."""

    cares: Cares
    wire: CutWire
    pair: Pair
    done: Counter[str] = field(default_factory=Counter)

    async def owner(self) -> None:
        """kill -9 of the owner; the standby takes over, and another one stands by."""
        await self.cares.kill_owner()
        await self.cares.owned()
        await self.cares.start()
        self.done["owner killed"] += 1

    async def homeserver(self) -> None:
        """kill -9 of the bot's homeserver, then of the people's, in turns."""
        server = self.pair.b if self.done["homeserver killed"] % 2 else self.pair.a
        server.part.kill()
        await server.part.ended()
        await server.part.start()
        self.done["homeserver killed"] += 1

    async def cut(self) -> None:
        """Nothing passes between bot and homeserver for a while."""
        self.wire.cut()
        await asyncio.sleep(4)  # as long as a real cut lasts; nothing is waited for here
        self.wire.mend()
        self.done["wire cut"] += 1


@asynccontextmanager
async def a_hub(
    data: Path, url: str, server: Server, homeserver: str, *, bot: str | None = None
) -> AsyncIterator[Cares]:
    """A network founded on this empty database and a homeserver others may use too; no `care` runs yet."""
    await asyncio.to_thread(upgrade, url)
    _write_settings(data, url, server.part.registration_secret, homeserver, bot or f"bot-{random_id()[:8]}")
    founded = await found_on(
        data,
        Founder("founder", "luna azul de mayo"),
        progress_nothing,
        homeserver,
        server.part.registration_secret,
    )
    hub = Cares(data, url, server, founded.bot)
    try:
        yield hub
    finally:
        await hub.end()


def _write_settings(data: Path, url: str, registration: str, homeserver: str, bot: str) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, secret in (("database.url", url), ("registration", registration)):
        (data / name).write_text(secret)
        (data / name).chmod(0o600)
    (data / "settings.toml").write_text(
        f'[network]\nname = "Red Ayni"\nbot = "{bot}"\n'
        f'[database]\nurl_file = "{data}/database.url"\n[homeserver]\n'
        f'url = "{homeserver}"\nregistration_secret_file = "{data}/registration"\n[disk]\nreserve_mib = 1\n'
    )
    (data / "settings.toml").chmod(0o600)
    prepare(data)

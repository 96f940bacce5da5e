"""PostgreSQL as our child (DESIGN 4.1): our own initdb, our own start, passwords always."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg

from directory.core.text import Text, say
from hub.embedded.account import Account, account_for
from hub.embedded.child import Child, Log, Program
from hub.embedded.files import folder, keep, write_whole
from hub.embedded.leftovers import clear_leftovers
from hub.embedded.postgres_binaries import Install, install_for
from hub.embedded.postgres_cluster import SUPERUSER, make_cluster
from hub.embedded.postgres_roles import BASES, Base, arrange
from hub.embedded.postgres_settings import HBA, settings_text
from hub.embedded.ready import until_ready
from hub.embedded.sight import Needs, Sight, sight
from hub.embedded.sockets import socket_folder
from hub.trouble import Trouble


class KeyLost(Trouble):
    """The database in {folder} is there, but the file with its password, {key}, is not.
    Put that file back from a backup; without it the database cannot be opened."""

    needs_person = True


class NotArranged(Trouble):
    """The database server runs, but its roles and databases could not be made (SQLSTATE {code}). Its log
    is {log}."""


class PostgresPart:
    """The database server of one data folder.

    State lies in data/postgres, passwords in data/keys/postgres-<role>, the log in data/logs. `chance`
    gives unpredictable bytes. `tcp_port` makes it listen on 127.0.0.1 too; by default only its socket,
    which no other account can open, leads to it.
    """

    name = "postgres"

    def __init__(
        self,
        data: Path,
        *,
        chance: Callable[[int], bytes],
        bases: tuple[Base, ...] = BASES,
        tcp_port: int | None = None,
        progress: Callable[[Text], None] = lambda _: None,
    ) -> None:
        self._state = data.absolute() / "postgres"
        self._keys = data.absolute() / "keys"
        self._log = Log(data.absolute() / "logs" / "postgres.log")
        self._chance = chance
        self._bases = bases
        self._tcp_port = tcp_port
        self._progress = progress
        self._child: Child | None = None

    @property
    def cluster(self) -> Path:
        """The folder PostgreSQL itself works in."""
        return self._state / "cluster"

    @property
    def port(self) -> int:
        """Part of the socket's name; a TCP port only if one was asked for."""
        return self._tcp_port or 5432

    @property
    def sockets(self) -> Path:
        """The folder of the socket. Known before the first start."""
        return socket_folder(self._state, self.port, account_for(self._state))

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._child.pid if self._child and self._child.running else None

    def password(self, role: str) -> str:
        """The role's password, made the first time it is asked for."""
        return keep(folder(self._keys) / f"postgres-{role}", lambda: self._chance(32).hex())

    def url(self, role: str = "ayni", database: str = "ayni") -> str:
        """A libpq address over the socket. Secret: it holds the password."""
        host = quote(str(self.sockets), safe="")
        return f"postgresql://{role}:{self.password(role)}@/{database}?host={host}&port={self.port}"

    async def start(self) -> None:
        """Make the database the first time, start the server, wait until it answers, arrange its roles.

        Raises Trouble: KeyLost, OtherMajor, StillRunning, ProgramEnded and others, each with what to do.
        """
        account = account_for(self._state)
        folder(self._state, owner=account.owner)
        install = install_for(self.cluster)
        way = sight(account, install.needs + Needs((self._state,)))
        await self._prepare(install, account, way)
        self._child = await Child.start(self._program(install, account, way), self._log)
        await until_ready(self._child, self._answers_superuser, within=60)
        owners = {base.owner: self.password(base.owner) for base in self._bases}
        try:
            await arrange(self.url(SUPERUSER, "postgres"), self._bases, owners)
        except psycopg.Error as refusal:
            raise NotArranged(log=self._log.path, code=refusal.sqlstate) from refusal

    async def _prepare(self, install: Install, account: Account, way: Sight) -> None:
        if not self.cluster.exists():
            self._progress(say("Making the database (only the first time)"))
            secret = self.password(SUPERUSER)
            await make_cluster(self._state, install, account, way, password=secret, log=self._log)
        elif not (self._keys / f"postgres-{SUPERUSER}").exists():
            raise KeyLost(folder=self.cluster, key=self._keys / f"postgres-{SUPERUSER}")
        await clear_leftovers(self.cluster, self.sockets)
        text = settings_text(
            install.major, sockets=self.sockets, port=self.port, tcp=self._tcp_port is not None
        )
        write_whole(self.cluster / "postgresql.conf", text, owner=account.owner)
        write_whole(self.cluster / "pg_hba.conf", HBA, owner=account.owner)

    def _program(self, install: Install, account: Account, way: Sight) -> Program:
        return Program(
            name=self.name,
            argv=(install.program("postgres"), "-D", str(self.cluster)),
            cwd=self.cluster,
            account=account,
            sight=way,
            # Its fast stop: sessions end, all is written, and the next start has nothing to repair.
            at_parents_death=signal.SIGINT,
        )

    async def _answers_superuser(self) -> bool:
        return await _answers(self.url(SUPERUSER, "postgres"))

    async def healthy(self) -> bool:
        """Whether it really answers a question, asked over a new connection as the first base's owner."""
        first = self._bases[0]
        return self.pid is not None and await _answers(self.url(first.owner, first.name))

    async def ended(self) -> Trouble:
        """Wait until the server is gone; says how."""
        if self._child is None:
            raise RuntimeError("not started")
        await self._child.ended()
        return self._child.why_ended()

    async def stop(self) -> None:
        """End it orderly: sessions are ended, everything is written. At most 20 seconds, then by force."""
        if self._child is not None:
            await self._child.stop(signal.SIGINT, within=20)

    def kill(self) -> None:
        """End it now."""
        if self._child is not None:
            self._child.kill()

    def tend(self) -> None:
        """Keep its log bounded; called from time to time."""
        self._log.trim()


async def _answers(url: str) -> bool:
    try:
        async with await psycopg.AsyncConnection.connect(url, connect_timeout=3) as db:
            row = await (await db.execute("SELECT 1")).fetchone()
            return row == (1,)
    except psycopg.OperationalError:
        return False

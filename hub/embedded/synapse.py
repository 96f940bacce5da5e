"""Synapse as our child (DESIGN 4.2): its files, its start, its health."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import aiohttp
from psycopg.conninfo import conninfo_to_dict

from directory.core.text import Text, say
from hub.embedded import compiling
from hub.embedded.account import Account, account_for
from hub.embedded.child import PLAIN_ENVIRONMENT, Child, Log, Program
from hub.embedded.files import folder, keep, write_whole
from hub.embedded.ports import LOOPBACK, Ports
from hub.embedded.ready import until_ready
from hub.embedded.sight import Needs, python_needs, sight
from hub.embedded.synapse_settings import Place, homeserver, logging_settings
from hub.trouble import Trouble

PATIENCE = aiohttp.ClientTimeout(total=3)


class NoSynapse(Trouble):
    """The homeserver program is not installed. Install Ayni with its extra "embedded", or give the
    address of a homeserver of your own as url in [homeserver] of the settings."""

    needs_person = True


class NameCannotChange(Trouble):
    """This hub's homeserver is named {kept}, and the settings now say {asked}. A homeserver's name can
    never change, because everybody's address ends with it. Put the old name back, or begin with a new
    data folder."""

    needs_person = True


class SynapsePart:
    """The homeserver of one data folder.

    State lies in data/synapse, the log in data/logs. `database` is the libpq address of its own database.
    Without `domain` it is an evaluation homeserver: named localhost:<port>, reachable only from this
    computer, federating only with others here. `chance` gives unpredictable bytes.
    """

    name = "synapse"

    def __init__(
        self,
        data: Path,
        *,
        database: Callable[[], str],
        chance: Callable[[int], bytes],
        clock: Callable[[], datetime],
        domain: str | None = None,
        peers: tuple[str, ...] | None = None,
        bcrypt_rounds: int = 12,
        progress: Callable[[Text], None] = lambda _: None,
    ) -> None:
        self._state = data.absolute() / "synapse"
        self._log = Log(data.absolute() / "logs" / "synapse.log")
        self._database = database
        self._chance = chance
        self._clock = clock
        self._progress = progress
        self._ports = Ports(data)
        self._domain = domain
        self._peers = peers
        self._bcrypt_rounds = bcrypt_rounds
        self._child: Child | None = None

    def _port(self, name: str) -> int:
        return self._ports.choose(("synapse client", "synapse federation"))[f"synapse {name}"]

    @property
    def client_url(self) -> str:
        """Where clients and our bots reach it, without a slash at the end."""
        return f"http://{LOOPBACK}:{self._port('client')}"

    @property
    def federation_port(self) -> int:
        """The loopback port of its federation listener; with a domain, a proxy stands before it."""
        return self._port("federation")

    @property
    def server_name(self) -> str:
        """What every address on it ends with."""
        return self._domain or f"localhost:{self.federation_port}"

    @property
    def evaluation(self) -> bool:
        """True without a domain: only for trying out, and the name can never change."""
        return self._domain is None

    @property
    def registration_secret(self) -> str:
        """Whoever knows it can make accounts, administrators included."""
        return self._secret("registration.key")

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child and self._child.running else None

    def _secret(self, name: str) -> str:
        account = account_for(self._state)
        folder(self._state, owner=account.owner)
        return keep(self._state / name, lambda: self._chance(32).hex(), owner=account.owner)

    async def start(self) -> None:
        """Write its files, start it, wait until it answers.

        Raises Trouble: NoSynapse, NameCannotChange, PortTaken, ProgramEnded, ProgramSlow.
        """
        found = find_spec("synapse")
        if found is None or found.origin is None:
            raise NoSynapse
        account = account_for(self._state)
        self._write_name()
        folder(self._state, owner=account.owner)
        self._write(account)
        package = Path(found.origin).parent
        if account.drop and not compiling.readable(package / "app" / "homeserver.py"):
            await self._compile(package)
        await self._ports_free()
        self._child = await Child.start(self._program(account), self._log)
        await until_ready(self._child, self._answers, within=90)

    def _write_name(self) -> None:
        kept = keep(folder(self._state) / "name", lambda: self.server_name)
        if kept != self.server_name:
            raise NameCannotChange(kept=kept, asked=self.server_name)

    def _write(self, account: Account) -> None:
        for secret in ("registration.key", "macaroon.key", "form.key"):
            self._secret(secret)
        keep(self._state / "signing.key", self._signing_key, owner=account.owner)
        if self.evaluation and not (self._state / "tls.crt").exists():
            # Part of the extra: a hub that brings neither server runs without it.
            from hub.embedded.certificate import for_localhost

            certificate, key = for_localhost(self._clock())
            write_whole(self._state / "tls.key", key, owner=account.owner)
            write_whole(self._state / "tls.crt", certificate, owner=account.owner)
        for name, content in (
            ("homeserver.yaml", homeserver(self._place())),
            ("log.yaml", logging_settings()),
        ):
            write_whole(self._state / name, json.dumps(content, indent=1), owner=account.owner)

    def _signing_key(self) -> str:
        # The format of signedjson: algorithm, version, unpadded base64 of the 32-byte seed.
        seed = base64.b64encode(self._chance(32)).decode().rstrip("=")
        return f"ed25519 a_{self._chance(2).hex()} {seed}\n"

    def _place(self) -> Place:
        return Place(
            server_name=self.server_name,
            state=self._state,
            database=self._database(),
            client_port=self._port("client"),
            federation_port=self._port("federation"),
            domain=self._domain,
            peers=self._peers,
            bcrypt_rounds=self._bcrypt_rounds,
        )

    def _program(self, account: Account) -> Program:
        database = str(conninfo_to_dict(self._database()).get("host") or "")
        sockets = (Path(database),) if database.startswith("/") else ()
        source = Path(__file__).parents[2]
        return Program(
            name=self.name,
            argv=(sys.executable, "-m", "synapse.app.homeserver", "-c", str(self._state / "homeserver.yaml")),
            cwd=self._state,
            env={**PLAIN_ENVIRONMENT, "PYTHONPATH": str(source), "MALLOC_ARENA_MAX": "2"},
            account=account,
            sight=sight(account, python_needs() + Needs((self._state, *sockets))),
        )

    async def _compile(self, package: Path) -> None:
        """Compile it once as the owner of the packages: an account without rights cannot keep the result
        and would spend seconds on it at every start. A second network waits for the first one's lock."""
        self._progress(say("Preparing the homeserver (only the first time)"))
        steps = (sys.executable, "-I", compiling.__file__, "synapse.app.homeserver", str(package))
        program = Program("synapse (first start)", steps, cwd=self._state)
        await (await Child.start(program, self._log)).ended()

    async def _ports_free(self) -> None:
        # The kernel ends a homeserver whose hub was killed, but that takes a moment.
        for last_try in (*[False] * 40, True):
            try:
                for name in ("synapse client", "synapse federation"):
                    self._ports.check(name)
                return
            except Trouble:
                if last_try:
                    raise
            await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        try:
            async with aiohttp.ClientSession(self.client_url, timeout=PATIENCE) as http:
                versions = await _json(http, "/_matrix/client/versions")
                async with http.get("/health") as health:
                    return health.status == 200 and "versions" in versions
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def healthy(self) -> bool:
        """Whether it answers, and speaks Matrix."""
        return self.pid is not None and await self._answers()

    async def ended(self) -> Trouble:
        """Wait until it is gone; says how."""
        if self._child is None:
            raise RuntimeError("not started")
        await self._child.ended()
        return self._child.why_ended()

    async def stop(self) -> None:
        """End it orderly, by force after 8 seconds: all it has answered for is in the database."""
        if self._child is not None:
            await self._child.stop(within=8)

    def kill(self) -> None:
        """End it now."""
        if self._child is not None:
            self._child.kill()

    def tend(self) -> None:
        """Keep its log bounded; called from time to time."""
        self._log.trim()


async def _json(http: aiohttp.ClientSession, path: str) -> dict[str, object]:
    async with http.get(path) as answer:
        return dict(await answer.json())

"""Two hubs of one test that also reach each other over real HTTPS on this machine.

Each has the real door with its gate before a plain homeserver, a certificate of its own that only its pin
vouches for, and the real letter pump. `cut` takes Matrix away from both.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from conftest import Clock
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from doors import CONTRACT, WAY, plain_homeserver
from two_hubs import AHub, Neighbours

from hub.api.door import Doorway, make_app
from hub.api.face import a_face
from hub.api.identity import Cookies
from hub.api.run import Runner
from hub.chance import random_id
from hub.federation import identity
from hub.federation.core.lanes import pin_of
from hub.federation.lanes import web
from hub.federation.lanes.door import PeerDoor
from hub.letters import LetterPump


def a_certificate(folder: Path, host: str = "localhost") -> tuple[ssl.SSLContext, str, bytes]:
    """(what a server shows, the pin of its key, the certificate in DER)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, plain[1], plain[0]))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    der = made.public_bytes(serialization.Encoding.DER)
    return context, pin_of(der), der


@dataclass
class Posted:
    """One hub with its door and its pump."""

    hub: AHub
    peers: PeerDoor
    pump: LetterPump
    host: str
    pin: str
    troubles: list[tuple[str, BaseException]] = field(default_factory=list)


@asynccontextmanager
async def posting(hub: AHub, folder: Path) -> AsyncIterator[Posted]:
    """Open the door of one hub over HTTPS, and let its pump run."""
    context, pin, _ = a_certificate(folder)
    peers = PeerDoor(hub.turn, hub.home, hub.inbox.receive)
    troubles: list[tuple[str, BaseException]] = []

    def trouble(where: str, what: BaseException) -> None:
        troubles.append((where, what))

    async def well() -> tuple[bool, dict[str, object]]:
        return True, {}

    async def figures() -> bytes:
        return b""

    async with AsyncExitStack() as stack:
        behind = await stack.enter_async_context(TestServer(plain_homeserver()))
        face = await stack.enter_async_context(a_face(lambda: f"http://127.0.0.1:{behind.port}"))
        runner = Runner(CONTRACT, hub.turn, None, trouble)  # type: ignore[arg-type]
        cookies = Cookies(hub.home, secure=False)
        doorway = Doorway(
            runner=runner,
            cookies=cookies,
            ids=random_id,
            health=well,
            metrics=figures,
            trouble=trouble,
            way=lambda: WAY,
            face=face,
            guard=hub.guard,
            delivers=peers.knows,
        )
        server = TestServer(make_app(doorway, peers.routes()), host="127.0.0.1")
        await server.start_server(ssl=context)
        stack.push_async_callback(server.close)
        lane = await stack.enter_async_context(web.https_lane(hub.clock, web.is_this_machine))
        pump = LetterPump(web.ACCOUNT, hub.database, hub.guard, lane, hub.clock, anywhere=True)
        running = asyncio.create_task(pump.run())
        async with hub.turn() as turn:
            await identity.name_https(turn, f"localhost:{server.port}", [pin])
        yield Posted(hub, peers, pump, f"localhost:{server.port}", pin, troubles)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert not troubles, troubles


@dataclass
class TwoLanes:
    """Linked over Matrix, reachable over HTTPS."""

    pair: Neighbours
    a: Posted
    b: Posted
    clock: Clock

    def cut(self) -> None:
        """Nothing sent over Matrix arrives any more."""
        self.pair.change = lambda _events: []

    def mend(self) -> None:
        """It does again."""
        self.pair.change = list

    async def settle(self, seconds: float = 2.0) -> None:
        """Virtual time passes; what is written for HTTPS is posted in real time before the next step."""
        for _ in range(round(seconds / 0.5)):
            await self.pair.settle(seconds=0.5)
            await self.posted()

    async def posted(self) -> None:
        """Everything written for HTTPS that can be posted now was posted."""
        statement = "select count(*) from letters where account = 'https' and state = 'waiting' and tries = 0"
        async with asyncio.timeout(10):
            for one in (self.a, self.b):
                while (await one.hub.rows(statement))[0][0]:
                    one.pump.wake.set()
                    await asyncio.sleep(0.01)


@pytest.fixture
async def lanes(pair: Neighbours, tmp_path: Path, clock: Clock) -> AsyncIterator[TwoLanes]:
    """Two linked hubs that both told the other where they are reached over HTTPS."""
    await pair.link()
    async with posting(pair.a, tmp_path / "a") as a, posting(pair.b, tmp_path / "b") as b:
        await pair.settle()
        for one in (a, b):
            await one.peers.read()
        found = TwoLanes(pair, a, b, clock)
        await found.settle()
        yield found

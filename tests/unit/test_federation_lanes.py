"""Which lane an envelope takes, where it is posted, whose certificate is believed, where nobody connects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from doors import plain_homeserver
from yarl import URL

from hub.federation.core.bodies import KINDS
from hub.federation.core.lanes import AT_ONCE, BOTH, LaneKind, lanes_for, pin_of, step_of
from hub.federation.lanes import web
from hub.federation.lanes.door import PeerDoor
from hub.federation.lanes.web import HttpsLane, https_lane, may_post, to_content
from hub.federation.receive import Verdict
from hub.letters import TryLater
from hub.push import is_open_internet

MATRIX, HTTPS = (LaneKind.MATRIX,), (LaneKind.HTTPS,)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
INSIDE = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 0177.1 017700000001 0 0.0.0.0 00.0.0.0 0x0
127.0.0.2 127.255.255.254 127.0.0.1. localhost LOCALHOST localhost. localhost.localdomain 10.0.0.1
10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1.254 169.254.169.254 169.254.0.1 100.64.0.1
100.127.255.254 192.0.0.1 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 [::1] [::] [::ffff:127.0.0.1] [::ffff:10.0.0.1] [fe80::1] [fc00::1]
[::ffff:169.254.169.254] [fd12:3456::1] [ff02::1] [::127.0.0.1] [2001:db8::1] [100::1] [::ffff:7f00:1]
0x0a000001 012.0.0.1 0xa9.0xfe.0xa9.0xfe 2852039166 3232235521 0xc0a80001 167772161 1.1.1.1@127.0.0.1
user:word@localhost a@[::1] [64:ff9b::7f00:1] [64:ff9b::a00:1] [2002:7f00:1::] [::7f00:1] [fec0::1]
"""
"""Names and addresses that lead inside, or may."""
ODD = """
https://localhost:22 https://localhost:25 https://localhost:80 https://localhost:1023 http://localhost:{port}
http://1.1.1.1 ftp://localhost file:///etc/passwd gopher://localhost:{port} https:// https:///x
https://:{port} https://[::1 https://localhost:0 https://%6cocalhost:{port} https://\u24dbocalhost:{port}
https://127\u30020\u30020\u30021:{port} https://localhost%00.example https://\\localhost:{port}
"""
PORTS = ("", ":443", ":{port}")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_matrix_carries_everything_first_and_people_in_danger_both_at_once(kind: str) -> None:
    assert lanes_for(kind, https=False, again=True, slow=True, prefer=LaneKind.HTTPS) == MATRIX
    assert lanes_for(kind, https=True) == (BOTH if kind in AT_ONCE else MATRIX)
    assert lanes_for(kind, https=True, slow=True) == (BOTH if kind in AT_ONCE else HTTPS)
    assert lanes_for(kind, https=True, prefer=LaneKind.HTTPS) == (BOTH if kind in AT_ONCE else HTTPS)
    assert lanes_for(kind, https=True, again=True) == BOTH


def test_each_hub_of_a_link_has_a_step_that_only_both_can_work_out() -> None:
    ours, theirs = step_of(b"s" * 16, "a" * 32), step_of(b"s" * 16, "b" * 32)
    assert ours != theirs != step_of(b"t" * 16, "b" * 32)
    assert len(ours) == 26
    assert set(ours) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_a_pin_is_of_the_public_key_whatever_else_stands_in_the_certificate() -> None:
    key = rsa.generate_private_key(65537, 2048)
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(spki)
    wanted = digest.finalize().hex()
    for name in ("one", "a much longer name of another certificate with the same key"):
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        made = x509.CertificateBuilder(
            subject, subject, key.public_key(), x509.random_serial_number(), NOW, NOW
        )
        raw = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        assert pin_of(raw) == wanted
        for cut in range(0, len(raw) - 300, 7):
            try:
                assert pin_of(raw[:cut]) != wanted
            except ValueError:
                continue


async def test_no_address_inside_is_ever_connected_to(tmp_path: Path) -> None:
    met: list[object] = []

    async def seen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(seen, "localhost", 0)
    port = server.sockets[0].getsockname()[1]
    tricks = [f"https://{host}{end}" for host in INSIDE.split() for end in PORTS] + ODD.split()
    tricks = [each.replace("{port}", str(port)) for each in tricks]
    assert len(tricks) > 100
    async with server, https_lane(lambda: NOW, is_open_internet) as lane:
        await asyncio.gather(*(_refused(lane, trick) for trick in tricks))
    assert met == []


async def _refused(lane: HttpsLane, url: str) -> None:
    content = {**to_content("h", [], "s", b"x", NOW), "url": f"{url}/{'a' * 26}"}
    try:
        assert await lane.send("", "", content, "1") == web.LATE
    except (TryLater, ValueError):
        return


async def test_a_host_that_nobody_can_reach_ends_the_letter_and_no_hidden_name_is_looked_up() -> None:
    async with https_lane(lambda: NOW, is_open_internet) as lane:
        for host in ("peer.example:99999", "peer.example:0", "hidden.onion", "hidden.ONION.:8443"):
            assert await lane.send("", "", to_content(host, [], "s", b"x", NOW), "1") == web.LATE


async def test_one_peers_flood_holds_one_connection_to_the_database_and_another_is_heard_meanwhile() -> None:
    held: list[str] = []
    most: list[int] = []
    let_go = asyncio.Event()

    @asynccontextmanager
    async def turns(_viewer: object) -> AsyncIterator[Any]:
        yield None

    async def receive(_turn: object, network: str, _raw: bytes, *, lane: LaneKind) -> Verdict:
        held.append(network)
        most.append(held.count("loud"))
        if network == "loud":
            await let_go.wait()
            held.remove(network)
        return Verdict.APPLIED

    door = PeerDoor(turns, "home", receive)
    loud = [asyncio.create_task(door._hand_over("loud", b"x")) for _ in range(8)]
    await asyncio.sleep(0)
    await door._hand_over("quiet", b"x")
    assert "quiet" in held, "the twin: nobody waits behind it"
    let_go.set()
    await asyncio.gather(*loud)
    assert max(most) == 1


def test_the_open_internet_may_be_posted_to_and_a_hub_for_evaluation_keeps_to_this_machine() -> None:
    assert may_post(URL("https://peer.example/x"), is_open_internet)
    assert may_post(URL("https://1.1.1.1:8443/x"), is_open_internet)
    assert not may_post(URL("https://1.1.1.1/x"), web.is_this_machine)
    assert may_post(URL("https://127.0.0.1:8443/x"), web.is_this_machine)


async def test_a_redirect_is_not_followed_and_is_no_delivery() -> None:
    """A plain server in place of a hub: whatever it answers but 204 is tried later."""
    async with (
        TestServer(plain_homeserver()) as elsewhere,
        https_lane(lambda: NOW, web.is_this_machine) as lane,
    ):
        with pytest.raises(TryLater):
            await lane.send("", "", to_content(f"localhost:{elsewhere.port}", [], "s", b"x", NOW), "1")

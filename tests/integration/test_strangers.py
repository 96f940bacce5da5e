"""Nothing answers a stranger: the door and a plain Synapse, asked the same, answer the same bytes."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.test_utils import unused_port
from doors import NOT_OURS, WAY, a_door
from people import a_member, seen_as
from yarl import URL

from directory.core.viewer import Role, Viewer
from directory.turn import Turn
from hub.api import tokens
from hub.web.pages import PAGES
from hub.web.render import CSS_PATH

if TYPE_CHECKING:
    from conftest import Desk
    from fixtures_embedded import Pair

OURS = (
    "/graphql",
    "/healthz",
    "/metrics",
    "/logout",
    "/login",
    "/in/" + "0" * 32,
    "/join",
    "/join/ABCD",
    CSS_PATH,
)
ODD = (
    "/nothing",
    "/.env",
    "/login?next=/",
    "/?said=saved",
    "//",
    "/%2e%2e/",
    "/%",
    "/%ff",
    "/%00",
    "/%C3%A9",
    "/a%2Fb",
)
ODD += (
    "/" + "x" * 9_000,
    "/favicon.ico",
    "/robots.txt",
    "/_matrix/client/versions",
    "/.well-known/matrix/client",
)
ODD += (
    f"/{'b' * 26}",
    f"/{'b' * 26}/login",
    "/health",
    "/_matrix/static/",
    "/index.html",
    "/static/../graphql",
)
ODD += ("//_synapse/admin/v2/users", "/_synapse/client/../admin")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")  # others the proxy keeps
HIDDEN = (
    "/_synapse/admin/v1/register",
    "/_synapse/%61dmin/v1/register",
    "//_synapse/admin/v2/users",
    "/_synapse",
)
SENT = (
    "",
    "Cookie: ayni-homehome=" + "0" * 32,
    "Cookie: __Host-ayni-way-home0000=x; ayni-way-home0000=" + "b" * 26,
    "Authorization: Bearer " + "0" * 64,
    "X-Forwarded-For: 127.0.0.1",
    "Ayni-Client: x\r\nContent-Type: application/json",
    "Origin: https://elsewhere.example\r\nSec-Fetch-Site: cross-site",
    "X-Long: " + "y" * 9_000,
)
BETWEEN_HOPS = {"date", "connection", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True)
class Heard:
    """An answer as a stranger behind the same proxy sees it: that one sorts headers and writes the date."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


async def ask(url: str, method: str, path: str, sent: str = "", body: bytes = b"") -> Heard:
    """One request, written by hand and read to the end of the connection."""
    where = URL(url)
    assert where.host is not None
    reader, writer = await asyncio.open_connection(where.host, where.port, limit=2**20)
    lines = [f"{method} {path} HTTP/1.1", "Host: hub.example", "Connection: close", *([sent] if sent else [])]
    lines += [f"Content-Length: {len(body)}"] if body else []
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    answer = await reader.read()
    writer.close()
    head, _, said = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in rest]
    if any(name.lower() == "transfer-encoding" for name, _ in pairs):
        said = _unchunked(said)
    status = first.split(" ", 2)[1] if first else ""
    # RFC 9110 §8.6: no Content-Length with 204; Synapse sends one, and a proxy takes it off.
    dropped = BETWEEN_HOPS | ({"content-length"} if status == "204" else set())
    kept = sorted((name.lower(), value) for name, value in pairs if name.lower() not in dropped)
    return Heard(status, tuple(kept), said)


def _unchunked(said: bytes) -> bytes:
    whole = b""
    while said:
        size, _, said = said.partition(b"\r\n")
        whole, said = whole + said[: int(size, 16)], said[int(size, 16) + 2 :]
    return whole


async def test_a_stranger_cannot_tell_the_door_from_a_plain_synapse(desk: Desk, homeservers: Pair) -> None:
    synapse, asked = homeservers.a.url, 0
    async with a_door(desk, homeserver=synapse) as door:
        asks = [("GET", path, sent) for path in (*PAGES, *OURS, *ODD) for sent in SENT]
        asks += [(method, path, "") for path in ("/", "/graphql", "/alarm", "/nothing") for method in METHODS]
        for method, path, sent in asks:
            if (path, sent) in (("/metrics", ""), ("/healthz", "")) or "homeserver" in sent:
                sent = "Via: 1.1 proxy"
            if path in ("/metrics", "/healthz") and not sent.startswith(("X-Forwarded", "Via")):
                sent = "X-Forwarded-For: proxied\r\n" + sent
            here, there = await ask(door.url, method, path, sent), await ask(synapse, method, path, sent)
            assert here == there, (method, path, sent)
            asked += 1
        body = b'{"documentId": "x"}'
        for path in ("/graphql", "/alarm", f"/{'b' * 26}/login", "/logout"):
            assert await ask(door.url, "POST", path, "", body) == await ask(synapse, "POST", path, "", body)
        for path in HIDDEN:
            assert await ask(door.url, "GET", path) == await ask(synapse, "GET", "/_synapse/x"), path
    assert asked > 300


async def test_by_the_address_members_are_given_there_is_a_way_in_and_the_browser_remembers_it(
    desk: Desk,
) -> None:
    async with (
        a_door(desk) as door,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client,
    ):
        assert (await _at(client, door.url + "/check-ins")) == (404, NOT_OURS)
        status, page = await _at(client, f"{door.url}/{WAY}")
        assert status == 200 and "password" in page
        status, page = await _at(client, door.url + "/check-ins")
        assert status == 200 and f'action="/{WAY}/login"' in page


async def test_a_session_outlives_a_new_address_and_a_bookmark_does_not(desk: Desk) -> None:
    session = await _session(desk)
    async with a_door(desk) as door:
        with_session = {door.cookie: session}
        async with aiohttp.ClientSession(cookies=with_session) as client:
            assert (await _at(client, door.url + "/check-ins"))[0] == 200
        old = dict.fromkeys(door.came_in, "b" * 26)
        async with aiohttp.ClientSession(cookies=old) as client:
            assert await _at(client, door.url + "/check-ins") == (404, NOT_OURS)
        async with aiohttp.ClientSession(cookies={door.cookie: "0" * 32}) as client:
            assert await _at(client, door.url + "/check-ins") == (404, NOT_OURS)


async def test_the_private_port_asks_to_sign_in_and_takes_nobody_for_the_technician(desk: Desk) -> None:
    port = unused_port()
    async with desk.turn() as turn:
        secret = await tokens.technician_token(turn)
    async with a_door(desk, private_port=port) as door, aiohttp.ClientSession() as client:
        private = f"http://127.0.0.1:{port}"
        status, page = await _at(client, private + "/")
        assert status == 200 and "password" in page
        body, sent = {"documentId": "x"}, {"Authorization": f"Bearer {secret}", "Ayni-Client": "x"}
        async with client.post(private + "/graphql", json=body, headers=sent) as answer:
            assert answer.status == 401
        async with client.post(door.url + "/graphql", json=body, headers=sent) as answer:
            assert answer.status == 400  # the technician, who asked for an unknown document
        assert (await _at(client, private + "/metrics"))[0] == 404
        assert (await _at(client, private + "/healthz")) == (200, "ok\n")
        assert (await _at(client, door.url + "/metrics"))[0] == 200


async def test_without_its_homeserver_the_door_says_what_a_proxy_says(desk: Desk) -> None:
    async with a_door(desk, homeserver=f"http://127.0.0.1:{unused_port()}") as door:
        heard = await ask(door.url, "GET", "/")
    assert (heard.status, heard.body) == ("502", b"")
    assert {name for name, _ in heard.headers} <= {"content-length"}


async def _session(desk: Desk) -> str:
    async with a_door(desk) as door:
        return await door.session(await a_member(desk, "Ixchel"))


async def _at(client: aiohttp.ClientSession, url: str, **how: Any) -> tuple[int, str]:
    async with client.get(url, **how) as answer:
        return answer.status, await answer.text()


async def test_no_code_that_a_stranger_makes_up_costs_a_look_into_the_database(desk: Desk) -> None:
    """The look takes a moment longer than none, and would say that there is more here than a homeserver."""
    looked: list[Viewer] = []
    async with a_door(desk) as door, aiohttp.ClientSession() as browser:
        ana = await a_member(desk, "Ana", roles=frozenset({Role.ADMINISTRATOR}))
        session, turns = await door.session(ana), door.runner.turns
        async with desk.turn(await seen_as(desk, ana)) as turn:
            secret = (await tokens.make_token(turn, "map", ["Networks"], timedelta(days=1))).secret

        def counted(viewer: Viewer) -> AbstractAsyncContextManager[Turn]:
            looked.append(viewer)
            return turns(viewer)

        object.__setattr__(door.runner, "turns", counted)
        outside = {"X-Forwarded-For": "192.0.2.7"}
        for code in ("0" * 32, "0" * 64, session[:-1] + "x", secret):
            sent = {**outside, "Cookie": f"{door.cookie}={code}"}
            assert await _at(browser, f"{door.url}/login", headers=sent) == (404, NOT_OURS)
        for code in ("0" * 64, session, secret[:-1] + "x"):
            sent = {**outside, "Authorization": f"Bearer {code}"}
            assert await _at(browser, f"{door.url}/metrics", headers=sent) == (404, NOT_OURS)
        assert not looked
        sent = {**outside, "Authorization": f"Bearer {secret}"}
        assert await _at(browser, f"{door.url}/healthz", headers=sent) == (200, "ok\n")
        sent = {**outside, "Cookie": f"{door.cookie}={session}"}
        assert (await _at(browser, f"{door.url}/check-ins", headers=sent))[0] == 200
        assert looked

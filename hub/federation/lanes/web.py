"""The second lane: HTTPS. A letter to a linked hub is one POST of sealed bytes; it says nothing else.

It is transport only: who speaks is told by the envelope's signature. The host comes from a network card, and
may be anything, so that only addresses of the open internet are ever connected to (a hub for evaluation: only
this machine), looked up and connected to in one step, without redirects, and nothing of the answer but its
status is read. Certificates: the web's own, or the keys that the card names.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

import aiohttp
from yarl import URL

from hub import log
from hub.federation.core.lanes import pin_of
from hub.letters import TryLater
from hub.push import OnlyOutside

ACCOUNT = "https"
"""Whose letters these are: an account that no homeserver knows."""
EVENT_TYPE = "org.ayni.posted"
WITHIN_S = 10.0
LIVES = timedelta(minutes=10)
"""An older letter is not posted any more: what was not confirmed is sent again anyway, sealed anew."""
PORTS_BELOW = 1024
LATE, POSTED = "late", "posted"
"""What stands for the id of an event."""


def to_content(host: str, pins: Sequence[str], step: str, wire: bytes, now: datetime) -> dict[str, object]:
    """What the letter holds until it is posted."""
    sealed = base64.b64encode(wire).decode()
    until = (now + LIVES).timestamp()
    return {"url": f"https://{host}/{step}", "pins": list(pins), "until": until, "e": sealed}


def is_this_machine(address: str) -> bool:
    """Loopback: all that a hub for evaluation ever connects to."""
    return ip_address(address.partition("%")[0]).is_loopback


def may_post(url: URL, may_connect: Callable[[str], bool]) -> bool:
    """Is this an address we would connect to at all? A name is judged again by what it leads to.

    Only HTTPS, no user, no ports of other services. An address in place of a name is not looked up by
    anybody, so that it is judged here.
    """
    if url.scheme != "https" or not url.host or url.user or url.port is None:
        return False
    if url.port != 443 and url.port < PORTS_BELOW:
        return False
    try:
        return may_connect(str(ip_address(url.host)))
    except ValueError:
        return not url.host.rstrip(".").lower().endswith(".onion")  # no name for whoever looks names up


def _address(text: str) -> URL | None:
    """None for what is no address, such as one with a port that there cannot be."""
    try:
        url = URL(text, encoded=True)
        return url if url.port else None
    except ValueError:
        return None


class Pinned(aiohttp.Fingerprint):
    """Believes a server by its public key alone: checked after the handshake, before anything is sent."""

    def __init__(self, pins: Sequence[str]) -> None:
        super().__init__(bytes(32))
        self._pins = frozenset(pins)

    def __hash__(self) -> int:
        return hash(self._pins)

    def __eq__(self, other: object) -> bool:
        """So that a connection is used again for the same keys, and for no others."""
        return isinstance(other, Pinned) and self._pins == other._pins

    def check(self, transport: asyncio.Transport) -> None:
        """Raises ServerFingerprintMismatch for another key."""
        spoken = transport.get_extra_info("ssl_object")
        shown = spoken.getpeercert(binary_form=True) if spoken is not None else None
        try:
            got = pin_of(shown or b"")
        except ValueError:
            got = ""
        if got not in self._pins:
            raise aiohttp.ServerFingerprintMismatch(bytes(32), got.encode(), "", 0)


@dataclass(frozen=True, slots=True)
class HttpsLane:
    """Implements hub.letters.Lane for the account `https`."""

    http: aiohttp.ClientSession
    clock: Callable[[], datetime]
    may_connect: Callable[[str], bool]

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        """Post one envelope. Raises TryLater for whatever does not take it."""
        until, url = content["until"], _address(str(content["url"]))
        if not isinstance(until, float) or self.clock().timestamp() > until:
            return LATE
        if url is None or not may_post(url, self.may_connect):
            log.event("a host of a linked hub is not one we connect to")
            return LATE
        wire = base64.b64decode(str(content["e"]))
        pins = content["pins"]
        trusted: Pinned | bool = (
            Pinned([str(one) for one in pins]) if isinstance(pins, list) and pins else True
        )
        try:
            async with self.http.post(url, data=wire, ssl=trusted, allow_redirects=False) as answer:
                if answer.status != 204:
                    raise TryLater
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, ssl.SSLError) as away:
            raise TryLater from away
        return POSTED

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        """Nothing is looked for: a repeat is harmless."""
        return None


@asynccontextmanager
async def https_lane(
    clock: Callable[[], datetime], may_connect: Callable[[str], bool]
) -> AsyncIterator[HttpsLane]:
    """Open the lane, and close its connections again."""
    connector = aiohttp.TCPConnector(resolver=OnlyOutside(may_connect), use_dns_cache=False, limit_per_host=2)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=WITHIN_S, sock_connect=5),
        trust_env=False,
        auto_decompress=False,
        skip_auto_headers=("User-Agent", "Accept"),
        headers={"Content-Type": "application/octet-stream"},
    ) as http:
        yield HttpsLane(http, clock, may_connect)

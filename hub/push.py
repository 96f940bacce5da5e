"""A knock at a push address: one POST without content to ntfy or UnifiedPush, which makes the phone ring.

The address comes from a person and may point anywhere. It is looked up here and connected to in one step, and
only addresses of the open internet are ever connected to: no name, no redirect and no second look-up leads
into the inner network this hub stands in.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bots.core.addresses import may_knock
from bots.waking import NotWoken

WITHIN_S = 8.0
HEADERS = {"TTL": "120", "Urgency": "high", "User-Agent": "push"}
"""TTL and Urgency are RFC 8030's; a knock that comes later than two minutes wakes nobody to any use."""


_CARRIED = IPv6Network("64:ff9b::/96")
"""NAT64: the last four bytes are the address of the older kind that is meant."""
_NOWHERE = tuple(map(IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10")))
"""Old or local ways to write addresses inside, which Python calls global."""


def is_open_internet(address: str) -> bool:
    """Is this an address anybody on the internet may be at?"""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if any(found in each for each in _NOWHERE):
            return False
        if found in _CARRIED:
            found = IPv4Address(int(found) & 0xFFFF_FFFF)
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast


class OnlyOutside(AbstractResolver):
    """Looks names up, and knows no address that is not of the open internet."""

    def __init__(self, may: Callable[[str], bool] = is_open_internet) -> None:
        self._inner = ThreadedResolver()
        self._may = may

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """What may be connected to. Raises OSError when nothing is left."""
        found = [one for one in await self._inner.resolve(host, port, family) if self._may(one["host"])]
        if not found:
            raise OSError(None, "not an address of the open internet")
        return found

    async def close(self) -> None:
        """Nothing is kept."""
        await self._inner.close()


class Push:
    """Implements bots.waking.Waker for `push`."""

    def __init__(
        self,
        *,
        may_address: Callable[[str], bool] = may_knock,
        may_connect: Callable[[str], bool] = is_open_internet,
    ) -> None:
        self._may_address = may_address
        self._may_connect = may_connect

    async def ring(self, where: str, ring: str, locale: str) -> None:
        """Knock. Raises NotWoken for whatever does not take it, and for an address inside."""
        if not self._may_address(where) or not self._may_be(where):
            raise NotWoken
        connector = aiohttp.TCPConnector(
            resolver=OnlyOutside(self._may_connect), use_dns_cache=False, force_close=True
        )
        timeout = aiohttp.ClientTimeout(total=WITHIN_S)
        try:
            async with (
                aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as client,
                client.post(where, data=b"", headers=HEADERS, allow_redirects=False) as answer,
            ):
                if answer.status >= 300:
                    raise NotWoken
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as away:
            raise NotWoken from away

    def _may_be(self, where: str) -> bool:
        """An address in place of a name is looked up by nobody, so that it is judged here."""
        try:
            return self._may_connect(str(ip_address(urlsplit(where).hostname or "")))
        except ValueError:
            return True

"""Text messages and ringing calls out, through the first gateway that takes them.

One id is one message: a gateway that saw it before says so, and that counts as taken. A second gateway is
asked only when the first did not answer; should that one have sent it all the same, the same few words come
twice. Nothing is kept of it here, and no number is written into any log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import msgspec

from bots.waking import NotWoken
from directory.core.text import Text, say
from directory.languages import render
from hub.texting.gateways import SIGNATURE, SMS_GATE, TIMESTAMP, Gateway

WITHIN_S = 10.0
LIVES_S = 3600
"""What a gateway could not send within the hour it does not send any more."""
FIRST_OF_ALL = 100
"""sms-gate sends from this priority on without waiting for its own limits."""
ALREADY = 409
LOOK = say("Please look at your messages.")
"""What wakes somebody: safe on any screen, and nothing a phone company could learn from."""
ARRIVED = say("Your message is here.")


@dataclass(frozen=True, slots=True)
class Texts:
    """Implements bots.waking.Waker by text message; `text` is all it ever says."""

    gateways: Sequence[Gateway]
    clock: Callable[[], datetime]
    text: Text = LOOK

    async def ring(self, where: str, ring: str, locale: str) -> None:
        """Raises NotWoken when no gateway takes it."""
        await first_that_takes(self.gateways, "text", where, ring, render(self.text, locale), self.clock)


@dataclass(frozen=True, slots=True)
class Calls:
    """Implements bots.waking.Waker by a call that rings and says nothing."""

    gateways: Sequence[Gateway]
    clock: Callable[[], datetime]

    async def ring(self, where: str, ring: str, locale: str) -> None:
        """Raises NotWoken when no gateway takes it."""
        able = [one for one in self.gateways if one.rings]
        await first_that_takes(able, "call", where, ring, "", self.clock)


async def first_that_takes(
    gateways: Sequence[Gateway], what: str, where: str, ring: str, text: str, clock: Callable[[], datetime]
) -> None:
    """Raises NotWoken when none does. `ring` is the same for a repeat."""
    timeout = aiohttp.ClientTimeout(total=WITHIN_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as client:
        for gateway in gateways:
            try:
                if await _given(client, gateway, what, where, ring, text, clock()):
                    return
            except (aiohttp.ClientError, TimeoutError, OSError):
                continue
    raise NotWoken


async def _given(
    client: aiohttp.ClientSession,
    gateway: Gateway,
    what: str,
    where: str,
    ring: str,
    text: str,
    now: datetime,
) -> bool:
    headers = {"Content-Type": "application/json"}
    if gateway.kind == SMS_GATE:
        order = _for_sms_gate(where, ring, text)
        url = f"{gateway.url.rstrip('/')}/messages"
    else:
        order = {"id": ring, "do": what, "to": where, "text": text}
        url = gateway.url
    body = msgspec.json.encode(order)
    if gateway.kind == SMS_GATE:
        headers["Authorization"] = aiohttp.encode_basic_auth(gateway.user, gateway.password)
    else:
        stamp = str(int(now.timestamp()))
        headers |= {TIMESTAMP: stamp, SIGNATURE: gateway.signed(body, stamp)}
    sent = client.post(url, data=body, headers=headers, allow_redirects=False)
    async with sent as answer:
        return answer.status < 300 or answer.status == ALREADY


def _for_sms_gate(where: str, ring: str, text: str) -> dict[str, object]:
    """Its `POST /messages`, as it is documented at docs.sms-gate.app."""
    return {
        "id": ring,
        "textMessage": {"text": text},
        "phoneNumbers": [where],
        "ttl": LIVES_S,
        "priority": FIRST_OF_ALL,
        "withDeliveryReport": False,
    }

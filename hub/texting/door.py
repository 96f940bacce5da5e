"""Where gateways deliver what came in by text message: one path each, that only its secret leads to.

What is not signed, or was signed too long ago, meets the same answer as any address that is not there. What
came before under the same id is taken and forgotten. Neither numbers nor texts are logged or kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import msgspec
from aiohttp import web

from bots import texting
from bots.core.numbers import plain_number
from bots.desk import Desk
from directory.core.effects import TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Lane, Role, Viewer
from directory.store.database import DATABASE_GONE
from hub import log
from hub.api.shield import neutral
from hub.due import Turns
from hub.store import heard
from hub.texting.gateways import SIGNATURE, SMS_GATE, TIMESTAMP, Gateway
from hub.way_in import same

LONGEST = 16_384
AHEAD = timedelta(minutes=5)
SENDER = Viewer(Lane.TEXT)
UNREADABLE = say(
    "A text message came that could not be handled here. Please ask people on a way you know whether all "
    "is well."
)


class _Delivered(msgspec.Struct, frozen=True):
    """What a `webhook` gateway posts. `from` is the number as the network showed it."""

    id: str
    sender: str = msgspec.field(name="from")
    text: str = ""
    sent_at: datetime | None = None


class _Payload(msgspec.Struct, frozen=True, rename="camel"):
    message: str = ""
    phone_number: str = ""
    received_at: datetime | None = None


class _Event(msgspec.Struct, frozen=True):
    """What `sms-gate` posts. Its message ids are not unique; the delivery's id is, and repeats keep it."""

    event: str
    id: str
    payload: msgspec.Raw = msgspec.Raw(b"{}")


@dataclass(frozen=True, slots=True)
class TextDoor:
    """Takes deliveries. `turns` begins a transaction."""

    gateways: Sequence[Gateway]
    desk: Desk
    turns: Turns

    def knows(self, step: str) -> bool:
        """Is this first step of a path one of the gateways'?"""
        return any(same(step, one.path) for one in self.gateways)

    def routes(self) -> list[web.RouteDef]:
        """One address a gateway."""
        return [web.post(f"/{one.path}", partial(self._deliver, gateway=one)) for one in self.gateways]

    async def _deliver(self, request: web.Request, *, gateway: Gateway) -> web.Response:
        body = await request.content.read(LONGEST + 1)
        stamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        async with self.turns(SENDER) as turn:
            now = turn.now
        if len(body) > LONGEST or not gateway.believes(body, stamp, signature, now):
            log.event("text refused", kind=gateway.kind)
            return neutral(404)
        try:
            got = read(gateway, body)
        except msgspec.MsgspecError:
            log.event("text refused", kind=gateway.kind, reason="shape")
            return neutral(400)
        if got is not None:
            await self._hear(gateway, got)
        return web.Response(status=204)

    async def _hear(self, gateway: Gateway, got: _Delivered) -> None:
        """Once; and what breaks its handler reaches a person all the same (DESIGN 4.6)."""
        try:
            async with self.turns(SENDER) as turn:
                digest = turn.guard.digest("text-heard", f"{gateway.name} {got.id}")
                if await heard.first_time(turn.tx, digest, None, turn.now):
                    said = texting.Said(plain_number(got.sender), got.text, _when(got.sent_at, turn.now))
                    await texting.receive(self.desk, turn, said)
        except DATABASE_GONE:
            raise  # the gateway delivers it again
        except Exception as why:  # noqa: BLE001 — named here, and told to people who can ask
            log.trouble("a text message broke its handler", error=type(why).__name__)
            async with self.turns(SENDER) as turn:
                digest = turn.guard.digest("text-heard", f"{gateway.name} {got.id}")
                if await heard.first_time(turn.tx, digest, None, turn.now):
                    await turn.record(TellRoles(Role.COORDINATOR, UNREADABLE, Urgency.ALARM, wakes=True))


def read(gateway: Gateway, body: bytes) -> _Delivered | None:
    """What came in; None for news of something else. Raises MsgspecError for what has no such shape."""
    if gateway.kind != SMS_GATE:
        return msgspec.json.decode(body, type=_Delivered)
    event = msgspec.json.decode(body, type=_Event)
    if event.event != "sms:received":
        return None
    payload = msgspec.json.decode(event.payload, type=_Payload)
    return _Delivered(event.id, payload.phone_number, payload.message, payload.received_at)


def _when(sent_at: datetime | None, now: datetime) -> datetime:
    """When it was sent; a clock that is ahead of ours, or none, is not believed."""
    if sent_at is None or sent_at.tzinfo is None or sent_at > now + AHEAD:
        return now
    return sent_at

"""A gateway for text messages that is only played: real HTTP on loopback, in both of the ways we speak.

It takes orders as sms-gate.app or as our own webhook, says 409 for an id it had before, and can be away, or
take an order and lose its answer. What comes in it delivers signed: again, late, or forged when asked to.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer

from hub.texting.gateways import SIGNATURE, SMS_GATE, TIMESTAMP, Gateway

SECRET = "a secret that both sides know"
USER, PASSWORD = "sms", "a long password"


@dataclass
class PlayedGateway:
    """`sent`: what people's phones show, by id. `asked`: every order, refused ones too."""

    kind: str
    clock: Callable[[], datetime]
    name: str = "phone"
    secret: str = SECRET
    calls: bool = False
    url: str = ""
    away: bool = False
    loses_answers: int = 0
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Gateway:
        """As the hub's file names it."""
        return Gateway(self.name, self.kind, self.url, self.secret, USER, PASSWORD, self.calls)  # type: ignore[arg-type]

    async def order(self, request: web.Request) -> web.Response:
        """Take one order."""
        body = await request.read()
        order = msgspec.json.decode(body)
        self.asked.append(order["id"])
        if self.away:
            return web.Response(status=503)
        if not self._allowed(request, body):
            return web.Response(status=401)
        if order["id"] in self.sent:
            return web.Response(status=409)
        self.sent[order["id"]] = order
        if self.loses_answers:
            self.loses_answers -= 1
            return web.Response(status=502)
        return web.Response(status=202)

    def _allowed(self, request: web.Request, body: bytes) -> bool:
        if self.kind == SMS_GATE:
            return request.headers.get("Authorization") == aiohttp.encode_basic_auth(USER, PASSWORD)
        stamp = request.headers.get(TIMESTAMP, "")
        return self._signature(body, stamp) == request.headers.get(SIGNATURE)

    def _signature(self, body: bytes, stamp: str) -> str:
        return hmac.new(self.secret.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()

    async def deliver(
        self,
        door: str,
        number: str,
        text: str,
        *,
        name: str = "m1",
        times: int = 1,
        age: timedelta = timedelta(0),
        signed_before: timedelta = timedelta(0),
        forged: bool = False,
    ) -> list[int]:
        """Hand a text to the hub, `times` over; what it answered. `age`: how long it was on its way."""
        at = (self.clock() - age).isoformat()
        inside = {"messageId": "x", "message": text, "phoneNumber": number, "simNumber": 1, "receivedAt": at}
        event = {"deviceId": "d", "event": "sms:received", "id": name, "payload": inside, "webhookId": "w"}
        plain = {"id": name, "from": number, "text": text, "sent_at": at}
        body = msgspec.json.encode(event if self.kind == SMS_GATE else plain)
        stamp = str(int((self.clock() - signed_before).timestamp()))
        signature = "0" * 64 if forged else self._signature(body, stamp)
        headers = {TIMESTAMP: stamp, SIGNATURE: signature, "Content-Type": "application/json"}
        answers = []
        async with aiohttp.ClientSession() as client:
            for _ in range(times):
                async with client.post(f"{door}/{self.settings.path}", data=body, headers=headers) as answer:
                    answers.append(answer.status)
        return answers


@asynccontextmanager
async def a_gateway(kind: str, clock: Callable[[], datetime], **more: Any) -> AsyncIterator[PlayedGateway]:
    """One that runs."""
    gateway = PlayedGateway(kind, clock, **more)
    app = web.Application()
    app.router.add_post("/messages" if kind == SMS_GATE else "/", gateway.order)
    async with TestServer(app) as server:
        gateway.url = str(server.make_url("/")).rstrip("/") if kind == SMS_GATE else str(server.make_url("/"))
        yield gateway

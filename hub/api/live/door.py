"""Where WebSockets come in: at /graphql, for a session or a token, from no other site."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web

from hub.api.bodies import JSON_LIMIT
from hub.api.identity import STRANGER, Cookies, caller, from_elsewhere
from hub.api.live.changes import Changes
from hub.api.live.connection import Connection
from hub.api.live.protocol import SUBPROTOCOL
from hub.api.rates import Rates
from hub.api.run import Runner
from hub.api.tokens import Machine

ALIVE_EVERY_S = 30.0
"""Seconds between pings; a socket that does not answer is closed."""
LOOK_EVERY_S = 20.0
MOST = 4_000
MOST_A_CALLER = 10


@dataclass(slots=True, eq=False)
class Live:
    """Every open WebSocket of this process."""

    runner: Runner
    cookies: Cookies
    rates: Rates
    changes: Changes
    _callers: Counter[str] = field(default_factory=Counter)

    @staticmethod
    def wants(request: web.Request) -> bool:
        """Does this request ask for a WebSocket?"""
        return request.headers.get("Upgrade", "").lower() == "websocket"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The whole life of one socket."""
        offered = [each.strip() for each in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        if SUBPROTOCOL not in offered:
            return web.Response(status=400, text=f"Offer the subprotocol {SUBPROTOCOL}.\n")
        if from_elsewhere(request) or not _same_origin(request):
            return web.Response(status=403, text="Not from another site.\n")
        async with self.runner.turns(STRANGER) as turn:
            who = await caller(turn, request, self.cookies)
        if who is None:
            return web.Response(status=401, text="Sign in, or send a token.\n")
        machine = who if isinstance(who, Machine) else None
        counted_as = machine.id if machine is not None else who.viewer.member or ""
        if self._callers[counted_as] >= MOST_A_CALLER or self._callers.total() >= MOST:
            return web.Response(status=429, text="Too many open connections. Close some.\n")
        until = machine.until if machine is not None else who.session.expires_at  # type: ignore[union-attr]
        socket = web.WebSocketResponse(
            protocols=(SUBPROTOCOL,), heartbeat=ALIVE_EVERY_S, max_msg_size=JSON_LIMIT, compress=False
        )
        self._callers[counted_as] += 1
        connection = Connection(self, request, socket, who.viewer.member, counted_as, until)
        try:
            await socket.prepare(request)
            self.changes.connections.add(connection)
            await connection.serve()
        finally:
            self.changes.connections.discard(connection)
            self._callers[counted_as] -= 1
            for one in list(connection.subscriptions):
                connection.ended(one)
        return socket

    async def run(self) -> None:
        """Put out whoever's session or token has passed its time, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look()

    async def put_out(self) -> None:
        """The hub stops: everybody is told, and may come again."""
        for one in list(self.changes.connections):
            if isinstance(one, Connection):
                await one.socket.close(code=WSCloseCode.GOING_AWAY)

    async def look(self) -> None:
        """One look at all of them."""
        async with self.runner.turns(STRANGER) as turn:
            now = turn.now
        for one in list(self.changes.connections):
            if isinstance(one, Connection) and one.until is not None and one.until <= now:
                await one.look_again()


def _same_origin(request: web.Request) -> bool:
    """Browsers say where a script came from; programs do not."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host

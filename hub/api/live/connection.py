"""One WebSocket of one caller: the handshake, what they subscribe to, and when they are put out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from directory.core.verdicts import Verdict
from directory.core.viewer import Viewer
from directory.turn import Turn
from hub.api.codes import FIXES
from hub.api.identity import STRANGER, caller
from hub.api.live import protocol
from hub.api.live.protocol import Broken, Complete, Init, Message, Ping, Subscribe, written
from hub.api.live.subscription import Subscription
from hub.api.open_queries.reading import shape
from hub.api.ruled import live_field, thing_verdict
from hub.api.tokens import Machine

if TYPE_CHECKING:
    from hub.api.live.door import Live

INIT_WITHIN = 10.0
SEND_WITHIN = 5.0
"""Seconds for a message to leave; a reader who is slower is dropped, and may come again."""
MOST_SUBSCRIPTIONS = 20


@dataclass(slots=True, eq=False)
class Connection:
    """`until` is when the session or token ends by itself."""

    live: Live
    request: web.Request
    socket: web.WebSocketResponse
    member: str | None
    counted_as: str
    until: datetime | None
    subscriptions: dict[str, Subscription] = field(default_factory=dict)

    async def serve(self) -> None:
        """Until either side ends it."""
        try:
            async with asyncio.timeout(INIT_WITHIN):
                first = await self._next()
        except TimeoutError:
            await self._close(protocol.TOO_LATE, "connection_init did not come")
            return
        if not isinstance(first, Init):
            await self._close(protocol.BAD_MESSAGE, "send connection_init first")
            return
        await self.send(written("connection_ack"))
        while (message := await self._next()) is not None:
            await self._do(message)

    async def _next(self) -> Message | None:
        message = await self.socket.receive()
        if message.type is WSMsgType.TEXT:
            try:
                return protocol.read(message.data)
            except Broken:
                await self._close(protocol.BAD_MESSAGE, "not a message of graphql-transport-ws")
        elif message.type is WSMsgType.BINARY:
            await self._close(protocol.BAD_MESSAGE, "send text")
        return None

    async def _do(self, message: Message) -> None:
        match message:
            case Ping():
                await self.send(written("pong"))
            case Subscribe():
                await self._subscribe(message)
            case Complete(id):
                self.ended(id)
            case Init():
                await self._close(protocol.TOO_MANY, "connection_init came twice")

    async def _subscribe(self, wanted: Subscribe) -> None:
        if wanted.id in self.subscriptions:
            await self._close(protocol.SAME_ID, "this id is in use")
            return
        viewer = await self.viewer()
        if viewer is None:
            return
        made = self._made(wanted, viewer)
        if isinstance(made, str):
            error = {"message": FIXES[made], "extensions": {"code": made, "fix": FIXES[made]}}
            await self.send(written("error", wanted.id, [error]))
            return
        self.subscriptions[made.id] = made
        if not await made.begin(viewer):
            self.ended(made.id)

    def _made(self, wanted: Subscribe, viewer: Viewer) -> Subscription | str:
        """The subscription, or the code of why not: the rule is asked before anything is watched."""
        runner, variables = self.live.runner, wanted.payload.variables or {}
        trusted = runner.contract.by_id.get(wanted.payload.documentId)
        left = self.live.rates.request(self.counted_as)
        if (left is not None and left.wait) or len(self.subscriptions) >= MOST_SUBSCRIPTIONS:
            return "TOO_MANY_REQUESTS"
        if wanted.payload.query is not None:
            return "OPEN_QUERIES_OFF"
        if trusted is None or not trusted.live:
            return "UNKNOWN_DOCUMENT"
        if not shape(variables):
            return "TOO_NESTED"
        source = live_field(trusted.document)
        things = (f"operation:{trusted.name}", f"Subscription.{source}")
        if any(thing_verdict(thing, viewer) is not Verdict.SHOW for thing in things):
            return "NOT_YOURS"
        return Subscription(wanted.id, trusted, variables, source, self, runner)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn | None]:
        """A turn of who is there now; None once their session or token has ended, or names too little."""
        async with self.live.runner.turns(STRANGER) as turn:
            who = await caller(turn, self.request, self.live.cookies)
            watched = [one.trusted.name for one in self.subscriptions.values()]
            if who is None or (isinstance(who, Machine) and not all(map(who.may_run, watched))):
                yield None
            else:
                yield replace(turn, viewer=who.viewer)

    async def put_out(self) -> None:
        """They may not be here."""
        await self._close(protocol.NOT_ALLOWED, "signed out")

    async def viewer(self) -> Viewer | None:
        """Who is there now; None, and the socket closed, once they may not be."""
        async with self.turn() as turn:
            found = None if turn is None else turn.viewer
        if found is None:
            await self.put_out()
        return found

    async def look_again(self) -> None:
        """Closed at once when they may not be here; what they may not watch any more ends."""
        viewer = await self.viewer()
        for one in list(self.subscriptions.values()) if viewer is not None else ():
            if viewer and thing_verdict(f"Subscription.{one.source}", viewer) is not Verdict.SHOW:
                self.ended(one.id)
                error = {"message": FIXES["NOT_YOURS"], "extensions": {"code": "NOT_YOURS"}}
                await self.send(written("error", one.id, [error]))

    def ended(self, id: str) -> None:
        """Forget a subscription."""
        if (one := self.subscriptions.pop(id, None)) is not None:
            one.over = True

    async def send(self, message: str) -> None:
        """Send; a reader who does not read is cut off."""
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await self.socket.send_str(message)
        except (TimeoutError, ConnectionError):
            self._cut()

    async def _close(self, code: int, why: str) -> None:
        for one in list(self.subscriptions):
            self.ended(one)
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await self.socket.close(code=code, message=why.encode())
        except TimeoutError:
            self._cut()

    def _cut(self) -> None:
        for one in list(self.subscriptions):
            self.ended(one)
        if self.request.transport is not None:
            self.request.transport.abort()

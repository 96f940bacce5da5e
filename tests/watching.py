"""A caller who watches: graphql-transport-ws over a real socket, and the hints of a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from doors import CONTRACT, Door

from hub.store.listen import listen
from hub.store.live_triggers import CHANNEL

if TYPE_CHECKING:
    from conftest import Desk

PATIENCE = 5


@dataclass
class Watcher:
    """One open socket."""

    socket: aiohttp.ClientWebSocketResponse

    async def say(self, kind: str, **rest: Any) -> None:
        """Send one message."""
        await self.socket.send_str(json.dumps({"type": kind, **rest}))

    async def heard(self) -> Any:
        """The next message; the close code once it is closed."""
        async with asyncio.timeout(PATIENCE):
            message = await self.socket.receive()
        return json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else self.socket.close_code

    async def watch(self, operation: str, name: str = "a", **variables: Any) -> None:
        """Subscribe."""
        payload = {"documentId": CONTRACT.by_name[operation].id, "variables": variables}
        await self.say("subscribe", id=name, payload=payload)

    async def nothing_came(self) -> None:
        """What was said before the ping would have come before the pong."""
        await self.say("ping")
        assert await self.heard() == {"type": "pong"}


@asynccontextmanager
async def hints(desk: Desk, door: Door) -> AsyncIterator[None]:
    """What hub/door.py does: listen, and hand every hint to the door. Ready once the first has come."""
    assert door.live is not None
    ready, changes = asyncio.Event(), door.live.changes

    def hear(hint: str) -> None:
        ready.set()
        changes.hear(hint)

    url = desk.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    task = asyncio.create_task(listen(url, {CHANNEL: hear}))
    await ready.wait()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def a_watcher(
    door: Door, *, session: str = "", headers: dict[str, str] | None = None, begin: bool = True
) -> AsyncIterator[Watcher]:
    """A socket of whoever has this session, or these headers."""
    cookies = {door.cookie: session} if session else {}
    async with (
        aiohttp.ClientSession(cookies=cookies, headers=headers) as client,
        client.ws_connect(f"{door.url}/graphql", protocols=("graphql-transport-ws",)) as socket,
    ):
        watcher = Watcher(socket)
        if begin:
            await watcher.say("connection_init")
            assert await watcher.heard() == {"type": "connection_ack"}
        yield watcher

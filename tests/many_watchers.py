"""A program of its own that holds many sockets open: so that what they weigh in the door can be told."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack

import aiohttp

SUBPROTOCOL = ("graphql-transport-ws",)


async def read(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Whoever does not read answers no ping, and is closed."""
    async for _ in socket:
        pass


async def main() -> None:
    """Read {"url", "cookie", "document", "sessions"}; subscribe once for each session; end with stdin."""
    wanted = json.loads(sys.stdin.readline())
    reading: list[asyncio.Task[None]] = []
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        )
        for session in wanted["sessions"]:
            headers = {"Cookie": f"{wanted['cookie']}={session}"}
            connecting = client.ws_connect(wanted["url"], protocols=SUBPROTOCOL, headers=headers)
            socket = await stack.enter_async_context(connecting)
            await socket.send_str('{"type": "connection_init"}')
            await socket.receive()
            subscribe = {"type": "subscribe", "id": "a", "payload": {"documentId": wanted["document"]}}
            await socket.send_str(json.dumps(subscribe))
            await socket.send_str('{"type": "ping"}')
            await socket.receive()
            reading.append(asyncio.create_task(read(socket)))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())

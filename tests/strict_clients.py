"""Two clients that are not ours, each in its own process: one JSON order a line in, one JSON line each out.

`js`: matrix-js-sdk with its Rust crypto, only signed devices (tests/js-client). `py`: mautrix with libolm,
sharing only with cross-signed devices (tests/py-client). Both are set up by tests/clients_setup.py.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from clients_setup import node, python, script
from fixtures_embedded import Server

from hub.chance import random_id
from hub.matrix.inbox import Inbox

Event = dict[str, Any]


class OrderFailed(AssertionError):
    """The client says that it could not do it."""


@dataclass
class StrictClient:
    """One person's app. `user` and `device` are known after `enter`."""

    process: asyncio.subprocess.Process
    user: str = ""
    device: str = ""
    events: Inbox[Event] = field(default_factory=Inbox)
    _waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def read(self) -> None:
        """Sort what the process says; until it ends."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            said = json.loads(line)
            if "event" in said:
                await self.events.put(said)
                continue
            waiting = self._waiting.pop(said["id"])
            if "error" in said:
                waiting.set_exception(OrderFailed(said["error"]))
            else:
                waiting.set_result(said["ok"])
        for waiting in self._waiting.values():
            waiting.set_exception(OrderFailed("the client ended"))

    async def order(self, order: str, within_s: float = 60.0, **arguments: Any) -> Any:
        """Have something done; its result."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": number, "order": order, **arguments}).encode() + b"\n")
        await self.process.stdin.drain()
        async with asyncio.timeout(within_s):
            return await self._waiting[number]

    async def event(
        self, kind: str, wanted: Callable[[Event], bool] = lambda _: True, within_s: float = 60.0
    ) -> Event:
        """The next thing of a kind that happened there."""
        return await self.events.take(lambda one: one["event"] == kind and wanted(one), within_s)

    async def message(self, within_s: float = 60.0) -> Event:
        """The next message it shows, or hides."""
        return await self.event("message", within_s=within_s)

    async def accept_invitation(self, by: str) -> str:
        """Enter the room it was asked into; the room's id."""
        asked = await self.event("invited", lambda one: one["by"] == by)
        await self.order("join", room=asked["room"])
        return str(asked["room"])


COMMANDS = {"js": lambda: [str(node()), script("js")], "py": lambda: [str(python()), script("py")]}


@asynccontextmanager
async def a_client(kind: str, server: Server) -> AsyncIterator[StrictClient]:
    """Somebody new on `server`, with an app of that kind."""
    name, password = f"{kind}-{random_id()[:8]}", random_id()
    await server.admin.register(name, password)
    process = await asyncio.create_subprocess_exec(
        *COMMANDS[kind](), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22
    )
    client = StrictClient(process)
    reading = asyncio.create_task(client.read())
    try:
        entered = await client.order("enter", url=server.url, user=name, password=password)
        client.user, client.device = entered["user"], entered["device"]
        yield client
    finally:
        with suppress(OrderFailed, TimeoutError, ConnectionError):
            await client.order("leave", within_s=5)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

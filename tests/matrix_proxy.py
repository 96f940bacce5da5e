"""A hostile or broken homeserver: a real one behind a proxy that changes, hides or cuts what passes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
from aiohttp import web

Twist = Callable[[str, str, dict[str, Any]], dict[str, Any]]
"""(method, path, answer) → answer."""

_HOP = {"content-length", "transfer-encoding", "connection", "content-encoding", "host"}


class Proxy:
    """`twist` may change each JSON answer; while `cut` nothing gets through. `watch` sees each request and
    may answer it itself."""

    def __init__(self, target: str) -> None:
        self._target = target
        self.twist: Twist = lambda method, path, answer: answer
        self.cut = False
        self.watch: Callable[[str, str, bytes], dict[str, Any] | None] = lambda method, path, body: None
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.cut:
            if request.transport is not None:
                request.transport.abort()
            raise web.HTTPBadGateway
        body = await request.read()
        if (own := self.watch(request.method, request.path, body)) is not None:
            return web.json_response(own)
        headers = {key: value for key, value in request.headers.items() if key.lower() not in _HOP}
        async with self._http.request(
            request.method,
            self._target + request.raw_path,
            data=body,
            headers=headers,
        ) as answer:
            raw = await answer.read()
            status = answer.status
        with suppress(ValueError):
            raw = json.dumps(self.twist(request.method, request.path, json.loads(raw))).encode()
        return web.Response(status=status, body=raw, content_type="application/json")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{rest:.*}", self.handle)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        async with aiohttp.ClientSession(auto_decompress=True) as self._http:
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            try:
                yield self
            finally:
                await runner.cleanup()


def timelines(answer: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The timelines in a sync answer, to change in place."""
    joined = answer.get("rooms", {}).get("join", {})
    return [room["timeline"]["events"] for room in joined.values() if "timeline" in room]

"""The door: one aiohttp application with the API, the pages and the two doors for machines' eyes.

Start it without an access log: `web.AppRunner(app, access_log=None)`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

import msgspec
from aiohttp import web

from directory.store.guarded import Guard
from hub.api.bodies import FILE_LIMIT
from hub.api.endpoint import Api, answer
from hub.api.face import Face
from hub.api.gate import Gate, gated
from hub.api.identity import PRIVATE_PORT, STRANGER, Cookies, bearer, on_this_machine
from hub.api.live.changes import Changes
from hub.api.live.door import Live
from hub.api.open_queries.running import OpenRunner
from hub.api.quick.serving import Quick
from hub.api.rates import Rates
from hub.api.run import Runner
from hub.api.shield import Trouble, dress, neutral, shield
from hub.api.tokens import METRICS, machine

LIVE = web.AppKey("live", Live)
"""What is watched; `changes.hear` of it wants every notification of hub/store/live_triggers.py."""
LINE = 32_768
"""More than the proxy before us passes on (deploy/caddy/Caddyfile): it refuses first, as for any server."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """What the door is made of; hub/node.py fills it.

    `health` answers (well, facts without persons); `metrics` answers the text of prometheus_client;
    `trouble` hears (where, exception) of everything nobody expected. `way` is the part of the pages' address
    that nobody can guess; `face` is the homeserver, which answers everybody who does not know it; `delivers`
    says whether a first step of a path is one where a gateway or a linked hub delivers.
    """

    runner: Runner
    cookies: Cookies
    ids: Callable[[], str]
    health: Callable[[], Awaitable[tuple[bool, Mapping[str, object]]]]
    metrics: Callable[[], Awaitable[bytes]]
    trouble: Trouble
    way: Callable[[], str]
    face: Face
    guard: Guard
    private_port: int = 0
    delivers: Callable[[str], bool] = lambda _step: False
    rates: Rates = field(default_factory=lambda: Rates(time.monotonic))
    quick: Quick | None = None


def make_app(doorway: Doorway, pages: Iterable[web.RouteDef]) -> web.Application:
    """The application; `pages` are the routes of hub/web/site.py."""
    gate = Gate(
        doorway.runner,
        doorway.cookies,
        doorway.way,
        doorway.face,
        doorway.guard,
        doorway.delivers,
        doorway.quick,
    )
    app = web.Application(
        middlewares=[gated(gate), shield(doorway.ids, doorway.trouble)],
        client_max_size=FILE_LIMIT,
        handler_args={"max_line_size": LINE, "max_field_size": LINE, "lingering_time": 2.0},
    )
    app[PRIVATE_PORT] = doorway.private_port
    app.on_response_prepare.append(dress)
    api = Api(doorway.runner, doorway.cookies, OpenRunner(doorway.runner), doorway.rates, doorway.quick)
    app[LIVE] = Live(doorway.runner, doorway.cookies, doorway.rates, Changes(doorway.runner, doorway.trouble))
    app.cleanup_ctx.append(_watching)
    app.on_shutdown.append(_put_out)
    app.router.add_route("*", "/graphql", partial(_graphql, api=api, live=app[LIVE]))
    app.router.add_get("/healthz", partial(_health, doorway=doorway))
    app.router.add_get("/metrics", partial(_metrics, doorway=doorway))
    app.router.add_routes(list(pages))
    return app


async def _graphql(request: web.Request, api: Api, live: Live) -> web.StreamResponse:
    """A request to answer, or a WebSocket to keep."""
    if live.wants(request):
        return await live.serve(request)
    return await answer(request, api)


async def _watching(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[LIVE].run())
    yield
    task.cancel()
    await app[LIVE].changes.close()


async def _put_out(app: web.Application) -> None:
    await app[LIVE].put_out()


async def _health(request: web.Request, doorway: Doorway) -> web.Response:
    """200 or 503; the facts only to somebody on this machine. Who else hears of it, the gate decides."""
    well, facts = await doorway.health()
    status = 200 if well else 503
    if not on_this_machine(request):
        return web.Response(status=status, text="ok\n" if well else "not well\n")
    return web.Response(status=status, body=msgspec.json.encode(facts), content_type="application/json")


async def _metrics(request: web.Request, doorway: Doorway) -> web.Response:
    """Figures for somebody on this machine, or for a token with the scope `metrics`."""
    allowed = on_this_machine(request)
    if not allowed and (secret := bearer(request)) is not None:
        async with doorway.runner.turns(STRANGER) as turn:
            bearer_of = await machine(turn, secret)
        allowed = bearer_of is not None and bearer_of.may_run(METRICS)
    if not allowed:
        return neutral(404)
    return web.Response(body=await doorway.metrics(), content_type="text/plain", charset="utf-8")

"""One `door` for tests/bench/api.py in a process of its own: `api_door.py URL KEYS bare|ours FILE PORT`.

Ours is the whole application: gate, shield, headers, sessions, rules, budgets, rates (high, so that nobody
waits), the index and what follows it. The bare one answers the same bytes from memory and does nothing else.
"""

from __future__ import annotations

# ruff: noqa: ASYNC240 — files are read before anything is served
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from bots.desk import Desk
from directory import budgets, vocabulary
from directory.core.viewer import Lane, Viewer
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.api import contract, sessions
from hub.api.asking import Office
from hub.api.door import Doorway, make_app
from hub.api.face import a_face
from hub.api.identity import Cookies
from hub.api.quick.serving import Quick
from hub.api.rates import Rates
from hub.api.run import Runner
from hub.api.schema import build
from hub.chance import chance, random_id
from hub.index.following import Follower

HOME = "home" + "0" * 60
WAY = "a" * 26


def now() -> datetime:
    """The day on which the cards were made: their leases hold."""
    return datetime(2026, 11, 24, 12, tzinfo=UTC)


async def nothing(*_: object) -> None:
    """What a bench has no need of."""


async def ours(url: str, port: int, kept: Path) -> None:
    """Serve, and write down the session codes of some members."""
    database = Database(url, pool=4)
    key = bytes(32)
    guard = Guard(RingKey("w", key), RingKey("a", key), chance)

    @asynccontextmanager
    async def turn(viewer: Viewer) -> AsyncIterator[Turn]:
        async with database.transaction() as tx:
            yield Turn(tx, viewer, now(), nothing, random_id, guard, HOME)

    follower = Follower(Database(url, pool=1), time.monotonic)
    await follower.follow()
    office = Office(Desk(vocabulary.load(), "Home"), lambda: "", nothing, partial(nothing))  # type: ignore[arg-type]
    runner = Runner(contract.load(build()), turn, office, lambda *_: None, follower)
    purse = budgets.purse_at(database.engine)
    quick = Quick(runner.contract, turn, follower, guard, purse, now)
    cookies = Cookies(HOME, secure=False)
    rates = Rates(time.monotonic, 100_000_000, 100_000_000)
    extra: dict[str, Any] = {"guard": guard}
    codes = []
    for member in json.loads(kept.read_text()):
        async with turn(Viewer(Lane.PAGE)) as one:
            opened = await sessions.begin(one, member)
            assert opened is not None
            codes.append(f"{cookies.session}={opened.code}; {cookies.way}={WAY}")
    async with a_face(lambda: "http://127.0.0.1:9") as face:
        doorway = Doorway(
            runner=runner,
            cookies=cookies,
            ids=random_id,
            health=nothing,  # type: ignore[arg-type]
            metrics=nothing,  # type: ignore[arg-type]
            trouble=lambda *_: None,
            way=lambda: WAY,
            face=face,
            rates=rates,
            quick=quick,
            **extra,
        )
        serving = web.AppRunner(make_app(doorway, ()), access_log=None)
        await serving.setup()
        await web.TCPSite(serving, "127.0.0.1", port, reuse_port=True).start()
        kept.with_suffix(f".{port}.cookies").write_text(json.dumps(codes))
        print("ready", flush=True)
        await follower.run(url)


async def bare(port: int, kept: Path) -> None:
    """The same bytes, and nothing else."""
    body = kept.read_bytes()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/graphql", answer)
    serving = web.AppRunner(app, access_log=None)
    await serving.setup()
    await web.TCPSite(serving, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    _, kind, address, file, at = sys.argv
    asyncio.run(ours(address, int(at), Path(file)) if kind == "ours" else bare(int(at), Path(file)))

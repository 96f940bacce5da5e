"""`door`: the pages and the API, with the worker for background jobs beside them. No alarm waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from aiohttp import web

from directory import budgets
from directory.store import wordings
from directory.store.database import Database
from hub import book, handlers, importing, jobs, log, way_in
from hub.address import DOOR_PORT, port_of
from hub.api import contract
from hub.api.asking import Office
from hub.api.door import LIVE, Doorway, make_app
from hub.api.face import Face, a_face
from hub.api.identity import Cookies
from hub.api.quick.serving import Quick
from hub.api.rates import Rates
from hub.api.run import Runner
from hub.api.schema import build
from hub.chance import chance, random_id
from hub.clock import monotonic
from hub.custody.daily import keep_epochs
from hub.embedded.ports import PortTaken
from hub.federation.core.budget import TAKEN
from hub.federation.fair import Budgets
from hub.federation.lanes.door import PeerDoor
from hub.index.following import Follower
from hub.node import Node
from hub.parts import accounts_of, homeserver_url
from hub.pulse import Pulse
from hub.store import links, live_triggers
from hub.store.listen import listen
from hub.supervise_status import read_status
from hub.texting.door import TextDoor
from hub.texting.gateways import gateways
from hub.way_in import WayIn
from hub.web.house import House
from hub.web.pages import PAGES
from hub.web.render import renderer
from hub.web.site import routes


async def run_role(node: Node, pulse: Pulse) -> None:
    """Serve until cancelled."""
    await book.read(node.database)
    async with a_face(partial(homeserver_url, node.data, node.settings)) as face:
        await _serve(node, pulse, face)


async def _serve(node: Node, pulse: Pulse, face: Face) -> None:
    settings = node.settings.door
    peers = PeerDoor(node.turn, node.home, handlers.inbox(node).receive, Budgets(monotonic, TAKEN).allows)
    await peers.read()
    alone = Database(node.url, pool=1, application="ayni index")  # it waits behind nobody
    follower = Follower(alone, time.monotonic)
    serving = _app(node, face, peers, follower)
    await serving.setup()
    port = port_of(node.data, node.settings)
    try:
        await web.TCPSite(serving, settings.host, port).start()
        if settings.private_port:
            await web.TCPSite(serving, settings.private_host, settings.private_port).start()
        texts = book.Reader(node.database)
        async with asyncio.TaskGroup() as group:
            group.create_task(texts.run())
            group.create_task(peers.run())
            group.create_task(follower.run(node.url))
            heard = {
                wordings.CHANNEL: texts.changed,
                links.CHANNEL: peers.changed,
                live_triggers.CHANNEL: serving.app[LIVE].changes.hear,
            }
            group.create_task(listen(node.url, heard))
            group.create_task(keep_epochs(node))
            group.create_task(jobs.work(jobs.make_app(node.url, node.data)))
            pulse.ready(port)
    except OSError as taken:
        raise PortTaken(port=port, name=DOOR_PORT) from taken
    finally:
        await serving.cleanup()
        await alone.close()


def _app(node: Node, face: Face, peers: PeerDoor, follower: Follower) -> web.AppRunner:
    """Everything that answers behind the door, put together once."""
    way_in.ensure(node.data / "keys", chance)
    way = WayIn(node.data / "keys")
    settings = node.settings.door
    accounts = accounts_of(node.data, node.settings, chance)
    office = Office(node.desk, node.desk.pages, jobs.later, partial(_import_table, node), accounts)
    runner = Runner(contract.load(build()), node.turn, office, _trouble, follower)
    purse = budgets.purse_at(node.database.engine)
    quick = Quick(runner.contract, node.turn, follower, node.guard, purse, node.clock)
    cookies = Cookies(node.home, secure=settings.public_url.startswith("https://"))
    house = House(runner, cookies, renderer(), PAGES, node.guard, way)
    texts = TextDoor(gateways(node.settings), node.desk, node.turn)
    doorway = Doorway(
        runner=runner,
        cookies=cookies,
        ids=random_id,
        health=_Health(node),
        metrics=_Metrics(node.data),
        trouble=_trouble,
        way=way,
        face=face,
        guard=node.guard,
        private_port=settings.private_port,
        rates=Rates(time.monotonic, settings.requests_a_minute, settings.points_a_minute),
        quick=quick,
        delivers=lambda step: texts.knows(step) or peers.knows(step),
    )
    served = (*texts.routes(), *peers.routes(), *routes(house))
    return web.AppRunner(make_app(doorway, served), access_log=None)


async def _import_table(node: Node, table: bytes, wish: importing.Wish) -> importing.Report:
    return await importing.in_child(node.data, table, wish, progress=_unheard)


def _unheard(_line: str) -> None:
    """A page cannot show progress without a script; the command line does."""


def _trouble(where: str, why: BaseException) -> None:
    log.trouble("something unexpected", kind=where, error=type(why).__name__)


class _Health:
    """Every part must be up, as the supervisor sees it; without a supervisor the door speaks for itself."""

    def __init__(self, node: Node) -> None:
        self._data = node.data

    async def __call__(self) -> tuple[bool, Mapping[str, object]]:
        parts = read_status(self._data)
        facts = {
            name: {
                "state": part.state,
                "since": part.since,
                "restarts": part.restarts,
                "sentence": part.sentence,
            }
            for name, part in parts.items()
        }
        well = all(part.state == "up" for part in parts.values())
        return well, {"well": well, "parts": facts}


class _Metrics:
    """The figures `care` leaves in the data folder; the door adds none that could name anybody."""

    def __init__(self, data: Path) -> None:
        self._file = data / "run" / "care.prom"

    async def __call__(self) -> bytes:
        return self._file.read_bytes() if self._file.exists() else b""

"""A real door on a real port for the tests of the API and the pages, and ways to come in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bots.desk import Desk as BotsDesk
from directory import sign_ins, vocabulary, words
from directory.core.viewer import Lane, Viewer
from directory.turn import Turn
from hub.api import contract, sessions
from hub.api.asking import Office
from hub.api.door import LIVE, Doorway, make_app
from hub.api.face import a_face
from hub.api.identity import Cookies
from hub.api.live.door import Live
from hub.api.quick.serving import Quick
from hub.api.rates import Rates
from hub.api.run import Runner
from hub.api.schema import build
from hub.chance import random_id
from hub.importing import Report, Wish
from hub.importing_work import imported
from hub.web.house import House
from hub.web.pages import PAGES
from hub.web.render import renderer
from hub.web.site import routes

if TYPE_CHECKING:
    from conftest import Desk

CONTRACT = contract.load(build())
CLIENT = {"Ayni-Client": "tests"}
WAY = "a" * 26
NOT_OURS = '{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}'


@dataclass
class Door:
    """The door, what it serves, and the troubles it told of."""

    desk: Desk
    runner: Runner
    url: str = ""
    live: Live | None = None
    later: list[str] = field(default_factory=list)
    troubles: list[tuple[str, BaseException]] = field(default_factory=list)

    async def link(self, member: str) -> str:
        """A one-time login link of a member."""
        async with self.desk.turn() as turn:
            return f"{self.url}/{WAY}/in/{await sign_ins.link(turn, member)}"

    async def session(self, member: str) -> str:
        """The code of an open session of a member."""
        async with self.desk.turn(Viewer(Lane.PAGE)) as turn:
            code = await sign_ins.link(turn, member)
            opened = await sessions.open_link(turn, code)
        assert opened is not None
        return opened.code

    async def set_word(self, member: str, word: str) -> None:
        """Give a member a word."""
        async with self.desk.turn(Viewer(Lane.CHAT, member)) as turn:
            await words.set_word(turn, member, word)

    async def ask(
        self, operation: str, variables: dict[str, Any] | None = None, *, session: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """POST one trusted document; (status, answer)."""
        cookies = {self.cookie: session} if session else {}
        cookies |= self.came_in
        body = {"documentId": CONTRACT.by_name[operation].id, "variables": variables or {}}
        async with (
            aiohttp.ClientSession(cookies=cookies) as client,
            client.post(f"{self.url}/graphql", json=body, headers=CLIENT) as answer,
        ):
            return answer.status, await answer.json(content_type=None)

    @property
    def came_in(self) -> dict[str, str]:
        """The cookie of a browser that came by the address members are given."""
        return {Cookies(self.desk.home, secure=False).way: WAY}

    @property
    def cookie(self) -> str:
        """The name of the session cookie."""
        return Cookies(self.desk.home, secure=False).session


def plain_homeserver() -> web.Application:
    """Something behind the door for strangers to meet; the real one is compared in the proof of strangers."""

    async def unrecognized(_request: web.Request) -> web.Response:
        return web.Response(status=404, text=NOT_OURS, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", unrecognized)
    return app


@asynccontextmanager
async def a_door(
    desk: Desk,
    *,
    homeserver: str = "",
    private_port: int = 0,
    rates: Rates | None = None,
    quick: Quick | None = None,
) -> AsyncIterator[Door]:
    """Open a door on `desk`'s database; closed and checked for untold troubles at the end.

    `homeserver` is the address of a real one to stand before strangers, else a plain one is put there.
    """
    bots = BotsDesk(vocabulary.load(), "Red Ayni")
    door: Door

    def trouble(where: str, what: BaseException) -> None:
        door.troubles.append((where, what))

    later: list[str] = []

    async def put_later(_turn: Turn, work: str) -> None:
        later.append(work)

    async def import_table(table: bytes, wish: Wish) -> Report:
        """What the child does, in this process: the child itself is tested with the command line."""
        async with desk.turn() as turn:
            return await imported(turn, BytesIO(table), wish)

    runner = Runner(
        CONTRACT, desk.turn, Office(bots, lambda: f"{door.url}/{WAY}", put_later, import_table), trouble
    )
    door = Door(desk, runner, later=later)
    cookies = Cookies(desk.home, secure=False)
    house = House(
        runner=runner, cookies=cookies, draw=renderer(), pages=PAGES, guard=desk.guard, way=lambda: WAY
    )

    async def health() -> tuple[bool, dict[str, object]]:
        return True, {"ok": True}

    async def metrics() -> bytes:
        return b"up 1\n"

    async with (
        TestServer(plain_homeserver()) as behind,
        a_face(lambda: homeserver or f"http://127.0.0.1:{behind.port}") as face,
    ):
        doorway = Doorway(
            runner,
            cookies,
            random_id,
            health,
            metrics,
            trouble,
            lambda: WAY,
            face,
            desk.guard,
            private_port,
            rates=rates or Rates(lambda: 0.0),
            quick=quick,
        )
        app = make_app(doorway, routes(house))
        door.live = app[LIVE]
        async with TestServer(app, host="127.0.0.1") as server:
            if private_port:
                await web.TCPSite(server.runner, "127.0.0.1", private_port).start()
            door.url = f"http://127.0.0.1:{server.port}"
            yield door
    assert not door.troubles, door.troubles

"""Nothing answers a stranger (DESIGN 4.12): who is let on, while everybody else meets the homeserver.

Let on is whoever comes by the address that members are given, with a browser that came by it before, with an
open session or a token that works, through the private port, or, for figures and health, from this machine;
and what posts to a step of a path that only a gateway, or only a linked hub, can know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from directory.store.guarded import Guard
from hub.api.face import Face
from hub.api.identity import STRANGER, Cookies, bearer, caller, on_private_port, on_this_machine
from hub.api.quick.serving import Quick
from hub.api.run import Runner
from hub.api.stamps import stamped
from hub.way_in import same

FOR_THIS_MACHINE = frozenset({"/healthz", "/metrics"})
FOR_TOKENS = frozenset({"/graphql", "/healthz", "/metrics"})


@dataclass(frozen=True, slots=True)
class Gate:
    """What is asked before anything else. `way` is the part of the address nobody can guess."""

    runner: Runner
    cookies: Cookies
    way: Callable[[], str]
    face: Face
    guard: Guard
    delivers: Callable[[str], bool] = lambda _step: False
    """Is this first step of a path where a gateway for text messages, or a linked hub, delivers?"""
    quick: Quick | None = None

    async def admits(self, request: web.Request) -> bool:
        """Does this request come from somebody who knows that there is more here than a homeserver?"""
        if self.by_the_address(request) or on_private_port(request):
            return True
        if request.method == "POST" and self.delivers(request.path[1:]):
            return True
        if same(request.cookies.get(self.cookies.way, ""), self.way()):
            return True
        if request.path in FOR_THIS_MACHINE and on_this_machine(request):
            return True
        if request.path not in FOR_TOKENS and bearer(request) is not None:
            return False
        return await self._known(request)

    def by_the_address(self, request: web.Request) -> bool:
        """Is the first step of the path the one that members are given?"""
        return same(request.path.removeprefix("/").partition("/")[0], self.way())

    async def _known(self, request: web.Request) -> bool:
        if not self._ours(request):
            return False
        if self.quick is not None and self.quick.knows(request, self.cookies):
            return True
        async with self.runner.turns(STRANGER) as turn:
            return await caller(turn, request, self.cookies) is not None

    def _ours(self, request: web.Request) -> bool:
        """Does it bring a code that this hub made, whether or not that still works?

        The database is not asked: what somebody made up is answered as fast as what brings nothing.
        """
        if (secret := bearer(request)) is not None:
            return on_this_machine(request) or stamped(self.guard, "token", secret)
        code = request.cookies.get(self.cookies.session)
        return code is not None and stamped(self.guard, "session", code)


def gated(gate: Gate) -> Middleware:
    """The outermost middleware. A browser that came by the address keeps a cookie that says so."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not await gate.admits(request):
            return await gate.face.answer(request)
        response = await handler(request)
        known = same(request.cookies.get(gate.cookies.way, ""), gate.way())
        if gate.by_the_address(request) and not known and not response.prepared:
            gate.cookies.give(response, gate.cookies.way, gate.way())
        return response

    return around

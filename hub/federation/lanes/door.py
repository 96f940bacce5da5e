"""Where linked hubs post over HTTPS: one address a link, that only its two hubs can work out.

Everybody else meets the homeserver there, as anywhere (hub/api/gate.py). Whoever finds the address may post
bytes of four lengths, and learns from the answer only that they were taken: what they are worth is judged as
for any lane, and not told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from directory import crypto
from directory.core.viewer import Lane, Viewer
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from hub import log, metrics
from hub.api.shield import neutral
from hub.due import Turns
from hub.federation.core.envelope import MAX_WIRE, WIRE_SIZES
from hub.federation.core.lanes import STEP_SIZE, LaneKind, step_of
from hub.federation.core.link import Stage
from hub.federation.receive import Verdict
from hub.store import links

PEER = Viewer(Lane.PEER)
READ_WITHIN_S = 10.0
AT_A_TIME = 4
"""Requests of one peer that are read at once; more are told to come again."""
HANDED_OVER = 3
"""So many envelopes of all peers together hold a connection to the database; of one peer, one."""
LOOK_AGAIN_S = 30.0


class Receive(Protocol):
    """The inbox (hub/federation/receive.py)."""

    async def __call__(self, turn: Turn, ref: str, raw: bytes, *, lane: LaneKind) -> Verdict: ...


@dataclass(slots=True)
class PeerDoor:
    """Takes what linked hubs post. `receive` is the inbox; `allows`: has this peer any of its share left?

    Which steps lead here is read at the start, at every change of a link, and now and then.
    """

    turns: Turns
    home: str
    receive: Receive
    allows: Callable[[str, int], bool] = lambda _network, _size: True
    _steps: dict[bytes, str] = field(default_factory=dict)
    _reading: dict[str, int] = field(default_factory=dict)
    _one_each: dict[str, asyncio.Lock] = field(default_factory=dict)
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HANDED_OVER))
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self, _payload: str = "") -> None:
        """A link is new, or has ended."""
        self._changed.set()

    async def run(self) -> None:
        """Keep the steps in step with the links, until cancelled."""
        while True:
            self._changed.clear()
            try:
                await self.read()
            except DATABASE_GONE as lost:
                log.trouble("links could not be read", error=type(lost).__name__)
            try:
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def read(self) -> None:
        """Read which links there are."""
        async with self.turns(PEER) as turn:
            found = await links.every(turn.tx, turn.guard)
        open_ones = (link for link in found if link.peer.secret and link.state != Stage.SEVERED)
        self._steps = {
            _mark(step_of(bytes.fromhex(link.peer.secret), self.home)): link.network for link in open_ones
        }

    def knows(self, step: str) -> bool:
        """Does this first step of a path lead here?"""
        return len(step) == STEP_SIZE and _mark(step) in self._steps

    def routes(self) -> list[web.RouteDef]:
        """One route: the gate lets nobody on who does not know a step."""
        return [web.post(f"/{{step:[a-z2-7]{{{STEP_SIZE}}}}}", self._taken)]

    async def _taken(self, request: web.Request) -> web.Response:
        network = self._steps.get(_mark(request.match_info["step"]))
        if network is None:
            return neutral(404)
        size = request.content_length
        if size not in WIRE_SIZES or request.headers.get("Content-Encoding") is not None:
            return neutral(400)
        if self._reading.get(network, 0) >= AT_A_TIME or not self.allows(network, size):
            return neutral(429)
        self._reading[network] = self._reading.get(network, 0) + 1
        try:
            return await self._read(request, network, size)
        finally:
            self._reading[network] -= 1

    async def _read(self, request: web.Request, network: str, size: int) -> web.Response:
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                wire = await request.content.readexactly(min(size, MAX_WIRE))
        except (TimeoutError, asyncio.IncompleteReadError):
            return neutral(400)
        try:
            await self._hand_over(network, wire)
        except DATABASE_GONE:
            return neutral(503)
        except Exception as why:  # noqa: BLE001 — named here; its hub sends it again, and those behind it go on
            log.trouble("an envelope broke its handler", error=type(why).__name__)
        return web.Response(status=204)

    async def _hand_over(self, network: str, wire: bytes) -> None:
        """One after the other of one peer: they would only wait for its link, each with a connection that
        pages need."""
        alone = self._one_each.setdefault(network, asyncio.Lock())
        async with alone, self._few, self.turns(PEER) as turn:
            verdict = await self.receive(turn, network, wire, lane=LaneKind.HTTPS)
        metrics.ENVELOPES.labels(verdict=str(verdict)).inc()


def _mark(step: str) -> bytes:
    """What is compared instead of the step itself, so that time tells nothing of how much of it is right."""
    return crypto.hash32("lane-step", step.encode())

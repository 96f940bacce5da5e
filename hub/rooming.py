"""Makes the rooms that were wanted, and leaves those that have served."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from directory.core.viewer import Lane, Viewer
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from hub import log
from hub.due import Turns
from hub.federation.introduced import invite_reason
from hub.matrix.account import BotAccount
from hub.matrix.answers import MatrixTrouble, Refused, RetryLater
from hub.matrix.hearing import MemberChange
from hub.matrix.rooms import Purpose
from hub.roster import Rosters
from hub.store import rooms
from hub.store.rooms import Room

LOOK_AGAIN = timedelta(seconds=20)
CLOCK = Viewer(Lane.CLOCK)
PURPOSES = {
    "direct": Purpose.DIRECT,
    "introduction": Purpose.GROUP,
    "link": Purpose.LINK,
    "watch": Purpose.DIRECT,
}


@dataclass(slots=True)
class RoomMaker:
    """One account's rooms. `met` is told when everybody expected in an introduction room has come."""

    name: str
    account: BotAccount
    turns: Turns
    met: Callable[[Turn, str], Awaitable[None]]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    rosters: Rosters = field(init=False)

    def __post_init__(self) -> None:
        self.rosters = Rosters(self.name, self.account, self.turns)

    async def run(self) -> None:
        """Make wanted rooms until cancelled; what fails is tried again."""
        while True:
            self.wake.clear()
            try:
                await self.make_all()
            except (*DATABASE_GONE, MatrixTrouble) as trouble:
                log.trouble("a room could not be made yet", error=type(trouble).__name__)
            try:
                async with asyncio.timeout(LOOK_AGAIN.total_seconds()):
                    await self.wake.wait()
            except TimeoutError:
                continue

    async def make_all(self) -> None:
        """Make every room that is wanted now. One that cannot be made yet holds up no other."""
        async with self.turns(CLOCK) as turn:
            wanted = await rooms.wanted(turn.tx, turn.guard, self.name)
        for room in wanted:
            try:
                await self._make(room)
            except MatrixTrouble as trouble:  # also one refused for good: it may not stop those behind it
                log.trouble("a room could not be made yet", error=type(trouble).__name__)
                if isinstance(trouble, RetryLater):
                    break
        await self.leave_all()

    async def leave_all(self) -> None:
        """Go out of every room that has served, or that somebody withdrew from; also after a crash."""
        async with self.turns(CLOCK) as turn:
            served = await rooms.to_leave(turn.tx, turn.guard, self.name)
        for room in served:
            if room.matrix is None:
                continue
            try:
                await self.account.leave(room.matrix)
            except MatrixTrouble as trouble:
                log.trouble("a room could not be left yet", error=type(trouble).__name__)
            else:
                async with self.turns(CLOCK) as turn:
                    await rooms.gone(turn.tx, room.id)

    async def _make(self, room: Room) -> None:
        async with self.turns(CLOCK) as turn:
            places = await rooms.places(turn.tx, turn.guard, room.id)
        matrix = room.matrix or await self._create(room, [place.user for place in places if place.wanted])
        # What an invite proves is about this very room, so it is written once the room has its id.
        async with self.turns(CLOCK) as turn:
            reason = await invite_reason(turn, room, matrix)
        for place in places:
            if place.wanted and not place.present:
                await self._invite(matrix, place.user, reason)
        async with self.turns(CLOCK) as turn:
            await rooms.opened(turn.tx, room.id)

    async def _create(self, room: Room, people: list[str]) -> str:
        """The row at once: after a crash the same room is found again, and who is missing is invited."""
        keepers = people if room.purpose == "introduction" else []
        matrix = await self.account.create_room(PURPOSES[room.purpose], (), additional_creators=keepers)
        async with self.turns(CLOCK) as turn:
            await rooms.made(turn.tx, turn.guard, room.id, matrix)
        return matrix

    async def _invite(self, matrix: str, user: str, reason: str | None) -> None:
        try:
            await self.account.invite(matrix, user, reason=reason)
        except Refused as no:
            log.trouble("somebody could not be invited", reason=no.errcode)

    async def members_changed(self, turn: Turn, room: Room, change: MemberChange) -> bool:
        """Note who came or went. True when this was the last one expected in an introduction room."""
        present = change.membership == "join"
        if not await rooms.seen(turn.tx, turn.guard, room.id, change.user, present=present):
            return False
        if room.purpose != "introduction" or not present:
            return False
        everybody = all(place.present for place in await rooms.places(turn.tx, turn.guard, room.id))
        if everybody and room.ref is not None:
            await self.met(turn, room.ref)
            await rooms.left(turn.tx, room.id)
        return everybody

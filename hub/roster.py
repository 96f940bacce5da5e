"""Who should be in a room of ours, compared with who is: after each change, and every hour.

Whoever does not belong there is put out where the bot may do that; whoever was never asked in is asked.
What cannot be mended safely is told to coordinators, once while this process runs. Nobody who left on
purpose is asked back. What this does not do: believe the homeserver. It can hide somebody from us, and that
is why keys are given by our own rows only (hub/readers.py).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from directory.core.effects import TellRoles, Urgency
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.members import handle_of, matrix_id_of, standing
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from hub import log
from hub.due import CLOCK, Turns
from hub.matrix.account import BotAccount
from hub.matrix.answers import MatrixTrouble, Refused
from hub.matrix.hearing import MemberChange
from hub.matrix.rooms import Members
from hub.store import rooms
from hub.store.rooms import Room

EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Drift:
    """How a room differs from its roster."""

    strangers: frozenset[str]
    missing: frozenset[str]


def compare(expected: frozenset[str], there: Members, me: str) -> Drift:
    """By Matrix ids; whoever is invited counts as there."""
    found = there.joined | there.invited
    return Drift(found - expected - {me}, expected - found)


@dataclass(slots=True)
class Rosters:
    """The rooms of one account."""

    name: str
    account: BotAccount
    turns: Turns
    _told: set[tuple[str, str]] = field(default_factory=set)

    async def run(self) -> None:
        """Every hour until cancelled, beginning now."""
        while True:
            try:
                await self.compare_all()
            except DATABASE_GONE as lost:
                log.trouble("rosters lost their database", error=type(lost).__name__)
            await asyncio.sleep(EVERY.total_seconds())

    async def compare_all(self) -> None:
        """Every open room, one after the other: this hurries nobody."""
        async with self.turns(CLOCK) as turn:
            listed = await rooms.open_ones(turn.tx, turn.guard, self.name)
        for room in listed:
            await self.look_at(room)

    async def changed(self, change: MemberChange) -> None:
        """Look at once when somebody came, or was asked, into a room of ours who does not belong there."""
        if change.membership not in {"join", "invite"} or change.user == self.account.user_id:
            return
        async with self.turns(CLOCK) as turn:
            room = await rooms.by_matrix(turn.tx, turn.guard, change.room)
            if room is None or room.state != "open" or change.user in await _expected(turn, room):
                return
        await self.look_at(room)

    async def look_at(self, room: Room) -> None:
        """Compare one room, mend what is safe, tell the rest."""
        if room.matrix is None:
            return
        async with self.turns(CLOCK) as turn:
            expected = await _expected(turn, room)
        if not expected:
            return
        try:
            drift = compare(expected, await self.account.members_now(room.matrix), self.account.user_id)
            for user in sorted(drift.strangers):
                await self._put_out(room, room.matrix, user)
            for user in sorted(drift.missing):
                await self._miss(room, room.matrix, user)
        except MatrixTrouble as trouble:
            log.trouble("a roster could not be compared", error=type(trouble).__name__)

    async def _put_out(self, room: Room, matrix: str, user: str) -> None:
        try:
            await self.account.kick(matrix, user)
        except Refused:
            await self._tell(room, user, STAYS if room.purpose == "direct" else STAYS_THERE)
        else:
            await self._tell(room, user, PUT_OUT if room.purpose == "direct" else PUT_OUT_THERE)

    async def _miss(self, room: Room, matrix: str, user: str) -> None:
        """Asked in again only when the room says that they never were; a lost direct room is told."""
        if await self.account.membership(matrix, user) is None:
            await self.account.invite(matrix, user, direct=room.purpose == "direct")
        elif room.purpose == "direct":
            await self._tell(room, user, LEFT)

    async def _tell(self, room: Room, user: str, text: Text) -> None:
        if (room.id, user) in self._told:
            return
        self._told.add((room.id, user))
        async with self.turns(CLOCK) as turn:
            name = await handle_of(turn.tx, room.ref) if room.purpose == "direct" and room.ref else ""
            named = say(text.message, name=name) if name else text
            await turn.record(TellRoles(Role.COORDINATOR, named, Urgency.ANSWER))


PUT_OUT = say(
    "Somebody who does not belong there was in the room of {name} with the helper. They were put out and "
    "could not read what the helper wrote. Please ask {name} whether all is well."
)
STAYS = say(
    "Somebody who does not belong there is in the room of {name} with the helper. They cannot read what the "
    "helper writes. Please ask {name} to put them out or to open a new room with the helper."
)
PUT_OUT_THERE = say("Somebody who does not belong there was in a room of ours. They were put out.")
STAYS_THERE = say("Somebody who does not belong there is in a room of ours, and we cannot put them out.")
LEFT = say("{name} has left the room with the helper and hears nothing from it now. Please ask how they are.")


async def _expected(turn: Turn, room: Room) -> frozenset[str]:
    """Matrix ids besides our own; none where our rows name nobody (a lobby), nor for somebody held back, who
    was put out on purpose and is missed by nobody."""
    if room.purpose == "direct" and room.ref is not None:
        known = await standing(turn.tx, room.ref)
        if known is not None and known.state == "frozen":
            return frozenset()
        theirs = await matrix_id_of(turn.tx, turn.guard, room.ref)
        return frozenset() if theirs is None else frozenset({theirs})
    places = await rooms.places(turn.tx, turn.guard, room.id)
    return frozenset(place.user for place in places if place.wanted)

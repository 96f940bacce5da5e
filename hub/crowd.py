"""Several members at the same moment: their brief orders share one transaction, each still heard once.

One after the other in one transaction is what they would have been in a transaction each; what is saved are
the statements. Whatever is not the plain everyday case (strangers, lost devices, open questions, calls for
help, secrets) is left to be heard alone (hub/ear.py), and so are all of them when one of them breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.core.grammar import Order
from bots.desk import Desk
from bots.dispatch import obey_one_of_several
from bots.store import conversations, people
from bots.store.people import Person
from directory import members
from directory.core.viewer import Lane, Viewer
from directory.store import bindings, safekeeping
from directory.store.recall import recalling
from directory.turn import Turn
from hub import metrics
from hub.due import Turns
from hub.matrix.inbound import Inbound
from hub.store import acquaintance, heard, letters, rooms

STRANGER = Viewer(Lane.CHAT)
TALKS = frozenset({"direct", "lobby"})
"""Purposes of rooms in which the bot listens. A room it does not know yet is a direct room or a lobby."""


def marks(turn: Turn, inbound: Inbound) -> tuple[bytes, bytes | None]:
    """What tells an event: its id and, when it was encrypted, its place in the sender's ratchet; digests."""
    ratchet = inbound.ratchet
    place = f"{inbound.room} {ratchet.session_id} {ratchet.index}" if ratchet is not None else None
    digest = turn.guard.digest
    return digest("event", inbound.once), None if place is None else digest("ratchet", place)


@dataclass(frozen=True, slots=True)
class _Speaker:
    member: Viewer
    me: Person


@dataclass(frozen=True, slots=True)
class Crowd:
    """What hub/together.py hands several orders to."""

    desk: Desk
    turns: Turns

    async def hear(self, several: Sequence[tuple[Inbound, Order]]) -> list[bool]:
        """Which of these were heard and answered (or known already); the others have to be heard alone."""
        async with self.turns(STRANGER) as turn:
            with recalling(turn.tx):
                await rooms.meet(turn.tx, turn.guard, {one.room for one, _ in several})
                await acquaintance.meet(turn.tx, turn.guard, {one.sender for one, _ in several})
                speakers = [await self._speaker(turn, one) for one, _ in several]
                async with letters.held(turn.tx):
                    await self._all(turn, several, speakers)
        return [one is not None for one in speakers]

    async def _all(
        self, turn: Turn, several: Sequence[tuple[Inbound, Order]], speakers: Sequence[_Speaker | None]
    ) -> None:
        fit = [(one, who) for one, who in zip(several, speakers, strict=True) if who is not None]
        if not fit:
            return
        told = [marks(turn, inbound) for (inbound, _), _ in fit]
        fresh = await heard.first_times(turn.tx, told, turn.now)
        for ((inbound, order), who), (event, _) in zip(fit, told, strict=True):
            if event in fresh:
                mine = replace(turn, viewer=who.member)
                await obey_one_of_several(self.desk, mine, inbound.said(), who.me, order)
            else:
                metrics.REPLAYS.inc()
        await acquaintance.heard(turn.tx, {who.me.id for _, who in fit}, turn.now)

    async def _speaker(self, turn: Turn, inbound: Inbound) -> _Speaker | None:
        """Who says it; None for everything but the everyday case."""
        room = await rooms.by_matrix(turn.tx, turn.guard, inbound.room)
        if room is not None and room.purpose not in TALKS:
            return None
        member = await bindings.bound_to(turn.tx, turn.guard.digest("matrix-id", inbound.sender))
        if member is None or await safekeeping.is_closed(turn.tx, member):
            return None
        viewer = await members.viewer_of_member(turn.tx, member, Lane.CHAT)
        me = await people.person(turn.tx, member)
        if viewer is None or me is None or me.state != "active":
            return None
        talk = await conversations.of(turn.tx, turn.guard, member)
        return None if talk.open else _Speaker(viewer, me)

"""Invitations: the hub decides, a yes is carried out even when the other server or our process fails in
between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from hub import log
from hub.matrix.answers import MatrixTrouble, Refused, RetryLater
from hub.matrix.hearing import Decision, Hearing, parse_invite
from hub.matrix.rooms import Rooms
from hub.matrix.rows import Shelves

SHELF = "joins"
LONGEST_WAIT_S = 60.0
TRIES_WHEN_REFUSED = 5


class Entrance:
    """An unanswered invitation is left silently alone: no rejection tells a stranger that it was read."""

    def __init__(self, me: str, rooms: Rooms, shelves: Shelves) -> None:
        self._me = me
        self._rooms = rooms
        self._shelves = shelves

    def resume(self, tasks: asyncio.TaskGroup) -> None:
        """Go on entering the rooms the hub had said yes to."""
        for raw in self._shelves.values(SHELF):
            room_id, _, server = raw.decode().partition(" ")
            tasks.create_task(self._enter(room_id, server))

    async def consider(self, invited: Mapping[str, Any], hearing: Hearing, tasks: asyncio.TaskGroup) -> None:
        """Ask the hub about each new invitation. Entering takes seconds over federation and holds up
        nothing.
        """
        for room_id, info in invited.items():
            block = info.get("invite_state") or {}
            invite = parse_invite(self._me, room_id, block.get("events"))
            if invite is None or await hearing.invited(invite) is not Decision.JOIN:
                continue
            server = invite.inviter.partition(":")[2]
            self._shelves.put(SHELF, room_id, f"{room_id} {server}".encode())
            tasks.create_task(self._enter(room_id, server))

    async def _enter(self, room_id: str, server: str) -> None:
        tries = 0
        while True:
            try:
                await self._rooms.join(room_id, via=[server])
                break
            except MatrixTrouble as trouble:
                tries += 1
                if isinstance(trouble, Refused) and tries > TRIES_WHEN_REFUSED:
                    log.trouble("could not enter a room", reason=trouble.errcode, tries=tries)
                    break
                await asyncio.sleep(_pause(trouble, tries))
        self._shelves.delete(SHELF, room_id)


def _pause(trouble: MatrixTrouble, tries: int) -> float:
    """A refusal may be a race: an invitation arrives here before the inviter's server has written it down."""
    if isinstance(trouble, RetryLater):
        return trouble.after_s
    return float(min(LONGEST_WAIT_S, 0.1 * 3**tries))

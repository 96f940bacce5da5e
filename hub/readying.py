"""Room keys handed out before they are needed: an alarm then waits for no exchange of keys.

Every room of somebody whom an alarm may wake is looked at a while after the start (keys are handed out anew
then) and hourly (a key is replaced after a week or a hundred messages, and people get new phones). Where the
key is out already nothing is sent. Whoever comes into a circle has just been answered: their key is out.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from directory.store.database import DATABASE_GONE
from hub import log
from hub.due import CLOCK, Turns
from hub.matrix.account import BotAccount
from hub.matrix.answers import MatrixTrouble, Refused
from hub.store import rooms

AT_FIRST_S = 20.0
"""After a start what waits to be sent goes first."""
EVERY_S = 3600.0
BETWEEN_S = 0.02


@dataclass(frozen=True, slots=True)
class Readying:
    """For one account's rooms."""

    name: str
    account: BotAccount
    turns: Turns

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.sleep(AT_FIRST_S)
        while True:
            await self.once()
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """Every room once; in how many the key is out now. What fails is tried an hour later, and by the next
        message."""
        ready = 0
        try:
            async with self.turns(CLOCK) as turn:
                found = await rooms.of_woken(turn.tx, turn.guard, self.name)
            for room in found:
                ready += await self._one(room)
                await asyncio.sleep(BETWEEN_S)  # alarms and answers go in between
        except (MatrixTrouble, *DATABASE_GONE) as away:
            log.trouble("keys not handed out in advance", error=type(away).__name__)
        return ready

    async def _one(self, room: str) -> bool:
        try:
            await self.account.make_ready(room)
        except Refused:
            return False  # nobody there can read yet, or we are not in it
        return True

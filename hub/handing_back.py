"""Somebody works for the network no more: the papers they keep count as if they had left, at once."""

from __future__ import annotations

from dataclasses import replace

from directory import members
from directory.core.effects import DueAt
from directory.turn import Turn
from hub.federation.identity import HOLDER
from hub.store import keys, rooms

SHEET = "sheet-holder"
"""Purpose of a row: `public` is set/number of a recovery sheet, `statement` the member who keeps it."""
DUE, REF = "holders", ""
HANDED_BACK = b"handed back"
"""In place of a private half, which papers have none of: whoever keeps this works here no more."""


async def hand_back(turn: Turn, member: str) -> None:
    """Their papers are looked at now (hub/holding.py); our bots go out of rooms made for them."""
    handle = await members.handle_of(turn.tx, member)
    theirs = {SHEET: member.encode(), HOLDER: handle.encode()}
    for purpose, whose in theirs.items():
        for row in await keys.of_purpose(turn.tx, turn.guard, purpose):
            if row.statement == whose:
                await keys.forget(turn.tx, row.id)
                await keys.add(turn.tx, turn.guard, replace(row, private=HANDED_BACK, retired_at=None))
                await turn.record(DueAt(DUE, REF, turn.now))
    user = await members.matrix_id_of(turn.tx, turn.guard, member)
    if user is not None:
        await rooms.leave_those_of(turn.tx, turn.guard, user)

"""After somebody has left: the key to everything sealed about them is destroyed, in whatever copy it lies.

Rows go with the member, in one transaction. The key goes after that transaction: what was undone must still
be readable. A backup of the database holds only what this key opened.
"""

from __future__ import annotations

from directory.core.effects import DueAt
from directory.store import person_keys
from directory.turn import Turn

DUE = "forget-keys"
"""Kind of the due row; it needs no ref, because whoever is gone is found."""


async def soon(turn: Turn) -> None:
    """Have the keys of whoever leaves in this turn destroyed as soon as the turn is kept."""
    await turn.record(DueAt(DUE, "", turn.now))


async def forget(turn: Turn, _ref: str = "") -> None:
    """Due handler: destroy the keys of all who are gone. Works while the hub is sealed, and twice."""
    while slots := await person_keys.orphans(turn.tx):
        for slot in slots:
            turn.guard.slots.destroy(slot)
            await person_keys.forget(turn.tx, slot)

"""A day after an alarm: what bots wrote about it goes out of the rooms, as letters like everything else.

What this does not do: reach a screen where it was read, or a homeserver that keeps what was redacted.
"""

from __future__ import annotations

from directory.core.effects import TakeBack, Urgency
from directory.turn import Turn
from hub.letters import LetterBox
from hub.store import measured

REDACTION = "m.room.redaction"


async def take_back(letters: LetterBox, turn: Turn, effect: TakeBack) -> None:
    """One letter for each message that arrived and is still known here."""
    for written in await measured.written(turn.tx, effect.about):
        await letters.write(
            turn.tx,
            letter_id=turn.ids(),
            room=written.room,
            account=written.account,
            urgency=Urgency.NOTE,
            event_type=REDACTION,
            content={"redacts": written.event},
            now=turn.now,
        )

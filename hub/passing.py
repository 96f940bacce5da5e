"""What does not stay in a room: cards and introductions go after an hour, a secret that was typed at once.

Each is a due row and then a letter, like everything else that must happen. What this does not do: reach the
screen of somebody who has read it, a homeserver that keeps what was redacted, or a person's message in a
room that they made themselves, where the bot has no power to take it back (docs/member/).
"""

from __future__ import annotations

from datetime import timedelta

from directory.core.effects import ClearRoom, DueAt, NoLongerDue, Unsay, Urgency
from directory.turn import Turn
from hub.letters import LetterBox
from hub.store import letters as rows
from hub.store import rooms
from hub.store.letters import Passing

DUE = "passing"
KEPT = timedelta(hours=1)
REDACTION = "m.room.redaction"


async def on_due(letters: LetterBox, turn: Turn, letter: str) -> None:
    """The hour is over: take it back, or look again later when it has not even arrived."""
    found = await rows.passing(turn.tx, letter)
    if found is None:
        return
    if found.event_id is None:
        await turn.record(DueAt(DUE, letter, turn.now + KEPT))
        return
    await _take_back(letters, turn, found, found.event_id)


async def clear(letters: LetterBox, turn: Turn, effect: ClearRoom) -> None:
    """Everything of the member's rooms that would go within the hour goes now."""
    for found in await rows.passing_of(turn.tx, effect.member):
        if found.event_id is None:
            await rows.withdraw(turn.tx, found.letter)  # if it is just under way, its hour is still written
        else:
            await turn.record(NoLongerDue(DUE, found.letter))
            await _take_back(letters, turn, found, found.event_id)


async def unsay(letters: LetterBox, turn: Turn, effect: Unsay) -> None:
    """Take back what somebody else wrote; the homeserver refuses it where the bot has no power."""
    room = await rooms.by_matrix(turn.tx, turn.guard, effect.room)
    if room is not None:
        await _redact(letters, turn, room.id, room.account, effect.event)


async def _take_back(letters: LetterBox, turn: Turn, found: Passing, event: str) -> None:
    await rows.passed(turn.tx, found.letter)
    await _redact(letters, turn, found.room, found.account, event)


async def _redact(letters: LetterBox, turn: Turn, room: str, account: str, event: str) -> None:
    await letters.write(
        turn.tx,
        letter_id=turn.ids(),
        room=room,
        account=account,
        urgency=Urgency.ANSWER,
        event_type=REDACTION,
        content={"redacts": event},
        now=turn.now,
    )

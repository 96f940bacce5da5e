"""Ending one's own alarm: it needs the word, and everybody who was told hears it.

Whether the word was the phrase for danger makes no difference here: what others hear is decided when the row
of `ENDED` is due, after the answer (bots/pressed.py).
"""

from __future__ import annotations

from enum import StrEnum

from bots.alarms.ending import arm
from bots.alarms.showing import values
from bots.core.alarms import OPEN, Alarm, Step, step
from bots.store import actions
from bots.widening import rest
from directory import words
from directory.core.effects import DueAt
from directory.refusals import NotYours
from directory.turn import Turn
from directory.words import Given

ENDED = "ended-alarm"
"""Kind of the due row that follows every alarm its person has ended; its ref is the alarm."""
NO_PLACE = {"place": ""}
"""Where somebody is stands in an alarm only while it is open."""


class Lowered(StrEnum):
    """What came of trying to end an alarm. ARMED: others had closed it, and it is over for the person too."""

    UNHEARD = "unheard"
    ENDED = "ended"
    WRONG_WORD = "wrong word"
    NO_ALARM = "no alarm"
    ARMED = "armed"


async def cancel(turn: Turn, word: str) -> Lowered:
    """Stop the viewer's alarm. Needs the word; within the window nobody else ever hears of it."""
    return await _lower(turn, word, Step.CANCEL)


async def safe(turn: Turn, word: str) -> Lowered:
    """End the viewer's alarm because they are safe. Needs the word; everybody who was told hears it."""
    return await _lower(turn, word, Step.SAFE)


async def end_for(turn: Turn, member: str, what: Step, given: Given) -> Lowered:
    """End a member's alarm, with the word that was `given` for it."""
    action = await actions.newest_of(turn.tx, turn.guard, member, values(OPEN))
    if action is None:
        return Lowered.NO_ALARM
    unheard = action.state == Alarm.RAISED
    state = step(Alarm(action.state), what)
    known = {"was": action.state, "ended_as": what.value, "ended_by": given.id}
    place = {"place_then": action.fields.get("place", "")}
    await rest(turn, action, {**NO_PLACE, **place, **known}, state=state, closed_at=turn.now)
    await actions.write(turn.tx, turn.guard, action.id, what.value, turn.now, rung="person")
    await turn.record(DueAt(ENDED, action.id, turn.now))
    return Lowered.UNHEARD if unheard else Lowered.ENDED


async def _lower(turn: Turn, word: str, what: Step) -> Lowered:
    """The word is heard first, also when there is nothing to end: it may be the phrase for danger. Looked for
    without a lock before that: the ladder does not wait while a word is checked."""
    member = turn.viewer.member
    if member is None:
        raise NotYours
    running = await actions.newest_of(turn.tx, turn.guard, member, values(OPEN), lock=False)
    given = await words.check_word(turn, member, word)
    if running is None:
        return Lowered.ARMED if given is not None and await arm(turn, member) else Lowered.NO_ALARM
    if given is None:
        return Lowered.WRONG_WORD
    return await end_for(turn, member, what, given)

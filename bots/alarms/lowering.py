"""Ending one's own alarm: it needs the word, and everybody who was told hears it."""

from __future__ import annotations

from enum import StrEnum

from bots import neighbours, wording
from bots.alarms.showing import values
from bots.core.alarms import OPEN, Alarm, Step, step
from bots.saying import quiet_alarm
from bots.store import actions
from bots.widening import rest
from directory import words
from directory.refusals import NotYours
from directory.turn import Turn

NO_PLACE = {"place": ""}
"""Where somebody is stands in an alarm only while it is open."""


class Lowered(StrEnum):
    """What came of trying to end an alarm."""

    UNHEARD = "unheard"
    ENDED = "ended"
    WRONG_WORD = "wrong word"
    NO_ALARM = "no alarm"


async def cancel(turn: Turn, word: str) -> Lowered:
    """Stop the viewer's alarm. Needs the word; within the window nobody else ever hears of it."""
    return await _lower(turn, word, Step.CANCEL)


async def safe(turn: Turn, word: str) -> Lowered:
    """End the viewer's alarm because they are safe. Needs the word; everybody who was told hears it."""
    return await _lower(turn, word, Step.SAFE)


async def end_for(turn: Turn, member: str, what: Step) -> Lowered:
    """End a member's alarm; the caller has checked the member's word."""
    action = await actions.newest_of(turn.tx, turn.guard, member, values(OPEN))
    if action is None:
        return Lowered.NO_ALARM
    unheard = action.state == Alarm.RAISED
    state = step(Alarm(action.state), what)
    await rest(turn, action, NO_PLACE, state=state, closed_at=turn.now)
    await actions.write(turn.tx, turn.guard, action.id, what.value, turn.now, rung="person")
    if unheard:
        return Lowered.UNHEARD
    text = wording.it_is_over(action, safe=what is Step.SAFE)
    for one in await actions.told_of(turn.tx, action.id):
        await quiet_alarm(turn, one.member, text)
    await neighbours.post_end(turn, action)
    return Lowered.ENDED


async def _lower(turn: Turn, word: str, what: Step) -> Lowered:
    member = turn.viewer.member
    if member is None:
        raise NotYours
    if await actions.newest_of(turn.tx, turn.guard, member, values(OPEN)) is None:
        return Lowered.NO_ALARM
    if not await words.check_word(turn, member, word):
        return Lowered.WRONG_WORD
    return await end_for(turn, member, what)

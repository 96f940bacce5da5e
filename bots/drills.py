"""Drills: does this phone ring while its screen is off? Asked when somebody begins, then without a warning.

Only the answer from the person's own app counts; on a hub for trying out any answer does, as practice. A
drill is about the phone, never about the person: nobody is blamed for one that was missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bots.core.drills import ANSWER_WITHIN, HOLDS, Staffed, by_day, first_at, unannounced_at
from bots.desk import Desk
from bots.saying import how_long, lines, note, wake
from bots.store import actions, people
from bots.store import drills as rows
from bots.store.drills import Drill
from bots.zones import any_zone_of
from directory.core.effects import DueAt, NoLongerDue
from directory.core.text import Text, say
from directory.core.viewer import Lane, Role
from directory.refusals import NotYours
from directory.turn import Turn

DUE = "drill"
QUESTION = "drill"
UTC = ZoneInfo("UTC")
NOT_NOW = timedelta(days=1)


class Answered(StrEnum):
    """What came of an answer to a drill."""

    PASSED = "passed"
    SILENT = "silent"
    NOT_HERE = "not here"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class DrillView:
    """The viewer's last drill. `took`: from the ring to the answer."""

    id: str
    state: str
    practice: bool
    took: timedelta | None


async def begin(desk: Desk, turn: Turn) -> None:
    """Ring the viewer's phone in a moment. Raises NotYours for who answers no calls."""
    member = _responder(turn)
    for old in await rows.of_member(turn.tx, member, (rows.COMING, rows.RINGING)):
        await rows.change(turn.tx, old.id, state=rows.MISSED if old.rung_at else rows.DROPPED)
        await turn.record(NoLongerDue(DUE, old.id))
    await _plan(desk, turn, member, rows.FIRST)


async def keep_coming(desk: Desk, turn: Turn) -> None:
    """Everyone who answers calls has an unannounced drill ahead of them, about once a month; whoever began to
    a moment ago is told of the first one, and not at night."""
    known = await rows.ever(turn.tx)
    for member in await rows.without_coming(turn.tx):
        if member in known:
            await _plan(desk, turn, member, rows.UNANNOUNCED)
        elif by_day(turn.now, await _zone(turn, member)):
            await note(turn, member, BEGINNING)
            await _plan(desk, turn, member, rows.FIRST)


async def _zone(turn: Turn, member: str) -> ZoneInfo:
    person = await people.person(turn.tx, member)
    return any_zone_of(person.country if person is not None else None) or UTC


async def _plan(desk: Desk, turn: Turn, member: str, kind: str) -> None:
    drill, zone, chance = turn.ids(), await _zone(turn, member), turn.guard.chance(4)
    at = first_at(turn.now, chance) if kind == rows.FIRST else unannounced_at(turn.now, zone, chance)
    row = Drill(drill, member, kind, rows.COMING, desk.evaluation, turn.now, None, None, None)
    await rows.add(turn.tx, row)
    await turn.record(DueAt(DUE, drill, at))


async def on_due(desk: Desk, turn: Turn, ref: str) -> None:
    """Ring, or find that nobody answered."""
    drill = await rows.get(turn.tx, ref)
    if drill is None:
        return
    if drill.state == rows.COMING:
        await _ring(turn, drill)
    elif drill.state == rows.RINGING:
        await rows.change(turn.tx, drill.id, state=rows.MISSED)
        await note(turn, drill.member, MISSED_IT)


async def _ring(turn: Turn, drill: Drill) -> None:
    helping = await actions.waiting_for(turn.tx, turn.guard, drill.member, frozenset({"running", "taken"}))
    if helping and drill.kind == rows.UNANNOUNCED:
        await turn.record(DueAt(DUE, drill.id, turn.now + NOT_NOW))
        return
    await rows.change(turn.tx, drill.id, state=rows.RINGING, rung_at=turn.now)
    await turn.record(DueAt(DUE, drill.id, turn.now + ANSWER_WITHIN))
    await wake(turn, drill.member, THIS_IS_A_DRILL, QUESTION, drill=drill.id)


async def answer(desk: Desk, turn: Turn, ref: str, rang: bool) -> tuple[Answered, timedelta]:
    """The viewer's answer: did it ring while its screen was off? And how long that took."""
    drill = await rows.get(turn.tx, ref)
    if drill is None or drill.member != turn.viewer.member:
        raise NotYours
    if drill.state != rows.RINGING or drill.rung_at is None:
        return Answered.OVER, timedelta(0)
    if turn.viewer.lane is not Lane.CHAT and not desk.evaluation:
        return Answered.NOT_HERE, timedelta(0)
    state = rows.PASSED if rang else rows.SILENT
    await rows.change(turn.tx, drill.id, state=state, answered_at=turn.now, practice=desk.evaluation)
    await turn.record(NoLongerDue(DUE, drill.id))
    return (Answered.PASSED if rang else Answered.SILENT), turn.now - drill.rung_at


async def staffed(desk: Desk, turn: Turn) -> Staffed:
    """How many people here have shown that their phone wakes them."""
    found = await rows.ready(turn.tx, turn.now - HOLDS, practice=desk.evaluation)
    return Staffed(len(found), desk.evaluation)


async def mine(turn: Turn) -> DrillView | None:
    """The viewer's newest drill that has rung; nobody is shown one that is still to come."""
    if turn.viewer.member is None:
        raise NotYours
    for one in await rows.of_member(turn.tx, turn.viewer.member):
        if one.rung_at is not None:
            took = one.answered_at - one.rung_at if one.answered_at is not None else None
            return DrillView(one.id, one.state, one.practice, took)
    return None


def said_of(staffed: Staffed) -> Text | None:
    """What a member reads before sending, while too few have shown that their phone wakes them."""
    still = say("Your call still goes to your circle and to everyone on call.")
    practice = say("This hub is for trying out: its drills are practice.") if staffed.practice else None
    if staffed.ok:
        return practice
    if staffed.ready:
        few = say("Only one person here has tested that their phone wakes them.")
    else:
        few = say("Nobody here has tested yet that their phone wakes them.")
    return lines(few, still, practice)


def said_after(came: Answered, took: timedelta) -> Text:
    """What the one who answered a drill reads."""
    if came is Answered.PASSED:
        return say("Your phone wakes you. You answered after {span}. Thank you.", span=how_long(took))
    if came is Answered.SILENT:
        return NO_RING
    if came is Answered.NOT_HERE:
        return say("This counts only from the app on your own phone. Please answer there.")
    return say("This drill is over. For another one, write: drill")


NOW_LOCK_IT = lines(
    say("Now lock your phone and turn its screen off."),
    say("Within three minutes we ring it. Then answer: 1 = it rang, 0 = it did not."),
)
BEGINNING = lines(
    say("You answer calls for help here now. First we see whether your phone wakes you."), NOW_LOCK_IT
)
THIS_IS_A_DRILL = lines(
    say("This is a drill. Nobody is in danger."),
    say("Did your phone ring with its screen off? 1 = it rang, 0 = I saw it by chance"),
)
NO_RING = lines(
    say("Then your phone would not wake you."),
    say("Let the chat app run in the background, loud, also at night. Then write: drill"),
    say("Or choose something else that wakes you. Write: wake"),
)
MISSED_IT = lines(
    say("We rang you for a drill and heard nothing. That can happen."),
    say("If your phone did not ring, write: wake. For another drill, write: drill"),
)


def _responder(turn: Turn) -> str:
    if turn.viewer.member is None or not turn.viewer.may_act_as(Role.RESPONDER, Role.COORDINATOR):
        raise NotYours
    return turn.viewer.member

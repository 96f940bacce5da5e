"""After an alarm: the person says that it is over for them, somebody looks back, the place is forgotten.

Whoever helped may close an alarm; only the person arms it again, with the word. Until then a new call goes
out at once, as if it were the same one. Looking back asks what it was, never whose fault.
"""

from __future__ import annotations

from datetime import timedelta

from bots.alarms.showing import AlarmView, values, views
from bots.core.alarms import OPEN, Alarm, Step, may, step
from bots.saying import quiet_alarm
from bots.store import actions, people
from bots.store.actions import Action
from directory.core.effects import TakeBack
from directory.core.text import say
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn

ENDED = frozenset({Alarm.SAFE, Alarm.CANCELLED, Alarm.CLOSED})
UNARMED_FOR = timedelta(days=7)
LOOK_BACK = timedelta(days=14)
LONGEST_NOTE = 1000


async def unarmed(turn: Turn, member: str, *, lock: bool = False) -> Action | None:
    """The alarm of this member that others closed, and that is not over for them yet."""
    states = values(frozenset({Alarm.CLOSED, Alarm.DEBRIEFED}))
    found = await actions.newest_of(turn.tx, turn.guard, member, states, lock=lock)
    if found is None or found.fields.get("ended_as") or found.fields.get("armed"):
        return None
    return found if turn.now - found.raised_at < UNARMED_FOR else None


async def arm(turn: Turn, member: str) -> bool:
    """It is over for the person too, who gave the word for it; False when nothing was open."""
    found = await unarmed(turn, member, lock=True)
    if found is None:
        return False
    await actions.change(turn.tx, turn.guard, found, {"armed": "yes"}, rearmed_at=turn.now)
    await actions.write(turn.tx, turn.guard, found.id, "armed", turn.now, rung="person")
    return True


async def here(turn: Turn, place: str) -> bool:
    """Where the viewer is now, for those who were told of their running alarm; False when none runs."""
    member = turn.viewer.member
    if member is None:
        raise NotYours
    action = await actions.newest_of(turn.tx, turn.guard, member, values(OPEN))
    if action is None:
        return False
    await actions.change(turn.tx, turn.guard, action, {"place": place})
    await actions.write(turn.tx, turn.guard, action.id, "place", turn.now, rung="person")
    text = say("{name} is here now: {place}", name=action.fields.get("handle", ""), place=place)
    for one in sorted(await actions.told_of(turn.tx, action.id), key=lambda one: one.member):
        await quiet_alarm(turn, one.member, text)
    return True


async def to_debrief(turn: Turn) -> tuple[AlarmView, ...]:
    """Alarms that are over and that nobody has looked back at: for who had them, and for coordinators."""
    keeper = turn.viewer.may_act_as(Role.COORDINATOR)
    found = await actions.in_states(turn.tx, turn.guard, values(ENDED), kinds=(actions.ALARM,))
    recent = [one for one in found if turn.now - one.raised_at < LOOK_BACK and one.rung >= 0]
    mine = turn.viewer.member
    seen = [
        one
        for one in recent
        if one.member != mine and (keeper or (mine and one.fields.get("taken_by_member") == mine))
    ]
    return await views(turn, seen)


async def debrief(turn: Turn, action_id: str, *, false_alarm: bool, note: str = "") -> bool:
    """Look back: was anybody in danger, and what did we learn? Whoever had it, or a coordinator.

    False when it is not over, or was looked back at before. Raises NotYours.
    """
    action = await actions.get(turn.tx, turn.guard, action_id)
    member = turn.viewer.member
    if action is None or member is None or action.kind not in actions.CALLS or action.member == member:
        raise NotYours
    had_it = action.fields.get("taken_by_member") == member
    if not had_it and not turn.viewer.may_act_as(Role.COORDINATOR):
        raise NotYours
    if not may(Alarm(action.state), Step.DEBRIEF):
        return False
    state = step(Alarm(action.state), Step.DEBRIEF)
    await actions.change(turn.tx, turn.guard, action, state=state, false_alarm=false_alarm)
    person = await people.person(turn.tx, member)
    said = {"who": person.handle if person is not None else "", "note": note.strip()[:LONGEST_NOTE]}
    await actions.write(turn.tx, turn.guard, action.id, "debriefed", turn.now, note=said)
    return True


async def on_forget(turn: Turn, ref: str) -> None:
    """A day after its end: where somebody was is forgotten here, and taken back from the rooms."""
    action = await actions.get(turn.tx, turn.guard, ref)
    if action is None or Alarm(action.state) in OPEN:
        return
    await actions.change(turn.tx, turn.guard, action, {"place": "", "place_then": ""})
    await turn.record(TakeBack(action.id))

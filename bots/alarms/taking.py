""" "I have it", "I cannot", passing on, and closing: what people who were told do."""

from __future__ import annotations

from enum import StrEnum

from bots import following, neighbours, wording
from bots.alarms.lowering import NO_PLACE
from bots.alarms.showing import FORGOTTEN
from bots.alarms.staffing import on_call
from bots.core.alarms import Alarm, Step, may, step
from bots.core.ladder import Rung
from bots.desk import Desk
from bots.saying import note, quiet_alarm
from bots.store import actions, people
from bots.store.actions import Action
from bots.widening import DUE, fresh, rest, widen
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn


class Took(StrEnum):
    """What came of saying "I have it"."""

    YOURS = "yours"
    SOMEBODY_ELSE = "somebody else"
    OVER = "over"


async def take(turn: Turn, action_id: str) -> Took:
    """ "I have it": the ladder stops, and everyone on a rung and the person hear who has it."""
    action, handle = await _told_action(turn, action_id)
    member = turn.viewer.member or ""
    if action.state == Alarm.TAKEN:
        return Took.YOURS if action.fields.get("taken_by_member") == member else Took.SOMEBODY_ELSE
    if not may(Alarm(action.state), Step.TAKE):
        return Took.OVER
    await rest(
        turn,
        action,
        {"taken_by": handle, "taken_by_member": member},
        state=step(Alarm(action.state), Step.TAKE),
        taken_at=turn.now,
    )
    await following.begin(turn, action, DUE)
    await actions.answered(turn.tx, action.id, member, "yes", turn.now)
    await actions.write(turn.tx, turn.guard, action.id, "taken", turn.now, note={"who": handle})
    await tell_taken(turn, action, handle, but=member)
    await neighbours.post_taken(turn, action, handle)
    return Took.YOURS


async def decline(desk: Desk, turn: Turn, action_id: str) -> None:
    """ "I cannot": when nobody who was told is left to answer, the next rung hears at once."""
    action, handle = await _told_action(turn, action_id)
    await actions.answered(turn.tx, action.id, turn.viewer.member or "", "no", turn.now)
    await actions.write(turn.tx, turn.guard, action.id, "declined", turn.now, note={"who": handle})
    if action.state != Alarm.RUNNING or action.rung >= Rung.NETWORKS:
        return
    told = await actions.told_of(turn.tx, action.id)
    if all(one.answer == "no" for one in told):
        await widen(desk, turn, action)


async def give_back(desk: Desk, turn: Turn, action_id: str) -> bool:
    """Pass on an alarm one has: the ladder goes on at once. False when it was not theirs."""
    action, handle = await _told_action(turn, action_id)
    mine = action.fields.get("taken_by_member") == turn.viewer.member
    if not mine or not may(Alarm(action.state), Step.GIVE_BACK):
        return False
    await actions.change(
        turn.tx,
        turn.guard,
        action,
        {"taken_by": "", "taken_by_member": "", **(FORGOTTEN if action.member is None else {})},
        state=step(Alarm(action.state), Step.GIVE_BACK),
        asked_again=0,
    )
    await actions.answered(turn.tx, action.id, turn.viewer.member or "", "no", turn.now)
    await actions.write(turn.tx, turn.guard, action.id, "given back", turn.now, note={"who": handle})
    await neighbours.post_given_back(turn, action, handle)
    await widen(desk, turn, await fresh(turn, action))
    return True


async def close(turn: Turn, action_id: str) -> bool:
    """Whoever has it, or a coordinator, says that nothing is left to do. The person keeps the last word."""
    action, handle = await _told_action(turn, action_id)
    allowed = action.fields.get("taken_by_member") == turn.viewer.member or turn.viewer.may_act_as(
        Role.COORDINATOR
    )
    ours = action.silent and action.member is not None  # only two end it (bots/pressed.py)
    if ours or not allowed or not may(Alarm(action.state), Step.CLOSE):
        return False
    gone = FORGOTTEN if action.member is None else NO_PLACE
    await rest(turn, action, gone, state=step(Alarm(action.state), Step.CLOSE), closed_at=turn.now)
    await actions.write(turn.tx, turn.guard, action.id, "closed", turn.now, note={"who": handle})
    if action.listener is not None:
        await quiet_alarm(turn, action.listener, wording.closed(handle))
    await neighbours.post_closed(turn, action, handle)
    return True


async def tell_taken(
    turn: Turn, action: Action, name: str, *, network: str | None = None, but: str = ""
) -> None:
    """The person and everyone who was told hear who has it."""
    text = wording.somebody_has_it(name, network)
    if action.listener is not None:
        await quiet_alarm(turn, action.listener, text)
    for one in await actions.told_of(turn.tx, action.id):
        if one.member != but:
            await note(turn, one.member, wording.about(action, text))


async def _told_action(turn: Turn, action_id: str) -> tuple[Action, str]:
    """The action, locked, and the viewer's handle; NotYours unless the viewer was told of it or is on call.

    Judged without a lock and with the same questions whether there is such an action or not: the time of a
    refusal does not tell.
    """
    member = turn.viewer.member or ""
    seen = await actions.read(turn.tx, turn.guard, action_id)
    told = {one.member for one in await actions.told_of(turn.tx, action_id)}
    asked = member in await on_call(turn)
    person = await people.person(turn.tx, member)
    if person is None or seen is None or seen.kind not in actions.CALLS or seen.member == member:
        raise NotYours
    if member not in told and (seen.state == Alarm.RAISED or not asked):
        raise NotYours
    action = await actions.get(turn.tx, turn.guard, action_id)
    if action is None:
        raise NotYours
    if member not in told:
        await actions.tell(turn.tx, action.id, (member,), Rung.COORDINATORS.word, turn.now)
    return action, person.handle

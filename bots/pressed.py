"""After somebody gave the phrase for danger: people are asked for help, unseen by the person.

What was answered is decided already and the same as for the word (directory/words.py); this runs when the row
that follows every given word is due. A silent alarm is an action of kind `silent`: it climbs the same ladder,
its first line says not to write or call, and it ends when two people lift it (DESIGN 6).
"""

from __future__ import annotations

from bots import neighbours, wording
from bots.alarms.describing import described
from bots.alarms.lowering import ENDED as ENDED
from bots.alarms.showing import values
from bots.alarms.telling import text_for, wake_all
from bots.around import judged
from bots.core.alarms import OPEN, Alarm, Severity, Step, step
from bots.core.ladder import Rung
from bots.desk import Desk
from bots.saying import quiet_alarm
from bots.store import actions, people
from bots.store.actions import SILENT, Action
from bots.widening import fresh, look_again, rest, start
from directory import audit, seconding, words
from directory.core.two_person import Act
from directory.refusals import NeedsWord, NotYours
from directory.seconding import Agreed, Waits
from directory.turn import Turn

NOBODY = {"taken_by": "", "taken_by_member": "", "taken_by_network": ""}


async def on_given(desk: Desk, turn: Turn, ref: str) -> None:
    """A word was given. When it was the phrase for danger, and no alarm was ended with it, people hear it."""
    given = await words.given(turn, ref)
    if given is None or not given.pressed:
        return
    newest = await actions.newest_of(turn.tx, turn.guard, given.member, values(frozenset(Alarm)))
    if newest is None or newest.fields.get("ended_by") != ref:
        await _call(desk, turn, given.member)


async def on_ended(desk: Desk, turn: Turn, action_id: str) -> None:
    """Somebody ended their alarm. Everybody who was told hears that it is over, or that it is not."""
    action = await actions.get(turn.tx, turn.guard, action_id)
    if action is None or action.kind != actions.ALARM or not action.fields.get("ended_by"):
        return
    given = await words.given(turn, action.fields["ended_by"])
    if given is not None and given.pressed:
        await _goes_on(desk, turn, action)
    else:
        await _is_over(turn, action)


async def lift(turn: Turn, handle: str) -> Waits | Agreed:
    """The silent alarm of this person is over: two who look after the network say so, each with their word.

    Never the person, whose word may be forced. Raises NotYours, NeedsWord.
    """
    row = await judged(turn, "act:lift-silent", handle)
    if row.id == turn.viewer.member or not await _silent_of(turn, row.id):
        raise NotYours
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    outcome = await seconding.wish(turn, Act.LIFT_SILENT, row.id)
    if isinstance(outcome, Agreed):
        await lifted(turn, outcome)
    return outcome


async def lifted(turn: Turn, agreed: Agreed) -> None:
    """The deed, once two want it."""
    member = agreed.about or ""
    for action in await _silent_of(turn, member):
        await rest(turn, action, {"place": ""}, state=Alarm.SAFE, closed_at=turn.now)
        await actions.write(turn.tx, turn.guard, action.id, "lifted", turn.now)
        for one in await actions.told_of(turn.tx, action.id):
            await quiet_alarm(turn, one.member, wording.lifted(action))
        await neighbours.post_end(turn, action)
    await seconding.done(turn, agreed)
    await audit.note(turn, "silent-lifted", member)


async def _silent_of(turn: Turn, member: str) -> list[Action]:
    found = await actions.in_states(turn.tx, turn.guard, values(OPEN), kinds=(SILENT,), member=member)
    return [
        one for one in [await actions.get(turn.tx, turn.guard, row.id) for row in found] if one is not None
    ]


async def _call(desk: Desk, turn: Turn, member: str) -> None:
    person = await people.person(turn.tx, member, lock=True)
    if person is None or person.state not in ("active", "frozen"):
        return
    running = await actions.newest_of(turn.tx, turn.guard, member, values(OPEN), SILENT)
    if running is not None:
        await actions.write(turn.tx, turn.guard, running.id, "again", turn.now, rung="person")
        return
    action, fields = turn.ids(), await described(turn, person)
    await actions.add(
        turn.tx,
        turn.guard,
        action,
        {**fields, "source": "phrase"},
        kind=SILENT,
        member=member,
        network=turn.home,
        state=Alarm.RAISED,
        severity=Severity.HIGH,
        raised_at=turn.now,
        next_at=turn.now,
    )
    await actions.write(turn.tx, turn.guard, action, "raised", turn.now, rung="person")
    found = await actions.get(turn.tx, turn.guard, action)
    if found is not None:
        await start(desk, turn, found)


async def _is_over(turn: Turn, action: Action) -> None:
    heard = action.fields.get("was") != Alarm.RAISED
    await actions.change(turn.tx, turn.guard, action, {"place_then": "", "ended_by": ""})
    if not heard:
        return
    text = wording.it_is_over(action, safe=action.fields.get("ended_as") == Step.SAFE)
    for one in await actions.told_of(turn.tx, action.id):
        await quiet_alarm(turn, one.member, text)
    await neighbours.post_end(turn, action)


async def _goes_on(desk: Desk, turn: Turn, action: Action) -> None:
    """The person keeps a copy that is over; the alarm goes on as a silent one, everybody asked anew."""
    await _leave_behind(turn, action)
    was = Alarm(action.fields.get("was", Alarm.RUNNING))
    fields = {**NOBODY, "place": action.fields.get("place_then", ""), "place_then": "", "ended_by": ""}
    state = step(was, Step.AGAIN)
    await actions.change(turn.tx, turn.guard, action, fields, kind=SILENT, state=state, closed_at=None)
    await actions.write(turn.tx, turn.guard, action.id, "pressed", turn.now, rung="person")
    now = await fresh(turn, action)
    if state is Alarm.RAISED:
        await start(desk, turn, now)
        return
    told = await actions.told_of(turn.tx, action.id)
    texts = {rung: await text_for(turn, now, rung) for rung in {one.rung for one in told}}
    await wake_all(turn, now, {one.member: texts[one.rung] for one in told})
    await neighbours.post_again(turn, now)
    await look_again(turn, now, desk.times.wait(Rung(max(now.rung, 0)), Severity(now.severity)))


async def _leave_behind(turn: Turn, action: Action) -> None:
    shown = turn.ids()
    fields = {**action.fields, "shown_as": action.id, "place_then": "", "ended_by": ""}
    await actions.add(
        turn.tx,
        turn.guard,
        shown,
        fields,
        kind=actions.ALARM,
        member=action.member,
        network=action.network,
        state=action.state,
        severity=action.severity,
        rung=action.rung,
        raised_at=action.raised_at,
        cancel_until=action.cancel_until,
        closed_at=turn.now,
        next_at=None,
    )
    for moment in await actions.story(turn.tx, turn.guard, action.id):
        await actions.write(
            turn.tx, turn.guard, shown, moment.step, moment.at, rung=moment.rung, note=moment.note
        )

"""Alarms as people use them: raise, stop, take, pass on, be safe. Raising is easy, lowering is hard.

Pages, chat and the API call these; each is one turn. Expected outcomes are values, `NotYours` is raised for
what a viewer may not see or touch, before anything is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bots import following, neighbours, wording
from bots.core.alarms import OPEN, Alarm, Severity, Step, may, step
from bots.core.ladder import Rung
from bots.desk import Desk
from bots.guests import receive_acknowledge as receive_acknowledge
from bots.guests import receive_alarm as receive_alarm
from bots.guests import receive_detail as receive_detail
from bots.saying import note, quiet_alarm
from bots.store import actions, circles, people
from bots.store.actions import Action, Moment
from bots.widening import DUE, first_rung, fresh, look_again, on_call, rest, start, tell_members, widen
from bots.widening import on_due as on_due
from directory import words
from directory.core.viewer import Role
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


class Took(StrEnum):
    """What came of saying "I have it"."""

    YOURS = "yours"
    SOMEBODY_ELSE = "somebody else"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that now exists. `added`: one was open already, and this was added to it.

    `window` is how long it can still be stopped unheard; zero when people are asked at once.
    """

    id: str
    added: bool
    window: timedelta


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm as somebody who was told, or the person in it, may see it.

    `taken_by` is a handle, with the network's name when somebody there has it.
    """

    id: str
    state: str
    severity: str
    mine: bool
    handle: str
    text: str
    place: str
    network: str
    country: str
    language: str
    raised_at: datetime
    next_at: datetime | None
    cancel_until: datetime | None
    taken_by: str
    story: tuple[Moment, ...]


async def raise_alarm(
    desk: Desk,
    turn: Turn,
    *,
    text: str = "",
    severity: Severity = Severity.HIGH,
    source: str = "chat",
    sent_at: datetime | None = None,
) -> Raised:
    """Call for help on behalf of the viewer. Raises NotYours for whoever is no member here."""
    if turn.viewer.member is None:
        raise NotYours
    return await raise_for(
        desk, turn, turn.viewer.member, text=text, severity=severity, source=source, sent_at=sent_at
    )


async def raise_for(
    desk: Desk,
    turn: Turn,
    member: str,
    *,
    text: str = "",
    severity: Severity = Severity.HIGH,
    source: str,
    sent_at: datetime | None = None,
    about: str = "",
    window: timedelta | None = None,
) -> Raised:
    """Call for help for a member. `window` None: the member's own time to stop it unheard."""
    person = await people.person(turn.tx, member, lock=True)
    if person is None or person.state not in ("active", "frozen"):
        raise NotYours
    running = await actions.newest_of(turn.tx, turn.guard, member, _values(OPEN))
    if running is not None:
        return await _add_to(desk, turn, running, text)
    plan = await circles.plan_of(turn.tx, turn.guard, member)
    window = await window_of(desk, turn, member) if window is None else window
    fields = {
        "handle": person.handle,
        "text": text or plan.fields.get("text", ""),
        "place": plan.fields.get("place", ""),
        "country": person.country or "",
        "language": person.languages[0] if person.languages else person.locale,
        "source": source,
        "about": about,
        "sent_at": sent_at.isoformat() if sent_at else "",
    }
    action = await _write(turn, member, fields, severity, window)
    if window > timedelta(0):
        await look_again(turn, action, window)
        await quiet_alarm(turn, member, wording.will_ask(window, await first_rung(turn, action)))
    else:
        await start(desk, turn, action)
    return Raised(action.id, False, window)


async def window_of(desk: Desk, turn: Turn, member: str) -> timedelta:
    """How long this member can stop their own alarm unheard; zero is allowed."""
    plan = await circles.plan_of(turn.tx, turn.guard, member)
    seconds = desk.times.cancel_window_s if plan.cancel_window_s is None else plan.cancel_window_s
    return timedelta(seconds=seconds)


async def cancel(turn: Turn, word: str) -> Lowered:
    """Stop the viewer's alarm. Needs the word; within the window nobody else ever hears of it."""
    return await _lower(turn, word, Step.CANCEL)


async def safe(turn: Turn, word: str) -> Lowered:
    """End the viewer's alarm because they are safe. Needs the word; everybody who was told hears it."""
    return await _lower(turn, word, Step.SAFE)


async def end_for(turn: Turn, member: str, what: Step) -> Lowered:
    """End a member's alarm; the caller has checked the member's word."""
    action = await actions.newest_of(turn.tx, turn.guard, member, _values(OPEN))
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
        {"taken_by": "", "taken_by_member": ""},
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
    if not allowed or not may(Alarm(action.state), Step.CLOSE):
        return False
    await rest(turn, action, NO_PLACE, state=step(Alarm(action.state), Step.CLOSE), closed_at=turn.now)
    await actions.write(turn.tx, turn.guard, action.id, "closed", turn.now, note={"who": handle})
    if action.member is not None:
        await quiet_alarm(turn, action.member, wording.closed(handle))
    await neighbours.post_closed(turn, action, handle)
    return True


async def my_alarm(turn: Turn) -> AlarmView | None:
    """The viewer's own open alarm, or the last one that ended within a day."""
    if turn.viewer.member is None:
        return None
    found = await actions.newest_of(turn.tx, turn.guard, turn.viewer.member, _values(frozenset(Alarm)))
    if found is None or (found.state not in OPEN and turn.now - found.raised_at > timedelta(days=1)):
        return None
    return await view(turn, found)


async def open_alarms(turn: Turn) -> tuple[AlarmView, ...]:
    """Alarms the viewer was told of; a coordinator sees all that run. None before anyone was told."""
    heard = frozenset({Alarm.RUNNING, Alarm.TAKEN})
    if turn.viewer.may_act_as(Role.COORDINATOR):
        found = await actions.in_states(turn.tx, turn.guard, _values(heard))
    elif turn.viewer.member is not None:
        found = await actions.waiting_for(turn.tx, turn.guard, turn.viewer.member, _values(heard))
    else:
        found = ()
    return tuple([await view(turn, one) for one in found])


async def view(turn: Turn, action: Action) -> AlarmView:
    """An action as it is shown."""
    fields = action.fields
    network = await people.network_name(turn.tx, action.network)
    return AlarmView(
        id=action.id,
        state=action.state,
        severity=action.severity,
        mine=action.member is not None and action.member == turn.viewer.member,
        handle=fields.get("handle", ""),
        text=fields.get("text", ""),
        place=fields.get("place", ""),
        network=network,
        country=fields.get("country", ""),
        language=fields.get("language", ""),
        raised_at=action.raised_at,
        next_at=action.next_at if action.state == Alarm.RUNNING else None,
        cancel_until=action.cancel_until,
        taken_by=fields.get("taken_by", ""),
        story=await actions.story(turn.tx, turn.guard, action.id),
    )


async def tell_taken(
    turn: Turn, action: Action, name: str, *, network: str | None = None, but: str = ""
) -> None:
    """The person and everyone who was told hear who has it."""
    text = wording.somebody_has_it(name, network)
    if action.member is not None:
        await quiet_alarm(turn, action.member, text)
    for one in await actions.told_of(turn.tx, action.id):
        if one.member != but:
            await note(turn, one.member, wording.about(action, text))


async def _lower(turn: Turn, word: str, what: Step) -> Lowered:
    member = turn.viewer.member
    if member is None:
        raise NotYours
    if await actions.newest_of(turn.tx, turn.guard, member, _values(OPEN)) is None:
        return Lowered.NO_ALARM
    if not await words.check_word(turn, member, word):
        return Lowered.WRONG_WORD
    return await end_for(turn, member, what)


async def _write(
    turn: Turn, member: str, fields: dict[str, str], severity: Severity, window: timedelta
) -> Action:
    action = turn.ids()
    await actions.add(
        turn.tx,
        turn.guard,
        action,
        fields,
        kind="alarm",
        member=member,
        network=turn.home,
        state=Alarm.RAISED,
        severity=severity,
        raised_at=turn.now,
        cancel_until=turn.now + window,
        next_at=turn.now + window,
    )
    await actions.write(turn.tx, turn.guard, action, "raised", turn.now, rung="person")
    found = await actions.get(turn.tx, turn.guard, action)
    if found is None:
        raise NotYours
    return found


async def _add_to(desk: Desk, turn: Turn, action: Action, text: str) -> Raised:
    """A second call: words are added, whoever was told is woken again, somebody must answer anew."""
    joined = "\n".join(part for part in (action.fields.get("text", ""), text) if part)
    state = step(Alarm(action.state), Step.AGAIN)
    await actions.change(
        turn.tx, turn.guard, action, {"text": joined, "taken_by": "", "taken_by_member": ""}, state=state
    )
    await actions.write(turn.tx, turn.guard, action.id, "again", turn.now, rung="person")
    now = await fresh(turn, action)
    if state is Alarm.RAISED:
        left = (action.cancel_until or turn.now) - turn.now
        return Raised(action.id, True, max(left, timedelta(0)))
    told = await actions.told_of(turn.tx, action.id)
    for rung in dict.fromkeys(one.rung for one in told):
        members = tuple(one.member for one in told if one.rung == rung)
        await tell_members(turn, now, members, rung)
    await neighbours.post_again(turn, now)
    wait = desk.times.wait(Rung(max(action.rung, 0)), Severity(action.severity))
    await look_again(turn, now, wait)
    return Raised(action.id, True, timedelta(0))


async def _told_action(turn: Turn, action_id: str) -> tuple[Action, str]:
    """The action and the viewer's handle; NotYours unless the viewer was told of it or is on call."""
    member = turn.viewer.member
    action = await actions.get(turn.tx, turn.guard, action_id)
    if member is None or action is None or action.kind != "alarm" or action.member == member:
        raise NotYours
    told = {one.member for one in await actions.told_of(turn.tx, action.id)}
    if member not in told:
        if action.state == Alarm.RAISED or member not in await on_call(turn):
            raise NotYours
        await actions.tell(turn.tx, action.id, (member,), Rung.COORDINATORS.word, turn.now)
    person = await people.person(turn.tx, member)
    return action, person.handle if person is not None else ""


def _values(states: frozenset[Alarm]) -> frozenset[str]:
    return frozenset(state.value for state in states)

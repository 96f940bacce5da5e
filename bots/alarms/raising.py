"""Calling for help: a new alarm, or more words for the one that is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bots import drills, neighbours, wording
from bots.alarms.describing import described
from bots.alarms.ending import unarmed
from bots.alarms.showing import values
from bots.alarms.staffing import first_rung, nobody_awake
from bots.alarms.telling import text_for, wake_all
from bots.core.alarms import OPEN, Alarm, Severity, Step, step
from bots.core.ladder import Rung
from bots.desk import Desk
from bots.saying import quiet_alarm
from bots.store import actions, circles, people
from bots.store.actions import Action
from bots.widening import fresh, look_again, start
from directory.core.text import Text
from directory.refusals import NotYours
from directory.together import together
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that now exists. `added`: one was open already, and this was added to it.

    `window` is how long it can still be stopped unheard; zero when people are asked at once.
    """

    id: str
    added: bool
    window: timedelta


async def raise_alarm(
    desk: Desk,
    turn: Turn,
    *,
    text: str = "",
    place: str = "",
    severity: Severity = Severity.HIGH,
    source: str = "chat",
    sent_at: datetime | None = None,
) -> Raised:
    """Call for help on behalf of the viewer; `text` and `place` go before what was planned.

    Raises NotYours for whoever is no member here.
    """
    member = turn.viewer.member
    if member is None:
        raise NotYours
    return await raise_for(
        desk, turn, member, text=text, place=place, severity=severity, source=source, sent_at=sent_at
    )


async def raise_for(
    desk: Desk,
    turn: Turn,
    member: str,
    *,
    text: str = "",
    place: str = "",
    severity: Severity = Severity.HIGH,
    source: str,
    sent_at: datetime | None = None,
    about: str = "",
    window: timedelta | None = None,
    groups: tuple[str, ...] = (),
) -> Raised:
    """Call for help for a member. `window` None: the member's own time to stop it unheard. `groups`: of
    silence, so that a failure of a network wakes nobody on and on (bots/ringing.py)."""
    person = await people.person(turn.tx, member, lock=True)
    if person is None or person.state not in ("active", "frozen"):
        raise NotYours
    running = await actions.newest_of(turn.tx, turn.guard, member, values(OPEN))
    if running is not None:
        async with together(turn):
            return await _add_to(desk, turn, running, text, place)
    if window is None:
        window = await window_of(desk, turn, member)
    known = await described(turn, person)
    fields = {
        **known,
        "text": text or known["text"],
        "place": place or known["place"],
        "source": source,
        "about": about,
        "groups": " ".join(groups),
        "sent_at": sent_at.isoformat() if sent_at else "",
    }
    action = await _write(turn, member, fields, severity, window)
    await _begin(desk, turn, action, member, window)
    return Raised(action.id, False, window)


async def _begin(desk: Desk, turn: Turn, action: actions.Action, member: str, window: timedelta) -> None:
    """At once, or when the time to stop it unheard is over."""
    async with together(turn):
        if window > timedelta(0):
            await look_again(turn, action, window)
            await quiet_alarm(turn, member, await _will_ask(desk, turn, action, window))
        else:
            await start(desk, turn, action)


async def window_of(desk: Desk, turn: Turn, member: str) -> timedelta:
    """How long this member can stop their own alarm unheard; zero is allowed.

    None at all while an alarm that others closed is not over for the person: it goes on at once.
    """
    if await unarmed(turn, member) is not None:
        return timedelta(0)
    plan = await circles.plan_of(turn.tx, turn.guard, member)
    seconds = desk.times.cancel_window_s if plan.cancel_window_s is None else plan.cancel_window_s
    return timedelta(seconds=seconds)


async def _will_ask(desk: Desk, turn: Turn, action: Action, window: timedelta) -> Text:
    """Before anything is sent: who is asked first, and what nobody should count on."""
    honest = drills.said_of(await drills.staffed(desk, turn))
    return wording.will_ask(window, await first_rung(desk, turn, action), honest, await nobody_awake(turn))


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


async def _add_to(desk: Desk, turn: Turn, action: Action, text: str, place: str) -> Raised:
    """A second call: words are added, whoever was told is woken again, somebody must answer anew."""
    joined = "\n".join(part for part in (action.fields.get("text", ""), text) if part)
    state = step(Alarm(action.state), Step.AGAIN)
    where = {"place": place} if place else {}
    fresh_fields = {"text": joined, "taken_by": "", "taken_by_member": "", **where}
    await actions.change(turn.tx, turn.guard, action, fresh_fields, state=state)
    await actions.write(turn.tx, turn.guard, action.id, "again", turn.now, rung="person")
    now = await fresh(turn, action)
    if state is Alarm.RAISED:
        left = (action.cancel_until or turn.now) - turn.now
        return Raised(action.id, True, max(left, timedelta(0)))
    told = await actions.told_of(turn.tx, action.id)
    texts = {rung: await text_for(turn, now, rung) for rung in {one.rung for one in told}}
    await wake_all(turn, now, {one.member: texts[one.rung] for one in told})
    await neighbours.post_again(turn, now)
    wait = desk.times.wait(Rung(max(action.rung, 0)), Severity(action.severity))
    await look_again(turn, now, wait)
    return Raised(action.id, True, timedelta(0))

"""Wide silence: many who do not answer at once, and answers this hub could not receive, as one incident.

Those held are asked once more when they can be reached again; people on duty read one list, the greatest
risk first, and may take it or have anybody asked for singly. What nobody ends ends by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from bots import ringing
from bots.alarms.staffing import on_call
from bots.core.alarms import Severity
from bots.core.checkins import CheckIn
from bots.core.checkins import Step as CheckInStep
from bots.core.checkins import step as after
from bots.core.silence import (
    DEAF_AFTER,
    MOVES,
    TOGETHER,
    Held,
    Incident,
    Step,
    Why,
    deaf,
    decide,
    held_until,
)
from bots.desk import Desk
from bots.naming import country
from bots.promising import DUE, REGION, Whose, digest_of, shared
from bots.saying import line_list, lines, quiet_alarm, wake
from bots.store import checkins, duty, people
from bots.store import incidents as rows
from bots.store.checkins import CheckInRow
from bots.store.incidents import IncidentRow
from directory.core.effects import DueAt
from directory.core.text import Text, say, say_many
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn

BACK = "lane-back"
QUESTION = "silence"
SIGNS_OF_LIFE = 2
"""So many of a group have to answer before the others are asked again."""
HELD = frozenset({CheckIn.HELD.value})
EVER = frozenset(state.value for state in CheckIn)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of an incident. `asked_singly`: their circle is asked, or was."""

    handle: str
    high_risk: bool
    severity: str
    due_at: datetime
    held_until: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class View:
    """An incident as people on duty read it, the greatest risk first."""

    id: str
    why: Text
    opened_at: datetime
    taken_by: str
    mine: bool
    people: tuple[Person, ...]


async def weigh(desk: Desk, turn: Turn, row: CheckInRow) -> Held | None:
    """Is this silence to be held together with others? None: it goes its own way now."""
    if row.high_risk:
        return None
    heard = await desk.hearing(turn)
    lead = timedelta(seconds=row.prompt_before_s)
    could_not_hear = deaf(heard, row.due_at, lead, turn.now)
    running = await rows.running(turn.tx, turn.guard, why=Why.MANY, groups=row.groups, lock=False)
    if any(one.back_at is not None for one in running):
        return decide(high_risk=False, could_not_hear=could_not_hear, groups=(), signs=())
    if running and not could_not_hear:
        return Held(Why.MANY, running[0].group)
    signs = await checkins.signs(turn.tx, turn.now - TOGETHER, turn.now)
    return decide(high_risk=False, could_not_hear=could_not_hear, groups=row.groups, signs=signs)


async def hold(desk: Desk, turn: Turn, row: CheckInRow, held: Held) -> None:
    """Put a silence into its incident, and let people on duty hear of it."""
    incident = await _incident(turn, row, held)
    heard = await desk.hearing(turn)
    hears = held.why is Why.MANY or heard.at is None or turn.now - heard.at <= DEAF_AFTER
    back_at = turn.now if held.why is Why.DEAF and hears else None
    await _hold(turn, row, incident, back_at)
    if hears:
        await _ask_again(turn, row)
    await _page(turn, incident, row)


async def settle(turn: Turn, name: str | None) -> None:
    """When nobody is held any more the incident is over, and whoever was told reads how it ended."""
    incident = await rows.get(turn.tx, turn.guard, name) if name is not None else None
    if incident is None or incident.state == Incident.CLOSED:
        return
    everybody = await checkins.in_incident(turn.tx, turn.guard, incident.id, EVER, lock=False)
    if any(one.state == CheckIn.HELD for one in everybody):
        return
    state = MOVES[Incident(incident.state), Step.END]
    await rows.change(turn.tx, turn.guard, incident, state=state, closed_at=turn.now)
    answered = sum(1 for one in everybody if one.state in (CheckIn.ANSWERED, CheckIn.ENDED))
    text = lines(
        say("The silence of many is over ({where}).", where=_where(incident)),
        say(
            "Heard from: {count}. Asked for one by one: {others}.",
            count=answered,
            others=len(everybody) - answered,
        ),
    )
    for member in incident.fields.get("told", ()):
        await quiet_alarm(turn, member, text)


async def sign_of_life(turn: Turn, row: CheckInRow) -> None:
    """Somebody answered: when two of a silent group have, the others can be asked again."""
    await settle(turn, row.incident)
    for seen in await rows.running(turn.tx, turn.guard, why=Why.MANY, groups=row.groups, lock=False):
        if seen.back_at is not None:
            continue
        held = await checkins.in_incident(turn.tx, turn.guard, seen.id, HELD)
        incident = await rows.get(turn.tx, turn.guard, seen.id)
        if incident is None:
            continue
        spoke = sorted({*incident.fields.get("spoke", ()), row.member})
        await rows.change(turn.tx, turn.guard, incident, {"spoke": spoke})
        if len(spoke) >= SIGNS_OF_LIFE:
            await _back(turn, incident, held)


async def on_back(turn: Turn, _ref: str) -> None:
    """The hub hears again: whoever may have answered meanwhile is asked once more."""
    for seen in await rows.running(turn.tx, turn.guard, why=Why.DEAF, lock=False):
        held = await checkins.in_incident(turn.tx, turn.guard, seen.id, HELD)
        incident = await rows.get(turn.tx, turn.guard, seen.id)
        if incident is not None and incident.state != Incident.CLOSED:
            await _back(turn, incident, held)


async def incidents(turn: Turn) -> tuple[View, ...]:
    """What runs, for people who answer calls. Raises NotYours for anybody else."""
    _keeper(turn)
    return tuple([await _view(turn, one) for one in await rows.running(turn.tx, turn.guard, lock=False)])


async def take(turn: Turn, name: str) -> bool:
    """ "I have it": those held are held longer, and everybody who was told reads who looks after it."""
    member = _keeper(turn)
    if member is None:
        raise NotYours
    held = await checkins.in_incident(turn.tx, turn.guard, name, HELD)
    incident = await rows.get(turn.tx, turn.guard, name)
    if incident is None or incident.state != Incident.OPEN:
        return False
    me = await people.person(turn.tx, member)
    handle = me.handle if me is not None else ""
    fields = {"taken_by": handle, "taken_by_member": member}
    state = MOVES[Incident(incident.state), Step.TAKE]
    await rows.change(turn.tx, turn.guard, incident, fields, state=state)
    for row in held:
        if incident.back_at is None:
            await _until(turn, row, held_until(_anchor(row, incident), taken=True))
    for other in incident.fields.get("told", ()):
        if other != member:
            await quiet_alarm(turn, other, say("{name} has it.", name=handle))
    return True


async def ask_singly(turn: Turn, name: str, handle: str | None) -> int:
    """Somebody of the incident, or everybody, is asked for one by one now; how many."""
    _keeper(turn)
    held = await checkins.in_incident(turn.tx, turn.guard, name, HELD)
    asked = 0
    for row in held:
        person = await people.person(turn.tx, row.member)
        if handle is None or (
            person is not None and person.handle.casefold() == handle.strip("@ ").casefold()
        ):
            await _until(turn, row, turn.now)
            asked += 1
    return asked


async def _incident(turn: Turn, row: CheckInRow, held: Held) -> IncidentRow:
    running = await rows.running(turn.tx, turn.guard, why=held.why, groups=(held.group,))
    if running:
        return running[0]
    fields = {"told": [], "name": "", "kind": ""}
    for kind, name in await shared(turn, Whose(row.member, row.by)):
        if digest_of(turn, kind, name) == held.group:
            fields |= {"kind": kind, "name": name}
    made = IncidentRow(turn.ids(), held.why, held.group, Incident.OPEN, turn.now, None, fields)
    await rows.open_one(turn.tx, turn.guard, made)
    return made


async def _hold(turn: Turn, row: CheckInRow, incident: IncidentRow, back_at: datetime | None) -> None:
    state = after(CheckIn(row.state), CheckInStep.HOLD)
    await checkins.change(turn.tx, row.id, state=state, incident=incident.id)
    taken = incident.state == Incident.TAKEN
    await _until(turn, row, held_until(_anchor(row, incident), taken=taken, back_at=back_at))


async def _until(turn: Turn, row: CheckInRow, at: datetime) -> None:
    await checkins.change(turn.tx, row.id, held_until=at)
    await turn.record(DueAt(DUE, row.id, at))


def _anchor(row: CheckInRow, incident: IncidentRow) -> datetime:
    return max(row.due_at, incident.opened_at)


async def _back(turn: Turn, incident: IncidentRow, held: Collection[CheckInRow]) -> None:
    await rows.change(turn.tx, turn.guard, incident, back_at=turn.now)
    taken = incident.state == Incident.TAKEN
    for row in held:
        at = held_until(_anchor(row, incident), taken=taken, back_at=turn.now)
        await _until(turn, row, max(at, row.due_at))  # never before its own time, whatever the clock did
        await _ask_again(turn, row)


async def _ask_again(turn: Turn, row: CheckInRow) -> None:
    text = lines(
        say("We did not hear from you. Many are silent just now, so it may be the network."),
        say("Are you safe? Write: ok and your word. Without an answer your circle is asked."),
    )
    for one in sorted({row.member, row.by or row.member}):
        await wake(turn, one, text, "check-in", checkin=row.id)


async def _page(turn: Turn, incident: IncidentRow, row: CheckInRow) -> None:
    """One list for everybody on duty, or on call when nobody is; later ones come with the next page."""
    if incident.state != Incident.OPEN:
        return
    awake = tuple(dict.fromkeys(one.member for one in await duty.running(turn.tx, turn.now)))
    known = tuple(incident.fields.get("told", ()))
    told = list(dict.fromkeys([*known, *(awake or await on_call(turn))]))
    await rows.change(turn.tx, turn.guard, incident, {"told": told})
    ring = await ringing.spare(turn, told, {incident.group or ringing.DEAF, *row.groups})
    read = ring | (set(told) - set(known))  # who hears of it first reads it at once, with a ring or without
    if not read:
        return
    text = said(await _view(turn, incident))
    for member in sorted(read):
        say_it = wake if member in ring else quiet_alarm
        await say_it(turn, member, text, QUESTION, incident=incident.id)


def said(view: View) -> Text:
    """What somebody on duty reads."""
    return lines(
        view.why,
        say(
            "It may be the network and not each of them. Those held are asked again when they can be reached."
        ),
        line_list(_line(one) for one in view.people[:20]),
        say("1 = I have it, 0 = I cannot")
        if not view.taken_by
        else say("{name} has it.", name=view.taken_by),
        say("To ask for somebody at once, write: silence ask and their name, or: silence ask all"),
    )


def _line(one: Person) -> Text:
    risk = RISK_HIGH if one.high_risk else RISKS[one.severity]
    if one.state == CheckIn.HELD and one.held_until is not None:
        return say("{name} ({risk}): held until {at}", name=one.handle, risk=risk, at=one.held_until)
    state = STATES.get(one.state, say("waits"))
    return say("{name} ({risk}): {state}", name=one.handle, risk=risk, state=state)


async def _view(turn: Turn, incident: IncidentRow) -> View:
    found = await checkins.in_incident(turn.tx, turn.guard, incident.id, EVER, lock=False)
    singly = await checkins.silent_now(turn.tx, turn.guard, incident.group, incident.opened_at - TOGETHER)
    known = {one.id: one for one in chain(found, singly)}
    order = {Severity.HIGH.value: 0, Severity.MEDIUM.value: 1}
    sorted_rows = sorted(
        known.values(), key=lambda one: (not one.high_risk, order[one.severity], one.due_at, one.id)
    )
    listed = []
    for row in sorted_rows:
        person = await people.person(turn.tx, row.member)
        handle = person.handle if person is not None else ""
        listed.append(Person(handle, row.high_risk, row.severity, row.due_at, row.held_until, row.state))
    why = (
        say("For a while this hub could not receive answers. Check-ins without one:")
        if incident.why == Why.DEAF
        else say_many(
            "{count} check-in without an answer at the same time ({where}):",
            "{count} check-ins without an answer at the same time ({where}):",
            len(listed),
            where=_where(incident),
        )
    )
    taker = str(incident.fields.get("taken_by", ""))
    mine = turn.viewer.member is not None and incident.fields.get("taken_by_member") == turn.viewer.member
    return View(incident.id, why, incident.opened_at, taker, mine, tuple(listed))


def _where(incident: IncidentRow) -> object:
    name = str(incident.fields.get("name", ""))
    if incident.fields.get("kind") == REGION:
        return country(name)
    return name or say("not heard here")


def _keeper(turn: Turn) -> str | None:
    if not turn.viewer.may_act_as(Role.RESPONDER, Role.COORDINATOR, Role.ADMINISTRATOR):
        raise NotYours
    return turn.viewer.member


RISK_HIGH = say("very great risk")
RISKS = {Severity.HIGH.value: say("urgent"), Severity.MEDIUM.value: say("can wait a little")}
STATES = {
    CheckIn.MISSED.value: say("asked for singly"),
    CheckIn.ANSWERED.value: say("has answered"),
    CheckIn.ENDED.value: say("has answered"),
}

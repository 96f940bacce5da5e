"""Alarms as somebody who was told, or the person in one, may see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.alarms.telling import KIND_OF_HELP
from bots.core.alarms import OPEN, Alarm
from bots.store import actions, people
from bots.store.actions import Action, Moment
from directory import audit
from directory.core.viewer import Role
from directory.turn import Turn

FORGOTTEN = {"handle": "", "text": "", "place": ""}
"""Somebody of another network is known here by name only to who looks after them, while they do."""


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm as somebody who was told, or the person in it, may see it.

    Of somebody of a linked network: kind of help, country and language; name and words only for who has it.
    For a circle neither of the three: they know whom it is about.
    `taken_by` is a handle, with the network's name when somebody there has it. `silent`: the person may be
    forced, and must neither be written to nor called.
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
    silent: bool
    story: tuple[Moment, ...]
    help: str = ""


async def my_alarm(turn: Turn) -> AlarmView | None:
    """The viewer's own open alarm, or the last one that ended within a day."""
    if turn.viewer.member is None:
        return None
    states = values(frozenset(Alarm))
    found = await actions.newest_of(turn.tx, turn.guard, turn.viewer.member, states, lock=False)
    if found is None or (found.state not in OPEN and turn.now - found.raised_at > timedelta(days=1)):
        return None
    return await view(turn, found)


async def open_alarms(turn: Turn) -> tuple[AlarmView, ...]:
    """Alarms the viewer was told of; a coordinator sees all that run. None before anyone was told."""
    heard = frozenset({Alarm.RUNNING, Alarm.TAKEN})
    if turn.viewer.may_act_as(Role.COORDINATOR):
        running = await actions.in_states(turn.tx, turn.guard, values(heard))
        found = tuple(one for one in running if not (one.silent and one.member == turn.viewer.member))
        if others := [one for one in found if one.member != turn.viewer.member]:
            # The log is read by people: it never says of whom a silent one is.
            abouts = (None if one.silent else one.member for one in others)
            await audit.looked(turn, "read-case", *abouts)
    elif turn.viewer.member is not None:
        found = await actions.waiting_for(turn.tx, turn.guard, turn.viewer.member, values(heard))
    else:
        found = ()
    return await views(turn, found)


async def one_alarm(turn: Turn, action_id: str) -> AlarmView | None:
    """One alarm, running or over, for the person in it, whoever was told, and coordinators once anybody was.

    None for what is hidden and for what is not there: a silent one is neither for the person it is about.
    """
    action = await actions.read(turn.tx, turn.guard, action_id)
    told = await actions.told_of(turn.tx, action_id)
    if action is None or action.kind not in actions.CALLS:
        return None
    member = turn.viewer.member
    if action.member is not None and action.member == member:
        return None if action.silent else await view(turn, action)
    heard = action.state != Alarm.RAISED and (told or action.state in (Alarm.RUNNING, Alarm.TAKEN))
    if heard and turn.viewer.may_act_as(Role.COORDINATOR):
        await audit.looked(turn, "read-case", None if action.silent else action.member)
        return await view(turn, action)
    waits = any(one.member == member and one.answer != "no" for one in told)
    return await view(turn, action) if waits else None


async def view(turn: Turn, action: Action) -> AlarmView:
    """An action as it is shown."""
    return (await views(turn, (action,)))[0]


async def views(turn: Turn, found: Collection[Action]) -> tuple[AlarmView, ...]:
    """Several, with two statements however many they are."""
    if not found:
        return ()
    names = await people.network_names(turn.tx, {one.network for one in found})
    stories = await actions.stories(turn.tx, turn.guard, [one.id for one in found])
    return tuple(_view(turn, one, names[one.network], stories[one.id]) for one in found)


def _view(turn: Turn, action: Action, network: str, story: tuple[Moment, ...]) -> AlarmView:
    fields, me = dict(action.fields), turn.viewer.member
    if action.member is None and (me is None or fields.get("taken_by_member") != me):
        fields |= FORGOTTEN
    if action.member is not None and not turn.viewer.may_act_as(Role.COORDINATOR):
        fields |= dict.fromkeys(("country", "language", "help"), "")
    help = fields.get("help") or fields.get("kind_of_help", "")
    return AlarmView(
        id=fields.get("shown_as", action.id),
        state=action.state,
        severity=action.severity,
        mine=action.member is not None and action.member == me,
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
        silent=action.silent,
        story=story,
        help="" if help == KIND_OF_HELP else help,
    )


def values(states: frozenset[Alarm]) -> frozenset[str]:
    return frozenset(state.value for state in states)

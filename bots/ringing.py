"""Silence wakes a responder once in ten minutes at most, however many are silent in the same network.

Only whoever answers for everybody is spared; a circle is woken for its own person always. What came meanwhile
is read without a ring, and rings at the end of the ten minutes when nobody has it by then.
"""

from __future__ import annotations

from collections.abc import Collection

from bots.core.alarms import Alarm
from bots.core.ladder import Rung
from bots.core.silence import BETWEEN_PAGES, Incident, page_at
from bots.saying import lines, wake
from bots.store import actions, incidents
from bots.store.actions import Action
from directory.core.effects import DueAt
from directory.core.text import say, say_many
from directory.turn import Turn

DUE = "silence-page"
DEAF = "deaf"
"""The group of those the hub itself could not hear."""


async def may_wake(turn: Turn, action: Action, members: Collection[str]) -> frozenset[str]:
    """Which of these may be woken for this alarm now; the others are due later."""
    groups = action.fields.get("groups", "").split()
    if not groups or action.silent:
        return frozenset(members)
    told = await actions.told_of(turn.tx, action.id)
    circle = {one.member for one in told if one.rung == Rung.CIRCLE.word}
    spared = sorted(set(members) - circle)
    return frozenset(circle) | await spare(turn, spared, groups)


async def spare(turn: Turn, members: Collection[str], groups: Collection[str]) -> frozenset[str]:
    """Those who may be woken now, which is written down; the others get a due time."""
    last = await incidents.paged_at(turn.tx, members, groups)
    now = []
    for member in sorted(members):
        at = page_at(last.get(member), turn.now)
        if at <= turn.now:
            now.append(member)
            await incidents.page(turn.tx, member, groups, turn.now)
        else:
            await turn.record(DueAt(DUE, member, at))
    return frozenset(now)


async def on_due(turn: Turn, member: str) -> None:
    """Ten minutes are over: is there still something that nobody has?"""
    alarms = [
        one
        for one in await actions.waiting_for(turn.tx, turn.guard, member, frozenset({Alarm.RUNNING.value}))
        if one.fields.get("groups") and not one.silent
    ]
    wide = [
        one
        for one in await incidents.running(turn.tx, turn.guard, lock=False)
        if one.state == Incident.OPEN and member in one.fields.get("told", ())
    ]
    groups = {group for one in alarms for group in one.fields["groups"].split()}
    groups |= {one.group or DEAF for one in wide}
    if not groups:
        return
    last = (await incidents.paged_at(turn.tx, (member,), groups)).get(member)
    if (at := page_at(last, turn.now)) > turn.now:
        await turn.record(DueAt(DUE, member, min(at, turn.now + BETWEEN_PAGES)))
        return
    await incidents.page(turn.tx, member, groups, turn.now)
    names = tuple(one.fields.get("handle", "") for one in alarms)
    text = lines(
        say("Nobody has these calls yet: {names}.", names=names) if names else None,
        say_many("{count} silence waits for somebody.", "{count} silences wait for somebody.", len(wide))
        if wide
        else None,
        say("Write: alarms") if names else None,
        say("Write: silence") if wide else None,
    )
    await wake(turn, member, text)

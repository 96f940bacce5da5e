"""What the care of a network is measured by. The figure that counts: from an alarm to a person's "I have it".

Delivered, read and answered are three things, kept apart for each person who was told. False alarms are
counted and blame nobody: an alarm too many is one that worked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.core.alarms import Alarm
from bots.desk import Desk
from bots.drills import staffed
from bots.saying import how_long, line_list, lines
from bots.store import actions, drills, measured, people
from bots.store.measured import Contact
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn

OVER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last thirty days. Times are None where nothing was to measure.

    `median` and `slowest`: from an alarm to a person's "I have it"; `unanswered`: alarms without one.
    `false`: how many turned out to be none. `drill_median`: from a drill's ring to its answer.
    """

    since: datetime
    alarms: int
    unanswered: int
    median: timedelta | None
    slowest: timedelta | None
    false: int
    told: int
    delivered: int
    read: int
    answered: int
    drills: int
    drills_passed: int
    drill_median: timedelta | None
    ready: int
    practice: bool


async def figures(desk: Desk, turn: Turn) -> Figures:
    """For those who look after the network. Raises NotYours for anybody else."""
    if not turn.viewer.may_act_as(Role.COORDINATOR, Role.ADMINISTRATOR):
        raise NotYours
    since = turn.now - OVER
    alarms = await measured.waited(turn.tx, turn.home, since, turn.viewer.member)
    waits = sorted(one.waited for one in alarms if one.waited is not None)
    told, delivered, read, answered = await measured.reached(turn.tx, turn.home, since, turn.viewer.member)
    rung = await drills.since(turn.tx, since)
    took = [one.answered_at - one.rung_at for one in rung if one.answered_at and one.rung_at]
    now = await staffed(desk, turn)
    return Figures(
        since=since,
        alarms=len(alarms),
        unanswered=len(alarms) - len(waits),
        median=_middle(waits),
        slowest=waits[-1] if waits else None,
        false=sum(1 for one in alarms if one.false_alarm),
        told=told,
        delivered=delivered,
        read=read,
        answered=answered,
        drills=len(rung),
        drills_passed=sum(1 for one in rung if one.state == drills.PASSED),
        drill_median=_middle(took),
        ready=now.ready,
        practice=now.practice,
    )


def _middle(found: list[timedelta]) -> timedelta | None:
    return sorted(found)[len(found) // 2] if found else None


async def contacts_of(turn: Turn, action: str) -> tuple[Contact, ...]:
    """Whom an alarm reached, for the person it is about and those who look after the network; else nobody.

    The person reads of their circle only, and of a silent alarm nothing.
    """
    found = await actions.read(turn.tx, turn.guard, action)
    if found is None:
        return ()
    known = await measured.contacts(turn.tx, action)
    if turn.viewer.may_act_as(Role.COORDINATOR) and found.member != turn.viewer.member:
        return known
    if found.listener is None or found.listener != turn.viewer.member:
        return ()
    return tuple(one for one in known if one.rung == "circle")


async def read(turn: Turn, member: str, about: tuple[str, ...], at: datetime) -> None:
    """This member's app or page showed what is `about` these alarms and drills."""
    for ref in sorted(about):
        if await drills.read(turn.tx, ref, at):
            continue
        action = await actions.get(turn.tx, turn.guard, ref)  # first the alarm, as everybody locks it
        if action is None or not await measured.read(turn.tx, ref, member, at):
            continue
        if action.state == Alarm.RUNNING:
            person = await people.person(turn.tx, member)
            who = {"who": person.handle} if person is not None else None
            await actions.write(turn.tx, turn.guard, ref, "seen", turn.now, note=who)


def in_words(found: Figures) -> Text:
    """The figures, one a line, for chat."""
    return line_list(said_of(found))


def said_of(found: Figures) -> tuple[Text, ...]:
    """The figures as sentences, the one that counts first."""
    first = say("Nobody called for help in the last 30 days.")
    if found.median is not None and found.slowest is not None:
        first = lines(
            say(
                "From a call to “I have it”: {median} in the middle, {slowest} at most.",
                median=how_long(found.median),
                slowest=how_long(found.slowest),
            ),
        )
    elif found.alarms:
        first = say("Nobody has said “I have it” yet.")
    said: list[Text | None] = [
        first,
        say("Calls: {count}. Not answered by a person: {open}.", count=found.alarms, open=found.unanswered)
        if found.alarms
        else None,
        say("False alarms: {count}. Better one too many.", count=found.false) if found.false else None,
        say(
            "People told: {told}. It arrived: {delivered}. Read: {read}. Answered: {answered}.",
            told=found.told,
            delivered=found.delivered,
            read=found.read,
            answered=found.answered,
        )
        if found.told
        else None,
        say("Drills: {count}. Passed: {passed}.", count=found.drills, passed=found.drills_passed),
        say("A drill was answered after {span} in the middle.", span=how_long(found.drill_median))
        if found.drill_median is not None
        else None,
        say("People whose phone is known to wake them: {count}. Needed: 2.", count=found.ready),
        say("This hub is for trying out: its drills are practice.") if found.practice else None,
    ]
    return tuple(one for one in said if one is not None)

"""From one person's silence to a call for help, down their own ladder."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bots import ringing, sentinel, wording
from bots.alarms.showing import values
from bots.core.alarms import OPEN, Severity
from bots.desk import Desk
from bots.saying import lines, quiet_alarm
from bots.store import actions, checkins, people
from bots.store.checkins import CheckInRow
from directory.core.effects import TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn

SOURCE = "check-in"


async def call(desk: Desk, turn: Turn, row: CheckInRow) -> None:
    """Call for help for whoever did not answer; they and who answers for them hear that it began."""
    person = await people.person(turn.tx, row.member)
    if person is None or person.state not in ("active", "frozen"):
        await _not_in_yet(turn, person.handle if person is not None else "")
        return
    text = lines(
        say("We did not hear from you in time, so we are asking your circle now."),
        say("If you are safe, write: ok and your word."),
    )
    await quiet_alarm(turn, row.member, text)
    if row.by is not None:
        name = person.handle
        text = lines(
            say("We did not hear of {name} in time, so we are asking their circle now.", name=name),
            say("If they are safe, write: ok for {name} and your word.", name=name),
        )
        await quiet_alarm(turn, row.by, text)
    raised = await sentinel.raise_for(
        desk,
        turn,
        row.member,
        severity=Severity(row.severity),
        source=SOURCE,
        about=row.about,
        window=timedelta(0),
        groups=(*row.groups, *((ringing.DEAF,) if row.incident is not None else ())),
    )
    await checkins.change(turn.tx, row.id, action=raised.id)


async def began_with(turn: Turn, late: Collection[CheckInRow]) -> bool:
    """Did the person's open alarm begin with one of these silences, and was nothing added to it since?

    What was added may be a call of their own: then only their own word, or people, end it."""
    running = await actions.newest_of(turn.tx, turn.guard, next(iter(late)).member, values(OPEN))
    if running is None:
        return False
    story = await actions.story(turn.tx, turn.guard, running.id)
    called = any(one.step == "again" for one in story)
    return (
        running.fields.get("source") == SOURCE and running.id in {row.action for row in late} and not called
    )


async def _not_in_yet(turn: Turn, handle: str) -> None:
    """Nobody knows yet who this is, and still somebody should look."""
    text = lines(
        wording.CONFIRM_FIRST,
        say("{name}, who waits to be let in, did not answer a check-in.", name=handle or "—"),
    )
    await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ALARM, wakes=True))

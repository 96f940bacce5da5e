"""Duty: who is awake for calls for help, in which languages, until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from bots import rota
from bots.core.rota import MOST_NIGHTS, nights_in_a_row
from bots.store import duty as rows
from bots.store import people
from bots.store import rota as planned
from bots.store.duty import OnDuty
from directory.core.text import say
from directory.core.tongues import spoken
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.store.database import Tx
from directory.turn import Turn

LONGEST = timedelta(hours=24)
LOOK_BACK = timedelta(days=7)


async def on(turn: Turn, until: datetime, languages: tuple[str, ...] | None = None) -> OnDuty:
    """Begin the viewer's duty now. `languages` None: all the member speaks.

    Raises NotYours for who is neither responder nor coordinator, BadAnswer for more than 24 hours at a time,
    or for a fourth night in a row while somebody else is awake.
    """
    member = _responder(turn)
    if not turn.now < until <= turn.now + LONGEST:
        raise BadAnswer(say("Please choose at most 24 hours at a time."), field="until")
    person = await people.person(turn.tx, member)
    if person is None:
        raise NotYours
    if await _one_night_too_many(turn, member, until):
        raise BadAnswer(rota.TOO_MANY_NIGHTS, field="until")
    theirs = languages if languages is not None else person.languages or (spoken(person.locale),)
    await rows.end(turn.tx, member, turn.now)
    await rows.begin(turn.tx, turn.ids(), member, turn.now, until, theirs)
    return OnDuty(member, person.handle, theirs, turn.now, until)


async def off(turn: Turn) -> bool:
    """End the viewer's duty; False when they were not on duty."""
    return await rows.end(turn.tx, _responder(turn), turn.now) > 0


async def on_duty(tx: Tx, now: datetime, language: str | None = None) -> tuple[OnDuty, ...]:
    """Whoever is on duty now; with `language`, only those who speak it."""
    awake = await rows.running(tx, now)
    return awake if language is None else tuple(one for one in awake if language in one.languages)


async def _one_night_too_many(turn: Turn, member: str, until: datetime) -> bool:
    """Rest first (¶47), unless nobody else would be awake."""
    if all(one.member == member for one in await rows.running(turn.tx, turn.now)):
        return False
    past = await planned.of_member(turn.tx, turn.guard, member, turn.now - LOOK_BACK)
    nights = [(one.starts_at, one.ends_at) for one in past]
    clocks = await rota.clocks_of(turn, member)
    return nights_in_a_row([*nights, (turn.now, until)], clocks) > MOST_NIGHTS


def _responder(turn: Turn) -> str:
    if turn.viewer.member is None or not turn.viewer.may_act_as(Role.RESPONDER, Role.COORDINATOR):
        raise NotYours
    return turn.viewer.member

"""Check-ins: a sign of life promised for a time. Silence calls for help by itself, down the same ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bots import sentinel
from bots.core.alarms import Severity
from bots.core.alarms import Step as AlarmStep
from bots.core.checkins import WAITING, CheckIn, Step, look, prompt_lead, step
from bots.desk import Desk
from bots.saying import how_long, lines, quiet_alarm, wake
from bots.store import checkins
from bots.store.checkins import CheckInRow
from directory import words
from directory.core.effects import DueAt, NoLongerDue
from directory.core.text import say
from directory.refusals import BadAnswer, NotYours
from directory.turn import Turn

DUE = "check-in"
SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(days=60)


class Answered(StrEnum):
    """What came of an answer to a check-in."""

    SAFE = "safe"
    LATE = "late"
    WRONG_WORD = "wrong word"
    NOTHING_DUE = "nothing due"


@dataclass(frozen=True, slots=True)
class Planned:
    """A check-in as its owner sees it. `noticed_by` is the latest moment anyone would notice silence."""

    id: str
    due_at: datetime
    prompt_at: datetime
    noticed_by: datetime
    about: str
    state: str


async def plan(
    desk: Desk, turn: Turn, due_at: datetime, severity: Severity = Severity.HIGH, about: str = ""
) -> Planned:
    """Promise a sign of life until `due_at`. Raises BadAnswer for a time that is past, near or too far."""
    member = _member(turn)
    length = due_at - turn.now
    if not SHORTEST <= length <= LONGEST:
        raise BadAnswer(say("Please choose a time between 5 seconds and 60 days from now."), field="due_at")
    lead = prompt_lead(length, timedelta(seconds=desk.times.prompt_before_s))
    row = CheckInRow(
        id=turn.ids(),
        member=member,
        state=CheckIn.PLANNED,
        severity=severity,
        prompt_before_s=int(lead.total_seconds()),
        action=None,
        due_at=due_at,
        about=about,
    )
    await checkins.add(turn.tx, turn.guard, row)
    await turn.record(DueAt(DUE, row.id, due_at - timedelta(seconds=row.prompt_before_s)))
    return _planned(row)


async def answer(turn: Turn, word: str) -> Answered:
    """ "I am safe", with the word: answers what is due, or ends what silence has started.

    A wrong word changes nothing and may be tried again: until the right one comes, this is silence.
    """
    member = _member(turn)
    rows = await checkins.of_member(
        turn.tx, turn.guard, member, frozenset({CheckIn.PLANNED, CheckIn.PROMPTED, CheckIn.MISSED})
    )
    given = await words.check_word(
        turn, member, word
    )  # also with nothing due: it may be the phrase for danger
    if not rows:
        return Answered.NOTHING_DUE
    if given is None:
        return Answered.WRONG_WORD
    late = [row for row in rows if row.state == CheckIn.MISSED]
    prompted = [row for row in rows if row.state == CheckIn.PROMPTED]
    for row in late or prompted or rows[:1]:
        await checkins.change(
            turn.tx, row.id, state=step(CheckIn(row.state), Step.ANSWER), answered_at=turn.now
        )
        await turn.record(NoLongerDue(DUE, row.id))
    if not late:
        return Answered.SAFE
    await sentinel.end_for(turn, member, AlarmStep.SAFE, given)
    return Answered.LATE


async def call_off(turn: Turn, word: str) -> Answered:
    """Call off every check-in the viewer has planned. Needs the word: it lowers what watches over them."""
    member = _member(turn)
    rows = await checkins.of_member(turn.tx, turn.guard, member, frozenset(WAITING))
    given = await words.check_word(turn, member, word)
    if not rows:
        return Answered.NOTHING_DUE
    if given is None:
        return Answered.WRONG_WORD
    for row in rows:
        await checkins.change(turn.tx, row.id, state=step(CheckIn(row.state), Step.CALL_OFF))
        await turn.record(NoLongerDue(DUE, row.id))
    return Answered.SAFE


async def mine(turn: Turn) -> tuple[Planned, ...]:
    """The viewer's check-ins that wait, the earliest first."""
    rows = await checkins.of_member(turn.tx, turn.guard, _member(turn), frozenset(WAITING), lock=False)
    return tuple(_planned(row) for row in rows)


async def on_due(desk: Desk, turn: Turn, checkin: str) -> None:
    """Look at a check-in whose time has come: remind the person, or take silence for what it may be."""
    row = await checkins.get(turn.tx, turn.guard, checkin)
    if row is None:
        return
    before = timedelta(seconds=row.prompt_before_s)
    seen = look(CheckIn(row.state), due_at=row.due_at, prompt_before=before, now=turn.now)
    if seen.again_at is not None:
        await turn.record(DueAt(DUE, row.id, seen.again_at))
    if seen.step is None:
        return
    await checkins.change(turn.tx, row.id, state=step(CheckIn(row.state), seen.step))
    if seen.step is Step.PROMPT:
        await _prompt(turn, row)
    else:
        await _missed(desk, turn, row)


async def _prompt(turn: Turn, row: CheckInRow) -> None:
    text = lines(
        say("Are you safe? Please answer within {span}.", span=how_long(row.due_at - turn.now)),
        say("This is about: {about}", about=row.about) if row.about else None,
        say("Write: ok and your word. Without an answer your circle is asked."),
    )
    await wake(turn, row.member, text, "check-in", checkin=row.id)


async def _missed(desk: Desk, turn: Turn, row: CheckInRow) -> None:
    text = lines(
        say("We did not hear from you in time, so we are asking your circle now."),
        say("If you are safe, write: ok and your word."),
    )
    await quiet_alarm(turn, row.member, text)
    raised = await sentinel.raise_for(
        desk,
        turn,
        row.member,
        severity=Severity(row.severity),
        source="check-in",
        about=row.about,
        window=timedelta(0),
    )
    await checkins.change(turn.tx, row.id, action=raised.id)


def _planned(row: CheckInRow) -> Planned:
    return Planned(
        id=row.id,
        due_at=row.due_at,
        prompt_at=row.due_at - timedelta(seconds=row.prompt_before_s),
        noticed_by=row.due_at,
        about=row.about,
        state=row.state,
    )


def _member(turn: Turn) -> str:
    if turn.viewer.member is None:
        raise NotYours
    return turn.viewer.member

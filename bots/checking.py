"""Check-ins: a sign of life promised for a time. Silence calls for help by itself, down the same ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bots import escalating, proxies, sentinel, series, silence
from bots.core.alarms import Severity
from bots.core.alarms import Step as AlarmStep
from bots.core.checkins import WAITING, CheckIn, Step, look, step
from bots.desk import Desk
from bots.noticing import Noticed, noticed
from bots.promising import DUE as DUE
from bots.promising import Manner, Whose, make
from bots.saying import how_long, lines, wake
from bots.store import checkins, people
from bots.store.checkins import CheckInRow
from directory import words
from directory.core.effects import DueAt, NoLongerDue
from directory.core.text import say
from directory.refusals import BadAnswer, NotYours
from directory.turn import Turn
from directory.words import Given

SHORTEST = timedelta(seconds=3)
LONGEST = timedelta(days=60)
LONGEST_DELAY = timedelta(days=2)
OPEN = frozenset({*WAITING, CheckIn.MISSED})


class Answered(StrEnum):
    """What came of an answer to a check-in. WHOSE: several wait, say for whom."""

    SAFE = "safe"
    LATE = "late"
    WRONG_WORD = "wrong word"
    NOTHING_DUE = "nothing due"
    WHOSE = "whose"


@dataclass(frozen=True, slots=True)
class Planned:
    """A check-in as its owner sees it. `noticed_by` is the latest moment anyone would notice silence.

    `whose`: the handle of somebody the viewer answers for, or ""; `again`: more of them follow."""

    id: str
    due_at: datetime
    prompt_at: datetime
    noticed_by: datetime
    about: str
    state: str
    high_risk: bool
    whose: str
    again: bool
    notice: Noticed


async def plan(
    desk: Desk,
    turn: Turn,
    due_at: datetime,
    severity: Severity = Severity.HIGH,
    about: str = "",
    *,
    high_risk: bool = False,
    whose: str | None = None,
) -> Planned:
    """Promise a sign of life until `due_at`; `whose`: of somebody the viewer may answer for (a handle).

    Raises BadAnswer for a time that is past, near or too far, NotYours for somebody else's."""
    person = await proxies.whose(turn, whose)
    if not SHORTEST <= due_at - turn.now <= LONGEST:
        raise BadAnswer(series.SOON, field="due_at")
    row = await make(desk, turn, person, due_at, Manner(severity, about, high_risk))
    return await shown(turn, row)


async def answer(desk: Desk, turn: Turn, word: str, whose: str | None = None) -> Answered:
    """ "I am safe", with the word: answers what is due, or ends what silence has started.

    A wrong word changes nothing and may be tried again: until the right one comes, this is silence.
    """
    member = _member(turn)
    rows = await _meant(turn, whose, OPEN)
    given = await words.check_word(
        turn, member, word
    )  # also with nothing due: it may be the phrase for danger
    if not rows:
        return Answered.NOTHING_DUE
    if given is None:
        return Answered.WRONG_WORD
    if len({row.member for row in rows}) > 1:
        return Answered.WHOSE
    due = [row for row in rows if row.state != CheckIn.PLANNED] or rows[:1]
    for row in due:
        await _is_answered(desk, turn, row)
    late = [row for row in due if row.state == CheckIn.MISSED]
    if not late:
        return Answered.SAFE
    await _end_alarm(turn, late, given)
    return Answered.LATE


async def _end_alarm(turn: Turn, late: list[CheckInRow], given: Given) -> None:
    member = late[0].member
    if member == turn.viewer.member or await escalating.began_with(turn, late):
        await sentinel.end_for(turn, member, AlarmStep.SAFE, given)


async def answer_by_text(desk: Desk, turn: Turn, member: str) -> bool:
    """The person's phrase came by text message: what waits is answered. It ends no call for help."""
    rows = await checkins.of_member(turn.tx, turn.guard, member, frozenset(WAITING))
    due = [row for row in rows if row.state != CheckIn.PLANNED] or list(rows[:1])
    for row in due:
        await _is_answered(desk, turn, row)
    return bool(due)


async def _is_answered(desk: Desk, turn: Turn, row: CheckInRow) -> None:
    state = step(CheckIn(row.state), Step.ANSWER)
    await checkins.change(turn.tx, row.id, state=state, answered_at=turn.now)
    await turn.record(NoLongerDue(DUE, row.id))
    await series.go_on(desk, turn, row, answered=True)
    await silence.sign_of_life(turn, row)


async def call_off(turn: Turn, word: str, whose: str | None = None, only: str | None = None) -> Answered:
    """Call off every check-in of the viewer (or of `whose`), or `only` one, with all that were to follow.

    Needs the word: it lowers what watches over them."""
    member = _member(turn)
    rows = await _meant(turn, whose, frozenset(WAITING), every=True)
    rows = [row for row in rows if only is None or row.id == only]
    given = await words.check_word(turn, member, word)
    if not rows:
        return Answered.NOTHING_DUE
    if given is None:
        return Answered.WRONG_WORD
    for row in rows:
        await checkins.change(turn.tx, row.id, state=step(CheckIn(row.state), Step.CALL_OFF))
        await turn.record(NoLongerDue(DUE, row.id))
        if row.series is not None:
            await series.end(turn, row.series)
        await silence.settle(turn, row.incident)
    return Answered.SAFE


async def later(turn: Turn, word: str, by: timedelta, whose: str | None = None) -> Answered:
    """It takes longer: the next check-in is due later, and so is what follows it. Needs the word.

    Raises BadAnswer for less than nothing or more than two days."""
    member = _member(turn)
    if not timedelta(0) < by <= LONGEST_DELAY:
        raise BadAnswer(say("Please choose a time of at most two days."), field="by")
    rows = await _meant(turn, whose, frozenset({CheckIn.PLANNED, CheckIn.PROMPTED}))
    given = await words.check_word(turn, member, word)
    if not rows:
        return Answered.NOTHING_DUE
    if given is None:
        return Answered.WRONG_WORD
    if len({row.member for row in rows}) > 1:
        return Answered.WHOSE
    row = rows[0]
    await series.moved(turn, row, by)
    await checkins.change(turn.tx, row.id, due_at=row.due_at + by, state=CheckIn.PLANNED)
    await turn.record(DueAt(DUE, row.id, row.due_at + by - timedelta(seconds=row.prompt_before_s)))
    return Answered.SAFE


async def mine(turn: Turn) -> tuple[Planned, ...]:
    """The viewer's check-ins that wait, and those of people they answer for, the earliest first."""
    member, waits = _member(turn), frozenset(WAITING)
    own = await checkins.of_member(turn.tx, turn.guard, member, waits, lock=False)
    others = await checkins.by_proxy(turn.tx, turn.guard, member, waits, lock=False)
    found = sorted((*own, *others), key=lambda row: (row.due_at, row.id))
    return tuple([await shown(turn, row) for row in found])


async def on_due(desk: Desk, turn: Turn, checkin: str) -> None:
    """Look at a check-in whose time has come: remind the person, or take silence for what it may be."""
    row = await checkins.get(turn.tx, turn.guard, checkin)
    if row is None:
        return
    before = timedelta(seconds=row.prompt_before_s)
    held_until = row.held_until
    seen = look(
        CheckIn(row.state), due_at=row.due_at, prompt_before=before, now=turn.now, held_until=held_until
    )
    if seen.again_at is not None:
        await turn.record(DueAt(DUE, row.id, seen.again_at))
    if seen.step is Step.PROMPT:
        await checkins.change(turn.tx, row.id, state=step(CheckIn(row.state), seen.step))
        await _prompt(turn, row)
    elif seen.step is Step.MISS:
        await _silent(desk, turn, row)


async def _silent(desk: Desk, turn: Turn, row: CheckInRow) -> None:
    """Nothing was heard: hold it together with others, or call for help for this one person."""
    held = None if row.state == CheckIn.HELD else await silence.weigh(desk, turn, row)
    if held is not None:
        await silence.hold(desk, turn, row, held)
    else:
        await checkins.change(turn.tx, row.id, state=step(CheckIn(row.state), Step.MISS))
        await escalating.call(desk, turn, row)
        await silence.settle(turn, row.incident)
    await series.go_on(desk, turn, row, answered=False)


async def _prompt(turn: Turn, row: CheckInRow) -> None:
    span = how_long(row.due_at - turn.now)
    what = say("This is about: {about}", about=row.about) if row.about else None
    text = lines(
        say("Are you safe? Please answer within {span}.", span=span),
        what,
        say("Write: ok and your word. Without an answer your circle is asked."),
    )
    await wake(turn, row.member, text, "check-in", checkin=row.id)
    if row.by is not None:
        person = await people.person(turn.tx, row.member)
        name = person.handle if person is not None else ""
        text = lines(
            say("Is {name} safe? Please answer within {span}.", name=name, span=span),
            what,
            say("Write: ok for {name} and your word. Without an answer their circle is asked.", name=name),
        )
        await wake(turn, row.by, text, "check-in", checkin=row.id)


async def shown(turn: Turn, row: CheckInRow) -> Planned:
    """As its owner, or who answers for them, sees it."""
    other = await people.person(turn.tx, row.member) if row.member != turn.viewer.member else None
    notice = await noticed(turn, Whose(row.member, row.by), row.due_at, high_risk=row.high_risk)
    return Planned(
        id=row.id,
        due_at=row.due_at,
        prompt_at=row.due_at - timedelta(seconds=row.prompt_before_s),
        noticed_by=row.due_at,
        about=row.about,
        state=row.state,
        high_risk=row.high_risk,
        whose=other.handle if other is not None else "",
        again=row.series is not None,
        notice=notice,
    )


async def _meant(
    turn: Turn, whose: str | None, states: frozenset[str], *, every: bool = False
) -> list[CheckInRow]:
    """What an answer is about: of the person named; else the viewer's own, or of those they answer for what
    waits for an answer now."""
    member = _member(turn)
    if whose:
        person = await proxies.whose(turn, whose)
        found = await checkins.by_proxy(turn.tx, turn.guard, member, states)
        return [row for row in found if row.member == person.member]
    own = list(await checkins.of_member(turn.tx, turn.guard, member, states))
    if own or every:
        return own
    others = await checkins.by_proxy(turn.tx, turn.guard, member, states)
    return [row for row in others if row.state != CheckIn.PLANNED] or list(others)


def _member(turn: Turn) -> str:
    if turn.viewer.member is None:
        raise NotYours
    return turn.viewer.member

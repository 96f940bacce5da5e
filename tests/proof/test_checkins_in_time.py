"""Random plans under faults, in virtual time: each escalated exactly as its plan says, 0 lost, 0 doubled.

Real database and services; only time is ours. A fault is a pump that comes late, a clock that steps forward
or back, an ear that is closed for a while, or a crash in the midst of a due row, which leaves nothing of it.
Processes and homeservers are not in it. AYNI_CHECKIN_PEOPLE and AYNI_CHECKIN_ROUNDS set how many.
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from bots_stage import HANDLERS, Stage, a_person
from conftest import Desk
from people import seen_as

from bots import checking, silence
from bots.core.checkins import CheckIn
from bots.core.silence import BETWEEN_PAGES, HOLD_TAKEN, Heard
from bots.store import checkins
from directory.core.viewer import Lane, Role, Viewer

PEOPLE = int(os.environ.get("AYNI_CHECKIN_PEOPLE", "60"))
ROUNDS = int(os.environ.get("AYNI_CHECKIN_ROUNDS", "12"))
"""Hours of virtual time after the last plan was made; one fault an hour and one more in every second."""
COUNTRIES = ("GT", "CO", "HN")
SLACK = timedelta(minutes=1)


class Crash(Exception):
    """The process ended in the midst of it."""


@dataclass
class Story:
    """What was promised, and what really happened."""

    chance: random.Random
    members: list[str] = field(default_factory=list)
    plans: dict[str, tuple[str, datetime, bool]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list)
    late_until: list[tuple[datetime, datetime]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_plan_ends_as_it_says(desk: Desk, seed: int) -> None:
    stage, story = Stage(desk), Story(random.Random(seed))
    keepers = [await a_person(stage, name, Role.COORDINATOR) for name in ("Ana", "Bea")]
    await _plan_all(stage, story)
    for _ in range(ROUNDS):
        await _fault(stage, story)
        await _let_some_answer(stage, story)
        await stage.pass_time(minutes=story.chance.randint(20, 60))
    stage.heard = _heard(stage, story)
    await stage.pass_time(hours=6)
    await _judge(stage, story, keepers)


async def _plan_all(stage: Stage, story: Story) -> None:
    for number in range(PEOPLE):
        country = story.chance.choice(COUNTRIES)
        story.members.append(await a_person(stage, f"M{number}", word=None, country=country))
    for member in story.members:
        async with stage.turn(await seen_as(stage.base, member)) as turn:
            minutes, risky = story.chance.randint(15, 60 * ROUNDS // 2), story.chance.random() < 0.2
            due_at = turn.now + timedelta(minutes=minutes)
            planned = await checking.plan(stage.desk, turn, due_at, high_risk=risky)
        story.plans[planned.id] = (member, planned.due_at, risky)


async def _fault(stage: Stage, story: Story) -> None:
    """One of the four, at random; what follows it goes on as if nothing had been."""
    kind = story.chance.choice(("late", "back", "ahead", "deaf", "crash"))
    story.faults[kind] += 1
    now = stage.base.clock()
    span = timedelta(minutes=story.chance.randint(2, 40))
    if kind in ("late", "ahead"):
        stage.base.clock.move(minutes=span.total_seconds() / 60)
        story.late_until.append((now, stage.base.clock()))
        if kind == "late":
            story.gaps.append((now, stage.base.clock()))
    elif kind == "back":
        stage.base.clock.move(minutes=-min(span.total_seconds() / 60, 30))
    elif kind == "deaf":
        stage.heard = Heard(now, tuple(story.gaps))
        await stage.pass_time(minutes=span.total_seconds() / 60)
        story.gaps.append((now, stage.base.clock()))
    else:
        await _crash(stage)
    stage.heard = _heard(stage, story)
    if kind in ("late", "deaf"):
        async with stage.turn(Viewer(Lane.CLOCK)) as turn:
            await silence.on_back(turn, "")
    await stage.settle()


def _heard(stage: Stage, story: Story) -> Heard:
    """Open from now on. The stage has no sync of its own: it is told as heard for the time to come."""
    return Heard(stage.base.clock() + timedelta(days=1), tuple(story.gaps))


async def _crash(stage: Stage) -> None:
    """The next due row is handled to its end and undone: its process was killed before the commit."""
    if not stage.due:
        return
    at, (kind, ref) = min((at, key) for key, at in stage.due.items())
    before, letters = dict(stage.due), len(stage.letters)
    stage.base.clock.now = max(stage.base.clock.now, at)
    with pytest.raises(Crash):
        async with stage.turn(Viewer(Lane.CLOCK)) as turn:
            await HANDLERS[kind](stage.desk, turn, ref)
            raise Crash
    stage.due = before
    del stage.letters[letters:]


async def _let_some_answer(stage: Stage, story: Story) -> None:
    """By their phrase in a text message: quicker than a word, and the same row."""
    for checkin, (member, _, _) in story.plans.items():
        if checkin in story.answered or story.chance.random() < 0.85:
            continue
        async with stage.turn(Viewer(Lane.CLOCK)) as turn:
            if await checking.answer_by_text(stage.desk, turn, member):
                story.answered.add(checkin)


async def _judge(stage: Stage, story: Story, keepers: list[str]) -> None:
    asked: dict[str, list[datetime]] = defaultdict(list)
    for letter in stage.letters:
        if "so we are asking your circle now" in letter.body:
            asked[letter.member].append(letter.at)
    states: Counter[str] = Counter()
    lost, doubled, wrong, late = [], [], [], []
    for checkin, (member, due_at, risky) in story.plans.items():
        async with stage.turn(Viewer(Lane.CLOCK)) as turn:
            row = await checkins.get(turn.tx, turn.guard, checkin)
        assert row is not None
        states[row.state] += 1
        calls = asked[member]
        waits = row.state in (CheckIn.PLANNED, CheckIn.PROMPTED, CheckIn.HELD)
        if waits or (row.state == CheckIn.MISSED and not calls):
            lost.append(checkin)
        if len(calls) > 1:
            doubled.append(checkin)
        if checkin in story.answered and calls:
            wrong.append(checkin)
        most = _excused(story, due_at, timedelta(0) if risky else HOLD_TAKEN)
        if calls and not due_at <= calls[0] <= most:
            late.append((checkin, due_at, calls[0]))
    pages = {one: [told.at for told in stage.letters if told.member == one and told.wakes] for one in keepers}
    apart = [later - before for times in pages.values() for before, later in pairwise(times)]
    gap = min((span for span in apart if span >= timedelta(0)), default=BETWEEN_PAGES)  # a clock went back
    print(f"plans {len(story.plans)}  {dict(states)}  faults {dict(story.faults)}")
    print(f"lost {len(lost)}  doubled {len(doubled)}  called after an answer {len(wrong)}  late {len(late)}")
    print(f"pages {sum(map(len, pages.values()))}  the two closest {gap}")
    assert (lost, doubled, wrong, late) == ([], [], [], [])
    assert gap >= BETWEEN_PAGES
    assert states[CheckIn.MISSED] > 0
    assert states[CheckIn.ANSWERED] > 0


def _excused(story: Story, due_at: datetime, held: timedelta) -> datetime:
    """The latest its plan allows: the hold, and the end of any time in which no pump ran."""
    most = due_at + held + SLACK
    for since, until in sorted(story.late_until):
        if since <= most <= until + SLACK:
            most = until + SLACK
    return most

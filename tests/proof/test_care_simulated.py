"""10,000 alarms and 20,000 check-ins over two networks with 500 faults: nobody is lost, nobody is told twice.

The real services, ladders, letters and due pumps on real databases; processes, PostgreSQL, homeservers, wires
and disks are modelled at their edges (tests/care_simulator.py). AYNI_CARE_ALARMS=200 makes it smaller,
AYNI_CARE_FAULTS=200 sets the faults by themselves, AYNI_CARE_SEED plays one run again.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from care_simulator import TIMES, Read, SimHub, World, wakes_by
from conftest import NOON
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bots import checking, sentinel
from bots.alarms import ending, taking
from bots.core.checkins import CheckIn
from bots.promising import Manner, Whose, make
from bots.store.tables import actions, checkins, timeline, told
from directory.core.viewer import Lane, Role, Viewer
from directory.store.database import Database, metadata
from directory.store.tables import networks
from hub.due import CLOCK

ALARMS = int(os.environ.get("AYNI_CARE_ALARMS", "10000"))
CHECKINS = 2 * ALARMS
FAULTS = int(os.environ.get("AYNI_CARE_FAULTS") or max(20, round(500 * ALARMS / 10000)))
SEED = int(os.environ.get("AYNI_CARE_SEED") or random.SystemRandom().getrandbits(32))
PEOPLE = max(20, ALARMS // 50)
EVERY = timedelta(hours=2)
"""Between two alarms of the same person."""
WORD = "luna azul"
NUMBERS = [f"+5025555{n:04}" for n in range(10)]
OUTCOMES = ("circle",) * 10 + ("coordinators",) * 5 + ("network",) * 3 + ("again",) * 2
LATE = timedelta(seconds=30)
"""What a retry after a fault may add."""


@dataclass
class Case:
    """One alarm and what becomes of it, as its people will behave."""

    hub: SimHub
    member: str
    outcome: str
    action: str = ""
    raised_at: datetime | None = None
    seen: Counter[str] = field(default_factory=Counter)
    took: bool = False
    closed: bool = False


@dataclass
class Story:
    """Everybody's script, and what came of it."""

    world: World
    hubs: tuple[SimHub, SimHub]
    cases: list[Case] = field(default_factory=list)
    by_action: dict[str, Case] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    keepers: dict[str, list[str]] = field(default_factory=dict)
    guests: set[str] = field(default_factory=set)
    planned: list[tuple[SimHub, str, bool]] = field(default_factory=list)
    texted: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How often somebody really called by text message."""
    texters: dict[tuple[str, int], str] = field(default_factory=dict)

    def reading(self, hub: SimHub, read: Read) -> None:
        """Somebody reads that they are needed, and does what their script says."""
        if not read.wakes or read.about is None:
            return
        case = self.by_action.get(read.about)
        if case is None:
            if read.about not in self.guests and read.member in self.keepers[hub.home]:
                self.guests.add(read.about)
                self._answer(hub, read.about, read.member, None)
            return
        case.seen[read.member] += 1
        circle = read.member not in self.keepers[hub.home]
        wanted = {
            "circle": circle,
            "coordinators": not circle,
            "again": not circle and case.seen[read.member] > 1,
        }.get(case.outcome, False)
        if wanted and not case.took:
            case.took = True
            self._answer(hub, read.about, read.member, case)

    def _answer(self, hub: SimHub, action: str, member: str, case: Case | None) -> None:
        draw = self.world.chance
        after = self.world.now + timedelta(seconds=draw.uniform(5, 100))
        self.world.at(after, partial(hub.surely, partial(self._take, hub, action, member)))
        close = after + timedelta(seconds=draw.uniform(120, 900))
        self.world.at(close, partial(hub.surely, partial(self._close, hub, action, member, case)))

    async def _take(self, hub: SimHub, action: str, member: str) -> None:
        async with hub.turn(Viewer(Lane.CHAT, member, self._roles(hub, member))) as turn:
            await taking.take(turn, action)

    async def _close(self, hub: SimHub, action: str, member: str, case: Case | None) -> None:
        async with hub.turn(Viewer(Lane.CHAT, member, self._roles(hub, member))) as turn:
            await taking.close(turn, action)
        if case is not None:
            async with hub.turn(Viewer(Lane.CHAT, case.member)) as turn:
                await ending.arm(turn, case.member)

    def _roles(self, hub: SimHub, member: str) -> frozenset[Role]:
        return frozenset({Role.COORDINATOR}) if member in self.keepers[hub.home] else frozenset()

    async def raises(self, case: Case) -> None:
        async with case.hub.turn(Viewer(Lane.CHAT, case.member)) as turn:
            raised = await sentinel.raise_alarm(case.hub.desk, turn, text="two men", source="chat")
        case.action, case.raised_at = raised.id, self.world.now
        self.by_action[raised.id] = case

    async def plans(self, hub: SimHub, member: str, high_risk: bool, answers: bool) -> None:
        at = hub.clock() + timedelta(minutes=self.world.chance.uniform(30, 60))
        async with hub.turn(Viewer(Lane.CHAT, member)) as turn:
            row = await make(hub.desk, turn, Whose(member), at, Manner(high_risk=high_risk))
        self.planned.append((hub, row.id, answers))
        if answers:
            self.world.at(
                at - hub.step - timedelta(minutes=self.world.chance.uniform(2, 9)),
                partial(hub.surely, partial(self._is_safe, hub, member)),
            )

    async def _is_safe(self, hub: SimHub, member: str) -> None:
        async with hub.turn(Viewer(Lane.CHAT, member)) as turn:
            await checking.answer_by_text(hub.desk, turn, member)


@pytest.fixture
async def hubs(
    fresh_database: Callable[[], AbstractAsyncContextManager[str]],
) -> AsyncIterator[tuple[World, SimHub, SimHub]]:
    world = World(SEED, NOON)
    async with fresh_database() as one, fresh_database() as other:
        made = [await _hub(world, url, name) for url, name in ((one, "ayni"), (other, "rafiki"))]
        yield world, made[0], made[1]
        for hub in made:
            await hub.database.close()


async def _hub(world: World, url: str, name: str) -> SimHub:
    database, home = Database(url), name + "0" * (64 - len(name))
    async with database.transaction() as tx:
        await tx.run_sync(metadata.create_all)
        await tx.execute(networks.insert().values(id=home, name=name, home=True, since=NOON))
    return SimHub(world, name, home, database)


async def _people(story: Story, hub: SimHub, other: SimHub) -> None:
    countries = ["GT", "HN", "SV", "NI", "MX", "CO", "PE", "BO"]
    keepers = [await hub.member(f"k{n}", Role.COORDINATOR, Role.RESPONDER) for n in range(2)]
    story.keepers[hub.home] = keepers
    for one in keepers:
        await hub.on_duty(one, timedelta(days=60))
    people = [
        await hub.member(f"p{n}", country=countries[n % 8], server=f"s{n}.example.org") for n in range(PEOPLE)
    ]
    story.people[hub.home] = people
    for n, one in enumerate(people):
        circle = [people[(n + away) % PEOPLE] for away in (1, 2, 3)]
        await hub.surround(one, circle, [other.home], 0 if n % 3 else 30)
    for n in range(TEXTERS):
        one = await hub.member(f"t{n}")
        await hub.surround(one, people[:3], [other.home], 0)
        await hub.writes_texts(one, NUMBERS[n], CALL, SAFE)
        story.texters[hub.home, n] = one
    hub.answers = partial(story.reading, hub)


def _script(story: Story) -> datetime:
    """Alarms, check-ins and faults, spread over the days; when all is over."""
    world, draw, start = story.world, story.world.chance, story.world.now
    each = -(-ALARMS // (2 * PEOPLE))
    for hub in story.hubs:
        for n, member in enumerate(story.people[hub.home]):
            for turn in range(each):
                at = start + EVERY * turn + timedelta(seconds=draw.uniform(0, 3000))
                case = Case(hub, member, draw.choice(OUTCOMES))
                story.cases.append(case)
                world.at(at, partial(hub.surely, partial(story.raises, case)))
            for turn in range(-(-CHECKINS // (2 * PEOPLE))):
                at = start + EVERY * each * turn / (2 * each) + timedelta(seconds=draw.uniform(0, 3000))
                answers = draw.random() < 0.97
                plans = partial(story.plans, hub, member, n % 5 == 0, answers)
                world.at(at, partial(hub.surely, plans))
    end = start + EVERY * each
    for n in range(FAULTS):
        at = start + (end - start) * (n + draw.random()) / FAULTS
        world.at(at, partial(_break, story, draw.choice(story.hubs), FAULT_KINDS[n % len(FAULT_KINDS)]))
    return end + timedelta(hours=4)


FAULT_KINDS = (
    *("care", "statement", "postgres", "homeserver", "wire", "disk", "clock ahead", "clock back"),
    *("text twice", "text late", "text forged"),
)
TEXTERS = 5
CALL, SAFE = "are the beans for sunday ready", "we ate well at the lake"


async def _break(story: Story, hub: SimHub, kind: str) -> None:
    draw = story.world.chance
    hub.faults[kind] += 1
    if kind == "statement":
        hub.kill_in = draw.randint(0, 60)
    elif kind.startswith("text"):
        _text(story, hub, kind)
    elif kind.startswith("clock"):
        by = timedelta(seconds=draw.uniform(5, 120)) * (1 if kind.endswith("ahead") else -1)
        hub.step += by
        hub.spans.append((story.world.now, story.world.now + abs(by)))
        story.world.at(story.world.now + timedelta(minutes=5), partial(_step_back, hub, by))
    else:
        hub.lose(kind, timedelta(seconds=draw.uniform(2, 90)))


def _text(story: Story, hub: SimHub, kind: str) -> None:
    """A call for help that comes twice or hours late; or a stranger says in their name that all is well."""
    world, draw = story.world, story.world.chance
    n = draw.randrange(TEXTERS)
    once, number = f"{draw.getrandbits(64):x}", NUMBERS[n]
    if kind == "text forged":
        for name, sender, said in ((once, number, SAFE), (f"{once}-", "+50299999999", f"t{n} {SAFE}")):
            world.at(world.now, partial(hub.surely, partial(hub.text, name, sender, said, hub.clock())))
        return
    story.texted[hub.home, n] += 1
    sent_at = hub.clock() - timedelta(hours=3 if kind.endswith("late") else 0)
    for after in (0, draw.uniform(0, 90)) if kind.endswith("twice") else (0,):
        deliver = partial(hub.surely, partial(hub.text, once, number, CALL, sent_at))
        world.at(world.now + timedelta(seconds=after), deliver)


async def _step_back(hub: SimHub, by: timedelta) -> None:
    hub.step -= by
    hub.spans.append((hub.world.now, hub.world.now + abs(by)))


@pytest.mark.timeout(0)
async def test_every_alarm_climbs_as_its_ladder_says_whatever_breaks(
    hubs: tuple[World, SimHub, SimHub],
) -> None:
    world, here, there = hubs
    print(f"seed {SEED}: AYNI_CARE_SEED={SEED} plays it again")
    story = Story(world, (here, there))
    for one, other in ((here, there), (there, here)):
        await _people(story, one, other)
    for one, other in ((here, there), (there, here)):
        await one.knows(other)
    await world.run(_script(story))
    found = [await _judged(story, hub) for hub in story.hubs]
    missed = _table(story, found)
    assert not missed, missed[:10]


@dataclass
class Judged:
    alarms: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    silent: int = 0
    swallowed: list[str] = field(default_factory=list)


async def _judged(story: Story, hub: SimHub) -> Judged:
    found = Judged()
    async with hub.turn(CLOCK) as turn:
        rows = {row.id: row for row in await turn.tx.execute(select(actions))}
        tellings: dict[str, dict[str, tuple[str, datetime]]] = {}
        for row in await turn.tx.execute(select(told)):
            tellings.setdefault(row.action, {})[row.member] = (row.rung, row.told_at)
        promised = {row.id: row for row in await turn.tx.execute(select(checkins))}
        added: dict[str, list[datetime]] = {}
        for row in await turn.tx.execute(select(timeline).where(timeline.c.step == "again")):
            added.setdefault(row.action, []).append(row.at)
    rang = wakes_by(hub.read)
    for case in (one for one in story.cases if one.hub is hub):
        found.alarms += 1
        kept = rows.get(case.action)
        if kept is None or kept.state not in ("closed", "debriefed"):
            found.lost.append(f"{case.outcome} {kept.state if kept else 'never raised'} {case.action}")
            continue
        again = added.get(case.action, [])
        calls = 1 + kept.asked_again + len(again)
        _rungs(hub, case, (calls, again), tellings.get(case.action, {}), rang, found)
    _silences(story, hub, promised, found)
    _texts(story, hub, rows, added, found)
    return found


def _rungs(hub, case, called, tellings, rang, found) -> None:  # type: ignore[no-untyped-def]
    """Each rung in its order and at its time, everybody on it once; once more when they are asked again, or
    when the person calls again or is silent while it runs: then the rung has its time anew."""
    calls, again = called
    reached = dict(tellings.values())
    wanted = {"circle": ["circle"], "coordinators": ["circle", "coordinators"]}.get(case.outcome)
    wanted = wanted or ["circle", "coordinators"]
    if any(rung not in reached for rung in wanted):
        found.lost.append(f"{case.outcome} reached {sorted(reached)} {case.action}")
    for member, (rung, _) in tellings.items():
        times = len(rang.get((case.action, member), []))
        if times < 1:
            found.lost.append(f"{rung} of {case.action} did not read it")
        if times > calls:
            found.doubled.append(f"{rung} of {case.action} read it {times} times")
    if "circle" in reached and "coordinators" in reached:
        at = reached["coordinators"]
        since = max([reached["circle"], *(one for one in again if one < at)])
        gap, steps = at - since, _overlap(hub, reached["circle"], at)
        if gap < timedelta(seconds=TIMES.circle_s) - steps - LATE:
            found.early.append(f"{case.action} {gap}")
        if gap > timedelta(seconds=TIMES.circle_s) + steps + LATE:
            found.late.append(f"{case.action} {gap} {steps}")


def _texts(story, hub, rows, added, found) -> None:  # type: ignore[no-untyped-def]
    """Each call by text is one alarm, or one more call in it, however often it came. No text ended one."""
    for (home, n), member in story.texters.items():
        if home != hub.home:
            continue
        theirs = [row for row in rows.values() if row.member == member and row.kind == "alarm"]
        calls = len(theirs) + sum(len(added.get(row.id, [])) for row in theirs)
        wrong = f"t{n}: {story.texted[home, n]} texts, {calls} calls"
        if calls < story.texted[home, n]:
            found.lost.append(wrong)
        if calls > story.texted[home, n]:
            found.doubled.append(wrong)
        found.lost += [f"t{n} {row.state}" for row in theirs if row.state not in ("closed", "debriefed")]


def _overlap(hub: SimHub, since: datetime, until: datetime) -> timedelta:
    """How much of this time something was away, or a clock was off."""
    slack = timedelta(minutes=5)
    spans = [(start, end) for start, end in hub.spans if start < until + slack and end > since - slack]
    return sum((end - start for start, end in spans), timedelta())


def _silences(story: Story, hub: SimHub, promised, found: Judged) -> None:  # type: ignore[no-untyped-def]
    for where, name, _ in story.planned:
        if where is not hub:
            continue
        row = promised[name]
        if row.state in (CheckIn.PLANNED, CheckIn.PROMPTED, CheckIn.HELD):
            found.swallowed.append(f"check-in {row.state} {name}")
        if row.state == CheckIn.MISSED:
            found.silent += 1
            if row.action is None:
                found.swallowed.append(f"silent without an alarm {name}")


def _table(story: Story, found: list[Judged]) -> list[str]:
    table = Table("", *(hub.name for hub in story.hubs), title=f"care, simulated · seed {SEED}")
    for what in ("alarms", "silent"):
        table.add_row(what, *(str(getattr(one, what)) for one in found))
    for what in ("lost", "doubled", "early", "late", "swallowed"):
        table.add_row(what, *(str(len(getattr(one, what))) for one in found))
    table.add_row("check-ins", *(str(sum(1 for h, _, _ in story.planned if h is hub)) for hub in story.hubs))
    table.add_row("faults", *(str(sum(hub.faults.values())) for hub in story.hubs))
    table.add_row("repeats taken once", *(str(hub.repeats) for hub in story.hubs))
    Console(width=100).print(table)
    return [
        f"{what}: {each}"
        for one in found
        for what in ("lost", "doubled", "early", "late", "swallowed")
        for each in getattr(one, what)
    ]


SILENT, AT_RISK = 30, 3


@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", ["region", "hub"])
async def test_silence_of_many_wakes_nobody_on_and_on_and_swallows_nobody_at_risk(
    hubs: tuple[World, SimHub, SimHub], what: str
) -> None:
    world, here, there = hubs
    story = Story(world, (here, there))
    keepers = [await here.member(f"k{n}", Role.COORDINATOR, Role.RESPONDER) for n in range(3)]
    for one in keepers:
        await here.on_duty(one, timedelta(days=2))
    people = [await here.member(f"p{n}") for n in range(SILENT)]
    for n, member in enumerate(people):
        await here.surround(member, [people[(n + 1) % SILENT]], [], 30)
        await story.plans(here, member, n < AT_RISK, answers=False)
    if what == "hub":
        world.at(world.now + timedelta(minutes=25), partial(_lose_all, here, timedelta(minutes=30)))
    await world.run(world.now + timedelta(hours=8))
    async with here.turn(CLOCK) as turn:
        rows = {row.id: row for row in await turn.tx.execute(select(checkins))}
        raised = {row.id: row.raised_at for row in await turn.tx.execute(select(actions))}
    back = max((end for _, end in here.spans), default=NOON)
    for n, (_, name, _) in enumerate(story.planned):
        row = rows[name]
        assert row.state == CheckIn.MISSED, f"{row.state} {name}"
        if n < AT_RISK:
            assert raised[row.action] - max(row.due_at, back) < timedelta(minutes=1)
    for keeper in keepers:
        pages = [one.at for one in here.read if one.wakes and one.member == keeper]
        assert pages, "people on duty hear of it"
        gaps = [later - earlier for earlier, later in pairwise(pages)]
        assert all(gap >= timedelta(minutes=10) for gap in gaps), [str(gap) for gap in gaps]
        print(f"{what}: {SILENT} silent at once, {len(pages)} pages in 8 hours for one on duty")


async def _lose_all(hub: SimHub, span: timedelta) -> None:
    hub.lose("care", span)

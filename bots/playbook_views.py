"""A playbook that runs, as whoever may see it sees it: coordinators, those on call, the person's circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bots import recipes
from bots.alarms.staffing import on_call
from bots.around import circle_of
from bots.core.playbooks import Playbook, Step, StepPart, applies, choices
from bots.saying import lines
from bots.store import actions, circles, people, playbook_steps
from bots.store.actions import Action, Moment
from bots.store.playbook_steps import KIND, Report, StepRow
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn

OPTIONS: Mapping[str, Text] = {
    "quiet": say("quiet: nothing is made public"),
    "public": say("public: it may be told"),
}
STATES: Mapping[str, Text] = {
    Step.OPEN: say("open"),
    Step.TAKEN: say("taken"),
    Step.DONE: say("done"),
}
MOMENTS: Mapping[str, Text] = {
    "opened": say("was begun"),
    "taken": say("took a step"),
    "handed": say("handed a step over"),
    "reported": say("noted something"),
    "done": say("finished a step"),
    "settled": say("said what the person wishes"),
    "clock": say("steps were due and people were reminded"),
    "closed": say("closed it"),
}


@dataclass(frozen=True, slots=True)
class StepView:
    """One step. `number` counts from 1; `mine`: the viewer has it; `open_to_me`: the viewer may take it."""

    key: str
    number: int
    title: Text
    text: Text
    state: str
    holder: str
    due_at: datetime
    overdue: bool
    sources: int
    reports: tuple[Report, ...]
    mine: bool
    open_to_me: bool

    @property
    def state_text(self) -> Text:
        """In words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What holds for the person's wish, and whether anybody said so. `may_settle`: the viewer may say it."""

    key: str
    title: Text
    option: str
    said_by: str
    options: tuple[str, ...]
    may_settle: bool

    @property
    def option_text(self) -> Text:
        """In words."""
        return OPTIONS.get(self.option, say("{option}", option=self.option))


@dataclass(frozen=True, slots=True)
class RunView:
    """One playbook that runs for somebody."""

    id: str
    title: Text
    handle: str
    opened_at: datetime
    next_at: datetime | None
    steps: tuple[StepView, ...]
    consents: tuple[ConsentView, ...]
    timeline: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A run, whoever asks, and what they are to it: `kinds` holds coordinators, circle, or both."""

    action: Action
    book: Playbook
    steps: Mapping[str, StepRow]
    kinds: frozenset[str]

    @property
    def said(self) -> dict[str, list[str]]:
        """What was said about the consents: key → (option, by whom)."""
        return msgspec.json.decode(self.action.fields.get("consents", "{}"), type=dict[str, list[str]])

    @property
    def chosen(self) -> dict[str, str]:
        """What holds for each consent."""
        return choices(self.book, {key: option for key, (option, _) in self.said.items()})

    @property
    def parts(self) -> tuple[StepPart, ...]:
        """The steps that are to be done, as the consents stand."""
        return tuple(one for one in self.book.steps if applies(one, self.chosen))

    def may_take(self, step: StepPart) -> bool:
        """Is this step for somebody like the viewer?"""
        who = self.book.role(step.role).who
        return "coordinators" in self.kinds or who == "both" or who in self.kinds


async def known(turn: Turn, run: str, *, lock: bool = False) -> Known:
    """A run the viewer may see. Raises NotYours, also for the person it is for."""
    read = actions.get if lock else actions.read
    action = await read(turn.tx, turn.guard, run)
    me = turn.viewer.member
    if action is None or action.kind != KIND or (me is not None and action.member == me):
        raise NotYours
    kinds = set()
    at_the_machine = me is None and turn.viewer.may_act_as(Role.COORDINATOR)
    if turn.viewer.may_act_as(Role.COORDINATOR) or me in await on_call(turn):
        kinds.add("coordinators")
    if me is not None and me in await circle_of(turn, str(action.member)):
        kinds.add("circle")
    book = recipes.known().get(action.fields.get("playbook", ""))
    steps = await playbook_steps.of_action(turn.tx, turn.guard, action.id)
    held = any(one.holder == me for one in steps.values() if me is not None)
    if book is None or not (kinds or held or at_the_machine):
        raise NotYours
    return Known(action, book, steps, frozenset(kinds))


async def runs(turn: Turn) -> tuple[RunView, ...]:
    """Everything that runs and that the viewer may see, the newest first."""
    found = []
    for run in await playbook_steps.running(turn.tx):
        try:
            found.append(await view(turn, await known(turn, run)))
        except NotYours:
            continue
    return tuple(found)


async def view(turn: Turn, run: Known) -> RunView:
    """As the viewer sees it. The circle sees its own steps, coordinators see all."""
    action = run.action
    names = {one.holder: await _name(turn, one.holder) for one in run.steps.values() if one.holder}
    shown = [
        _step(turn, run, number, one, names)
        for number, one in enumerate(run.parts, 1)
        if run.may_take(one) or run.steps[one.key].holder == turn.viewer.member
    ]
    whole = "coordinators" in run.kinds or turn.viewer.member is None
    return RunView(
        action.id,
        say(run.book.title),
        action.fields.get("handle", ""),
        action.raised_at,
        action.next_at,
        tuple(shown),
        tuple([await _consent(turn, run, one.key) for one in run.book.consents]),
        await actions.story(turn.tx, turn.guard, action.id) if whole else (),
    )


async def may_settle(turn: Turn, run: Known) -> bool:
    """Only whom the person named for it, and only while the person has not said it beforehand."""
    plan = await circles.plan_of(turn.tx, turn.guard, str(run.action.member))
    return plan.fields.get("wish") in (None, "", "ask") and turn.viewer.member == plan.fields.get("proxy")


def as_text(run: RunView) -> Text:
    """For chat."""
    return lines(
        say("{title}: {name}, since {at}", title=run.title, name=run.handle, at=run.opened_at),
        *(say("{title}: {option}", title=one.title, option=one.option_text) for one in run.consents),
        *(_line(one) for one in run.steps),
        say("Write: steps {name}, a number, and take, done, note, or hand and a name.", name=run.handle),
    )


def _line(one: StepView) -> Text:
    if one.state == Step.DONE:
        return say("{number}. {title}: done, {name}", number=one.number, title=one.title, name=one.holder)
    if one.holder:
        return say(
            "{number}. {title}: {name}, until {at}",
            number=one.number,
            title=one.title,
            name=one.holder,
            at=one.due_at,
        )
    return say("{number}. {title}: open, until {at}", number=one.number, title=one.title, at=one.due_at)


def _step(turn: Turn, run: Known, number: int, part: StepPart, names: Mapping[str, str]) -> StepView:
    row = run.steps[part.key]
    due_at = run.action.raised_at + timedelta(hours=part.by_h)
    mine = row.holder is not None and row.holder == turn.viewer.member
    return StepView(
        part.key,
        number,
        say(part.title),
        say(part.text),
        row.state,
        names.get(row.holder or "", ""),
        due_at,
        row.state != Step.DONE and turn.now >= due_at,
        part.sources,
        row.reports if mine or run.may_take(part) else (),
        mine,
        row.state == Step.OPEN and run.may_take(part) and turn.viewer.member is not None,
    )


async def _consent(turn: Turn, run: Known, key: str) -> ConsentView:
    consent = next(one for one in run.book.consents if one.key == key)
    by = run.said.get(key, ["", ""])[1]
    may = await may_settle(turn, run)
    return ConsentView(key, say(consent.title), run.chosen[key], by, consent.options, may)


async def _name(turn: Turn, member: str | None) -> str:
    person = await people.person(turn.tx, member or "")
    return person.handle if person is not None else ""

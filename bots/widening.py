"""Carrying an alarm up its ladder: each look writes, in one transaction, who is asked and the next look.

A look that comes twice, early or late does no harm: it acts on what the row says and on the time it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bots import following, wording
from bots.alarms.staffing import on_call, plan_for, staffing_of
from bots.alarms.telling import news, post_alarm, tell_members, text_for, wake_all
from bots.core.alarms import Alarm, Severity, Step, step
from bots.core.ladder import AskAgain, Rung, Widen, climb
from bots.desk import Desk
from bots.store import actions, asked, people
from bots.store.actions import Action
from directory.core.effects import DueAt, NoLongerDue
from directory.together import together
from directory.turn import Turn

DUE = "alarm"
FORGET = "alarm-forget"
FORGET_AFTER = timedelta(days=1)
DUTY = "duty"
"""The first rung for somebody of a linked network: those who are awake for it."""


async def on_due(desk: Desk, turn: Turn, action_id: str) -> None:
    """Look at an alarm whose time has come."""
    action = await actions.get(turn.tx, turn.guard, action_id)
    if action is None or action.next_at is None:
        return
    async with together(turn):
        await _look(desk, turn, action, action.next_at)


async def _look(desk: Desk, turn: Turn, action: Action, at: datetime) -> None:
    if turn.now < at:
        await turn.record(DueAt(DUE, action.id, at))
    elif action.state == Alarm.RAISED:
        await start(desk, turn, action)
    elif action.state == Alarm.RUNNING:
        await widen(desk, turn, action)
    elif action.state == Alarm.TAKEN:
        await following.look(turn, action, DUE, await on_call(turn))


async def start(desk: Desk, turn: Turn, action: Action) -> None:
    """The time to stop it unheard is over."""
    state = step(Alarm(action.state), Step.WINDOW_OVER)
    await widen(desk, turn, replace(action, state=state), state=state)


async def widen(desk: Desk, turn: Turn, action: Action, **columns: object) -> None:
    """Ask the next rung that has somebody, or everyone again. `columns` are written along with it."""
    async with together(turn):
        await _widen(desk, turn, action, columns)


async def _widen(desk: Desk, turn: Turn, action: Action, columns: Mapping[str, object]) -> None:
    staffing = await staffing_of(desk, turn, action)
    plan = await plan_for(turn, action)
    decided = climb(
        action.rung,
        staffing,
        desk.times,
        Severity(action.severity),
        circle_wait_s=plan.circle_wait_s,
        asked_again=action.asked_again,
    )
    for passed in decided.skipped:
        note = {"why": passed.why.value}
        await actions.write(
            turn.tx, turn.guard, action.id, "skipped", turn.now, rung=passed.rung.word, note=note
        )
    if isinstance(decided, Widen):
        await look_again(turn, action, decided.wait, rung=int(decided.rung), **columns)
        await _ask(desk, turn, action, decided)
    else:
        await _ask_again(desk, turn, action, decided, columns)


async def look_again(turn: Turn, action: Action, wait: timedelta, **columns: object) -> None:
    """Set the next look, in the row and as a due time."""
    at = turn.now + wait
    await actions.change(turn.tx, turn.guard, action, None, next_at=at, **columns)
    await turn.record(DueAt(DUE, action.id, at))


async def rest(turn: Turn, action: Action, fields: dict[str, str] | None = None, **columns: object) -> None:
    """Nothing more to look for: the ladder stops here. What is over is forgotten a day later."""
    await actions.change(turn.tx, turn.guard, action, fields, next_at=None, **columns)
    await turn.record(NoLongerDue(DUE, action.id))
    if columns.get("closed_at") is not None:
        await turn.record(DueAt(FORGET, action.id, turn.now + FORGET_AFTER))


async def fresh(turn: Turn, action: Action) -> Action:
    """The row as it is now."""
    found = await actions.get(turn.tx, turn.guard, action.id)
    return found if found is not None else action


async def _ask(desk: Desk, turn: Turn, action: Action, decided: Widen) -> None:
    rung = decided.rung
    note = {"count": str(len(decided.who))}
    await actions.write(turn.tx, turn.guard, action.id, "told", turn.now, rung=rung.word, note=note)
    if rung is Rung.NETWORKS:
        for network in decided.who:
            await _ask_network(turn, action, network)
        names = tuple([await people.network_name(turn.tx, network) for network in decided.who])
        await news(turn, action, wording.asked_now(rung, len(decided.who), names))
        return
    word = DUTY if action.member is None and rung is Rung.CIRCLE else rung.word
    await tell_members(turn, action, decided.who, word, decided.skipped)
    await news(turn, action, wording.asked_now(rung, len(decided.who)))


async def _ask_network(turn: Turn, action: Action, network: str) -> None:
    ref = turn.ids()
    await asked.ask(turn.tx, action.id, network, ref, turn.now)
    await post_alarm(turn, action, network, ref)


async def _ask_late(desk: Desk, turn: Turn, action: Action) -> None:
    """A network whose hours have come since, or that is linked again, is asked now."""
    known = {one.network for one in await asked.asked_of(turn.tx, action.id)}
    late = [one for one in (await staffing_of(desk, turn, action)).networks if one not in known]
    for network in late:
        await _ask_network(turn, action, network)
    if late:
        names = tuple([await people.network_name(turn.tx, network) for network in late])
        await news(turn, action, wording.asked_now(Rung.NETWORKS, len(late), names))


async def _ask_again(
    desk: Desk, turn: Turn, action: Action, decided: AskAgain, columns: Mapping[str, object]
) -> None:
    columns = {**columns, "asked_again": action.asked_again + 1, "rung": int(Rung.NETWORKS)}
    await look_again(turn, action, decided.wait, **columns)
    await _ask_late(desk, turn, action)
    await actions.write(turn.tx, turn.guard, action.id, "asked again", turn.now)
    told = await actions.told_of(turn.tx, action.id)
    known = {one.member for one in told}
    newcomers = tuple(one for one in await on_call(turn) if one not in known and one != action.member)
    await actions.tell(turn.tx, action.id, newcomers, Rung.COORDINATORS.word, turn.now)
    silent = [one for one in told if one.answer is None] or told
    texts = {one.member: wording.again(await text_for(turn, action, one.rung)) for one in silent}
    first = await text_for(turn, action, Rung.COORDINATORS.word)
    await wake_all(turn, action, texts | dict.fromkeys(newcomers, first))
    if not told and not newcomers and not await asked.asked_of(turn.tx, action.id):
        await news(turn, action, wording.nobody_to_ask())

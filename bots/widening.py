"""Carrying an alarm up its ladder: each look writes, in one transaction, who is asked and the next look.

A look that comes twice, early or late does no harm: it acts on what the row says and on the time it is given.
"""

from __future__ import annotations

from datetime import timedelta

from bots import following, wording
from bots.core.alarms import Alarm, Severity, Step, step
from bots.core.ladder import AskAgain, Rung, Skipped, Staffing, Widen, climb
from bots.desk import Desk
from bots.saying import quiet_alarm, wake
from bots.store import actions, asked, circles, duty, people
from bots.store.actions import Action
from directory.core.effects import DueAt, NoLongerDue, Post, Stream
from directory.core.text import Text
from directory.core.viewer import Role
from directory.turn import Turn

DUE = "alarm"
KIND_OF_HELP = "alarm"
DUTY = "duty"
"""The first rung for somebody of a linked network: those who are awake for it."""


async def on_due(desk: Desk, turn: Turn, action_id: str) -> None:
    """Look at an alarm whose time has come."""
    action = await actions.get(turn.tx, turn.guard, action_id)
    if action is None or action.next_at is None:
        return
    if turn.now < action.next_at:
        await turn.record(DueAt(DUE, action.id, action.next_at))
        return
    if action.state == Alarm.RAISED:
        await start(desk, turn, action)
    elif action.state == Alarm.RUNNING:
        await widen(desk, turn, action)
    elif action.state == Alarm.TAKEN:
        await following.look(turn, action, DUE, await on_call(turn))


async def start(desk: Desk, turn: Turn, action: Action) -> None:
    """The time to stop it unheard is over."""
    state = step(Alarm(action.state), Step.WINDOW_OVER)
    await actions.change(turn.tx, turn.guard, action, state=state)
    await widen(desk, turn, await fresh(turn, action))


async def widen(desk: Desk, turn: Turn, action: Action) -> None:
    """Ask the next rung that has somebody, or everyone again."""
    staffing = await staffing_of(turn, action)
    plan = await _plan(turn, action)
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
        await look_again(turn, action, decided.wait, rung=int(decided.rung))
        await _ask(desk, turn, action, decided)
    else:
        await _ask_again(turn, action, decided)


async def look_again(turn: Turn, action: Action, wait: timedelta, **columns: object) -> None:
    """Set the next look, in the row and as a due time."""
    at = turn.now + wait
    await actions.change(turn.tx, turn.guard, action, None, next_at=at, **columns)
    await turn.record(DueAt(DUE, action.id, at))


async def rest(turn: Turn, action: Action, fields: dict[str, str] | None = None, **columns: object) -> None:
    """Nothing more to look for: the ladder stops here."""
    await actions.change(turn.tx, turn.guard, action, fields, next_at=None, **columns)
    await turn.record(NoLongerDue(DUE, action.id))


async def fresh(turn: Turn, action: Action) -> Action:
    """The row as it is now."""
    found = await actions.get(turn.tx, turn.guard, action.id)
    return found if found is not None else action


async def staffing_of(turn: Turn, action: Action) -> Staffing:
    """Who could be asked on each rung now; never the person the alarm is about."""
    if action.member is None:
        return await _staffing_for_others(turn, action)
    circle = [one.member for one in await circles.circle_of(turn.tx, action.member) if one.state == "yes"]
    plan = await circles.plan_of(turn.tx, turn.guard, action.member)
    linked = {one.id for one in await people.linked(turn.tx) if one.state == "active"}
    return Staffing(
        circle=tuple(circle),
        coordinators=tuple(one for one in await on_call(turn) if one != action.member),
        networks=tuple(one for one in plan.networks if one in linked),
        networks_named=len(plan.networks),
    )


async def first_rung(turn: Turn, action: Action) -> tuple[Rung, int] | None:
    """Which rung would be asked first now, and how many are on it; None when there is nobody at all."""
    staffing = await staffing_of(turn, action)
    return next(((rung, len(staffing.on(rung))) for rung in Rung if staffing.on(rung)), None)


async def on_call(turn: Turn) -> tuple[str, ...]:
    """Every coordinator and whoever is on duty; administrators where there is neither."""
    coordinators = await people.holders(turn.tx, Role.COORDINATOR)
    awake = tuple(one.member for one in await duty.running(turn.tx, turn.now))
    found = tuple(dict.fromkeys((*awake, *coordinators)))
    return found or await people.holders(turn.tx, Role.ADMINISTRATOR)


async def text_for(turn: Turn, action: Action, rung: str, skipped: tuple[Skipped, ...] = ()) -> Text:
    """What somebody on this rung reads."""
    if action.member is None:
        return wording.for_responders(action, await people.network_name(turn.tx, action.network))
    if rung == Rung.CIRCLE.word:
        return wording.for_circle(action)
    told = await actions.told_of(turn.tx, action.id)
    circle = sum(1 for one in told if one.rung == Rung.CIRCLE.word)
    return wording.for_coordinators(action, circle, skipped)


async def tell_members(
    turn: Turn, action: Action, members: tuple[str, ...], rung: str, skipped: tuple[Skipped, ...] = ()
) -> None:
    """Wake these members with the alarm and remember that a 1 of theirs means it."""
    text = await text_for(turn, action, rung, skipped)
    await actions.tell(turn.tx, action.id, members, rung, turn.now)
    for member in sorted(
        members
    ):  # always in the same order: two alarms at once must not wait for each other
        await wake(turn, member, text, "alarm", action=action.id)


async def _ask(desk: Desk, turn: Turn, action: Action, decided: Widen) -> None:
    rung = decided.rung
    note = {"count": str(len(decided.who))}
    await actions.write(turn.tx, turn.guard, action.id, "told", turn.now, rung=rung.word, note=note)
    if rung is Rung.NETWORKS:
        for network in decided.who:
            await _ask_network(turn, action, network)
        names = tuple([await people.network_name(turn.tx, network) for network in decided.who])
        await _news(turn, action, wording.asked_now(rung, len(decided.who), names))
        return
    word = DUTY if action.member is None and rung is Rung.CIRCLE else rung.word
    await tell_members(turn, action, decided.who, word, decided.skipped)
    await _news(turn, action, wording.asked_now(rung, len(decided.who)))


async def _ask_network(turn: Turn, action: Action, network: str) -> None:
    ref = turn.ids()
    await asked.ask(turn.tx, action.id, network, ref, turn.now)
    await post_alarm(turn, action, network, ref)


async def post_alarm(turn: Turn, action: Action, network: str, ref: str, *, over: bool = False) -> None:
    """Kind of help, country, language: no word of who it is until somebody there has it.

    A second envelope with the same `ref` means: asked again, whoever had it must answer anew. `over`: nobody
    is needed any more.
    """
    body = {
        "id": ref,
        "kind_of_help": KIND_OF_HELP,
        "country": action.fields.get("country", ""),
        "language": action.fields.get("language", "en"),
        "severity": "low" if action.severity == Severity.MEDIUM else "high",
        "raised_at": round(action.raised_at.timestamp() * 1000),
        "state": "over" if over else "open",
    }
    await turn.record(Post(network, Stream.URGENT, "alarm", body))


async def _ask_again(turn: Turn, action: Action, decided: AskAgain) -> None:
    await look_again(turn, action, decided.wait, asked_again=action.asked_again + 1, rung=int(Rung.NETWORKS))
    await actions.write(turn.tx, turn.guard, action.id, "asked again", turn.now)
    told = await actions.told_of(turn.tx, action.id)
    known = {one.member for one in told}
    newcomers = tuple(one for one in await on_call(turn) if one not in known and one != action.member)
    await tell_members(turn, action, newcomers, Rung.COORDINATORS.word)
    silent = [one for one in told if one.answer is None]
    for one in sorted(silent or told, key=lambda one: one.member):
        text = await text_for(turn, action, one.rung)
        await wake(turn, one.member, wording.again(text), "alarm", action=action.id)
    if not told and not newcomers and not await asked.asked_of(turn.tx, action.id):
        await _news(turn, action, wording.nobody_to_ask())


async def _news(turn: Turn, action: Action, text: Text) -> None:
    if action.member is not None:
        await quiet_alarm(turn, action.member, text)


async def _plan(turn: Turn, action: Action) -> circles.PlanRow:
    if action.member is None:
        return circles.PlanRow()
    return await circles.plan_of(turn.tx, turn.guard, action.member)


async def _staffing_for_others(turn: Turn, action: Action) -> Staffing:
    """For somebody of a linked network: those on duty, their language before others; then all on call."""
    awake = await duty.running(turn.tx, turn.now)
    language = action.fields.get("language", "")
    fluent = tuple(one.member for one in awake if language in one.languages)
    first = fluent or tuple(one.member for one in awake)
    return Staffing(circle=tuple(dict.fromkeys(first)), coordinators=await on_call(turn))

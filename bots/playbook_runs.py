"""Running a playbook for somebody: opening it, taking steps by name, handing them over, doing them, clocks.

All of it lies under the Watch ring: the clocks of a sealed hub run. Nothing here is told to the person it is
for, whose device may be in other hands.
"""

from __future__ import annotations

import msgspec

from bots import recipes
from bots.alarms.staffing import on_call
from bots.around import circle_of
from bots.core.playbooks import Playbook, Step, StepPart, distinct, is_due, next_clock
from bots.playbook_views import Known, known, may_settle
from bots.saying import lines, wake
from bots.store import actions, circles, people, playbook_steps
from bots.store.playbook_steps import CLOSED, KIND, RUNNING, Report
from directory import audit, members
from directory.core.effects import DueAt, NoLongerDue
from directory.core.handles import handle_key
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.turn import Turn

DUE = "playbook"
LONGEST = 1000


async def open_for(turn: Turn, playbook: str, handle: str) -> str:
    """Open a playbook for a member; the id of the run, the one that runs already included. Needs the word.

    For coordinators. Raises NotYours, NeedsWord, BadAnswer for a playbook we do not have.
    """
    row = await rows.with_handle(turn.tx, handle_key(handle.strip().lstrip("@")))
    me = turn.viewer.member
    if not may("act:open-playbook", turn.viewer) or row is None or row.id == me or me is None:
        raise NotYours
    if row.kind != "person" or row.state not in ("active", "frozen"):
        raise NotYours
    book = recipes.known().get(playbook)
    if book is None:
        raise BadAnswer(say("There are no such steps here."), field="playbook")
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    running = await actions.newest_of(turn.tx, turn.guard, row.id, frozenset({RUNNING}), KIND)
    if running is not None and running.fields.get("playbook") == playbook:
        return running.id
    return await _begin(turn, book, playbook, row.id, row.name)


async def _begin(turn: Turn, book: Playbook, playbook: str, member: str, name: str) -> str:
    action, at = turn.ids(), next_clock(book, turn.now, turn.now)
    said = await _beforehand(turn, book, member, name)
    fields = {"playbook": playbook, "handle": name, "consents": msgspec.json.encode(said).decode()}
    await actions.add(
        turn.tx,
        turn.guard,
        action,
        fields,
        kind=KIND,
        member=member,
        network=turn.home,
        state=RUNNING,
        severity="high",
        raised_at=turn.now,
        next_at=at,
    )
    await playbook_steps.begin(turn.tx, action, [one.key for one in book.steps])
    await _write(turn, action, "opened")
    await turn.record(DueAt(DUE, action, at))
    text = lines(say(book.title), say("It has begun for {name}. Write: steps {name}", name=name))
    for one in await _around(turn, member):
        await wake(turn, one, text)
    await _ask_proxy(turn, member, name, said)
    await audit.note(turn, "playbook-opened", member, after=playbook)
    return action


async def take(turn: Turn, run: str, key: str) -> None:
    """ "I do this": by name, for all to see. Raises NotYours, BadAnswer when somebody has it."""
    found, part = await _step(turn, run, key)
    row, me = found.steps[key], _member(turn)
    if not found.may_take(part):
        raise NotYours
    if row.holder == me:
        return
    if row.state != Step.OPEN:
        raise BadAnswer(say("Somebody has this step already."), field="step")
    await playbook_steps.change(turn.tx, run, key, state=Step.TAKEN, holder=me, taken_at=turn.now)
    await _write(turn, run, "taken", part.title)


async def hand(turn: Turn, run: str, key: str, handle: str) -> None:
    """Hand a step to somebody of those around, who is woken. For whoever has it, and for coordinators.

    Raises NotYours, BadAnswer for somebody who is not around, or a step that is done.
    """
    found, part = await _step(turn, run, key)
    row = found.steps[key]
    if row.holder != _member(turn) and "coordinators" not in found.kinds:
        raise NotYours
    other = await members.find_handle(turn, handle.strip().lstrip("@"))
    if other is None or other not in await _around(turn, str(found.action.member), but_me=False):
        raise BadAnswer(say("They are not among those who help here."), field="handle")
    if row.state == Step.DONE:
        raise BadAnswer(say("This step is done."), field="step")
    await playbook_steps.change(turn.tx, run, key, state=Step.TAKEN, holder=other, taken_at=turn.now)
    await _write(turn, run, "handed", part.title)
    name = found.action.fields.get("handle", "")
    if other != turn.viewer.member:
        mine = say("A step is yours now: {title} ({name})", title=say(part.title), name=name)
        await wake(turn, other, lines(mine, say(part.text), say("Write: steps {name}", name=name)))


async def report(turn: Turn, run: str, key: str, text: str, *, done: bool) -> int:
    """Note something about a step, or that it is done; how many sources are still missing, 0 when none is.

    Whoever may take it takes it by doing it. Raises NotYours, BadAnswer for words that are missing, a step
    whose turn it is not, or one that is done.
    """
    found, part = await _step(turn, run, key)
    row, me = found.steps[key], _member(turn)
    if row.holder != me and not found.may_take(part):
        raise NotYours
    text = " ".join(text.split())[:LONGEST]
    if not text and (part.sources > 1 or not done):
        raise BadAnswer(say("Please write what you found out, and from whom."), field="note")
    if row.state == Step.DONE:
        raise BadAnswer(say("This step is done."), field="step")
    _in_turn(found, part, done)
    reports = row.reports
    if text:
        reports = (*reports, Report(await members.handle_of(turn.tx, me), text, turn.now.isoformat(), done))
        await playbook_steps.report(turn.tx, turn.guard, run, key, reports)
    missing = part.sources - distinct(one.text for one in reports if one.source) if part.sources > 1 else 0
    finished = done and missing <= 0
    state = Step.DONE if finished else Step.TAKEN
    ended = turn.now if finished else None
    await playbook_steps.change(turn.tx, run, key, state=state, holder=row.holder or me, done_at=ended)
    await _write(turn, run, "done" if finished else "reported", part.title)
    return max(missing, 0) if done else 0


async def settle(turn: Turn, run: str, consent: str, option: str) -> None:
    """What the person wishes, said by whom they named, and nobody else. Raises NotYours, BadAnswer."""
    found = await known(turn, run, lock=True)
    wanted = next((one for one in found.book.consents if one.key == consent), None)
    if wanted is None or found.action.state != RUNNING or not await may_settle(turn, found):
        raise NotYours
    if option not in wanted.options:
        raise BadAnswer(say("Please choose one of these."), field="option")
    by = await members.handle_of(turn.tx, _member(turn))
    said = {**found.said, consent: [option, by]}
    fields = {"consents": msgspec.json.encode(said).decode()}
    await actions.change(turn.tx, turn.guard, found.action, fields)
    await _write(turn, run, "settled", wanted.title)


async def close(turn: Turn, run: str) -> None:
    """Nothing is left to do. For coordinators, with the word. Raises NotYours, NeedsWord."""
    found = await known(turn, run, lock=True)
    if not turn.viewer.may_act_as(Role.COORDINATOR) or found.action.state != RUNNING:
        raise NotYours
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    await actions.change(
        turn.tx, turn.guard, found.action, None, state=CLOSED, closed_at=turn.now, next_at=None
    )
    await turn.record(NoLongerDue(DUE, run))
    await _write(turn, run, "closed")


async def on_due(turn: Turn, run: str) -> None:
    """A clock: whoever has a step that is due is reminded; of those nobody took, everybody who could."""
    action = await actions.get(turn.tx, turn.guard, run)
    book = recipes.known().get(action.fields.get("playbook", "")) if action is not None else None
    if action is None or book is None or action.state != RUNNING or action.next_at is None:
        return
    if turn.now >= action.next_at:
        await _remind(turn, Known(action, book, await _rows(turn, run), frozenset({"coordinators"})))
        at = next_clock(book, action.raised_at, turn.now)
        await actions.change(turn.tx, turn.guard, action, None, next_at=at)
        await turn.record(DueAt(DUE, run, at))
    else:
        await turn.record(DueAt(DUE, run, action.next_at))


async def _remind(turn: Turn, run: Known) -> None:
    action = run.action
    late = [
        x for x in run.parts if is_due(x, action.raised_at, turn.now) and run.steps[x.key].state != "done"
    ]
    for one, titles in sorted((await _whom(turn, run, late)).items()):
        name = action.fields.get("handle", "")
        due = say("For {name} it is time:", name=name)
        await wake(turn, one, lines(due, *titles, say("Write: steps {name}", name=name)))
    if late:
        await actions.write(turn.tx, turn.guard, action.id, "clock", turn.now)


async def _whom(turn: Turn, run: Known, late: list[StepPart]) -> dict[str, list[Text]]:
    """Who is reminded of which steps; coordinators hear of all of them."""
    member = str(run.action.member)
    keepers = [one for one in await on_call(turn) if one != member]
    circle = await circle_of(turn, member)
    found: dict[str, list[Text]] = {}
    for part in late:
        holder, who = run.steps[part.key].holder, run.book.role(part.role).who
        free = () if holder else (circle if who != "coordinators" else ())
        for one in dict.fromkeys((*keepers, *((holder,) if holder else ()), *free)):
            found.setdefault(one, []).append(say(part.title))
    return found


async def _ask_proxy(turn: Turn, member: str, name: str, said: dict[str, list[str]]) -> None:
    plan = await circles.plan_of(turn.tx, turn.guard, member)
    proxy = plan.fields.get("proxy")
    if proxy and "publicity" not in said:
        text = say("{name} chose you to say whether it may be made public.", name=name)
        await wake(
            turn, proxy, lines(text, say("Write: wish {name} quiet, or: wish {name} public", name=name))
        )


async def _beforehand(turn: Turn, book: Playbook, member: str, name: str) -> dict[str, list[str]]:
    """What the person said themselves, before anything happened."""
    wish = (await circles.plan_of(turn.tx, turn.guard, member)).fields.get("wish", "")
    return {one.key: [wish, name] for one in book.consents if wish in one.options}


async def _step(turn: Turn, run: str, key: str) -> tuple[Known, StepPart]:
    found = await known(turn, run, lock=True)
    part = found.book.step(key)
    if part is None or found.action.state != RUNNING:
        raise NotYours
    return found, part


def _in_turn(found: Known, part: StepPart, done: bool) -> None:
    """Against the person's wish nothing is done; and some steps come after others."""
    if part not in found.parts:
        raise BadAnswer(say("The person did not say yes to this. Their wish counts."), field="step")
    missing = [one for one in part.after if found.steps[one].state != Step.DONE]
    if done and missing:
        title = next(one.title for one in found.book.steps if one.key == missing[0])
        raise BadAnswer(say("First this has to be done: {title}", title=say(title)), field="step")


async def _around(turn: Turn, member: str, *, but_me: bool = True) -> tuple[str, ...]:
    """Those who help: on call, and the circle; never the person."""
    found = dict.fromkeys((*await on_call(turn), *await circle_of(turn, member)))
    return tuple(one for one in sorted(found) if one != member and not (but_me and one == turn.viewer.member))


async def _rows(turn: Turn, run: str) -> dict[str, playbook_steps.StepRow]:
    return await playbook_steps.of_action(turn.tx, turn.guard, run)


async def _write(turn: Turn, run: str, what: str, title: str = "") -> None:
    person = await people.person(turn.tx, turn.viewer.member or "")
    said = {"who": person.handle if person is not None else "", "what": title}
    await actions.write(turn.tx, turn.guard, run, what, turn.now, note=said)


def _member(turn: Turn) -> str:
    if turn.viewer.member is None:
        raise NotYours
    return turn.viewer.member

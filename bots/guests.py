"""Alarms of linked networks at ours: who is woken, and what comes after somebody here has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bots import neighbours, wording
from bots.alarms.showing import FORGOTTEN
from bots.alarms.telling import tell_members
from bots.core.alarms import Alarm, Severity, Step, may, step
from bots.desk import Desk
from bots.saying import lines, quiet_alarm, wake
from bots.store import actions, asked, people
from bots.store.actions import Action
from bots.widening import DUTY, fresh, look_again, rest, widen
from directory.core.text import Text
from directory.turn import Turn

Body = Mapping[str, object]


async def receive_alarm(desk: Desk, turn: Turn, network: str, body: Body) -> None:
    """Somebody of a linked network needs help: tell those on duty, else everyone on call.

    The same id again means that they ask again, whoever had it here; `state` "over" that nobody is needed.
    """
    known = await actions.of_network(turn.tx, turn.guard, network, str(body["id"]))
    if body.get("state") == "over":
        if known is not None:
            await _over(turn, known, "safe", wording.over_there(await _name(turn, network)))
    elif known is not None:
        await _asked_again(desk, turn, known, silent=body.get("silent") is True)
    else:
        await _begin(desk, turn, network, body)


async def receive_acknowledge(desk: Desk, turn: Turn, network: str, body: Body) -> None:
    """From a network we asked: somebody there has it, or passes it on. From one that asked us: somebody
    elsewhere has it, so nobody here is needed."""
    ref, by, has_it = str(body["alarm"]), str(body.get("by", "")), body.get("has_it") is not False
    request = await asked.by_ref(turn.tx, network, ref)
    if request is not None:
        await neighbours.answered(desk, turn, request, by, has_it)
        return
    theirs = await actions.of_network(turn.tx, turn.guard, network, ref)
    if theirs is not None and has_it:
        await _over(turn, theirs, "closed", wording.needed_no_more(await _name(turn, network), by))


async def receive_detail(turn: Turn, network: str, body: Body) -> None:
    """What the home network tells once somebody here has it, for that one person; or, from a network that
    has one of ours, that it is done there."""
    request = await asked.by_ref(turn.tx, network, str(body["about"]))
    if request is not None:
        if body.get("step") == "closed":
            await neighbours.finished(turn, request, str(body.get("handle", "")))
        return
    action = await actions.of_network(turn.tx, turn.guard, network, str(body["about"]))
    if action is None or action.state != Alarm.TAKEN:
        return
    handle = str(body.get("handle") or action.fields.get("handle", ""))
    text = str(body.get("text") or "")
    await actions.change(turn.tx, turn.guard, action, {"handle": handle, "text": text})
    if taker := action.fields.get("taken_by_member"):
        told = wording.details(handle, text, await _name(turn, network))
        await wake(turn, taker, lines(wording.DO_NOT_WRITE, told) if action.silent else told)


async def _begin(desk: Desk, turn: Turn, network: str, body: Body) -> None:
    fields = {name: str(body.get(name) or "") for name in ("kind_of_help", "country", "language")}
    fields["silent"] = "yes" if body.get("silent") is True else ""
    action = turn.ids()
    await actions.add(
        turn.tx,
        turn.guard,
        action,
        fields,
        kind="alarm",
        member=None,
        network=network,
        peer_ref=str(body["id"]),
        state=Alarm.RUNNING,
        severity=Severity.MEDIUM if body.get("severity") == "low" else Severity.HIGH,
        raised_at=datetime.fromtimestamp(int(str(body["raised_at"])) / 1000, tz=UTC),
        next_at=turn.now,
    )
    await actions.write(turn.tx, turn.guard, action, "raised", turn.now, rung="networks")
    found = await actions.get(turn.tx, turn.guard, action)
    if found is not None:
        await widen(desk, turn, found)


async def _over(turn: Turn, action: Action, what: str, text: Text) -> None:
    if action.state not in (Alarm.RUNNING, Alarm.TAKEN):
        return
    state = Alarm.SAFE if what == "safe" else Alarm.CLOSED
    await rest(turn, action, FORGOTTEN, state=state, closed_at=turn.now)
    await actions.write(turn.tx, turn.guard, action.id, what, turn.now, rung="networks")
    for one in await actions.told_of(turn.tx, action.id):
        await quiet_alarm(turn, one.member, text)


async def _asked_again(desk: Desk, turn: Turn, action: Action, *, silent: bool) -> None:
    """Also when it had ended here: over there somebody still needs help. Once silent, it stays so."""
    again = may(Alarm(action.state), Step.AGAIN)
    state = step(Alarm(action.state), Step.AGAIN) if again else Alarm.RUNNING
    silence = {"silent": "yes" if silent or action.silent else ""}
    nobody = {"taken_by": "", "taken_by_member": "", **FORGOTTEN, **silence}
    await actions.change(turn.tx, turn.guard, action, nobody, state=state, closed_at=None)
    await actions.write(turn.tx, turn.guard, action.id, "again", turn.now, rung="networks")
    now = await fresh(turn, action)
    told = await actions.told_of(turn.tx, action.id)
    await tell_members(turn, now, tuple(one.member for one in told), DUTY)
    await look_again(turn, now, desk.times.wait_again(Severity(action.severity)))


async def _name(turn: Turn, network: str) -> str:
    return await people.network_name(turn.tx, network)

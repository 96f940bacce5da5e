"""Alarms across a link: what our linked networks hear of ours, and what we do with theirs.

A linked network knows an alarm only by the id made for it, and reads handle and words only after somebody
there has it. Bodies arrive verified and strictly parsed (hub/federation); that the sender was asked at all is
checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bots import wording
from bots.core.alarms import Alarm, Severity, Step, may, step
from bots.desk import Desk
from bots.saying import note, quiet_alarm, wake
from bots.store import actions, asked, people
from bots.store.actions import Action
from bots.store.asked import Asked
from bots.widening import fresh, look_again, post_alarm, rest, tell_members, widen
from directory.core.effects import Post, Stream
from directory.core.text import Text
from directory.turn import Turn

HAS_IT = "taken"
GIVEN_BACK = "given back"


async def receive_alarm(desk: Desk, turn: Turn, network: str, body: Mapping[str, object]) -> None:
    """Somebody of a linked network needs help: tell those on duty, else everyone on call. The same id again
    means that they ask again, whoever had it here."""
    ref = str(body["id"])
    known = await actions.of_network(turn.tx, turn.guard, network, ref)
    if known is not None:
        await _asked_again(desk, turn, known)
        return
    fields = {name: str(body.get(name) or "") for name in ("kind_of_help", "country", "language")}
    action = turn.ids()
    raised_at = datetime.fromtimestamp(int(str(body["raised_at"])), tz=UTC)
    await actions.add(
        turn.tx,
        turn.guard,
        action,
        fields,
        kind="alarm",
        member=None,
        network=network,
        peer_ref=ref,
        state=Alarm.RUNNING,
        severity=_severity(body.get("severity")),
        raised_at=raised_at,
        next_at=turn.now,
    )
    await actions.write(turn.tx, turn.guard, action, "raised", turn.now, rung="network")
    found = await actions.get(turn.tx, turn.guard, action)
    if found is not None:
        await widen(desk, turn, found)


async def receive_acknowledge(desk: Desk, turn: Turn, network: str, body: Mapping[str, object]) -> None:
    """From a network we asked: somebody there has it, or passes it on. From one that asked us: it is over."""
    ref, by, what = str(body["id"]), str(body.get("by") or ""), str(body.get("state") or HAS_IT)
    request = await asked.by_ref(turn.tx, network, ref)
    if request is not None:
        await _answer_from(desk, turn, request, by, what)
        return
    ours = await actions.of_network(turn.tx, turn.guard, network, ref)
    if ours is not None:
        await _over_there(turn, ours, by, what)


async def receive_detail(turn: Turn, network: str, body: Mapping[str, object]) -> None:
    """What the home network tells once somebody here has it: handle and words, for that one person."""
    action = await actions.of_network(turn.tx, turn.guard, network, str(body["id"]))
    if action is None or action.state != Alarm.TAKEN:
        return
    fields = {name: str(body.get(name) or "") for name in ("handle", "text")}
    await actions.change(turn.tx, turn.guard, action, fields)
    taker = action.fields.get("taken_by_member")
    if taker:
        name = await people.network_name(turn.tx, network)
        await wake(turn, taker, wording.details(fields["handle"], fields["text"], name))


async def post_taken(turn: Turn, action: Action, handle: str) -> None:
    """One of ours has it: the home network hears who, or other networks that nobody is needed any more."""
    if action.member is None:
        await _acknowledge(turn, action.network, str(action.peer_ref), handle, HAS_IT)
        return
    for one in await asked.asked_of(turn.tx, action.id):
        await _acknowledge(turn, one.network, one.ref, handle, HAS_IT)


async def post_given_back(turn: Turn, action: Action) -> None:
    """Whoever had it here cannot any more: the home network's ladder must go on."""
    if action.member is None:
        await _acknowledge(turn, action.network, str(action.peer_ref), "", GIVEN_BACK)
        return
    for one in await asked.asked_of(turn.tx, action.id):
        await post_alarm(turn, action, one.network, one.ref)


async def post_again(turn: Turn, action: Action, one: Asked) -> None:
    """The person called again: that network hears it again too."""
    await post_alarm(turn, action, one.network, one.ref)


async def post_end(turn: Turn, action: Action, what: str) -> None:
    """It is over: every network that was asked hears it."""
    for one in await asked.asked_of(turn.tx, action.id):
        await _acknowledge(turn, one.network, one.ref, "", what)


async def _acknowledge(turn: Turn, network: str, ref: str, by: str, what: str) -> None:
    body = {"id": ref, "by": by, "state": what}
    await turn.record(Post(network, Stream.URGENT, "acknowledge", body))


async def _answer_from(desk: Desk, turn: Turn, request: Asked, by: str, what: str) -> None:
    action = await actions.get(turn.tx, turn.guard, request.action)
    if action is None:
        return
    if what == GIVEN_BACK:
        await _passed_on_there(desk, turn, action, request)
    elif may(Alarm(action.state), Step.TAKE):
        await _taken_there(turn, action, request, by)
    else:  # somebody was faster, or it is over: they hear which
        ended = HAS_IT if action.state == Alarm.TAKEN else action.state
        await _acknowledge(turn, request.network, request.ref, action.fields.get("taken_by", ""), ended)


async def _taken_there(turn: Turn, action: Action, request: Asked, by: str) -> None:
    network = await people.network_name(turn.tx, request.network)
    await asked.answered(turn.tx, request, turn.now)
    await rest(
        turn,
        action,
        {"taken_by": f"{by} ({network})", "taken_by_network": request.network},
        state=step(Alarm(action.state), Step.TAKE),
        taken_at=turn.now,
    )
    await actions.write(
        turn.tx,
        turn.guard,
        action.id,
        "taken",
        turn.now,
        rung="network",
        note={"who": by, "network": network},
    )
    text = wording.somebody_has_it(by, network)
    if action.member is not None:
        await quiet_alarm(turn, action.member, text)
    for one in await actions.told_of(turn.tx, action.id):
        await note(turn, one.member, wording.about(action, text))
    detail = {"id": request.ref, "handle": action.fields["handle"], "text": action.fields.get("text", "")}
    await turn.record(Post(request.network, Stream.WORK, "action", detail))
    for other in await asked.asked_of(turn.tx, action.id):
        if other.network != request.network:
            await _acknowledge(turn, other.network, other.ref, by, HAS_IT)


async def _passed_on_there(desk: Desk, turn: Turn, action: Action, request: Asked) -> None:
    if action.fields.get("taken_by_network") != request.network or not may(
        Alarm(action.state), Step.GIVE_BACK
    ):
        return
    await actions.change(
        turn.tx,
        turn.guard,
        action,
        {"taken_by": "", "taken_by_network": ""},
        state=step(Alarm(action.state), Step.GIVE_BACK),
    )
    await actions.write(turn.tx, turn.guard, action.id, "given back", turn.now, rung="network")
    await widen(desk, turn, await fresh(turn, action))


async def _over_there(turn: Turn, action: Action, by: str, what: str) -> None:
    """The home network says that it is over, or that somebody else has it: nobody is needed here."""
    if action.state not in (Alarm.RUNNING, Alarm.TAKEN):
        return
    if what == HAS_IT and action.state == Alarm.TAKEN and action.fields.get("taken_by") == by:
        return
    state = Alarm.SAFE if what == Step.SAFE else Alarm.CANCELLED if what == Step.CANCEL else Alarm.CLOSED
    await rest(turn, action, {"taken_by": by}, state=state, closed_at=turn.now)
    await actions.write(turn.tx, turn.guard, action.id, what, turn.now, rung="network")
    network = await people.network_name(turn.tx, action.network)
    for one in await actions.told_of(turn.tx, action.id):
        await quiet_alarm(turn, one.member, _ended(network, by, what))


async def _asked_again(desk: Desk, turn: Turn, action: Action) -> None:
    if not may(Alarm(action.state), Step.AGAIN):
        state = Alarm.RUNNING  # it had ended here, and over there somebody still needs help
    else:
        state = step(Alarm(action.state), Step.AGAIN)
    await actions.change(
        turn.tx, turn.guard, action, {"taken_by": "", "taken_by_member": ""}, state=state, closed_at=None
    )
    await actions.write(turn.tx, turn.guard, action.id, "again", turn.now, rung="network")
    now = await fresh(turn, action)
    told = await actions.told_of(turn.tx, action.id)
    await tell_members(turn, now, tuple(one.member for one in told), "duty")
    await look_again(turn, now, desk.times.wait_again(Severity(action.severity)))


def _ended(network: str, by: str, what: str) -> Text:
    if what == HAS_IT:
        return wording.needed_no_more(network, by)
    return wording.over_there(network)


def _severity(value: object) -> Severity:
    return Severity.MEDIUM if value == Severity.MEDIUM else Severity.HIGH

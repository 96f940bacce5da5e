"""Alarms of ours at linked networks: what they are told, and what they answer.

A linked network knows an alarm only by the id made for it, and reads handle and words only after somebody
there has it. Bodies arrive verified and strictly parsed (hub/federation/core/bodies.py); that the sender was
asked at all is checked here. Their alarms at ours are in bots/guests.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from bots import wording
from bots.alarms.telling import post_alarm
from bots.core.alarms import Alarm, Step, may, step
from bots.desk import Desk
from bots.saying import note, quiet_alarm
from bots.store import actions, asked, people
from bots.store.actions import Action
from bots.store.asked import Asked
from bots.widening import fresh, rest, widen
from directory.core.effects import Post, Stream
from directory.turn import Turn


async def answered(desk: Desk, turn: Turn, request: Asked, by: str, has_it: bool) -> None:
    """Somebody of a network we asked has it, or passes it on."""
    action = await actions.get(turn.tx, turn.guard, request.action)
    if action is None:
        return
    if not has_it:
        await _passed_on(desk, turn, action, request)
    elif may(Alarm(action.state), Step.TAKE):
        await _taken(turn, action, request, by)
    elif action.state == Alarm.TAKEN:
        if action.fields.get("taken_by_network") != request.network:
            await acknowledge(turn, request.network, request.ref, action.fields.get("taken_by", ""))
    else:
        await post_alarm(turn, action, request.network, request.ref, over=True)


async def finished(turn: Turn, request: Asked, by: str) -> None:
    """Whoever had it there says that nothing is left to do."""
    action = await actions.get(turn.tx, turn.guard, request.action)
    if action is None or action.fields.get("taken_by_network") != request.network:
        return
    if action.silent:  # only two of its own network end it (bots/pressed.py)
        await actions.write(turn.tx, turn.guard, action.id, "closed", turn.now, note={"who": by})
    elif may(Alarm(action.state), Step.CLOSE):
        state = step(Alarm(action.state), Step.CLOSE)
        await rest(turn, action, {"place": ""}, state=state, closed_at=turn.now)
        await actions.write(turn.tx, turn.guard, action.id, "closed", turn.now, note={"who": by})
        if action.listener is not None:
            await quiet_alarm(turn, action.listener, wording.closed(by))


async def acknowledge(turn: Turn, network: str, ref: str, by: str, *, has_it: bool = True) -> None:
    """Tell a network who has it, or that somebody passes it on."""
    body: Mapping[str, object] = {
        "alarm": ref,
        "by": by or "—",
        "at": round(turn.now.timestamp() * 1000),
        "has_it": has_it,
    }
    await turn.record(Post(network, Stream.URGENT, "acknowledge", body))


async def post_taken(turn: Turn, action: Action, handle: str) -> None:
    """One of ours has it: the home network hears who, or others we asked that nobody is needed any more."""
    if action.member is None:
        await acknowledge(turn, action.network, str(action.peer_ref), handle)
        return
    for one in await asked.asked_of(turn.tx, action.id):
        await acknowledge(turn, one.network, one.ref, handle)


async def post_given_back(turn: Turn, action: Action, handle: str) -> None:
    """Whoever had it here cannot any more: the ladder goes on, at home and elsewhere."""
    if action.member is None:
        await acknowledge(turn, action.network, str(action.peer_ref), handle, has_it=False)
        return
    await post_again(turn, action)


async def post_closed(turn: Turn, action: Action, handle: str) -> None:
    """One of ours who had it for a linked network says that nothing is left to do."""
    if action.member is None:
        body = {"about": str(action.peer_ref), "step": "closed", "handle": handle}
        await turn.record(Post(action.network, Stream.WORK, "action", body))


async def post_again(turn: Turn, action: Action) -> None:
    """The person called again: every network that was asked hears it again too."""
    for one in await asked.asked_of(turn.tx, action.id):
        await post_alarm(turn, action, one.network, one.ref)


async def post_end(turn: Turn, action: Action) -> None:
    """It is over: every network that was asked hears it."""
    for one in await asked.asked_of(turn.tx, action.id):
        await post_alarm(turn, action, one.network, one.ref, over=True)


async def _taken(turn: Turn, action: Action, request: Asked, by: str) -> None:
    network = await people.network_name(turn.tx, request.network)
    await asked.answered(turn.tx, request, turn.now)
    await rest(
        turn,
        action,
        {"taken_by": f"{by} ({network})", "taken_by_network": request.network},
        state=step(Alarm(action.state), Step.TAKE),
        taken_at=turn.now,
    )
    who = {"who": by, "network": network}
    await actions.write(turn.tx, turn.guard, action.id, "taken", turn.now, rung="networks", note=who)
    text = wording.somebody_has_it(by, network)
    if action.listener is not None:
        await quiet_alarm(turn, action.listener, text)
    for one in await actions.told_of(turn.tx, action.id):
        await note(turn, one.member, wording.about(action, text))
    await _detail(turn, action, request)
    for other in await asked.asked_of(turn.tx, action.id):
        if other.network != request.network:
            await acknowledge(turn, other.network, other.ref, by)


async def _detail(turn: Turn, action: Action, request: Asked) -> None:
    body = {
        "about": request.ref,
        "step": "detail",
        "handle": action.fields.get("handle", ""),
        "text": action.fields.get("text", ""),
        "at": round(action.raised_at.timestamp() * 1000),
    }
    await turn.record(Post(request.network, Stream.WORK, "action", body))


async def _passed_on(desk: Desk, turn: Turn, action: Action, request: Asked) -> None:
    theirs = action.fields.get("taken_by_network") == request.network
    if not theirs or not may(Alarm(action.state), Step.GIVE_BACK):
        return
    state = step(Alarm(action.state), Step.GIVE_BACK)
    nobody = {"taken_by": "", "taken_by_network": ""}
    await actions.change(turn.tx, turn.guard, action, nobody, state=state)
    await actions.write(turn.tx, turn.guard, action.id, "given back", turn.now, rung="networks")
    await widen(desk, turn, await fresh(turn, action))

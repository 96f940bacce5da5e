"""After "I have it": the one who has it is asked now and then, and silence is told to those on call.

Nothing here ends an alarm or takes it from anybody; a person does.
"""

from __future__ import annotations

from bots.core.ladder import follow_up
from bots.saying import note, wake
from bots.store import actions
from bots.store.actions import Action
from directory.core.effects import DueAt
from directory.core.text import Text, say
from directory.turn import Turn

QUESTION = "still"
PATIENCE = 2
"""Asked so often without an answer, those on call hear of it."""


async def begin(turn: Turn, action: Action, due: str) -> None:
    """Somebody here has it: ask in half an hour."""
    at = turn.now + follow_up(0)
    await actions.change(turn.tx, turn.guard, action, None, next_at=at, asked_again=0)
    await turn.record(DueAt(due, action.id, at))


async def look(turn: Turn, action: Action, due: str, on_call: tuple[str, ...]) -> None:
    """Ask whoever has it; after two silences, tell those on call as well."""
    taker, asked = action.fields.get("taken_by_member"), action.asked_again + 1
    if not taker:
        return
    at = turn.now + follow_up(asked)
    await actions.change(turn.tx, turn.guard, action, None, next_at=at, asked_again=asked)
    await turn.record(DueAt(due, action.id, at))
    await wake(turn, taker, still(action), QUESTION, action=action.id)
    if asked > PATIENCE:
        await actions.write(turn.tx, turn.guard, action.id, "silent", turn.now)
        for member in on_call:
            if member not in (taker, action.member):
                await note(turn, member, _silent(action))


def still(action: Action) -> Text:
    """The question, once more and again."""
    name = action.fields.get("handle", "")
    if not name:
        return say("You have a call for help. Are you still with it? 1 = yes, 0 = ask others")
    return say("You have the call of {name}. Are you still with it? 1 = yes, 0 = ask others", name=name)


def _silent(action: Action) -> Text:
    who = action.fields.get("taken_by", "")
    name = "—" if action.member is None else action.fields.get("handle") or "—"
    return say(
        "{who} has the call of {name} and does not answer us. Please look after both.", who=who, name=name
    )

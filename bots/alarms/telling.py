"""What each rung reads, and the person themselves: every rung only its part."""

from __future__ import annotations

from bots import wording
from bots.core.alarms import Severity
from bots.core.ladder import Rung, Skipped
from bots.saying import quiet_alarm, wake
from bots.store import actions, people
from bots.store.actions import Action
from directory.core.effects import Post, Stream
from directory.core.text import Text
from directory.turn import Turn

KIND_OF_HELP = "alarm"


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


async def news(turn: Turn, action: Action, text: Text) -> None:
    """A line for the person it is about, when they are ours."""
    if action.member is not None:
        await quiet_alarm(turn, action.member, text)

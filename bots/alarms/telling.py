"""What each rung reads, and the person themselves: every rung only its part."""

from __future__ import annotations

from collections.abc import Mapping

from bots import ringing, wording
from bots.core.alarms import Severity
from bots.core.ladder import Rung, Skipped
from bots.saying import lines, quiet_alarm, wake
from bots.store import actions, people
from bots.store.actions import Action
from directory.core.effects import Post, Stream
from directory.core.text import Text
from directory.turn import Turn

KIND_OF_HELP = "alarm"


async def text_for(turn: Turn, action: Action, rung: str, skipped: tuple[Skipped, ...] = ()) -> Text:
    """What somebody on this rung reads."""
    text = await _plain_text(turn, action, rung, skipped)
    return lines(wording.DO_NOT_WRITE, text) if action.silent else text


async def _plain_text(turn: Turn, action: Action, rung: str, skipped: tuple[Skipped, ...]) -> Text:
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
    await wake_all(turn, action, dict.fromkeys(members, text))


async def wake_all(turn: Turn, action: Action, texts: Mapping[str, Text]) -> None:
    """Wake members, each with their text; always in one order, so that two alarms at once never wait for each
    other's people. Who was woken for silence of the same network a moment ago reads it without a ring, and
    is woken at the end of ten minutes if nobody has it."""
    ring = await ringing.may_wake(turn, action, tuple(texts))
    for member in sorted(texts):
        say_it = wake if member in ring else quiet_alarm
        await say_it(turn, member, texts[member], "alarm", action=action.id)


async def post_alarm(turn: Turn, action: Action, network: str, ref: str, *, over: bool = False) -> None:
    """Kind of help, country, language: no word of who it is until somebody there has it.

    A second envelope with the same `ref` means: asked again, whoever had it must answer anew. `over`: nobody
    is needed any more.
    """
    body = {
        "id": ref,
        "kind_of_help": action.fields.get("help") or KIND_OF_HELP,
        "country": action.fields.get("country", ""),
        "language": action.fields.get("language", "en"),
        "severity": "low" if action.severity == Severity.MEDIUM else "high",
        "raised_at": round(action.raised_at.timestamp() * 1000),
        "state": "over" if over else "open",
    }
    silent = {"silent": True} if action.silent else {}
    await turn.record(Post(network, Stream.URGENT, "alarm", {**body, **silent}))


async def news(turn: Turn, action: Action, text: Text) -> None:
    """A line for the person it is about, when they are ours."""
    if action.listener is not None:
        await quiet_alarm(turn, action.listener, text)

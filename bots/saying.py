"""Small sentences into a person's room: the one way the bots answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from directory.core.effects import Tell, Urgency
from directory.core.text import Text, say, say_many
from directory.core.text import lines as lines
from directory.turn import Turn


async def answer(turn: Turn, member: str, text: Text, question: str | None = None, /, **context: str) -> None:
    """Reply to somebody who just spoke: quiet, but before everything that is not an alarm."""
    await turn.record(Tell(member, text, Urgency.ANSWER, question=question, context=context))


async def note(turn: Turn, member: str, text: Text, question: str | None = None, /, **context: str) -> None:
    """Tell somebody something that can wait for its turn."""
    await turn.record(Tell(member, text, Urgency.NOTE, question=question, context=context))


async def wake(turn: Turn, member: str, text: Text, question: str | None = None, /, **context: str) -> None:
    """Tell somebody now, and let their phone ring."""
    await turn.record(Tell(member, text, Urgency.ALARM, wakes=True, question=question, context=context))


async def quiet_alarm(
    turn: Turn, member: str, text: Text, question: str | None = None, /, **context: str
) -> None:
    """News of an alarm that overtakes everything but need not ring: what the person in it reads."""
    await turn.record(Tell(member, text, Urgency.ALARM, question=question, context=context))


def line_list(texts: Iterable[Text]) -> Text:
    """The same for any number."""
    return lines(*texts)


def how_long(span: timedelta) -> Text:
    """A length of time exactly, in the largest unit that loses nothing: "90 minutes", "2 hours"."""
    seconds = round(span.total_seconds())
    if seconds and seconds % 86400 == 0:
        return say_many("{count} day", "{count} days", seconds // 86400)
    if seconds and seconds % 3600 == 0:
        return say_many("{count} hour", "{count} hours", seconds // 3600)
    if seconds and seconds % 60 == 0:
        return say_many("{count} minute", "{count} minutes", seconds // 60)
    return say_many("{count} second", "{count} seconds", seconds)


YES_NO = say("1 = yes, 0 = no")

"""What an argument of a command can be: how it is cut out of a line, how it is read, and what is said when it
is none.

A kind gives the argument back in one form however it was typed ("٢." is "2", "@Ana," is "Ana"), so that a
handler reads no spelling. What needs the network's own lists (issues, regions, languages, networks) is
resolved by the handler: which of them a person may hear of depends on who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bots.core.folding import hides_something
from bots.core.grammar import just_a_number
from bots.core.spans import duration
from directory.core.handles import LONGEST
from directory.core.text import Text, say


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` gives the one form, or None for what is no such thing; then `wrong` is said, before the help of
    the command. `whole`: it takes the rest of the line; else one word of it, or nothing when that does not
    fit and it is not needed."""

    name: str
    read: Callable[[str], str | None]
    wrong: Text
    whole: bool = True


def _number(typed: str) -> str | None:
    value = just_a_number(typed)
    return None if value is None else str(value)


def _handle(typed: str) -> str | None:
    """One name; whether somebody has it, and whether they may be named, is not told here."""
    name = typed.strip(" @,.;:،؛").strip()
    return None if not name or len(name) > 2 * LONGEST or hides_something(name) else name


def _span(typed: str) -> str | None:
    """Whole seconds."""
    length = duration(typed)
    return None if length is None else str(int(length.total_seconds()))


NUMBER = Kind("number", _number, say("That is no number."), whole=False)
HANDLE = Kind("handle", _handle, say("Please write the name as it is shown."))
NAME = Kind("name", _handle, say("Please write the name as it is shown."), whole=False)
"""A handle with something behind it."""
SPAN = Kind("span", _span, say("Write how long, for example: 2 h"))
SECRET = Kind("word", lambda typed: typed, say("Write your word now, so that we know it is you."))
"""A word or phrase only they know: taken as typed, and never said back."""
TEXT = Kind("text", lambda typed: typed, say("Please write a few words."))

KINDS = (NUMBER, HANDLE, NAME, SPAN, SECRET, TEXT)

"""What an argument of a command can be: how it is cut out of a line, how it is read, and what is said when it
is none.

A kind gives the argument back in one form however it was typed ("٢." is "2", "@Ana," is "Ana"), so that a
handler reads no spelling. What needs the network's own lists (issues, regions, languages, networks) is
resolved by the handler: which of them a person may hear of depends on who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bots.core.folding import fold_word, hides_something
from bots.core.grammar import NO, YES, just_a_number
from bots.core.spans import duration
from bots.core.when import FOR
from directory.core.handles import LONGEST
from directory.core.text import Text, say


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` gives the one form, or None for what is no such thing; then `wrong` is said, before the help of
    the command. `whole`: it takes the rest of the line; else as many of the first `most` words as fit, or
    nothing when none do and it is not needed."""

    name: str
    read: Callable[[str], str | None]
    wrong: Text
    whole: bool = True
    most: int = 1


FEW_WORDS = say("Please write a few words.")


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


def _named(typed: str) -> str | None:
    """What something is called; whether it is here, and may be named, is told by the handler."""
    return None if hides_something(typed) else typed.strip(" ,.;:،؛") or None


def _handles(typed: str) -> str | None:
    """Several handles of one word each, with one space between."""
    names = [name for word in typed.split() if (name := _handle(word)) is not None]
    return None if hides_something(typed) else " ".join(names) or None


def _for(typed: str) -> str | None:
    first, _, name = typed.partition(" ")
    return _handle(name) if fold_word(first) in FOR else None


def _switch(typed: str) -> str | None:
    folded = fold_word(typed)
    return "on" if folded in ON else "off" if folded in OFF else None


def _number_or_all(typed: str) -> str | None:
    return "all" if fold_word(typed) in ALL else _number(typed)


def part(parts: Mapping[str, frozenset[str]]) -> Kind:
    """What a command with several parts is to do: the key of the words that hold what was typed."""

    def read(typed: str) -> str | None:
        folded = fold_word(typed)
        return next((key for key, words in parts.items() if folded in words), None)

    return Kind("part", read, FEW_WORDS, whole=False)


ON = YES | {"on", "start"}
OFF = NO | {"off", "quitar", "nada", "enlever", "rien", "none"}
ALL = frozenset(("all", "todo", "todos", "todas", "tout", "tous", "toutes", "الكل", "كل", "كلهم"))

NUMBER = Kind("number", _number, say("That is no number."), whole=False)
HANDLE = Kind("handle", _handle, say("Please write the name as it is shown."))
NAME = Kind("name", _handle, say("Please write the name as it is shown."), whole=False)
"""A handle with something behind it."""
SPAN = Kind("span", _span, say("Write how long, for example: 2 h"))
SECRET = Kind("word", lambda typed: typed, say("Write your word now, so that we know it is you."))
"""A word or phrase only they know: taken as typed, and never said back."""
SWITCH = Kind("on or off", _switch, say("Please write yes or no."))
WHICH = Kind("number or all", _number_or_all, say("That is no number."))
HANDLES = Kind("names", _handles, HANDLE.wrong)
LENGTH = Kind("length of time", _span, SPAN.wrong, whole=False, most=4)
"""A span with something behind it."""
FOR_SOMEBODY = Kind("for somebody", _for, HANDLE.wrong, whole=False, most=2)
NETWORK = Kind("network", _named, HANDLE.wrong)
LANGUAGE = Kind("language", _named, HANDLE.wrong)
CODE = Kind("code", lambda typed: typed, FEW_WORDS)
TEXT = Kind("text", lambda typed: typed, FEW_WORDS)

KINDS = (
    *(NUMBER, HANDLE, NAME, SPAN, SECRET, TEXT, SWITCH, WHICH, HANDLES, LENGTH, FOR_SOMEBODY, NETWORK),
    *(LANGUAGE, CODE),
)

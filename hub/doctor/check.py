"""One check and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from directory.core.text import Text, say
from hub.trouble import Trouble


class State(StrEnum):
    """What came of a check."""

    OK = "ok"
    NOTE = "note"
    """Nothing is broken, but whoever runs this hub has to know."""
    TROUBLE = "trouble"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """`name` says what was looked at, `text` what was found and, in trouble, what to do."""

    name: str
    state: State
    text: Text


def fine(name: str, text: Text) -> Check:
    """All is well."""
    return Check(name, State.OK, text)


def note(name: str, text: Text) -> Check:
    """Well, but to be known."""
    return Check(name, State.NOTE, text)


def wrong(name: str, text: Text | Trouble) -> Check:
    """Something is to be done."""
    return Check(name, State.TROUBLE, text.text if isinstance(text, Trouble) else text)


def unchecked(name: str, why: Text) -> Check:
    """It could not be looked at."""
    return Check(name, State.UNCHECKED, why)


def not_without(what: str, *names: str) -> list[Check]:
    """All of `names` could not be looked at, because `what` has to be mended first."""
    return [unchecked(name, say("Needs this first: {what}", what=what)) for name in names]

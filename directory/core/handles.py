"""The name a member chooses: what may be one, and when two of them are the same."""

from __future__ import annotations

import unicodedata

from directory.core.text import Text, say

SHORTEST, LONGEST = 2, 24
_BETWEEN = "-_.'"

NOT_FREE = say("That name cannot be used here. Please choose another one.")
"""Said for a name somebody has and for a name nobody may have: which of the two is not told."""

_RESERVED = frozenset(
    {"admin", "administrator", "ayni", "bot", "coordinator", "coordinators", "everyone", "help", "hub"}
    | {"join", "lost", "me", "network", "no", "nobody", "room", "safe", "somebody", "start", "stop"}
    | {"support", "system", "yes"}
)


def handle_key(handle: str) -> str:
    """A handle as it is compared: without case, width, accents' order and invisible marks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", handle).casefold())
    return "".join(char for char in folded if unicodedata.category(char) != "Cf").strip()


def fault_of(handle: str) -> Text | None:
    """What is wrong with a handle, or None.

    One script only, so that a Cyrillic letter cannot pretend to be a Latin one. Names that look alike
    letter by letter within one script are not found here.
    """
    key = handle_key(handle)
    if not SHORTEST <= len(key) <= LONGEST:
        return say("Please choose a name of {least} to {most} letters.", least=SHORTEST, most=LONGEST)
    if not unicodedata.category(key[0]).startswith("L") or not all(_fits(char) for char in key):
        return say("A name starts with a letter and has only letters, digits and - _ . in it, no spaces.")
    if len({_script(char) for char in key if unicodedata.category(char).startswith("L")}) > 1:
        return say("Please write the name in one alphabet.")
    return NOT_FREE if key in _RESERVED else None


def _fits(char: str) -> bool:
    return char in _BETWEEN or unicodedata.category(char)[0] in "LMN"


def _script(char: str) -> str:
    """A rough script: the first word of the letter's name (LATIN, CYRILLIC, ARABIC, HANGUL, CJK …)."""
    first = unicodedata.name(char, "UNKNOWN").split()[0]
    return "CJK" if first in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA") else first

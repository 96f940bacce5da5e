"""Sentences that a network changed or spoke anew, and what such a sentence has to keep.

A sentence is named by its English words in the code. Places like `{name}` are where values go: a changed
sentence has to hold the same ones, and nothing else between braces, since what is in braces is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from directory.core.text import Text, say

LONGEST = 2000
PLACE = re.compile(r"\{[a-z_]+\}")
COUNT = "{count}"


@dataclass(frozen=True, slots=True)
class Added:
    """A language a network added: what it calls itself, which way it runs, what stands in for the rest.

    `sentences` and `voiced` are by the English sentence; `voiced` are those with a recording.
    """

    name: str
    second: str
    rtl: bool = False
    sentences: Mapping[str, str] = field(default_factory=dict)
    voiced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """What this network says in its own way. `changed`: (language, English sentence) → its forms."""

    changed: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    added: Mapping[str, Added] = field(default_factory=dict)


def fault_of(original: tuple[str, ...], forms: tuple[str, ...], wanted: int) -> Text | None:
    """What is wrong with a new wording, or None. `original`: the English sentence, or its two forms;
    `wanted`: how many forms the language needs."""
    if len(forms) != wanted:
        return say(
            "This sentence needs {wanted} forms in this language, not {found}.",
            wanted=wanted,
            found=len(forms),
        )
    places = set(PLACE.findall(original[-1]))
    for form in forms:
        if fault := _fault_of_one(form, places, plural=len(original) > 1):
            return fault
    return None


def _fault_of_one(form: str, places: set[str], *, plural: bool) -> Text | None:
    if not form.strip() or len(form) > LONGEST:
        return say("Please write 1 to {most} letters.", most=LONGEST)
    if any(ord(char) < ord(" ") and char != "\n" for char in form):
        return say("There are hidden signs in it. Please type it anew.")
    found = set(PLACE.findall(form))
    lost = places - found - ({COUNT} if plural else set())
    if lost:
        return say("This place is missing: {place}", place=", ".join(sorted(lost)))
    if found - places:
        return say("This place is not in the sentence: {place}", place=", ".join(sorted(found - places)))
    if set("{}") & set(PLACE.sub("", form)):
        return say("Please use the signs { and } for places only.")
    return None

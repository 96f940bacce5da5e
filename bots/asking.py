"""From "land in Guatemala" to a question the directory can answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bots.core.folding import fold_word
from bots.naming import parts_of
from directory.core.questions import Question
from directory.vocabulary import Tree, Vocabulary

WHERE = frozenset(("in", "en", "dans", "au", "aux", "a", "في", "near", "cerca", "para", "pour", "from", "de"))
BEFORE = frozenset(("on", "about", "sobre", "sur", "for", "por", "con", "with", "avec", "عن", "حول", "من"))
FIELDS = ("issues", "offers", "regions", "languages")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and parts nobody knows with the key that is nearest (field, key), if any."""

    question: Question
    unknown: tuple[tuple[str, tuple[str, str] | None], ...] = ()


@dataclass(frozen=True, slots=True)
class _Everything:
    """The four vocabularies as one."""

    trees: Mapping[str, Tree]

    def meant(self, text: str) -> tuple[str, tuple[str, ...]]:
        """(field, keys) of the first vocabulary that knows the name."""
        for name in FIELDS:
            if keys := self.trees[name].resolve(text):
                return name, keys
        return "", ()

    def resolve(self, text: str) -> tuple[str, ...]:
        return self.meant(text)[1]

    def nearest(self, text: str) -> tuple[str, str] | None:
        """The first near miss: an issue or kind of help before a place."""
        for name in FIELDS:
            if keys := self.trees[name].suggest(text, 1):
                return name, keys[0]
        return None


def asked(known: Vocabulary, text: str, first: int) -> Asked:
    """Issue, kind of help, place and language, in any order, with or without small words between.

    "in PLACE" is looked for first, from the end, so that a place may hold an "in" itself.
    """
    every = _Everything(
        {
            "issues": known.issues,
            "offers": known.offers,
            "regions": known.regions,
            "languages": known.languages,
        }
    )
    rest, places = _cut_place(known, text.split())
    found: dict[str, list[str]] = {name: [] for name in FIELDS}
    found["regions"] += places
    unknown = []
    for part in parts_of(every, _without_small_words(rest)):
        name, keys = every.meant(part)
        if keys:
            found[name] += keys
        else:
            unknown.append((part, every.nearest(part)))
    question = Question(
        issues=_once(found["issues"]),
        regions=_once(found["regions"]),
        languages=_once(found["languages"]),
        offers=_once(found["offers"]),
        first=first,
    )
    return Asked(question, tuple(unknown))


def _cut_place(known: Vocabulary, words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    for at in range(len(words) - 1, -1, -1):
        if fold_word(words[at]) not in WHERE:
            continue
        if keys := known.regions.resolve(" ".join(words[at + 1 :])):
            return words[:at], keys
    return words, ()


def _without_small_words(words: list[str]) -> str:
    while words and fold_word(words[0]) in BEFORE:
        words = words[1:]
    return " ".join(words)


def _once(keys: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))

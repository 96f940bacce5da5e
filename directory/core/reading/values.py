"""From the words in a cell to keys of a vocabulary, with what there is to say about each word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from directory.core.labels import labels
from directory.core.reading.findings import FindingKind, has_contact, shown
from directory.core.text import Text, say
from directory.vocabulary import Regions, Tree, Vocabulary
from directory.vocabulary.fold import LONGEST, fold

MOST_VALUES = 120
"""Values of one cell that are looked at: a list of all countries is 250 places, but no list of issues."""
MOST_SUGGESTIONS = 300
"""Different unknown values of one table for which near misses are looked up; each takes milliseconds."""

_STRONG = re.compile(r"[;؛|\n•·▪¦]+")
_COMMAS = re.compile(r"[,،、]+|\s/\s|/")
_AND = re.compile(r"\s+(?:and|et|y|e|und|и|و|&)\s+|\s*&\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """A finding that does not know its line yet."""

    kind: FindingKind
    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cell says: keys, in the order written, each once."""

    keys: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


Said = tuple[tuple[str, ...], tuple[Note, ...]]


class Values:
    """Understands the cells of one table; the same words are understood once."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._trees: dict[str, Tree] = {
            "country": words.regions,
            "works_in": words.regions,
            "issues": words.issues,
            "languages": words.languages,
            "offers": words.offers,
        }
        self._suggested = 0
        self._near: dict[tuple[str, str], tuple[str, ...]] = {}
        self.several: Callable[[str, str], Meaning] = lru_cache(maxsize=8192)(self._several)
        self._piece: Callable[[str, str], Said] = lru_cache(maxsize=32768)(self._understand)
        self.country: Callable[[str], Meaning] = lru_cache(maxsize=1024)(self._country)

    def _several(self, field: str, cell: str) -> Meaning:
        """A list: regions, issues, languages or offers. Areas are said in as few keys as possible."""
        keys: dict[str, None] = {}
        notes: list[Note] = []
        pieces = [piece for part in _STRONG.split(cell) if (piece := part.strip(" \t.,-*–"))]
        for piece in pieces[:MOST_VALUES]:
            found, said = self._piece(field, piece)
            keys.update(dict.fromkeys(found))
            notes += said
        if len(pieces) > MOST_VALUES:
            notes.append(
                Note(FindingKind.IGNORED, "", say("Only the first {n} values were read.", n=MOST_VALUES))
            )
        return Meaning(
            _simplest(self._words.regions, keys) if field == "works_in" else tuple(keys), tuple(notes)
        )

    def _understand(self, field: str, piece: str) -> Said:
        """One part of a list: its keys, and what there is to say about it."""
        keys: list[str] = []
        notes: list[Note] = []
        for word, found in self._pieces(self._trees[field], piece):
            keys += found
            notes += self._read_as(field, word, found) if found else [self._unknown(field, word)]
        return tuple(keys), tuple(notes)

    def _country(self, cell: str) -> Meaning:
        """One country. A part of one stands for it; a wider region or several countries are no country."""
        found = self._words.regions.resolve(cell)
        countries = {key for place in found for key in self._words.regions.ancestors(place) if key.isalpha()}
        if len(countries) == 1 and not any(place.isdigit() for place in found):
            return Meaning(tuple(countries), tuple(self._read_as("country", cell, tuple(countries))))
        if not found:
            return Meaning((), (self._unknown("country", cell),))
        text = say(
            "“{value}” is not one country but: {places}. No country was taken.",
            value=shown(cell),
            places=labels(self._words.regions, found),
        )
        return Meaning((), (Note(FindingKind.NOT_PLACED, shown(cell), text),))

    def _pieces(self, tree: Tree, piece: str) -> list[tuple[str, tuple[str, ...]]]:
        """(words, keys) of one piece: whole if that means something, else parted at commas, else at "and"."""
        if (found := tree.resolve(piece)) or len(piece) > LONGEST:
            return [(piece, found)]
        parts = [part.strip() for part in _COMMAS.split(piece) if part.strip()]
        if len(parts) > 1:
            return [pair for part in parts for pair in self._pieces(tree, part)]
        parts = [part.strip() for part in _AND.split(piece) if part.strip()]
        pairs = [(part, tree.resolve(part)) for part in parts]
        return pairs if len(pairs) > 1 and all(keys for _, keys in pairs) else [(piece, ())]

    def _read_as(self, field: str, word: str, keys: tuple[str, ...]) -> list[Note]:
        tree = self._trees[field]
        if len(keys) == 1 and fold(word) == fold(tree.label(keys[0], "en")):
            return []
        text = say("“{value}” was read as: {meaning}.", value=shown(word), meaning=labels(tree, keys))
        return [Note(FindingKind.UNDERSTOOD, shown(word), text)]

    def _unknown(self, field: str, word: str) -> Note:
        if has_contact(word):
            text = say("This looks like a contact detail and was left out.")
            return Note(FindingKind.QUESTIONED, "", text)
        tree = self._trees[field]
        if near := self._suggestions(field, word):
            text = say(
                "“{value}” is not known here and was left out. Perhaps: {near}?",
                value=shown(word),
                near=labels(tree, near),
            )
        else:
            text = say("“{value}” is not known here and was left out.", value=shown(word))
        return Note(FindingKind.NOT_PLACED, shown(word), text)

    def _suggestions(self, field: str, word: str) -> tuple[str, ...]:
        if len(word) > LONGEST or self._suggested >= MOST_SUGGESTIONS:
            return self._near.get((field, word), ())
        if (field, word) not in self._near:
            self._suggested += 1
            self._near[field, word] = self._trees[field].suggest(word)
        return self._near[field, word]


def _simplest(regions: Regions, keys: dict[str, None]) -> tuple[str, ...]:
    """In the order written where nothing was folded into something wider."""
    simple = regions.simplest(keys)
    kept = [key for key in keys if key in simple]
    return (*kept, *(key for key in simple if key not in keys))

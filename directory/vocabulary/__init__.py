"""What things are called: issues, places, languages and kinds of help, in the words of many people.

Public facts only, the same in every network (which may add own issues and offers below the shared ones).
Nothing in here knows a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from directory.vocabulary import names, terms
from directory.vocabulary.languages import Languages
from directory.vocabulary.regions import Region, RegionKind, Regions
from directory.vocabulary.terms import Term, Terms, WrongTerm

__all__ = [
    "Languages",
    "Region",
    "RegionKind",
    "Regions",
    "Term",
    "Terms",
    "Tree",
    "Vocabulary",
    "WrongTerm",
    "load",
]


class Tree(Protocol):
    """What issues, regions, languages and offers have in common. `resolve` answers () when unknown."""

    def keys(self) -> tuple[str, ...]: ...
    def resolve(self, text: str) -> tuple[str, ...]: ...
    def label(self, key: str, locale: str) -> str: ...
    def ancestors(self, key: str) -> tuple[str, ...]: ...
    def narrower(self, key: str) -> tuple[str, ...]: ...
    def suggest(self, text: str, limit: int = 3) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The four vocabularies of one network."""

    issues: Terms
    regions: Regions
    languages: Languages
    offers: Terms


@lru_cache(maxsize=4)
def load(without: frozenset[str] = frozenset()) -> Vocabulary:
    """The shared vocabulary, read once.

    `without` may hold "former" and "disputed": names of these kinds are then not understood
    (see regions_aliases.toml). Raises names.DamagedNames when the file of names is not ours.
    """
    file = names.shipped()
    return Vocabulary(
        terms.shipped("issues"), Regions(file, without), Languages(file), terms.shipped("offers")
    )

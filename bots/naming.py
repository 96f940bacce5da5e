"""Terms in the reader's language, and terms understood from what people type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from bots.core.folding import fold_word
from directory.core.labels import Label
from directory.vocabulary import Tree, load

_BETWEEN = re.compile(r"[,;\n،؛/]+")
_AND = re.compile(r"\s+(?:and|y|e|et|o|or|ou)\s+|\s+و\s*", re.IGNORECASE)
NOTHING = frozenset(
    ("0", "none", "nothing", "ninguno", "ninguna", "nada", "aucun", "aucune", "rien", "لا", "لا شيء")
)
MOST_PARTS = 24


@dataclass(frozen=True, slots=True)
class Understood:
    """Keys that were meant, and parts nobody knows with what they may have meant."""

    keys: tuple[str, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]


def country(code: str) -> Label:
    """A country or region by its key."""
    return Label(load().regions, code)


def tongue(code: str) -> Label:
    """A language by its key."""
    return Label(load().languages, code)


def help_kind(key: str) -> Label:
    """A kind of help by its key."""
    return Label(load().offers, key)


class Resolves(Protocol):
    """What can tell which keys a name means."""

    def resolve(self, text: str) -> tuple[str, ...]:
        """() when nobody knows."""
        ...


def understand(tree: Tree, text: str) -> Understood:
    """A list as people type it: "land, water and forests". Parts may themselves hold an "and"."""
    keys: list[str] = []
    unknown: list[tuple[str, tuple[str, ...]]] = []
    for part in parts_of(tree, text):
        if found := tree.resolve(part):
            keys += found
        else:
            unknown.append((part, tree.suggest(part)))
    return Understood(tuple(dict.fromkeys(keys)), tuple(unknown))


def means_nothing(text: str) -> bool:
    """Was "none" typed?"""
    return fold_word(text) in {fold_word(word) for word in NOTHING}


def parts_of(tree: Resolves, text: str) -> list[str]:
    """The single things in a list as people type it; what is known as a whole is not cut at its "and"."""
    found: list[str] = []
    for part in _BETWEEN.split(text):
        whole = part.strip().strip(".")
        if not whole:
            continue
        if tree.resolve(whole):
            found.append(whole)
        else:
            found += [piece.strip() for piece in _AND.split(whole) if piece.strip()]
    return found[:MOST_PARTS]

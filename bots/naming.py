"""Terms in the reader's language, and terms understood from what people type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bots.core.folding import fold_word
from directory.vocabulary import Tree, load

_BETWEEN = re.compile(r"[,;\n،؛/]+")
_AND = re.compile(r"\s+(?:and|y|e|et|o|or|ou)\s+|\s+و\s*", re.IGNORECASE)
NOTHING = frozenset(
    ("0", "none", "nothing", "ninguno", "ninguna", "nada", "aucun", "aucune", "rien", "لا", "لا شيء")
)
MOST_PARTS = 24


@dataclass(frozen=True, slots=True)
class Name:
    """A key of one of the trees, shown by its name in the reader's language."""

    tree: Tree
    key: str

    def in_locale(self, locale: str) -> str:
        """Its name in this language."""
        return self.tree.label(self.key, locale)

    def __str__(self) -> str:
        return self.in_locale("en")


@dataclass(frozen=True, slots=True)
class Understood:
    """Keys that were meant, and parts nobody knows with what they may have meant."""

    keys: tuple[str, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]


def country(code: str) -> Name:
    """A country or region by its key."""
    return Name(load().regions, code)


def tongue(code: str) -> Name:
    """A language by its key."""
    return Name(load().languages, code)


def understand(tree: Tree, text: str) -> Understood:
    """A list as people type it: "land, water and forests". Parts may themselves hold an "and"."""
    keys: list[str] = []
    unknown: list[tuple[str, tuple[str, ...]]] = []
    for part in _parts(tree, text)[:MOST_PARTS]:
        if found := tree.resolve(part):
            keys += found
        else:
            unknown.append((part, tree.suggest(part)))
    return Understood(tuple(dict.fromkeys(keys)), tuple(unknown))


def means_nothing(text: str) -> bool:
    """Was "none" typed?"""
    return fold_word(text) in {fold_word(word) for word in NOTHING}


def _parts(tree: Tree, text: str) -> list[str]:
    found: list[str] = []
    for part in _BETWEEN.split(text):
        whole = part.strip().strip(".")
        if not whole:
            continue
        if tree.resolve(whole):
            found.append(whole)
        else:
            found += [piece.strip() for piece in _AND.split(whole) if piece.strip()]
    return found

"""Keys of the vocabularies inside texts: shown by their names, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Named(Protocol):
    """A vocabulary that names its keys (directory/vocabulary)."""

    def label(self, key: str, locale: str) -> str:
        """What people see; the key itself when it is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Label:
    """One key as a value in a Text."""

    tree: Named
    key: str

    def in_locale(self, locale: str) -> str:
        """Its name in this language."""
        return self.tree.label(self.key, locale)

    def __str__(self) -> str:
        return self.in_locale("en")


def labels(tree: Named, keys: Iterable[str]) -> tuple[Label, ...]:
    """Several keys as one value in a Text; they are shown as a list."""
    return tuple(Label(tree, key) for key in keys)

"""What the cores ask of the vocabularies, without knowing where the terms come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Tree(Protocol):
    """Issues, offers, regions or languages: keys, some broader than others."""

    def __contains__(self, key: object) -> bool:
        """Is this a key?"""
        ...

    def broader(self, key: str) -> tuple[str, ...]:
        """What this key lies within, nearest first; without the key itself."""
        ...

    def narrower(self, key: str) -> frozenset[str]:
        """What lies within this key, the key itself included."""
        ...

    def marked(self, key: str) -> bool:
        """Does the term carry a stigma mark, its own or from above? Never true but for issues."""
        ...

    def label(self, key: str, locale: str) -> str:
        """What people see; the key itself when it is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """A key that is shown by its name in the reader's language."""

    tree: Tree
    key: str

    def in_locale(self, locale: str) -> str:
        """Its name in this language."""
        return self.tree.label(self.key, locale)

    def __str__(self) -> str:
        return self.in_locale("en")


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """The four lists that a card is written with."""

    issues: Tree
    regions: Tree
    languages: Tree
    offers: Tree

    def country_of(self, region: str) -> str:
        """The country a subdivision lies in; any other region as it is."""
        return region.split("-")[0] if self.is_below_country(region) else region

    def is_below_country(self, region: str) -> bool:
        """Is this a subdivision (ISO 3166-2, "GT-16")? M49 groups and countries have no hyphen."""
        return "-" in region

    def is_country(self, region: str | None) -> bool:
        """Is this a country (ISO 3166-1, two letters)?"""
        return region is not None and len(region) == 2 and region.isalpha() and region in self.regions

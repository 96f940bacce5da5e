"""Places: the world, continents, regions, countries (ISO 3166-1), subdivisions (ISO 3166-2).

Keys are M49 numbers for regions ("001", "014"), two letters for countries ("GT") and ISO 3166-2 codes for
subdivisions ("GT-14"). The tree is in regions.toml, what people call places in regions_aliases.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from directory.vocabulary.fold import LONGEST, fold
from directory.vocabulary.labels import Labels
from directory.vocabulary.names import Names
from directory.vocabulary.near import nearest

_SUBDIVISION = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")
_SMALL_WORDS = frozenset(
    ["the", "la", "el", "le", "les", "las", "los", "of", "de", "del", "des", "d", "do", "da"]
)
_KINDS_OF_PLACE = frozenset(
    ["department", "departamento", "departement", "province", "provincia", "provincie", "state", "states",
     "estado", "etat", "region", "governorate", "county", "district", "distrito", "oblast", "krai", "kray",
     "voivodeship", "prefecture", "canton", "land", "republic", "respublika", "wilaya"]
)  # fmt: skip
"""Words of subdivisions: "Departamento de Quiché", "Chiapas State"; they never turn a name into a country."""
_IN_BRACKETS = re.compile(r"\([^()]*\)")


class RegionKind(StrEnum):
    REGION = "region"
    COUNTRY = "country"
    SUBDIVISION = "subdivision"


@dataclass(frozen=True, slots=True)
class Region:
    """A place; `parent` is the next wider place, None for the world."""

    key: str
    kind: RegionKind
    parent: str | None


class Regions:
    """`without` names groups of names that are not understood: "former", "disputed" or both."""

    def __init__(self, names: Names, without: frozenset[str] = frozenset()) -> None:
        self._names, self._without = names, without
        self._index = names.index("regions")
        pairs = [line.partition("\t")[::2] for line in names.lines("regions/tree")]
        self._parent: dict[str, str] = dict(pairs)
        self._countries = tuple(sorted(key for key in self._parent if not key.isdigit()))
        self._below = _children(pairs)
        self._labels = Labels(names, "regions", lambda: self._parent)
        self._fine_labels = Labels(names, "subdivisions", lambda: self._subdivisions)
        self._resolved = lru_cache(maxsize=2048)(self._resolve)

    def region(self, key: str) -> Region | None:
        """The place with this key, None when there is none."""
        if key in self._parent:
            kind = RegionKind.REGION if key.isdigit() else RegionKind.COUNTRY
            return Region(key, kind, self._parent[key] or None)
        parent = self._subdivisions.get(key)
        return Region(key, RegionKind.SUBDIVISION, parent) if parent else None

    def keys(self) -> tuple[str, ...]:
        """Every key: regions and countries, widest first, then subdivisions."""
        return (*self._parent, *self._subdivisions)

    def countries(self) -> tuple[str, ...]:
        """Keys of all countries, by key."""
        return self._countries

    def label(self, key: str, locale: str) -> str:
        """The name of a place for a reader of `locale`; the key itself when there is no such place."""
        labels = self._fine_labels if "-" in key else self._labels
        return labels.label(key, locale) or key

    def resolve(self, text: str) -> tuple[str, ...]:
        """Keys meant by a name in any language, a code or an alias; () when unknown or ambiguous.

        An alias may mean several places ("MENA"). "Córdoba, Argentina" finds the subdivision that
        "Córdoba" alone, being in several countries, does not.
        """
        return self._resolved(text) if len(text) <= LONGEST else ()

    def ancestors(self, key: str) -> tuple[str, ...]:
        """The place itself, then wider and wider, up to "001"; () for an unknown key."""
        found: list[str] = []
        while region := self.region(key):
            found.append(key)
            if region.parent is None:
                break
            key = region.parent
        return tuple(found)

    def narrower(self, key: str) -> tuple[str, ...]:
        """What lies directly within: regions of the world, countries of a region, parts of a country."""
        return self._below.get(key) or self._fine_below.get(key, ())

    def within(self, key: str) -> tuple[str, ...]:
        """The place itself and everything inside it, subdivisions included; () for an unknown key."""
        if self.region(key) is None:
            return ()
        return (key, *(inner for child in self.narrower(key) for inner in self.within(child)))

    def simplest(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The same area in as few keys as possible: what lies inside another is dropped, and a whole
        set of sister regions or countries becomes their region. Sorted."""
        wanted = set(keys)
        while True:
            wanted = {key for key in wanted if wanted.isdisjoint(self.ancestors(key)[1:])}
            whole = {
                p for p in {self._parent.get(key, "") for key in wanted} if p and self._filled(p, wanted)
            }
            if not whole:
                return tuple(sorted(wanted))
            wanted |= whole

    def suggest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Keys of places whose names are close to what was written, best first; countries first."""
        wanted = fold(text)
        return nearest(wanted, self._near, limit) or nearest(wanted, self._fine_near, limit)

    def _resolve(self, text: str) -> tuple[str, ...]:
        folded = fold(text)
        outside = fold(_IN_BRACKETS.sub(" ", text))
        return (
            self._code(text.strip())
            or self._find(folded)
            or self._in_country(text)
            or self._find(_trimmed(folded, _SMALL_WORDS))
            or self._find(outside)
            or self._find(f"code {folded}")
            or tuple(
                key for key in self._find(_trimmed(folded, _SMALL_WORDS | _KINDS_OF_PLACE)) if "-" in key
            )
        )

    def _code(self, code: str) -> tuple[str, ...]:
        """A key in any case, or three capitals; an accent makes it a word ("Bỉ" is Belgium, not Burundi)."""
        key = code.upper()
        if key in self._parent or (_SUBDIVISION.fullmatch(code) and key in self._subdivisions):
            return (key,)
        capitals = len(code) == 3 and code.isascii() and code.isupper()
        return self._find(f"code {code.lower()}") if capitals else ()

    def _find(self, folded: str) -> tuple[str, ...]:
        target = self._index.find(folded) if folded else None
        group, colon, keys = (target or "").rpartition(":")
        return tuple(keys.split()) if not (colon and group in self._without) else ()

    def _in_country(self, text: str) -> tuple[str, ...]:
        place, _, country = text.strip(" )").replace("(", ",").rpartition(",")
        found = self._find(fold(country)) if place else ()
        return self._find(f"{found[0].lower()} {fold(place)}") if len(found) == 1 else ()

    def _filled(self, parent: str, keys: set[str]) -> bool:
        children = self._below.get(parent, ())
        return len(children) > 1 and keys.issuperset(children)

    @cached_property
    def _near(self) -> tuple[tuple[str, str], ...]:
        return tuple(line.partition("\t")[::2] for line in self._names.lines("regions/near"))

    @cached_property
    def _fine_near(self) -> tuple[tuple[str, str], ...]:
        fine = zip(self._names.lines("subdivisions/labels/en"), self._subdivisions, strict=True)
        return tuple((fold(name), key) for name, key in fine)

    @cached_property
    def _subdivisions(self) -> dict[str, str]:
        """Loaded when first asked for: 5,000 places are 1 MiB."""
        return dict(line.partition("\t")[::2] for line in self._names.lines("subdivisions/tree"))

    @cached_property
    def _fine_below(self) -> dict[str, tuple[str, ...]]:
        return _children(list(self._subdivisions.items()))


def _trimmed(folded: str, words: frozenset[str]) -> str:
    """Without these words at either end; "" when that changes nothing."""
    kept = folded.split()
    while kept and kept[0] in words:
        kept = kept[1:]
    while kept and kept[-1] in words:
        kept = kept[:-1]
    return " ".join(kept) if len(kept) < len(folded.split()) else ""


def _children(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    below: dict[str, list[str]] = {}
    for key, parent in pairs:
        below.setdefault(parent, []).append(key)
    return {parent: tuple(keys) for parent, keys in below.items()}

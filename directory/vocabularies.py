"""The four vocabularies of this hub, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from babel import Locale

from directory.core.vocabularies import Vocabularies


@dataclass(frozen=True)
class _Tree:
    parents: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    marks: frozenset[str] = frozenset()
    children: dict[str, list[str]] = field(default_factory=dict)

    def __contains__(self, key: object) -> bool:
        return key in self.labels

    def broader(self, key: str) -> tuple[str, ...]:
        above: list[str] = []
        while (key := self.parents.get(key, "")) and key not in above:
            above.append(key)
        return tuple(above)

    def narrower(self, key: str) -> frozenset[str]:
        below = {child for child, parent in self.parents.items() if parent == key}
        return frozenset({key}).union(*(self.narrower(child) for child in below))

    def marked(self, key: str) -> bool:
        return not self.marks.isdisjoint({key, *self.broader(key)})

    def label(self, key: str, locale: str) -> str:
        names = self.labels.get(key, {})
        return names.get(locale) or names.get("en") or key


@lru_cache(maxsize=1)
def known() -> Vocabularies:
    """The vocabularies; the same object every time."""
    return Vocabularies(
        issues=_terms("issues"), regions=_regions(), languages=_languages(), offers=_terms("offers")
    )


def _read(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(resources.files("directory.vocabulary").joinpath(f"{name}.toml").read_text())


def _terms(name: str) -> _Tree:
    terms = _read(name)
    return _Tree(
        {key: str(term["parent"]) for key, term in terms.items() if "parent" in term},
        {key: {tag: str(term[tag]) for tag in ("en", "fr", "es", "ar")} for key, term in terms.items()},
        frozenset(key for key, term in terms.items() if term.get("stigma")),
    )


def _regions() -> _Tree:
    file = _read("regions")
    within = file["within"]
    parents = {str(child): parent for parent, children in within.items() for child in _listed(children)}
    keys = {*parents, "001"}
    names = {tag: Locale.parse(tag).territories for tag in ("en", "fr", "es", "ar")}
    labels = {key: {tag: names[tag].get(key, key) for tag in names} for key in keys}
    return _Tree(parents, labels)


def _languages() -> _Tree:
    names = {tag: Locale.parse(tag).languages for tag in ("en", "fr", "es", "ar")}
    return _Tree({}, {key: {tag: names[tag].get(key, key) for tag in names} for key in map(str, names["en"])})


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []

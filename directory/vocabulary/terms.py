"""Trees of terms read from TOML: issues and offers. A network may add its own terms below shared ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from directory.vocabulary.fold import fold
from directory.vocabulary.labels import fallbacks
from directory.vocabulary.near import nearest

LOCALES = ("en", "fr", "es", "ar")
OWN = "own-"
"""What every term added by a network begins with, so that a later shared term cannot meet it."""


class WrongTerm(Exception):
    """This term cannot be used: it needs a name, a new key and a known broader term."""


@dataclass(frozen=True, slots=True)
class Term:
    """`labels` by locale, always with "en"; `also` other names; `report` paragraphs of A/HRC/31/55."""

    key: str
    parent: str | None
    labels: Mapping[str, str]
    also: tuple[str, ...] = ()
    report: tuple[int, ...] = ()
    stigma: bool = False


class Terms:
    """A tree of terms by key. Raises WrongTerm for an unknown parent or a name with two meanings."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.key: term for term in terms}
        self._lines = {key: self._line(key) for key in self._terms}
        self._by_name: dict[str, str] = {}
        for term in self._terms.values():
            for name in (term.key, *term.labels.values(), *term.also):
                if self._by_name.setdefault(fold(name), term.key) != term.key:
                    raise WrongTerm(term.key, name)

    def keys(self) -> tuple[str, ...]:
        return tuple(self._terms)

    def term(self, key: str) -> Term | None:
        """The term as it is written; `stigma` of it alone, see stigma()."""
        return self._terms.get(key)

    def label(self, key: str, locale: str) -> str:
        """The term for a reader of `locale`, else in English; the key itself when it is unknown."""
        labels = self._terms[key].labels if key in self._terms else {}
        return next((labels[name] for name in fallbacks(locale) if name in labels), key)

    def resolve(self, text: str) -> tuple[str, ...]:
        """The one key meant by a label, a synonym in any language or a key; () when unknown."""
        found = self._by_name.get(fold(text))
        return (found,) if found else ()

    def ancestors(self, key: str) -> tuple[str, ...]:
        """The term itself, then broader and broader; () for an unknown key."""
        return self._lines.get(key, ())

    def narrower(self, key: str) -> tuple[str, ...]:
        """Terms directly below this one."""
        return tuple(term.key for term in self._terms.values() if term.parent == key)

    def within(self, key: str) -> tuple[str, ...]:
        """The term itself and everything narrower; () for an unknown key."""
        return tuple(k for k, line in self._lines.items() if key in line)

    def stigma(self, key: str) -> bool:
        """Is the work on this stigmatised (¶27, ¶63)? Inherited from broader terms unless said otherwise.

        An unknown key counts as stigmatised: it is better to ask an introduction than to show.
        """
        return self._terms[key].stigma if key in self._terms else True

    def suggest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Keys of terms whose names are close to what was written, best first."""
        return nearest(fold(text), self._by_name.items(), limit)

    def shared(self, key: str) -> str | None:
        """The nearest term that every network knows: what a linked network is told instead of an own term."""
        return next((k for k in self.ancestors(key) if not k.startswith(OWN)), None)

    def extended(self, own: Iterable[Term]) -> Terms:
        """These terms and a network's own ones. An own term inherits the stigma mark and cannot lose it.

        Raises WrongTerm when a key does not begin with OWN, or as the constructor does.
        """
        added = list(own)
        if strange := next((term for term in added if not term.key.startswith(OWN) or not term.parent), None):
            raise WrongTerm(strange.key)
        marks = {key: term.stigma for key, term in self._terms.items()}
        for term in added:
            marks[term.key] = term.stigma or marks.get(term.parent or "", True)
        return Terms([*self._terms.values(), *(replace(term, stigma=marks[term.key]) for term in added)])

    def _line(self, key: str) -> tuple[str, ...]:
        line: list[str] = []
        while key:
            if key not in self._terms or key in line:
                raise WrongTerm(key)
            line.append(key)
            key = self._terms[key].parent or ""
        return tuple(line)


def read_terms(path: Path) -> Terms:
    """Terms of one TOML file, broader terms before narrower ones; raises WrongTerm where that is broken."""
    terms: dict[str, Term] = {}
    for key, table in tomllib.loads(path.read_text("utf-8")).items():
        terms[key] = _term(key, table, terms.get(table.get("parent", "")))
    return Terms(terms.values())


def _term(key: str, table: Mapping[str, Any], parent: Term | None) -> Term:
    return Term(
        key=key,
        parent=table.get("parent"),
        labels={locale: table[locale] for locale in LOCALES},
        also=tuple(table.get("also", ())),
        report=tuple(table.get("report", ())),
        stigma=bool(table.get("stigma", parent.stigma if parent else False)),
    )


@lru_cache(maxsize=2)
def shipped(name: str) -> Terms:
    """The terms that come with this package: "issues" or "offers"."""
    return read_terms(Path(__file__).with_name(f"{name}.toml"))

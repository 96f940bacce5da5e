"""Whom a network reaches (¶40, ¶64): tables of people by region, issue and language, and by their tie to it.

These are true counts. Nothing in here may be shown, stored or sent before directory/core/disclosure.py has
been over it. The lists of people behind a count are no part of this: reach is about groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.vocabulary import Vocabulary

UNSAID = "unsaid"
"""The row of people who did not say."""
OTHER = "other"
"""The row of everything too small for a row of its own (disclosure.py makes it)."""


class Tie(StrEnum):
    """How a person stands to the network; each person has one tie."""

    HERE = "here"
    CONTACTED = "contacted"
    NO_TIE = "no_tie"


TIES = tuple(Tie)


@dataclass(frozen=True, slots=True)
class Fact:
    """One person, counted once; `region`, `issues` and `languages` are keys of the vocabularies."""

    tie: Tie
    region: str | None = None
    issues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of people: one line of `cells` for each of `rows`, one cell for each of TIES.

    `whole` says that each person stands in one row only, so that the rows add up to `people`. Otherwise a
    person may stand in several rows (two languages), and the rows overlap. `people` counts each person once.
    `listed` rows are those of a public list, there even when nobody stands in them; others exist because of
    somebody, so a small one must not even be named.
    """

    about: str
    rows: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    people: tuple[int, ...]
    whole: bool
    listed: bool


def tables(facts: Sequence[Fact], words: Vocabulary) -> tuple[Table, ...]:
    """Three tables: by country, by issue (the broadest terms only: rows may overlap, not contain each other)
    and by language. A person who listed nothing is in the row UNSAID."""
    people = tuple(Counter(fact.tie for fact in facts)[tie] for tie in TIES)
    broad = [key for key in words.issues.keys() if len(words.issues.ancestors(key)) == 1]  # noqa: SIM118
    by_region = _count(facts, lambda fact: [_country(fact.region, words)])
    by_issue = _count(facts, lambda fact: {_broadest(key, words) for key in fact.issues})
    by_language = _count(facts, lambda fact: {_widest(key, words) for key in fact.languages})
    return (
        _table("region", sorted(by_region), by_region, people, whole=True, listed=False),
        _table("issue", [*broad, UNSAID], by_issue, people, whole=False, listed=True),
        _table("language", sorted(by_language), by_language, people, whole=False, listed=False),
    )


Counts = dict[str, Counter[Tie]]


def _count(facts: Iterable[Fact], rows_of: Callable[[Fact], Iterable[str]]) -> Counts:
    counts: Counts = {}
    for fact in facts:
        for row in set(rows_of(fact)) or {UNSAID}:
            counts.setdefault(row, Counter())[fact.tie] += 1
    return counts


def _table(
    about: str, rows: Iterable[str], counts: Counts, people: tuple[int, ...], *, whole: bool, listed: bool
) -> Table:
    kept = tuple(rows)
    cells = tuple(tuple(counts.get(row, Counter())[tie] for tie in TIES) for row in kept)
    return Table(about, kept, cells, people, whole, listed)


def _country(region: str | None, words: Vocabulary) -> str:
    """The country a place lies in; a wider place stands for itself, an unknown one for nothing said."""
    line = words.regions.ancestors(region) if region else ()
    return next((key for key in line if len(key) == 2), region if line and region else UNSAID)


def _broadest(issue: str, words: Vocabulary) -> str:
    line = words.issues.ancestors(issue)
    return line[-1] if line else UNSAID


def _widest(language: str, words: Vocabulary) -> str:
    line = words.languages.ancestors(language)
    return line[-1] if line else UNSAID

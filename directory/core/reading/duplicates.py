"""Two lines about one organisation become one; lines that only look alike stay apart and are questioned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from directory.core.reading.findings import Finding, FindingKind, shown
from directory.core.reading.rows import OrganisationRow, compact, web_key
from directory.core.text import Text, say
from directory.vocabulary import Regions

ALIKE = 0.9
MOST_ALIKE = 8
"""Organisations with one name or website that a line is compared with."""
MOST_COMPARED = 20_000
"""Pairs of neighbours whose names are compared letter by letter; each takes about 0.1 ms."""
SHORT = 5
"""Letters; two organisations often share a shorter acronym, so that alone merges nothing."""


@dataclass(frozen=True, slots=True)
class Merged:
    """All organisations once, in the order of their first line, and why."""

    rows: tuple[OrganisationRow, ...]
    findings: tuple[Finding, ...]


Kept = dict[int, OrganisationRow]
"""Organisations by their first line."""
ByName = dict[str, list[int]]
"""What a later line would share with them → their first lines, at most MOST_ALIKE."""


def merge(rows: Iterable[OrganisationRow], regions: Regions) -> Merged:
    """Merges lines with one website or one name in one country; holds every row in memory."""
    kept: Kept = {}
    findings = take(rows, kept, {}, regions)
    named = ((row.line, row.name, row.country) for row in kept.values())
    findings += lookalikes(sorted(named, key=lambda one: (compact(one[1]), one[0])))
    return Merged(tuple(kept.values()), tuple(findings))


def take(rows: Iterable[OrganisationRow], kept: Kept, by_name: ByName, regions: Regions) -> list[Finding]:
    """Take more lines into `kept` and `by_name`, which must hold every earlier line that shares one of
    `names` with them; what became one is in its first line's place."""
    findings: list[Finding] = []
    for row in rows:
        shared = names(row)
        candidates = {line: None for name in shared for line in by_name.get(name, ())}
        first, reason = _same(row, [kept[line] for line in candidates])
        if first is not None and reason is not None:
            kept[first.line] = _joined(first, row, regions, findings)
            findings.append(_explained(row, first, reason))
            first_line = first.line
        else:
            kept[row.line] = _apart(row, [kept[line] for line in candidates], findings)
            first_line = row.line
        for name in shared:
            lines = by_name.setdefault(name, [])
            if first_line not in lines and len(lines) < MOST_ALIKE:
                lines.append(first_line)
    return findings


def names(row: OrganisationRow) -> list[str]:
    """What another line about the same organisation would share with this one, each once, in order."""
    shared = (compact(row.name), compact(row.acronym or ""), web_key(row.website))
    return [name for name in dict.fromkeys(shared) if name]


def _same(
    row: OrganisationRow, candidates: list[OrganisationRow]
) -> tuple[OrganisationRow | None, Text | None]:
    for other in candidates:
        if reason := _reason(row, other):
            return other, reason
    return None, None


def _reason(row: OrganisationRow, other: OrganisationRow) -> Text | None:
    """Why the two are one organisation, None when that is not clear."""
    named = _same_name(row, other)
    if web_key(row.website) and web_key(row.website) == web_key(other.website):
        return say("the same website and name") if named else None
    if not named or not _same_country(row, other):
        return None
    if row.website and other.website:
        return None
    return say("the same name and country")


def _same_name(row: OrganisationRow, other: OrganisationRow) -> bool:
    mine = {compact(row.name), compact(row.acronym or "")} - {""}
    theirs = {compact(other.name), compact(other.acronym or "")} - {""}
    if any(len(name) >= SHORT for name in mine & theirs):
        return True
    if mine & theirs and web_key(row.website) == web_key(other.website) != "":
        return True
    return SequenceMatcher(None, compact(row.name), compact(other.name), autojunk=False).ratio() >= ALIKE


def _same_country(row: OrganisationRow, other: OrganisationRow) -> bool:
    return _one_country(row.country, other.country)


def _one_country(one: str | None, other: str | None) -> bool:
    return one == other or None in (one, other)


def _joined(
    first: OrganisationRow, later: OrganisationRow, regions: Regions, findings: list[Finding]
) -> OrganisationRow:
    """The first line's words; what it left empty, and what it did not list, from the later one."""
    return replace(
        first,
        acronym=first.acronym or later.acronym,
        country=first.country or later.country,
        website=first.website or later.website,
        works_in=_area(first, later, regions, findings),
        issues=_union(first.issues, later.issues),
        languages=_union(first.languages, later.languages),
        offers=_union(first.offers, later.offers),
        also_lines=(*first.also_lines, later.line),
    )


def _union(first: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *later)))


def _area(
    first: OrganisationRow, later: OrganisationRow, regions: Regions, findings: list[Finding]
) -> tuple[str, ...]:
    """Both areas; but a wider place that only sums up what the first line lists in detail adds nothing."""
    detailed = {wider for key in first.works_in for wider in regions.ancestors(key)[1:]}
    added = [key for key in later.works_in if key not in detailed]
    if vague := [key for key in later.works_in if key in detailed]:
        text = say("Line {first} says where in more detail; that is kept.", first=first.line)
        value = ", ".join(regions.label(key, "en") for key in vague)
        findings.append(Finding(later.line, "", FindingKind.UNDERSTOOD, shown(value), text))
    return _union(first.works_in, tuple(added))


def _explained(row: OrganisationRow, first: OrganisationRow, reason: Text) -> Finding:
    text = say(
        "“{later}” is the same organisation as “{name}” in line {first} ({reason}); they became one.",
        later=shown(row.name),
        name=shown(first.name),
        first=first.line,
        reason=reason,
    )
    return Finding(row.line, "", FindingKind.MERGED, shown(row.name), text)


def _apart(
    row: OrganisationRow, candidates: list[OrganisationRow], findings: list[Finding]
) -> OrganisationRow:
    """Shares a website or a name with another line, but not enough: kept, and told apart by its name."""
    if not candidates:
        return row
    other = candidates[0]
    text = say(
        "This shares a name or a website with “{name}” in line {first}, but not both; the lines stay apart.",
        name=shown(other.name),
        first=other.line,
    )
    findings.append(Finding(row.line, "", FindingKind.QUESTIONED, shown(row.name), text))
    taken = row.key in {candidate.key for candidate in candidates}
    return replace(row, apart=compact(row.name)) if taken else row


def lookalikes(ordered: Iterable[tuple[int, str, str | None]]) -> list[Finding]:
    """Names one letter apart: neighbours in alphabetical order (by `compact`) of one country, questioned
    only. Each is (line, name, country). Ends after MOST_COMPARED pairs: a list of a million numbered names
    is no reason to compare them all."""
    found: list[Finding] = []
    compared = 0
    for (line, name, country), (other, later, elsewhere) in pairwise(ordered):
        left, right = compact(name), compact(later)
        if left[:4] != right[:4] or left == right or not _one_country(country, elsewhere):
            continue
        compared += 1
        if SequenceMatcher(None, left, right, autojunk=False).ratio() >= ALIKE:
            (n, first), (at, second) = sorted(((line, name), (other, later)))
            text = say("This looks much like “{name}” in line {n}.", name=shown(first), n=n)
            found.append(Finding(at, "", FindingKind.QUESTIONED, shown(second), text))
        if compared >= MOST_COMPARED:
            break
    return found

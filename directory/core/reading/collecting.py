"""Findings of a table of any length: every kind is counted, and the first of each are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from directory.core.reading.findings import Finding, FindingKind

MOST_KEPT = 1_000
"""Of each kind. Nobody reads more lines of a report; what they have in common is seen in the first ones."""


class Findings:
    """Takes findings one after the other, in memory that does not grow without end."""

    def __init__(self) -> None:
        self.counts: Counter[FindingKind] = Counter()
        self._kept: list[Finding] = []

    def add(self, found: Iterable[Finding]) -> None:
        """Count them; keep the first of each kind."""
        for finding in found:
            self.counts[finding.kind] += 1
            if self.counts[finding.kind] <= MOST_KEPT:
                self._kept.append(finding)

    @property
    def kept(self) -> tuple[Finding, ...]:
        """Those kept, by line."""
        return tuple(sorted(self._kept, key=lambda finding: finding.line))

    @property
    def left(self) -> int:
        """How many were only counted."""
        return self.counts.total() - len(self._kept)

    @property
    def stops(self) -> bool:
        """Is a line refused? Then nothing is taken, unless somebody said otherwise."""
        return self.counts[FindingKind.REFUSED] > 0

    @property
    def waits(self) -> bool:
        """Does a column that may be about people wait for an answer? Then nothing is taken at all."""
        return self.counts[FindingKind.ASKED] > 0

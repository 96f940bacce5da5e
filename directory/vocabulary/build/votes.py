"""Which of several meanings a name has: the sources vote, and what stays undecided is left out."""

from __future__ import annotations

from collections import defaultdict

from directory.vocabulary.fold import LONGEST, fold

DECISIVE = 10**6
ENGLISH = 10**4
OURS = 10**3
ONE_LOCALE = 1
CLEAR = 3
"""A meaning wins when it has three times the votes of the next one."""


class Votes:
    """Folded name → target → votes."""

    def __init__(self) -> None:
        self._votes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, name: str, target: str, weight: int) -> None:
        if len(name) <= LONGEST and (folded := fold(name)):
            self._votes[folded][target] += weight

    def decided(self) -> dict[str, str]:
        """Every name with one clear meaning."""
        return {name: best for name, targets in self._votes.items() if (best := _clear(targets))}

    def undecided(self) -> dict[str, set[str]]:
        """Every name with several meanings, and which."""
        return {name: set(targets) for name, targets in self._votes.items() if not _clear(targets)}


def _clear(targets: dict[str, int]) -> str | None:
    ranked = sorted(targets.items(), key=lambda item: (-item[1], item[0]))
    if len(ranked) == 1 or ranked[0][1] >= CLEAR * ranked[1][1]:
        return ranked[0][0]
    return None


def spellings(name: str) -> list[str]:
    """How else the same name is written: without what is in brackets, the other way round its comma.

    What is inside the brackets is often another country: "Saint-Martin (Pays-Bas)".
    """
    outside, bracket, _ = name.partition("(")
    forms = [name]
    if bracket:
        forms.append(outside)
    if ", " in outside:
        head, _, tail = outside.partition(", ")
        forms += [f"{tail} {head}", head] if "," not in tail else []
    return [form.strip() for form in forms]

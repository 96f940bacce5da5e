"""Near misses: what somebody may have meant. Over public vocabularies, never over people's names."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

CLOSE_ENOUGH = 0.74
"""SequenceMatcher ratio; "Guatamala" is 0.89 from "Guatemala", "Iran" 0.75 from "Iraq"."""


def nearest(wanted: str, names: Iterable[tuple[str, str]], limit: int) -> tuple[str, ...]:
    """Keys of the closest names, best first; `names` are (folded name, key), `wanted` is folded."""
    if len(wanted) < 3:
        return ()
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    pairs = _pairs(wanted)
    best: dict[str, float] = {}
    for name, key in names:
        if abs(len(name) - len(wanted)) > 1 + len(wanted) // 3 or pairs.isdisjoint(_pairs(name)):
            continue
        matcher.set_seq1(name)
        if matcher.quick_ratio() >= CLOSE_ENOUGH and (ratio := matcher.ratio()) >= CLOSE_ENOUGH:
            best[key] = max(ratio, best.get(key, 0.0))
    return tuple(sorted(best, key=lambda key: (-best[key], key))[:limit])


def _pairs(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(len(name) - 1)}

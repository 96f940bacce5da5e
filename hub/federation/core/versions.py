"""Which versions of the protocol this hub speaks, and which one two hubs use.

Each says in its heartbeat what it speaks. Until the other has said it, the first version is used, which every
hub reads. A type that a version does not know is kept, confirmed and ignored (bodies.py).
"""

from __future__ import annotations

from collections.abc import Iterable

SPEAKS = ("v1",)
"""The newest last."""


def spoken_by_both(theirs: Iterable[str], ours: Iterable[str] = SPEAKS) -> int | None:
    """The newest version both speak; None when they share none, or the other has not said."""
    both = {_number(each) for each in theirs} & {_number(each) for each in ours}
    return max(both - {0}, default=None)


def _number(name: str) -> int:
    return int(name[1:]) if name[:1] == "v" and name[1:].isdigit() and len(name) < 8 else 0

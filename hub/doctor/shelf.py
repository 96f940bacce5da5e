"""How one table of ours lies on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Lies(StrEnum):
    """How a column lies on the disk."""

    OPEN = "open"
    WATCH = "sealed, watch key"
    ARCHIVE = "sealed, archive key"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One table: what its open columns tell a thief, and how each column lies (names, between spaces)."""

    table: str
    tells: str
    open: str
    watch: str = ""
    archive: str = ""
    digest: str = ""

    def columns(self) -> Iterator[tuple[str, Lies]]:
        """(column, how it lies), in the order above."""
        kinds = {Lies.OPEN: self.open, Lies.WATCH: self.watch, Lies.ARCHIVE: self.archive}
        for lies, names in {**kinds, Lies.DIGEST: self.digest}.items():
            yield from ((name, lies) for name in names.split())

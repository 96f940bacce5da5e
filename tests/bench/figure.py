"""One figure beside its bar."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured. `bar` None: only written down. `at_most`: the figure must not be above its bar."""

    name: str
    figure: float
    unit: str
    bar: float | None = None
    at_most: bool = True

    @property
    def ok(self) -> bool:
        """Is the bar met?"""
        if self.bar is None:
            return True
        return self.figure <= self.bar if self.at_most else self.figure >= self.bar

    def as_json(self) -> dict[str, object]:
        """For the file that is kept."""
        return {**asdict(self), "ok": self.ok}

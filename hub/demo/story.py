"""The whole job once, on real parts. A step counts only when it was observed at the receiving end."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.demo.stage import Stage

Play = Callable[["Stage"], Awaitable[str]]


class NotYet(Exception):
    """The room for this step is not built yet."""


class Outcome(StrEnum):
    """How a step ended."""

    OK = "ok"
    FAILED = "failed"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a letter, what happens in one line, and how it is played. `play` returns the evidence."""

    letter: str
    name: str
    play: Play


@dataclass(frozen=True, slots=True)
class Played:
    """One step as it went. `seconds` is how long it took; `evidence` who saw what."""

    letter: str
    name: str
    outcome: Outcome
    seconds: float
    evidence: str

    @property
    def ok(self) -> bool:
        """Was it observed?"""
        return self.outcome is Outcome.OK

    def as_json(self) -> dict[str, object]:
        """For `--json`: one object a step."""
        return {**asdict(self), "outcome": str(self.outcome), "ok": self.ok}


async def play(
    steps: Sequence[Step], stage: Stage, tell: Callable[[Step], None], done: Callable[[Played], None]
) -> list[Played]:
    """Play the steps in order. After one that failed the others are still tried: each says for itself."""
    told: list[Played] = []
    for step in steps:
        tell(step)
        began = time.perf_counter()
        try:
            outcome, evidence = Outcome.OK, await step.play(stage)
        except NotYet as missing:
            outcome, evidence = Outcome.NOT_YET, str(missing)
        except Exception as why:  # noqa: BLE001 — shown to whoever watches, and the story's exit code is 1
            outcome, evidence = Outcome.FAILED, f"{type(why).__name__}: {why}"
        took = round(time.perf_counter() - began, 2)
        told.append(Played(step.letter, step.name, outcome, took, evidence))
        done(told[-1])
    return told

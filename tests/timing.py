"""Measuring whether two kinds of requests can be told apart by how long their answers take."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Ask = Callable[[], Awaitable[object]]
WARM = 20
BAR = 0.55


def auc(one: list[float], other: list[float]) -> float:
    """How often a guesser who sees one time of each kind names them right, 0.5 to 1 (Mann-Whitney)."""
    order = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks, place = 0.0, 0
    while place < len(order):
        end = place
        while end < len(order) and order[end][0] == order[place][0]:
            end += 1
        middle = (place + 1 + end) / 2
        ranks += middle * sum(1 for _, kind in order[place:end] if kind == 0)
        place = end
    wins = (ranks - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))
    return max(wins, 1 - wins)


@dataclass
class Times:
    """Milliseconds of both kinds, measured in pairs, each pair in a random order."""

    name: str
    one: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)
    answers: set[object] = field(default_factory=set)

    @property
    def auc(self) -> float:
        """Of all pairs."""
        return auc(self.one, self.other)

    @property
    def bar(self) -> float:
        """BAR; higher for so few pairs that chance alone would cross it (two standard errors of an AUC)."""
        return max(BAR, 0.5 + 2 * math.sqrt((2 * len(self.one) + 1) / (12 * len(self.one) ** 2)))

    def line(self) -> str:
        """For the table."""
        middle = [sorted(kind)[len(kind) // 2] for kind in (self.one, self.other)]
        return f"{self.name:<46} {len(self.one):>6} {middle[0]:>8.2f} {middle[1]:>8.2f} {self.auc:>7.3f}"


async def measured(name: str, one: Ask, other: Ask, pairs: int, *, before: Ask | None = None) -> Times:
    """Ask both kinds `pairs` times. `before` puts everything in its place, untimed, before each request. What
    the two answer is kept in `answers`: equal answers are one."""
    times, chance = Times(name), random.Random(7)
    for number in range(-WARM, pairs):
        kinds = [(one, times.one), (other, times.other)]
        chance.shuffle(kinds)
        for ask, kept in kinds:
            if before is not None:
                await before()
            began = time.perf_counter()
            answer = await ask()
            took = (time.perf_counter() - began) * 1000
            times.answers.add(answer)
            if number >= 0:
                kept.append(took)
    return times


def table(found: list[Times]) -> str:
    """What was measured, one line each."""
    head = f"{'':<46} {'pairs':>6} {'ms':>8} {'ms':>8} {'AUC':>7}   (bar: at most {BAR})"
    return "\n".join([head, *(one.line() for one in found)])

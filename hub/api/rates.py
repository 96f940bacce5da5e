"""How much one caller may ask in a minute, and the headers that say what is left.

Headers as in draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "requests";q=6000;w=60` and
`RateLimit: "requests";r=5999;t=1`. Kept in the memory of one process: with several doors each counts for
itself. The technician at this machine is not counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

WINDOW_S = 60
MOST_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Left:
    """What a caller has left of one policy. `wait` is in seconds, 0 when the request may be answered."""

    policy: str
    quota: int
    left: int
    wait: int

    def headers(self) -> Mapping[str, str]:
        """For every answer that was counted."""
        full = math.ceil((self.quota - self.left) * WINDOW_S / self.quota)
        found = {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={WINDOW_S}',
            "RateLimit": f'"{self.policy}";r={self.left};t={full}',
        }
        return found | ({"Retry-After": str(self.wait)} if self.wait else {})


@dataclass(slots=True)
class Rates:
    """A bucket a caller, filled evenly. `beat` is a monotonic clock in seconds; 0: nobody is counted."""

    beat: Callable[[], float]
    requests: int = 0
    points: int = 0
    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def request(self, caller: str) -> Left | None:
        """Count one request; None where nobody is counted."""
        return self._spend("requests", self.requests, caller, 1)

    def open_query(self, caller: str, points: int = 0) -> Left | None:
        """Count the points of an open query that was run. With 0 points: is anything left?

        What it cost is known after it was asked for: a caller may owe points, and waits until they are paid.
        """
        return self._spend("points", self.points, caller, points)

    def _spend(self, policy: str, quota: int, caller: str, price: int) -> Left | None:
        if quota <= 0:
            return None
        now = self.beat()
        had, at = self._buckets.get((policy, caller), (float(quota), now))
        has = min(float(quota), had + (now - at) * quota / WINDOW_S)
        if has < 1:
            return Left(policy, quota, 0, math.ceil((1 - has) * WINDOW_S / quota))
        self._keep((policy, caller), (has - price, now))
        return Left(policy, quota, max(0, int(has - price)), 0)

    def _keep(self, key: tuple[str, str], bucket: tuple[float, float]) -> None:
        """Forget whoever is full again before there are too many."""
        if len(self._buckets) >= MOST_CALLERS:
            for stale in [one for one, (_, at) in self._buckets.items() if bucket[1] - at > WINDOW_S]:
                del self._buckets[stale]
        self._buckets[key] = bucket

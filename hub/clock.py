"""The machine's clock. The only place where the hub reads it; all else takes a clock as an argument."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 — see above


def monotonic() -> float:
    """Seconds that only go forward, from any start: for how long something took."""
    return time.monotonic()

"""The machine's clock. The only place where the hub reads it; all else takes a clock as an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 — see above

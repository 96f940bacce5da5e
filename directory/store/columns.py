"""Columns that many tables have, and the one whose value PostgreSQL computes."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY

from directory.core.walking import BITS

CHUNKS = "ARRAY[" + ", ".join(f"(number >> {bits}) * 4 + {n}" for n, bits in enumerate(BITS, 1)) + "]"
"""The same as `chunk_of` in core/walking.py, for each size."""


def moment(name: str, *, required: bool = False) -> Column[object]:
    """A column for a point in time, always with its zone."""
    return Column(name, DateTime(timezone=True), nullable=not required)


def words(name: str) -> Column[object]:
    """A column of vocabulary keys, never null, empty by default."""
    return Column(name, ARRAY(Text), nullable=False, server_default="{}")

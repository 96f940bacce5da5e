"""The only source of chance in the hub. Everything else takes it as an argument."""

from __future__ import annotations

import secrets


def chance(size: int) -> bytes:
    """`size` unpredictable bytes from the operating system."""
    return secrets.token_bytes(size)


def random_id() -> str:
    """128 unpredictable bits as 32 hex digits: tells no time and no order."""
    return secrets.token_hex(16)

"""When the hub could hear people, as the node knows it: the bots only ask (bots/desk.py)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bots.core.silence import Heard
from directory.turn import Turn

Hearing = Callable[[Turn], Awaitable[Heard]]


async def always_hears(_turn: Turn) -> Heard:
    """A hub without an ear of its own, as in tests of check-ins alone."""
    return Heard()

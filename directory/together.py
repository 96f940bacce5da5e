"""Several effects of one turn, written together: what asks the database once for everybody is told sooner.

Inside the block messages and due times are kept where whoever records them knows how (hub/effects.py), and
written at its end in the order they were recorded, still in the same transaction. A block that fails writes
nothing of them: its turn is undone with it. Nothing in the block may look for what it recorded itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from directory.core.effects import Effect
from directory.store.database import Tx
from directory.turn import Turn

_KEY = "ayni together"


@dataclass(slots=True)
class Held:
    """What waits for the end of the block, and who writes it then."""

    effects: list[Effect] = field(default_factory=list)
    write: Callable[[Sequence[Effect]], Awaitable[None]] | None = None


@asynccontextmanager
async def together(turn: Turn) -> AsyncIterator[None]:
    """Messages and due times of this block are written at its end. A block within a block is part of it."""
    if _KEY in turn.tx.info:
        yield
        return
    held = turn.tx.info[_KEY] = Held()
    try:
        yield
    finally:
        turn.tx.info.pop(_KEY, None)
    if held.write is not None:
        await held.write(held.effects)


def held(tx: Tx) -> Held | None:
    """Where effects of the block wait, when there is one."""
    found: Held | None = tx.info.get(_KEY)
    return found

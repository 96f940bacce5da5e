"""One turn: everything a use case is handed, and nothing else.

A turn is one transaction on behalf of one viewer. What is decided in it is written in it, together with
every effect (letters, envelopes, due times); it is committed whole or it never was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from directory.core.effects import Effect
from directory.core.questions import Plan
from directory.core.ranking import Place
from directory.core.viewer import Viewer
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.search import Found

Record = Callable[[Effect], Awaitable[None]]
Ids = Callable[[], str]


class Find(Protocol):
    """Finds cards as directory/store/search.py does, perhaps from memory."""

    async def __call__(
        self, turn: Turn, plan: Plan, *, leases_from: datetime, after: Place | None, first: int
    ) -> Found:
        """Cards that fit the plan, the closest first, at most `first`, from `after` on."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """`now` is UTC; `ids` gives random 128-bit ids as 32 hex digits; `guard` seals and opens fields."""

    tx: Tx
    viewer: Viewer
    now: datetime
    record: Record
    ids: Ids
    guard: Guard
    home: str
    """Id of the network this hub belongs to."""
    find: Find | None = None
    """Where searches of this turn are answered; None: by PostgreSQL."""

"""Due handlers take a link only when it is free: one that waited would hold its due row meanwhile, and

whoever is at the link may be about to move just that row. So it comes again in a moment instead.
"""

from __future__ import annotations

from datetime import timedelta

from directory.core.effects import DueAt
from directory.turn import Turn
from hub.store import links
from hub.store.links import LinkRow

IN_A_MOMENT = timedelta(milliseconds=50)


async def at_hand(turn: Turn, kind: str, ref: str, network: str) -> LinkRow | None:
    """The link of `network`, locked. None when there is none, or when the due row (kind, ref) comes again."""
    link = await links.if_free(turn.tx, turn.guard, network)
    if link is None and await links.exists(turn.tx, network):
        await turn.record(DueAt(kind, ref, turn.now + IN_A_MOMENT))
    return link

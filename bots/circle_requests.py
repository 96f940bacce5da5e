"""Who asks the viewer into their circle."""

from __future__ import annotations

from bots.store.circle_requests import CircleRequest, asking
from directory.refusals import NotYours
from directory.turn import Turn


async def circle_requests(turn: Turn) -> tuple[CircleRequest, ...]:
    """Whose circle the viewer is in or is asked to be in. Raises NotYours without a member."""
    if turn.viewer.member is None:
        raise NotYours
    return await asking(turn.tx, turn.viewer.member)

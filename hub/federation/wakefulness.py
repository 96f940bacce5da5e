"""For which silent networks people here are woken however often: said by those who look after this one."""

from __future__ import annotations

from bots.store import people
from bots.watches import SilentNetwork
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn
from hub.store import links, watched


async def silent(turn: Turn) -> tuple[SilentNetwork, ...]:
    """Networks whose hub is silent although something was due there. Raises NotYours."""
    _keeper(turn)
    found = []
    for one in await watched.every(turn.tx):
        if one.told_at is not None:
            link = await links.of(turn.tx, turn.guard, one.network)
            since = link.last_heard_at if link is not None else None
            name = await people.network_name(turn.tx, one.network)
            found.append(SilentNetwork(one.network, name, since, one.told_at, one.always))
    return tuple(found)


async def wake_for(turn: Turn, network: str, always: bool) -> None:
    """Be woken each time this network falls silent, or once a day. Raises NotYours."""
    _keeper(turn)
    if not await watched.wake_always(turn.tx, network, always):
        raise NotYours


def _keeper(turn: Turn) -> None:
    if not turn.viewer.may_act_as(Role.COORDINATOR, Role.ADMINISTRATOR):
        raise NotYours

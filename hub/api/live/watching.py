"""What can be watched: for each field of Subscription, the hints it follows and whom a hint concerns.

A hint says that a row changed. Whether somebody may see it is asked again, with the rule, for each of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bots.core.alarms import OPEN
from bots.store import actions
from directory.core.viewer import Role
from directory.store import roles
from directory.turn import Turn
from hub.store import links

Concerned = Callable[[Turn, str], Awaitable[frozenset[str]]]
Everything = Callable[[Turn], Awaitable[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Source:
    """`hint` is the first word of a notification. `concerned` narrows down who is asked at all: members, and
    whoever is no member (the technician) always; `everything` is looked through when hints may be lost."""

    hint: str
    concerned: Concerned
    everything: Everything


@dataclass(slots=True)
class Event:
    """The root value of one execution: what changed, and what this subscriber was shown before."""

    key: str
    shown: dict[str, int] = field(default_factory=dict)


async def _of_alarm(turn: Turn, action: str) -> frozenset[str]:
    found = await actions.read(turn.tx, turn.guard, action)
    if found is None:
        return frozenset()
    told = {one.member for one in await actions.told_of(turn.tx, action)}
    keepers = await roles.holders(turn.tx, Role.COORDINATOR)
    return frozenset({*told, *keepers, *({found.listener} if found.listener else ())})


async def _open_alarms(turn: Turn) -> tuple[str, ...]:
    states = frozenset(state.value for state in OPEN)
    return tuple(one.id for one in await actions.in_states(turn.tx, turn.guard, states))


async def _of_link(turn: Turn, _network: str) -> frozenset[str]:
    return frozenset(await roles.holders(turn.tx, Role.ADMINISTRATOR))


async def _links(turn: Turn) -> tuple[str, ...]:
    return tuple(one.network for one in await links.every(turn.tx, turn.guard))


_ALARMS = Source("alarm", _of_alarm, _open_alarms)

SOURCES: Mapping[str, Source] = {
    "alarmChanged": _ALARMS,
    "timelineGrew": _ALARMS,
    "linkChanged": Source("link", _of_link, _links),
}
"""By the name of the field."""

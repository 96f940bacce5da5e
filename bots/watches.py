"""Linked networks that this hub watches for: which are silent, and how often people are woken for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class SilentNetwork:
    """A linked network whose hub is silent although something was due there. `since`: heard last; `told_at`:
    when people here were told; `always`: they are woken for it however often."""

    network: str
    name: str
    since: datetime | None
    told_at: datetime
    always: bool


class Watches(Protocol):
    """Given by the node (hub/federation/wakefulness.py)."""

    async def silent(self, turn: Turn) -> tuple[SilentNetwork, ...]:
        """Those silent now. Raises NotYours for who does not look after this network."""

    async def wake_for(self, turn: Turn, network: str, always: bool) -> None:
        """Be woken for this network each time it falls silent, or once a day. Raises NotYours."""


class Nothing:
    """A hub that watches for nobody."""

    async def silent(self, turn: Turn) -> tuple[SilentNetwork, ...]:
        """None."""
        return ()

    async def wake_for(self, turn: Turn, network: str, always: bool) -> None:
        """Nothing to change."""

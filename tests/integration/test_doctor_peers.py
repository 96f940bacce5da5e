"""Our clock, judged by what linked hubs signed and when it came here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import Clock
from two_hubs import AHub, Neighbours, pair

from hub.doctor.clocks import PeersDisagree
from hub.doctor.database import clock_of_peers
from hub.federation import links

__all__ = ["pair"]


async def judged(hub: AHub) -> PeersDisagree | None:
    async with hub.turn() as turn:
        return await clock_of_peers(turn.tx, turn.guard, turn.now)


@pytest.mark.parametrize(("hours", "way"), [(1, "behind"), (-1, "ahead of")])
async def test_a_clock_that_is_off_by_an_hour_is_told_by_what_a_linked_hub_signs(
    pair: Neighbours, hours: int, way: str
) -> None:
    await pair.link()
    assert await judged(pair.a) is None
    pair.clock.move(hours=2)
    pair.b.clock = Clock(pair.clock() + timedelta(hours=hours))
    async with pair.b.turn() as turn:
        await links.suspend(turn, pair.a.home)
    while await pair.carry():
        pass
    trouble = await judged(pair.a)
    assert trouble is not None
    assert f"60 minutes {way} those of 1 linked hubs" in str(trouble)
    assert "Set it right" in str(trouble)

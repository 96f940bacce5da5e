"""Once a day people's keys get a new epoch: what a copy of yesterday holds then opens for nobody.

Runs beside the pages, because re-wrapping many keys takes seconds of work. While the hub is sealed it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from directory.store.guarded import Guard
from hub import log
from hub.custody.slots import SlotFile

EPOCH = timedelta(days=1)
LOOK_EVERY = timedelta(minutes=15)


async def keep_epochs(guard: Guard, keys: Path, clock: Callable[[], datetime]) -> None:
    """Turn the epoch each day, until cancelled."""
    while True:
        await turn_when_due(guard, keys, clock())
        await asyncio.sleep(LOOK_EVERY.total_seconds())


async def turn_when_due(guard: Guard, keys: Path, now: datetime) -> bool:
    """Turn the epoch if it is a day old, or if a turn was cut short; whether it was turned."""
    slots = SlotFile(keys, guard.chance)
    epochs = slots.epochs.read()
    if guard.archive is None or not epochs:
        return False
    age = now - datetime.fromtimestamp(epochs[-1].made_at, now.tzinfo)
    if len(epochs) == 1 and timedelta(0) <= age < EPOCH:
        return False
    archive = (guard.archive, *guard.earlier)
    count = await asyncio.to_thread(slots.turn, archive, lambda: int(now.timestamp()))
    log.event("epoch turned", count=count)
    return True

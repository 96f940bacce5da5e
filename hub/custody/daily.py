"""Once a day people's keys get a new epoch: what a copy of yesterday holds then opens for nobody.

Runs beside the pages, because re-wrapping many keys takes seconds of work. While the hub is sealed it waits.
A rotation of the Archive key that was cut short is finished here too.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from directory.store.guarded import Guard
from hub import log
from hub.custody import rotating
from hub.custody.slots import SlotFile
from hub.node import Node
from hub.trouble import Trouble

EPOCH = timedelta(days=1)
LOOK_EVERY = timedelta(minutes=15)
LOOK_SOON = timedelta(seconds=5)
"""While the hub is sealed, or a rotation is to be finished: somebody may open it at any moment."""


async def keep_epochs(node: Node) -> None:
    """Turn the epoch each day, and finish what was cut short, until cancelled."""
    while True:
        done = await finish_rotation(node)
        await turn_when_due(node.guard, node.data / "keys", node.clock())
        again = LOOK_EVERY if done and not node.guard.sealed else LOOK_SOON
        await asyncio.sleep(again.total_seconds())


async def finish_rotation(node: Node) -> bool:
    """Finish a rotation that was cut short, once the records are open; whether nothing is left to do."""
    archive = node.guard.archive
    if archive is None or not rotating.unfinished(node.data / "keys"):
        return True
    try:
        done = await rotating.finish(node, archive, lambda: int(node.clock().timestamp()))
    except Trouble as trouble:
        log.trouble("rotation not finished", error=type(trouble).__name__)
        return False
    log.event("rotation finished", count=done.people)
    return True


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

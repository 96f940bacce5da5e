"""Keeps the reserve for alarms: held while there is room, opened to them when the disk is full, held again.

PostgreSQL, logs and signs of life then go on; other writes wait, because the disk counts as low (Reserve).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from hub.embedded.reserve import MIB, NoRoom, Reserve
from hub.trouble import Trouble

ALMOST_FULL = 16 * MIB
LOOK_EVERY_S = 2.0


class DiskFull(Trouble):
    """The disk that holds {folder} is full. What was kept for alarms was opened to them and lasts for a
    while: free some space now."""


class RoomAgain(Trouble):
    """The disk that holds {folder} has room again, and the reserve for alarms is held again."""


def look(reserve: Reserve, folder: Path, free: int, size: int) -> Trouble | None:
    """Open or take the reserve, if it is time to; what there is to say about it. `free` and `size`: bytes."""
    if reserve.held and size > 0 and free < ALMOST_FULL:
        reserve.give_up()
        return DiskFull(folder=folder)
    if not reserve.held and free > size + 4 * ALMOST_FULL:
        try:
            reserve.hold()
        except NoRoom:  # somebody was faster
            return None
        return RoomAgain(folder=folder)
    return None


async def keep_room(data: Path, size_mib: int, tell: Callable[[Trouble], None]) -> None:
    """Look every two seconds, until cancelled."""
    reserve = Reserve(data, size_mib=size_mib)
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        at = os.statvfs(data)
        found = look(reserve, data, at.f_bavail * at.f_frsize, size_mib * MIB)
        if found is not None:
            tell(found)

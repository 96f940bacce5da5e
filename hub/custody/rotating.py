"""A new key for the Archive ring, in the same custody or another, while people are served.

Each step may be cut short and is done again: by the same command, or by the hub itself at its next start.

First the new key is kept, with the old one wrapped under it, and every process is handed both. Then what
the old key sealed is sealed again: the epoch keys, the root key, the audit log; persons' own keys get a new
epoch. Only when nothing asks for the old key any more is it forgotten.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from directory import crypto
from directory.store.guarded import RingKey
from hub.custody import handing, rings, sheets
from hub.custody.locked import Kind, Locked, lock, with_earlier, with_passphrase, with_sheets
from hub.custody.rings import Begun, Shown, unseen
from hub.custody.sheets import Sheet
from hub.custody.slots import SlotFile
from hub.due import CLOCK
from hub.node import Node
from hub.store.resealing import reseal
from hub.trouble import Trouble


class OldKey(Trouble):
    """There is no description of how the records of this hub are kept (keys/archive.lock), so their key
    cannot be replaced. Nothing was changed. Put keys/archive.lock back from your copy."""

    needs_person = True


class HalfRotated(Trouble):
    """The key to the records was being replaced when that was cut short. Everything is still read. Finish it
    first: ayni custody rotate"""

    needs_person = True


class NotTaken(Trouble):
    """Not every part of the hub took the new key: {parts}. Everything is still read, and both keys are kept.
    Start the hub again (ayni up), then finish: ayni custody rotate"""

    needs_person = True


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: people whose keys are under a new epoch, rows sealed again."""

    people: int
    rows: int


def replace_key(
    keys: Path,
    old: RingKey,
    chance: crypto.Chance,
    *,
    kind: Kind | None = None,
    passphrase: str = "",
    cost: crypto.Cost = crypto.SENSITIVE,
    shown: Shown = unseen,
) -> Begun:
    """Keep a new Archive key, the old one wrapped under it; the sheets to print. `kind`: another custody.

    `shown` is called with the new sheets before anything is changed; what it raises stops the rotation.
    Afterwards old sheets, the old passphrase and an old key file open nothing.
    Raises ShortPassphrase, OldKey, HalfRotated.
    """
    locked = rings.lock_of(keys)
    if locked is None:
        raise OldKey
    if locked.earlier:
        raise HalfRotated
    kind = kind or locked.kind
    ring = rings.fresh_archive(chance)
    printed: tuple[Sheet, ...] = sheets.make(chance) if kind is not Kind.FILE else ()
    fresh = lock(ring, kind)
    if kind is Kind.PASSPHRASE:
        fresh = with_passphrase(fresh, ring, passphrase, chance, cost=cost)
    if printed:
        fresh = with_sheets(fresh, ring, printed, chance)
    fresh = with_earlier(fresh, ring, (old,), chance)
    shown(printed)
    if kind is Kind.FILE:
        rings.write_next(keys, ring)
    rings.write_lock(keys, fresh)
    rings.archive_file(keys)  # puts the new file in place, or overwrites the one that is not wanted any more
    return Begun(ring, printed)


def unfinished(keys: Path) -> bool:
    """Was a rotation cut short?"""
    locked = rings.lock_of(keys)
    return locked is not None and bool(locked.earlier)


async def finish(node: Node, ring: RingKey, now: Callable[[], int]) -> Rotated:
    """Seal again what an older key still holds, and forget that key. `now`: seconds. Repeatable."""
    async with alone(node.data / "keys"):
        return await _finish(node, ring, now)


@asynccontextmanager
async def alone(keys: Path) -> AsyncIterator[None]:
    """One at a time: the command and the hub may both want to finish what was cut short."""
    handle = os.open(keys / "rotating", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


async def _finish(node: Node, ring: RingKey, now: Callable[[], int]) -> Rotated:
    keys = node.data / "keys"
    rings.unseal(node.guard, keys, ring)
    await _hand_to_all(node.data, ring)
    archive = (ring, *node.guard.earlier)
    slots = SlotFile(keys, node.guard.chance)
    slots.rewrap_epochs(archive)
    people = await asyncio.to_thread(slots.turn, archive, now)
    rows = await _reseal_all(node)
    locked = rings.lock_of(keys)
    if locked is not None:
        rings.write_lock(keys, _without_earlier(locked))
    rings.unseal(node.guard, keys, ring)
    await handing.give(node.data, ring)
    return Rotated(people, rows)


async def _hand_to_all(data: Path, ring: RingKey) -> None:
    opened = await handing.give(data, ring)
    if left_out := set(handing.running(data)) - set(opened):
        raise NotTaken(parts=", ".join(sorted(left_out)))


async def _reseal_all(node: Node) -> int:
    total = 0
    for old in node.guard.earlier:
        while True:
            async with node.turn(CLOCK) as turn:
                done = await reseal(turn.tx, turn.guard, old)
            total += done
            if done == 0:
                break
    return total


def _without_earlier(locked: Locked) -> Locked:
    return msgspec.structs.replace(locked, earlier={})

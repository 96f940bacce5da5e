"""Budgets of looking (DESIGN 6, THREATS 16): how much may be shown in a day, leased in blocks.

A process takes a block for a viewer in one transaction, which charges whoever invited the viewer as well, and
hands it out from memory. What is left when the stretch of minutes is over is given back. A process that dies
loses what it held: that counts as used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from directory.core.budgets import (
    BLOCK,
    PEER_ASKS,
    SETTLED,
    VIEWER,
    counted_from,
    granted,
    inviter_limit,
    stretch_of,
)
from directory.store import budgets as store
from directory.turn import Turn


@dataclass(slots=True)
class Lease:
    """What a process may still hand out for one viewer; `charged` are the rows that it was taken from."""

    stretch: datetime
    left: int
    charged: tuple[bytes, ...]


@dataclass(slots=True)
class Purse:
    """The leases of one process."""

    leases: dict[str, Lease] = field(default_factory=dict)

    def take(self, viewer: str, wanted: int, now: datetime) -> bool:
        """Hand out from what is leased already. False: ask `spend`, nothing was taken."""
        lease = self.leases.get(viewer)
        if lease is None or lease.left < wanted or lease.stretch != stretch_of(now):
            return False
        lease.left -= wanted
        return True


_PURSES: WeakKeyDictionary[object, Purse] = WeakKeyDictionary()


def purse_of(turn: Turn) -> Purse:
    """One a process and database."""
    return _PURSES.setdefault(turn.tx.engine, Purse())


async def spend(turn: Turn, wanted: int) -> int:
    """How many of `wanted` cards of people may be shown to this viewer now; that many count as shown."""
    member = turn.viewer.member
    if member is None or wanted == 0:
        return wanted
    purse = purse_of(turn)
    if purse.take(member, wanted, turn.now):
        return wanted
    who = turn.guard.digest("budget", f"viewer:{member}")
    await store.lock(turn.tx, who)
    lease = purse.leases.pop(member, None)
    if lease is not None:
        for charged in lease.charged:
            await store.use(turn.tx, charged, lease.stretch, -lease.left)
    block = await _lease(turn, member, who, max(wanted, BLOCK))
    given = min(wanted, block.left)
    block.left -= given
    purse.leases[member] = block
    return given


async def decoy_owner(turn: Turn) -> bytes:
    """Under what name decoys that this viewer sees are counted: with everybody whom one person invited."""
    member = turn.viewer.member or ""
    by = await store.invited(turn.tx, member, turn.now)
    return turn.guard.digest("budget", f"inviter:{by.by}" if by else f"viewer:{member}")


async def peer_may_ask(turn: Turn, network: str) -> bool:
    """May a linked network bring in one more request to meet today? Counts it."""
    who = turn.guard.digest("budget", f"peer:{network}")
    await store.lock(turn.tx, who)
    if await store.used(turn.tx, who, counted_from(turn.now)) >= PEER_ASKS:
        return False
    await store.use(turn.tx, who, stretch_of(turn.now), 1)
    return True


async def _lease(turn: Turn, member: str, who: bytes, wanted: int) -> Lease:
    since, stretch = counted_from(turn.now), stretch_of(turn.now)
    charged = [(who, VIEWER)]
    by = await store.invited(turn.tx, member, turn.now - SETTLED)
    if by is not None:
        theirs = turn.guard.digest("budget", f"inviter:{by.by}")
        await store.lock(turn.tx, theirs)
        charged.append((theirs, inviter_limit(by.all, by.settled)))
    block = wanted
    for one, limit in charged:
        block = granted(block, await store.used(turn.tx, one, since), limit)
    for one, _ in charged:
        if block:
            await store.use(turn.tx, one, stretch, block)
    return Lease(stretch, block, tuple(one for one, _ in charged))

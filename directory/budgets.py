"""Budgets of looking (DESIGN 6, THREATS 16): how much may be shown in a day, leased in blocks.

A process takes a block for a viewer in one transaction, which charges whoever invited the viewer as well, and
hands it out from memory. What is left when the stretch of minutes is over is given back. A process that dies
loses what it held: that counts as used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from directory.core.budgets import (
    BLOCK,
    PEER_ASKS,
    SETTLED,
    VIEWER,
    counted_from,
    inviter_limit,
    stretch_of,
)
from directory.core.effects import TellRoles
from directory.core.text import say
from directory.core.viewer import Role
from directory.store import budgets as store
from directory.store import members as rows
from directory.turn import Turn

LIMITS_KEPT = timedelta(hours=1)
MOST_LEASES = 10_000


@dataclass(slots=True)
class Lease:
    """What a process may still hand out for one viewer; `limits` of those it is charged to, by digest, the
    viewer first. `spent`: there was no more to be had in this stretch."""

    stretch: datetime
    left: int
    limits: Mapping[bytes, int]
    known_at: datetime
    spent: bool = False


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

    def may_be_spent(self, viewer: str) -> bool:
        """Had this viewer been shown everything of a day when somebody last asked? Then ask `is_spent`."""
        lease = self.leases.get(viewer)
        return lease is not None and lease.spent and lease.left == 0

    def keep(self, viewer: str, lease: Lease) -> None:
        """From now on this is theirs."""
        self.leases.pop(viewer, None)
        if len(self.leases) >= MOST_LEASES:
            self.leases.pop(next(iter(self.leases)))
        self.leases[viewer] = lease


_PURSES: WeakKeyDictionary[object, Purse] = WeakKeyDictionary()


def purse_of(turn: Turn) -> Purse:
    """One a process and database."""
    return purse_at(turn.tx.engine)


def purse_at(engine: object) -> Purse:
    """The same, by what its connections come from."""
    return _PURSES.setdefault(engine, Purse())


async def spend(turn: Turn, wanted: int, *, lightly: bool = False) -> int:
    """How many of `wanted` cards of people may be shown to this viewer now; that many count as shown.
    `lightly`: nothing else is written in this turn, and it is kept. Any other turn may still be undone, and
    what it took then never was: so nothing of that is handed out to the next one."""
    member = turn.viewer.member
    if member is None or wanted == 0:
        return wanted
    purse = purse_of(turn)
    if purse.take(member, wanted, turn.now):
        return wanted
    before = purse.leases.get(member)
    if not lightly:
        left = before and replace(before, left=0)
        lease = await _leased(turn, member, left, wanted, wanted, lightly=False)
        if lease.spent and (before is None or before.left == 0):
            purse.keep(member, replace(lease, left=0))
        return min(wanted, lease.left)
    lease = await _leased(turn, member, before, wanted, BLOCK, lightly=True)
    given = min(wanted, lease.left)
    lease.left -= given
    purse.keep(member, lease)
    return given


async def is_spent(turn: Turn) -> bool:
    """Was this viewer shown all that may be shown in a day? Then nothing tells whether there is anybody."""
    member, purse = turn.viewer.member, purse_of(turn)
    if member is None or not purse.may_be_spent(member):
        return False
    lease = purse.leases[member]
    if lease.stretch != stretch_of(turn.now):
        lease = await _leased(turn, member, lease, 1, 1, lightly=True)
        purse.keep(member, lease if lease.spent else replace(lease, left=0))
    return lease.spent and lease.left == 0


async def charged_to(turn: Turn) -> tuple[bytes, int]:
    """Who is charged last for what this viewer sees, and the limit: everybody whom one person invited."""
    return list((await _limits(turn, turn.viewer.member or "")).items())[-1]


async def peer_may_ask(turn: Turn, network: str) -> bool:
    """May a linked network bring in one more request to meet today? Counts it."""
    who = turn.guard.digest("budget", f"peer:{network}")
    await store.use(turn.tx, {(who, stretch_of(turn.now)): 1})
    used = await store.used(turn.tx, [who], counted_from(turn.now))
    return used[who] <= PEER_ASKS


async def _leased(
    turn: Turn, member: str, before: Lease | None, wanted: int, block: int, *, lightly: bool
) -> Lease:
    """A new block, and what was left of the last one given back. It is written first and reckoned after:
    so nobody else can have taken the same meanwhile; what is over the limit is given back."""
    stretch, block = stretch_of(turn.now), max(wanted, block)
    limits, known_at = (before.limits, before.known_at) if before else ({}, turn.now)
    if before is None or turn.now - known_at > LIMITS_KEPT:
        limits, known_at = await _limits(turn, member), turn.now
    changes = {(who, stretch): block for who in limits}
    if before is not None and before.left:
        for who in before.limits:
            changes[who, before.stretch] = changes.get((who, before.stretch), 0) - before.left
    await store.use(turn.tx, changes)
    lightly = lightly and turn.find is not None  # what is said in chat has more in its transaction
    used = await store.used(turn.tx, limits, counted_from(turn.now), lightly=lightly)
    over = max(used[who] - limit for who, limit in limits.items())
    if over > 0:
        back = min(block, over)
        await store.use(turn.tx, {(who, stretch): -back for who in limits})
        block -= back
    if over >= 0:
        await _met(turn, member, next(who for who, limit in limits.items() if used[who] >= limit), limits)
    return Lease(stretch, block, limits, known_at, spent=over > 0)


async def _met(turn: Turn, member: str, whose: bytes, limits: Mapping[bytes, int]) -> None:
    """All was shown that may be shown in a day: the coordinators hear of it, once a day. When those share it
    whom one person invited, nobody says that this one of them gathers cards."""
    note = turn.guard.digest("budget", f"met:{whose.hex()}")
    await store.use(turn.tx, {(note, stretch_of(turn.now)): 1})
    if (await store.used(turn.tx, [note], counted_from(turn.now)))[note] > 1:
        return
    row = await rows.load(turn.tx, member)
    name = row.name if row else ""
    text = say(
        "{name} was shown very many people today, and is shown no more until tomorrow. Please find out what "
        "is behind it.",
        name=name,
    )
    if whose != next(iter(limits)):
        text = say(
            "{name} is among people who were shown very many cards today, and who are shown no more until "
            "tomorrow. They all came in by one person. Please find out what is behind it.",
            name=name,
        )
    await turn.record(TellRoles(Role.COORDINATOR, text))


async def _limits(turn: Turn, member: str) -> dict[bytes, int]:
    found = {turn.guard.digest("budget", f"viewer:{member}"): VIEWER}
    by = await store.invited(turn.tx, member, turn.now - SETTLED)
    if by is not None:
        found[turn.guard.digest("budget", f"inviter:{by.by}")] = inviter_limit(by.all, by.settled)
    return found

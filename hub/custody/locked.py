"""The Archive key where it may lie on a disk: locked with a passphrase, or with two of three sheets.

A locked key is public: it says which kinds of lock it has, and a commitment by which a key is known to be
the right one before it is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations

import msgspec

from directory import crypto
from directory.store.guarded import RingKey
from hub.custody.sheets import OtherSheets, Sheet, SheetTaken, pair_key
from hub.trouble import Trouble

RING = "archive"
PASSPHRASE_LENGTH = 14
"""Letters. Four or five words chosen by dice are better than any one word with figures in it."""


class Kind(StrEnum):
    """How the Archive key is kept."""

    FILE = "file"
    PASSPHRASE = "passphrase"  # noqa: S105 — a kind of lock
    SHEETS = "sheets"


class ShortPassphrase(Trouble):
    """A passphrase of at least {length} letters is needed: four or five words that do not belong together.
    Nothing was made yet."""

    exit_code = 2
    needs_person = True


class WrongPassphrase(Trouble):
    """This passphrase does not open the records. Alarms go on, records stay closed. Try again, or use two of
    the three recovery sheets: ayni unseal --sheets"""

    exit_code = 2
    needs_person = True


class NoSuchLock(Trouble):
    """The records of this hub are not locked with a {kind}, so a {kind} cannot open them. Nothing was
    changed, and alarms go on. See how they are kept: ayni custody show"""

    exit_code = 2
    needs_person = True


class WrongKey(Trouble):
    """This key is not the one of this hub. Alarms go on, records stay closed. Look for the key that belongs
    to the set {mine}."""

    exit_code = 2
    needs_person = True


class TooLittleMemory(Trouble):
    """Opening a passphrase takes {mib} MiB of memory, and this computer does not have them free. Alarms go
    on. Stop another program and try again, or use two recovery sheets: ayni unseal --sheets"""

    needs_person = True


class Passphrase(msgspec.Struct, frozen=True):
    """The key under a passphrase: salt and cost of argon2id, and the wrapped key."""

    salt: bytes
    rounds: int
    memory: int
    wrapped: bytes


class Locked(msgspec.Struct, frozen=True):
    """What `archive.lock` holds. `earlier`: keys a rotation is replacing, each wrapped under the new one."""

    kind: Kind
    kid: str
    check: bytes
    passphrase: Passphrase | None = None
    sheet_set: str = ""
    pairs: dict[str, bytes] = {}
    earlier: dict[str, bytes] = {}


def commitment(ring: RingKey) -> bytes:
    """Tells whether a key is the right one; nothing about the key."""
    return crypto.digest(ring.key, "archive-check", ring.kid.encode())


def lock(ring: RingKey, kind: Kind) -> Locked:
    """A description without any lock yet: all that custody by a file needs."""
    return Locked(kind, ring.kid, commitment(ring))


def with_passphrase(
    locked: Locked,
    ring: RingKey,
    passphrase: str,
    chance: crypto.Chance,
    *,
    cost: crypto.Cost = crypto.SENSITIVE,
) -> Locked:
    """Locked with a passphrase too. Raises ShortPassphrase, TooLittleMemory."""
    if len(crypto.plain_word(passphrase)) < PASSPHRASE_LENGTH:
        raise ShortPassphrase(length=PASSPHRASE_LENGTH)
    salt = chance(crypto.SALT_SIZE)
    key = _derived(passphrase, salt, cost)
    wrapped = crypto.wrap_key(key, ring.key, ring=RING, owner="passphrase", kid=ring.kid, chance=chance)
    return msgspec.structs.replace(locked, passphrase=Passphrase(salt, cost.rounds, cost.memory, wrapped))


def with_sheets(locked: Locked, ring: RingKey, sheets: Sequence[Sheet], chance: crypto.Chance) -> Locked:
    """Locked with each two of these sheets too."""
    pairs = {}
    for one, other in combinations(sheets, 2):
        name, key = pair_key(one, other)
        pairs[name] = crypto.wrap_key(
            key, ring.key, ring=RING, owner=f"sheets {name}", kid=ring.kid, chance=chance
        )
    return msgspec.structs.replace(locked, sheet_set=sheets[0].set, pairs=pairs)


def by_passphrase(locked: Locked, passphrase: str) -> RingKey:
    """The Archive key. Slow on purpose. Raises NoSuchLock, WrongPassphrase, TooLittleMemory."""
    held = locked.passphrase
    if held is None:
        raise NoSuchLock(kind="passphrase")
    key = _derived(passphrase, held.salt, crypto.Cost(held.rounds, held.memory))
    try:
        opened = crypto.unwrap_key(key, held.wrapped, ring=RING, owner="passphrase")
    except crypto.CannotOpen:
        raise WrongPassphrase from None
    return checked(locked, RingKey(locked.kid, opened))


def by_sheets(locked: Locked, one: Sheet, other: Sheet) -> RingKey:
    """The Archive key. Raises NoSuchLock, OtherSheets, SameSheet, WrongKey."""
    if not locked.pairs:
        raise NoSuchLock(kind="set of sheets")
    for sheet in (one, other):
        if sheet.set != locked.sheet_set:
            raise OtherSheets(found=sheet.set, mine=locked.sheet_set)
    name, key = pair_key(one, other)
    if name not in locked.pairs:
        raise SheetTaken(others=" and ".join(" and ".join(pair) for pair in locked.pairs))
    try:
        opened = crypto.unwrap_key(key, locked.pairs[name], ring=RING, owner=f"sheets {name}")
    except crypto.CannotOpen:
        raise WrongKey(mine=locked.sheet_set) from None
    return checked(locked, RingKey(locked.kid, opened))


def checked(locked: Locked, ring: RingKey) -> RingKey:
    """The same key, known to be right. Raises WrongKey."""
    if ring.kid != locked.kid or not crypto.same(commitment(ring), locked.check):
        raise WrongKey(mine=locked.sheet_set or locked.kid)
    return ring


def earlier_of(locked: Locked, ring: RingKey) -> tuple[RingKey, ...]:
    """The keys a rotation has not yet done with."""
    return tuple(
        RingKey(kid, crypto.unwrap_key(ring.key, wrapped, ring=RING, owner=f"earlier {kid}"))
        for kid, wrapped in locked.earlier.items()
    )


def with_earlier(locked: Locked, ring: RingKey, old: Sequence[RingKey], chance: crypto.Chance) -> Locked:
    """With these older keys under the new one, until nothing asks for them any more."""
    kept = {
        each.kid: crypto.wrap_key(
            ring.key, each.key, ring=RING, owner=f"earlier {each.kid}", kid=ring.kid, chance=chance
        )
        for each in old
    }
    return msgspec.structs.replace(locked, earlier=kept)


def _derived(passphrase: str, salt: bytes, cost: crypto.Cost) -> bytes:
    try:
        return crypto.key_from_passphrase(passphrase, salt, cost=cost)
    except (MemoryError, RuntimeError):
        raise TooLittleMemory(mib=cost.memory >> 20) from None

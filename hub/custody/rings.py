"""The ring keys in the folder `keys`: made once by `ayni init`, opened at every start.

A hub that finds no Watch key refuses to start rather than making a new one that would open nothing. A hub
whose Archive key is locked starts sealed: alarms and check-ins run, records wait for a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from directory import crypto
from directory.crypto import Chance
from directory.store.guarded import Guard, RingKey
from hub.custody import sheets, slots, watch
from hub.custody.files import DamagedKey, fresh, read_ring, ring_text, shred, write_secret
from hub.custody.locked import Kind, Locked, checked, earlier_of, lock, with_passphrase, with_sheets
from hub.custody.sheets import Sheet
from hub.custody.watch import open_watch
from hub.settings import read_secret

ARCHIVE = "archive.key"
LOCK = "archive.lock"
NEXT = "archive.next"
"""The Archive key that takes the place of `archive.key`, for the moment in which both must be there."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The Archive key of a hub that was just made, in memory, and the sheets to print; none for a file."""

    archive: RingKey
    sheets: tuple[Sheet, ...] = ()


Shown = Callable[[tuple[Sheet, ...]], None]
"""Shows sheets to somebody and has one read back."""


def unseen(printed: tuple[Sheet, ...]) -> None:
    """For who shows them later, and for custody without sheets."""


def make_rings(keys: Path, chance: Chance) -> None:
    """Make both ring keys as files, unless they exist in any kind of custody."""
    begin(keys, chance)


def begin(
    keys: Path,
    chance: Chance,
    kind: Kind = Kind.FILE,
    *,
    passphrase: str = "",
    cost: crypto.Cost = crypto.SENSITIVE,
    shown: Shown = unseen,
) -> Begun | None:
    """Make both ring keys; None when this hub has them. Raises ShortPassphrase before anything is made.

    With a passphrase or sheets the Archive key is never written down open. `shown` is called with the
    sheets before anything is made: what it raises leaves nothing behind.
    """
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun = None if _has_archive(keys) else _begin_archive(keys, chance, kind, passphrase, cost, shown)
    watch.begin(keys, chance)
    slots.prepare(keys)
    return begun


def _has_archive(keys: Path) -> bool:
    return (keys / ARCHIVE).exists() or (keys / LOCK).exists()


def _begin_archive(
    keys: Path, chance: Chance, kind: Kind, passphrase: str, cost: crypto.Cost, shown: Shown
) -> Begun:
    ring = fresh("a", chance)
    locked = lock(ring, kind)
    printed: tuple[Sheet, ...] = ()
    if kind is Kind.PASSPHRASE:
        locked = with_passphrase(locked, ring, passphrase, chance, cost=cost)
    if kind is not Kind.FILE:
        printed = sheets.make(chance)
        locked = with_sheets(locked, ring, printed, chance)
        shown(printed)
    else:
        _write_ring(keys / ARCHIVE, ring)
    write_lock(keys, locked)
    return Begun(ring, printed)


def fresh_archive(chance: Chance) -> RingKey:
    """A new key for the Archive ring, not yet kept anywhere."""
    return fresh("a", chance)


def _write_ring(path: Path, ring: RingKey) -> None:
    write_secret(path, ring_text(ring))


def write_next(keys: Path, ring: RingKey) -> None:
    """Custody by a file: lay down the key that will be used next."""
    _write_ring(keys / NEXT, ring)


def take_next(keys: Path) -> None:
    """Use it from now on."""
    (keys / NEXT).replace(keys / ARCHIVE)


def write_lock(keys: Path, locked: Locked) -> None:
    """Keep how the Archive key is locked."""
    write_secret(keys / LOCK, msgspec.json.encode(locked).decode())


def lock_of(keys: Path) -> Locked | None:
    """How the Archive key is kept; None for a hub older than this file. Raises DamagedKey."""
    path = keys / LOCK
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(read_secret(path), type=Locked)
    except msgspec.DecodeError:
        raise DamagedKey(file=path) from None


def kind_of(keys: Path) -> Kind:
    """In whose hands the Archive key is."""
    locked = lock_of(keys)
    return Kind.FILE if locked is None else locked.kind


def open_rings(keys: Path, chance: Chance) -> Guard:
    """The guard of this hub. Raises NoKeys, OtherWatchKey; without an Archive key it is sealed."""
    return guard_with(keys, chance, open_watch(keys))


def guard_with(keys: Path, chance: Chance, watch: RingKey) -> Guard:
    """The same where the Watch key came from elsewhere."""
    guard = Guard(watch, None, chance, slots=slots.SlotFile(keys, chance))
    archive = archive_file(keys)
    if archive is not None:
        unseal(guard, keys, archive)
    return guard


def archive_file(keys: Path) -> RingKey | None:
    """The Archive key where it lies open; None where it is locked. Finishes a change that was cut short."""
    locked, following = lock_of(keys), read_ring(keys / NEXT)
    if locked is not None and locked.kind is not Kind.FILE:
        for left in (ARCHIVE, NEXT):
            shred(keys / left)
        return None
    if following is not None and locked is not None and following.kid == locked.kid:
        take_next(keys)
    return read_ring(keys / ARCHIVE)


def unseal(guard: Guard, keys: Path, archive: RingKey) -> None:
    """Open the Archive ring with this key, once it is known to be the right one. Raises WrongKey."""
    locked = lock_of(keys)
    if locked is None:
        guard.unseal(archive)
    else:
        guard.unseal(checked(locked, archive), earlier_of(locked, archive))

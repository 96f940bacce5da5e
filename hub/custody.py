"""Where the two ring keys are kept (DESIGN 4.9). Plain files: whoever takes the disk has them.

`ayni doctor --seized` says so. Keys are made once, by `ayni init`; a hub that finds none refuses to start
rather than making new ones that would open nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from directory.crypto import Chance
from directory.store.guarded import Guard, RingKey
from hub.settings import read_secret
from hub.trouble import Trouble

WATCH = "watch.key"
ARCHIVE = "archive.key"


class NoKeys(Trouble):
    """The key files are missing. Put the folder `keys` back from your copy; new keys open nothing."""

    needs_person = True


class DamagedKey(Trouble):
    """The key file {file} is damaged. Put it back from your copy."""

    needs_person = True


class _KeyFile(msgspec.Struct, frozen=True):
    kid: str
    key: bytes


def make_rings(keys: Path, chance: Chance) -> None:
    """Make both ring keys, unless they exist. Files are readable by their owner only."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (WATCH, ARCHIVE):
        path = keys / name
        if not path.exists():
            kid = name[0] + chance(4).hex()
            write_secret(path, msgspec.json.encode(_KeyFile(kid, chance(32))).decode())


def write_secret(path: Path, text: str) -> None:
    """Write a secret once, whole or not at all, mode 600, and on the disk before this returns."""
    unfinished = path.with_suffix(".new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def open_rings(keys: Path, chance: Chance) -> Guard:
    """The guard of this hub. Raises NoKeys without a Watch key; without an Archive key it is sealed."""
    watch = _read(keys / WATCH)
    if watch is None:
        raise NoKeys
    return Guard(watch, _read(keys / ARCHIVE), chance)


def _read(path: Path) -> RingKey | None:
    if not path.exists():
        return None
    try:
        found = msgspec.json.decode(read_secret(path), type=_KeyFile)
    except msgspec.DecodeError:
        raise DamagedKey(file=path) from None
    return RingKey(found.kid, found.key)

"""Key files: written whole or not at all, read once, overwritten before they are removed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from directory.crypto import Chance
from directory.store.guarded import RingKey
from hub.embedded.files import sync_folder
from hub.settings import read_secret
from hub.trouble import Trouble

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd lays what a unit's LoadCredential= names; a key there is used before the file."""


class DamagedKey(Trouble):
    """The key file {file} is damaged. Nothing was changed. Put it back from your copy."""

    needs_person = True


class _KeyFile(msgspec.Struct, frozen=True):
    kid: str
    key: bytes


def fresh(initial: str, chance: Chance) -> RingKey:
    """A new ring key, not yet kept anywhere."""
    return RingKey(initial + chance(4).hex(), chance(32))


def ring_text(ring: RingKey) -> str:
    """What a key file holds."""
    return msgspec.json.encode(_KeyFile(ring.kid, ring.key)).decode()


def read_ring(path: Path) -> RingKey | None:
    """The key in a file; None when there is no such file. Raises DamagedKey, OpenSecret."""
    if not path.exists():
        return None
    try:
        found = msgspec.json.decode(read_secret(path), type=_KeyFile)
    except msgspec.DecodeError:
        raise DamagedKey(file=path) from None
    return RingKey(found.kid, found.key)


def write_secret(path: Path, text: str) -> None:
    """Write a secret once, whole or not at all, mode 600, and on the disk before this returns."""
    unfinished = path.with_suffix(".new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)  # else a power cut could bring the old file back after others were overwritten


def shred(path: Path) -> None:
    """Overwrite a key where it lies, then remove it. What disks and snapshots copied is not reached."""
    if not path.exists():
        return
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        os.pwrite(handle, bytes(os.fstat(handle).st_size), 0)
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()


def credential(name: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """A key that systemd decrypted for this start (TPM or host key), if there is one."""
    folder = environment.get(CREDENTIALS)
    path = Path(folder) / name if folder else None
    return path if path is not None and path.exists() else None

"""How a folder of backups is laid out, and what each backup says of itself in the open.

    FOLDER/2026-11-24T120000.000/  one backup: manifest.json, ayni.dump, synapse.dump, files.tar
    FOLDER/people               people's own keys, of the newest backup only, overwritten each time

Names of days and sizes are open; everything else is sealed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from directory import crypto
from directory.store.guarded import RingKey
from hub.custody.locked import Locked
from hub.trouble import Trouble

MANIFEST, PEOPLE = "manifest.json", "people"
AYNI, SYNAPSE, FILES = "ayni.dump", "synapse.dump", "files.tar"
UNFINISHED = ".unfinished"
FORMAT = 1


class NoBackup(Trouble):
    """There is no finished backup in {folder}. Nothing was restored. Look for another folder, or at what was
    copied there."""

    exit_code = 2
    needs_person = True


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What may be read without any key. `lock` says how the Archive key it needs is kept."""

    format: int = FORMAT
    backup: str
    network: str
    made_at: datetime
    archive: str
    """Name of the Archive key."""
    salt: bytes
    lock: Locked
    files: tuple[str, ...] = ()
    proof: bytes = b""
    """Of all the rest, under the Archive key: how the key is kept is believed only with it."""

    def proved_by(self, archive: RingKey) -> Manifest:
        """The same with its proof."""
        plain = msgspec.json.encode(msgspec.structs.replace(self, proof=b""))
        return msgspec.structs.replace(self, proof=crypto.digest(archive.key, "backup-manifest", plain))

    def holds(self, archive: RingKey) -> bool:
        """Was it written by whoever had this key, and is it as it was?"""
        return crypto.same(self.proof, self.proved_by(archive).proof)


def stamp(now: datetime) -> str:
    """The name of a backup made now, to the millisecond."""
    return f"{now:%Y-%m-%dT%H%M%S}.{now.microsecond // 1000:03d}"


def backups_in(folder: Path) -> list[str]:
    """Finished backups, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(each.name for each in folder.iterdir() if (each / MANIFEST).exists() and _whole(each))


def _whole(each: Path) -> bool:
    return not each.name.endswith(UNFINISHED)


def manifest_of(folder: Path) -> Manifest:
    """Raises NoBackup when it is missing, damaged or of a later version."""
    try:
        return read_manifest((folder / MANIFEST).read_bytes(), folder)
    except OSError:
        raise NoBackup(folder=folder) from None


def read_manifest(raw: bytes, folder: Path) -> Manifest:
    """Raises NoBackup."""
    try:
        found = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError:
        raise NoBackup(folder=folder) from None
    if found.format != FORMAT:
        raise NoBackup(folder=folder)
    return found

"""`ayni backup`: one backup beside those that are there. One cut short leaves the older ones as they were."""

from __future__ import annotations

import errno
import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from directory.store.guarded import RingKey
from hub.backup import programs
from hub.backup.sealing import BackupKey
from hub.backup.shape import (
    AYNI,
    FILES,
    MANIFEST,
    PEOPLE,
    SYNAPSE,
    UNFINISHED,
    Manifest,
    backups_in,
    stamp,
)
from hub.custody import rings
from hub.custody.files import shred
from hub.custody.slots import EPOCH, SLOTS, SlotFile
from hub.embedded.files import sync_folder
from hub.node import Node
from hub.parts import postgres_of
from hub.trouble import Trouble

LEFT_OUT = frozenset({SLOTS, EPOCH, rings.ARCHIVE, rings.NEXT})
"""Never in a backup's files: people's keys go beside it, the open Archive key nowhere."""
WHOLE = ("ayni.json", "settings.toml", "ports.json", "homeserver.json", "keys", "synapse")


class SealedNow(Trouble):
    """The records of this hub are closed, and a backup is sealed with their key. Nothing was written. Open
    them first: ayni unseal"""

    needs_person = True


class NoRoomForBackup(Trouble):
    """The disk of {folder} is full. This backup was not finished, and was removed; the older ones are as they
    were. Free some space, or name another folder."""

    needs_person = True


class InTheHub(Trouble):
    """{folder} lies in the data folder: whoever takes this disk, or loses it, has or loses both. Name a
    folder on another disk. Nothing was written."""

    exit_code = 2
    needs_person = True


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    name: str
    size: int
    removed: int


def make(node: Node, folder: Path, now: datetime, *, keep: int = 7) -> Made:
    """Copy everything, sealed, then people's keys. `keep`: how many backups stay, the newest."""
    archive = node.guard.archive
    if archive is None:
        raise SealedNow
    if folder.absolute().is_relative_to(node.data.absolute()):
        raise InTheHub(folder=folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"*{UNFINISHED}"):
        shutil.rmtree(left)
    manifest = manifest_for(node, archive, stamp(now), now)
    with _no_half(folder, manifest.backup) as place:
        size = _fill(node, place, manifest, archive)
        (place / MANIFEST).write_bytes(msgspec.json.encode(manifest))
        sync_folder(place)
    people(node, folder, manifest, archive)
    return Made(manifest.backup, size, _remove_old(folder, keep))


def manifest_for(node: Node, archive: RingKey, backup: str, now: datetime) -> Manifest:
    """What a backup of this name says of itself, with its proof. Raises SealedNow."""
    locked = rings.lock_of(node.data / "keys")
    if locked is None:
        raise SealedNow
    return Manifest(
        backup=backup,
        network=node.home,
        made_at=now,
        archive=archive.kid,
        salt=node.guard.chance(16),
        lock=locked,
        files=tuple(name for name, _ in parts(node)),
    ).proved_by(archive)


@contextmanager
def no_room_said(folder: Path) -> Iterator[None]:
    """A full disk, said as one. Raises NoRoomForBackup."""
    try:
        yield
    except OSError as full:
        if full.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoomForBackup(folder=folder) from None
        raise


@contextmanager
def _no_half(folder: Path, name: str) -> Iterator[Path]:
    """A place to write into; it gets its name only when it is whole, and is removed when it is not."""
    place = folder / f"{name}{UNFINISHED}"
    place.mkdir(mode=0o700)
    try:
        with no_room_said(folder):
            yield place
            place.replace(folder / name)
            sync_folder(folder)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def parts(node: Node) -> list[tuple[str, Callable[[], Iterable[bytes]]]]:
    """Names and contents. The databases first: whoever came since has a key in what is copied last."""
    found: list[tuple[str, Callable[[], Iterable[bytes]]]] = [(AYNI, lambda: programs.dump(node.url))]
    postgres = postgres_of(node.data, node.settings, lambda _: None)
    if postgres is not None and not node.settings.homeserver.url:
        url = postgres.url("synapse", "synapse")
        found.append((SYNAPSE, lambda: programs.dump(url)))
    return [*found, (FILES, lambda: _tar(node.data))]


def _fill(node: Node, place: Path, manifest: Manifest, archive: RingKey) -> int:
    key = BackupKey.of(archive, manifest.backup, manifest.salt)
    total = 0
    for name, content in parts(node):
        with file(place / name) as out:
            total += key.seal(content(), out, name, node.guard.chance)
    return total


@contextmanager
def file(path: Path) -> Iterator[io.BufferedWriter]:
    """A closed file to write, on the disk when it ends."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _tar(data: Path) -> Iterator[bytes]:
    """Settings, keys and the homeserver's own files; one file at a time in memory."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for path in _files(data):
            tar.add(path, str(path.relative_to(data)), recursive=False)
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def _files(data: Path) -> Iterator[Path]:
    for name in WHOLE:
        top = data / name
        if top.is_file():
            yield top
        elif top.is_dir():
            yield top
            yield from (
                each
                for each in sorted(top.rglob("*"))
                if each.name not in LEFT_OUT and not each.is_symlink() and (each.is_dir() or each.is_file())
            )


def people(node: Node, folder: Path, manifest: Manifest, archive: RingKey) -> None:
    """The newest copy of people's keys, in place of the one before, which is overwritten first."""
    key = BackupKey.of(archive, manifest.backup, manifest.salt)
    fresh, old = folder / f"{PEOPLE}.new", folder / f"{PEOPLE}.old"
    shred(old)
    head = msgspec.json.encode(manifest)
    with SlotFile(node.data / "keys", node.guard.chance).still() as (epoch, slots), file(fresh) as out:
        out.write(len(head).to_bytes(4) + head)
        key.seal((len(epoch).to_bytes(4), epoch, *slots), out, PEOPLE, node.guard.chance)
    if (folder / PEOPLE).exists():
        os.link(folder / PEOPLE, old)
    fresh.replace(folder / PEOPLE)
    shred(old)
    sync_folder(folder)


def _remove_old(folder: Path, keep: int) -> int:
    old = backups_in(folder)[:-keep]
    for name in old:
        shutil.rmtree(folder / name)
    return len(old)

"""`ayni restore`: a hub from a backup, in an empty folder. Nothing is believed before the key was proved.

A restore cut short leaves a mark; the hub does not start on it, and the next `ayni restore` begins anew. The
restored hub asks its linked hubs how far they have come before it says anything (deploy/decisions/0016).
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from directory.core.text import say
from directory.store.guarded import RingKey
from hub.backup import matrix_unit, programs
from hub.backup.sealing import BackupKey, Spoilt
from hub.backup.shape import (
    AYNI,
    FILES,
    MANIFEST,
    PEOPLE,
    SYNAPSE,
    Manifest,
    NoBackup,
    backups_in,
    manifest_of,
    read_manifest,
)
from hub.chance import chance
from hub.clock import utc_now
from hub.custody import rings
from hub.custody.files import ring_text, write_secret
from hub.custody.locked import Kind, checked
from hub.custody.slots import EPOCH, SLOTS
from hub.data_folder import database_url, settings_of
from hub.doctor.before_start import MARK
from hub.embedded.postgres import PostgresPart
from hub.node import open_node
from hub.parts import Progress
from hub.supervise_folder import held
from hub.trouble import Trouble


class NotEmpty(Trouble):
    """There is a hub in {folder} already. Nothing was changed. Restore into another folder, or move this one
    away first: two hubs of one network must never run at the same time."""

    exit_code = 2
    needs_person = True


class OlderThanKey(Trouble):
    """This backup was made before the key to the records was changed, and people's keys in the folder are
    newer. Nothing was restored. Take a backup made after {day}."""

    needs_person = True


class NoRoomToRestore(Trouble):
    """The disk of {folder} is full. The restore was not finished; the backup is as it was. Free some space
    and run the same command again."""

    needs_person = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """One backup and the people's keys beside it."""

    folder: Path
    manifest: Manifest
    people: Manifest


def choose(folder: Path, at: str = "") -> Chosen:
    """The newest backup, or the one of this name. Raises NoBackup, OlderThanKey."""
    names = [name for name in backups_in(folder) if name.startswith(at)]
    if not names:
        raise NoBackup(folder=folder)
    manifest = manifest_of(folder / names[-1])
    if manifest.backup != names[-1]:
        raise NoBackup(folder=folder)  # another one's name: an older backup, or a path to elsewhere
    with _people_file(folder) as (people, _):
        pass
    if people.archive != manifest.archive:
        raise OlderThanKey(day=f"{people.made_at:%Y-%m-%d}")
    return Chosen(folder, manifest, people)


@contextmanager
def _people_file(folder: Path) -> Iterator[tuple[Manifest, io.BufferedReader]]:
    try:
        source = (folder / PEOPLE).open("rb")
    except OSError:
        raise NoBackup(folder=folder) from None
    with source:
        length = int.from_bytes(source.read(4))
        yield read_manifest(source.read(min(length, 1 << 20)), folder), source


async def restore(data: Path, chosen: Chosen, archive: RingKey, progress: Progress) -> str:
    """Everything, in order; the network's id. Raises WrongKey, Spoilt, NotEmpty, NoRoomToRestore, NoUnit."""
    checked(chosen.manifest.lock, archive)
    for name, manifest in ((MANIFEST, chosen.manifest), (PEOPLE, chosen.people)):
        if not manifest.holds(archive):
            raise Spoilt(name=name)
    _begin(data)
    with held(data, utc_now), _full(data):
        progress(say("Putting files back"))
        _files(data, chosen, archive)
        _people(data, chosen, archive)
        _lock(data, chosen.people, archive)
        network = await _databases(data, chosen, archive, progress)
        (data / MARK).unlink()
    return network


def _begin(data: Path) -> None:
    """An empty folder, or what an earlier restore left in it."""
    if (data / MARK).exists():
        for each in data.iterdir():
            if each.name != MARK:
                shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    elif data.exists() and any(data.iterdir()):
        raise NotEmpty(folder=data)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / MARK).touch(mode=0o600)


@contextmanager
def _full(data: Path) -> Iterator[None]:
    try:
        yield
    except OSError as full:
        if full.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoomToRestore(folder=data) from None
        raise


def _opened(chosen: Chosen, archive: RingKey, name: str) -> Iterator[bytes]:
    manifest = chosen.manifest
    key = BackupKey.of(archive, manifest.backup, manifest.salt)
    with (chosen.folder / manifest.backup / name).open("rb") as source:
        yield from key.open(source, name)


def _files(data: Path, chosen: Chosen, archive: RingKey) -> None:
    """Only what we sealed ourselves is unpacked; owners are kept where we may set them."""
    with tarfile.open(fileobj=_Stream(_opened(chosen, archive, FILES)), mode="r|") as tar:  # type: ignore[call-overload]
        tar.extractall(data, filter="tar")


class _Stream:
    """Pieces as something to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, bytearray()

    def read(self, size: int) -> bytes:
        """At most `size` bytes; fewer only at the end."""
        while len(self._held) < size and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        found = bytes(self._held[:size])
        del self._held[:size]
        return found


def _people(data: Path, chosen: Chosen, archive: RingKey) -> None:
    """Of people's keys there are only the newest: whoever was erased since this backup stays erased."""
    with _people_file(chosen.folder) as (manifest, source):
        key = BackupKey.of(archive, manifest.backup, manifest.salt)
        stream = _Stream(key.open(source, PEOPLE))
        epoch = stream.read(int.from_bytes(stream.read(4)))
        _write(data / "keys" / EPOCH, iter((epoch,)))
        _write(data / "keys" / SLOTS, iter(lambda: stream.read(1 << 20), b""))


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _lock(data: Path, people: Manifest, archive: RingKey) -> None:
    """How the key was kept at the newest backup; custody by a file gets its file back."""
    rings.write_lock(data / "keys", people.lock)
    if people.lock.kind is Kind.FILE:
        write_secret(data / "keys" / rings.ARCHIVE, ring_text(archive))


async def _databases(data: Path, chosen: Chosen, archive: RingKey, progress: Progress) -> str:
    settings = settings_of(data)
    part = None if settings.database.url_file else PostgresPart(data, chance=chance, progress=progress)
    if part is not None:
        progress(say("Starting the database"))
        await part.start()
    try:
        progress(say("Filling the database"))
        programs.restore(database_url(data, settings), _opened(chosen, archive, AYNI))
        if part is not None and SYNAPSE in chosen.manifest.files:
            programs.restore(part.url("synapse", "synapse"), _opened(chosen, archive, SYNAPSE))
        return await _checked(data, archive)
    finally:
        if part is not None:
            await part.stop()


async def _checked(data: Path, archive: RingKey) -> str:
    node = await open_node(data, part="restore", archive=archive)
    try:
        await matrix_unit.look(node)
        return node.home
    finally:
        await node.close()

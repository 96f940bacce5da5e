"""Moving house: the whole network leaves one machine, sealed, and a fresh hub reads it in, with its history.

It is a last backup that nothing can follow. From its first moment the old hub does not start any more, so
that nothing happens after the copy and two hubs never speak for one network. The same command goes on where
it was cut short, part by part, because nothing changed meanwhile. `stay` gives the move up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from directory.core.text import say
from directory.store.guarded import RingKey
from hub.backup import making
from hub.backup.making import Made
from hub.backup.sealing import BackupKey
from hub.backup.shape import MANIFEST, UNFINISHED, Manifest, NoBackup, read_manifest, stamp
from hub.clock import utc_now
from hub.data_folder import settings_of
from hub.doctor.before_start import MOVED
from hub.embedded.files import sync_folder, write_whole
from hub.node import Node, open_node
from hub.parts import Progress, postgres_of
from hub.supervise_folder import held
from hub.trouble import Trouble

BEGAN = "moving.json"
"""Lies in the unfinished copy: its manifest, so that another run goes on with it."""
PART = ".part"


class MovedAlready(Trouble):
    """This network moved out into {backup}, and nothing is left to copy. Read it in on the new machine: ayni
    network move-in FOLDER. To stay here instead: ayni network move-out --stay"""

    exit_code = 2
    needs_person = True


class NotMoving(Trouble):
    """This hub is not moving out; there is nothing to give up."""

    exit_code = 2


class Mark(msgspec.Struct, frozen=True):
    """What lies in the data folder of a hub that moves out. `whole`: everything was copied."""

    backup: str
    whole: bool


def mark_of(data: Path) -> Mark | None:
    """How far the move is, None when this hub stays."""
    try:
        return msgspec.json.decode((data / MOVED).read_bytes(), type=Mark)
    except FileNotFoundError:
        return None


async def move_out(data: Path, folder: Path, archive: RingKey, progress: Progress) -> Made:
    """Copy everything of a stopped hub, or go on with it. Raises HeldByAnother, InTheHub, NoRoomForBackup,
    MovedAlready."""
    with held(data, utc_now):
        mark = _may_move(data, folder)
        async with _at_rest(data, archive, progress) as node:
            manifest = _going_on(node, folder, mark, archive) or _begun(node, folder, archive)
            _write_mark(data, Mark(manifest.backup, whole=False))
            size = await asyncio.to_thread(_copy, node, folder, manifest, archive, progress)
        _write_mark(data, Mark(manifest.backup, whole=True))
    return Made(manifest.backup, size, removed=0)


def _may_move(data: Path, folder: Path) -> Mark | None:
    if folder.absolute().is_relative_to(data.absolute()):
        raise making.InTheHub(folder=folder)
    if (mark := mark_of(data)) is not None and mark.whole:
        raise MovedAlready(backup=mark.backup)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return mark


def stay(data: Path) -> None:
    """The move is given up: this hub starts again. Raises NotMoving, HeldByAnother."""
    with held(data, utc_now):
        if mark_of(data) is None:
            raise NotMoving
        (data / MOVED).unlink()
        sync_folder(data)


@asynccontextmanager
async def _at_rest(data: Path, archive: RingKey, progress: Progress) -> AsyncIterator[Node]:
    """The stopped hub with its database alone: nobody speaks, nothing is due."""
    part = postgres_of(data, settings_of(data), progress)
    if part is not None:
        progress(say("Starting the database"))
        await part.start()
    try:
        node = await open_node(data, part="moving", archive=archive)
        try:
            yield node
        finally:
            await node.close()
    finally:
        if part is not None:
            await part.stop()


def _going_on(node: Node, folder: Path, mark: Mark | None, archive: RingKey) -> Manifest | None:
    """The copy that was begun, when it is ours and still there."""
    if mark is None:
        return None
    try:
        found = read_manifest((folder / f"{mark.backup}{UNFINISHED}" / BEGAN).read_bytes(), folder)
    except (OSError, NoBackup):
        return None
    return found if found.holds(archive) and found.network == node.home else None


def _begun(node: Node, folder: Path, archive: RingKey) -> Manifest:
    now = node.clock()
    manifest = making.manifest_for(node, archive, stamp(now), now)
    place = folder / f"{manifest.backup}{UNFINISHED}"
    place.mkdir(mode=0o700)
    write_whole(place / BEGAN, msgspec.json.encode(manifest).decode())
    return manifest


def _copy(node: Node, folder: Path, manifest: Manifest, archive: RingKey, progress: Progress) -> int:
    """What is there already stays; each part gets its name when it is whole."""
    place = folder / f"{manifest.backup}{UNFINISHED}"
    key = BackupKey.of(archive, manifest.backup, manifest.salt)
    with making.no_room_said(folder):
        for name, content in making.parts(node):
            if not (place / name).exists():
                progress(say("Copying {part}", part=name))
                with making.file(place / f"{name}{PART}") as out:
                    key.seal(content(), out, name, node.guard.chance)
                (place / f"{name}{PART}").replace(place / name)
                sync_folder(place)
        making.people(node, folder, manifest, archive)
        (place / MANIFEST).write_bytes(msgspec.json.encode(manifest))
        (place / BEGAN).unlink()
        sync_folder(place)
        place.replace(folder / manifest.backup)
        sync_folder(folder)
    return sum(each.stat().st_size for each in (folder / manifest.backup).iterdir())


def _write_mark(data: Path, mark: Mark) -> None:
    write_whole(data / MOVED, msgspec.json.encode(mark).decode() + "\n")
    sync_folder(data)

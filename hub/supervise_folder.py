"""One data folder, one owner, one hub at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from hub.embedded.account import FolderOfAnother, name_of
from hub.embedded.files import folder, write_whole
from hub.trouble import Trouble

FORMAT = 1
"""Raised when a new release lays the folder out in a way an older one would not understand."""


class OtherFormat(Trouble):
    """The data folder {folder} was made by another version of Ayni (format {found}; this one knows
    {known}). Use the version that made it, or upgrade step by step as the release notes say."""

    needs_person = True


class HeldByAnother(Trouble):
    """Ayni already runs on {folder}: process {pid}, since {since}. Use that one, or end it first
    (kill {pid})."""

    exit_code = 3
    needs_person = True


def claim(data: Path, clock: Callable[[], datetime]) -> Path:
    """Make the folder ours, or check that it is; its path.

    Closed to others. As root it may be passed through (0711) but not listed, because the embedded
    programs run as an account without rights and own a folder each inside.
    Raises OtherFormat, FolderOfAnother.
    """
    me = os.geteuid()
    data = data.absolute()
    if data.exists() and data.stat().st_uid != me:
        raise FolderOfAnother(folder=data, owner=name_of(data.stat().st_uid), me=name_of(me))
    folder(data, mode=0o711 if me == 0 else 0o700)
    marker = data / "ayni.json"
    if not marker.exists():
        made = clock().isoformat(timespec="seconds")
        write_whole(marker, json.dumps({"format": FORMAT, "made": made}) + "\n")
    found = json.loads(marker.read_text()).get("format")
    if found != FORMAT:
        raise OtherFormat(folder=data, found=found, known=FORMAT)
    return data


@contextmanager
def held(data: Path, clock: Callable[[], datetime]) -> Iterator[None]:
    """Hold the folder for this process. The kernel lets go when we end, however we end.

    Raises HeldByAnother.
    """
    place = folder(data / "run") / "lock"
    handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldByAnother(folder=data, **_holder(handle)) from None
        note = {"pid": os.getpid(), "since": clock().isoformat(timespec="seconds")}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(note).encode(), 0)
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> dict[str, object]:
    try:
        note = json.loads(os.pread(handle, 1024, 0))
    except ValueError:  # between its lock and its note
        note = {}
    return {"pid": note.get("pid", "?"), "since": note.get("since", "just now")}

"""Where PostgreSQL's socket lies: in its own folder, unless that path is too long for the kernel."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from hub.embedded.account import Account, name_of
from hub.embedded.files import folder
from hub.trouble import Trouble

LONGEST = 107
"""Bytes of a socket's path: sun_path is 108 with its closing zero, unix(7)."""


class SocketFolderTaken(Trouble):
    """The folder {folder}, needed for the database's socket, belongs to {owner} or is open to others.
    Remove it, or use a data folder with a shorter path."""

    needs_person = True


def socket_folder(state: Path, port: int, account: Account) -> Path:
    """A folder only `account` (and root) can enter, short enough for a socket in it.

    Raises SocketFolderTaken when somebody else made the folder of that name below /tmp first.
    """
    inside = state / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{port}")) <= LONGEST:
        return folder(inside, owner=account.owner)
    mark = hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:16]
    outside = Path(tempfile.gettempdir()) / f"ayni-{mark}"
    if not outside.is_symlink() and not outside.exists():
        folder(outside, owner=account.owner)
    found = outside.lstat()
    closed = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
    if not closed or found.st_uid != account.uid:
        raise SocketFolderTaken(folder=outside, owner=name_of(found.st_uid))
    return outside

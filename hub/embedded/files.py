"""Files that must be whole or absent, and readable by one account only."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, text: str, *, mode: int = 0o600, owner: tuple[int, int] | None = None) -> None:
    """Replace `path` in one step: a reader, or a start after a power cut, sees the old or the new text.

    `owner` is (uid, gid); giving a file away needs root.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        if owner is not None:
            os.fchown(handle, *owner)
        os.fchmod(handle, mode)
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and new names in `folder` outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(path: Path, make: Callable[[], str], *, owner: tuple[int, int] | None = None) -> str:
    """What `path` holds; made, and written 0600, the first time."""
    if not path.exists():
        write_whole(path, make(), owner=owner)
    return path.read_text().strip()


def folder(path: Path, *, mode: int = 0o700, owner: tuple[int, int] | None = None) -> Path:
    """Make `path` if need be and give it exactly this mode and owner."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if owner is not None:
        os.chown(path, *owner)
    path.chmod(mode)
    return path

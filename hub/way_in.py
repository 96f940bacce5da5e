"""The way in: the part of the address of the pages that nobody can guess. Others meet the homeserver.

It lies in a file beside the keys. `ayni entrance --new` writes another: addresses that were given out before
then lead nowhere, while whoever is signed in stays so.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from pathlib import Path

from directory.crypto import Chance
from hub.custody import write_secret
from hub.settings import read_secret
from hub.trouble import Trouble

FILE = "way-in"
_FORM = re.compile(r"[a-z2-7]{26}")


class DamagedWayIn(Trouble):
    """The file {file} holds no way in. Run: ayni entrance --new"""

    needs_person = True


class WayIn:
    """Reads the file again when it changed, so that a new way in works at once. Called for every request."""

    def __init__(self, keys: Path) -> None:
        self._file = keys / FILE
        self._read: tuple[int, str] = (0, "")

    def __call__(self) -> str:
        """The 26 letters and digits. Raises NoSecret, OpenSecret, DamagedWayIn."""
        changed = self._file.stat().st_mtime_ns if self._file.exists() else -1
        if self._read[0] != changed:
            self._read = (changed, _checked(self._file))
        return self._read[1]


def make(keys: Path, chance: Chance) -> str:
    """Write a new way in (128 bits); the old one leads nowhere from now on."""
    way = b32encode(chance(16)).decode().rstrip("=").lower()
    write_secret(keys / FILE, way)
    return way


def ensure(keys: Path, chance: Chance) -> str:
    """The way in of this hub, made the first time."""
    return _checked(keys / FILE) if (keys / FILE).exists() else make(keys, chance)


def same(left: str, right: str) -> bool:
    """Compare two in constant time."""
    return hmac.compare_digest(left.encode("utf-8", "surrogateescape"), right.encode())


def _checked(file: Path) -> str:
    text = read_secret(file)
    if not _FORM.fullmatch(text):
        raise DamagedWayIn(file=file)
    return text

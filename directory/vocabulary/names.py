"""The compact file of names: every place and language in every locale that Unicode has, mapped, not loaded.

Long-lived processes map `names.dat` and touch only the pages they need. It is written by
`python -m directory.vocabulary.build` from babel, pycountry and the TOML files beside it, and committed.

Layout: MAGIC, the directory's length (4 bytes, little endian), the directory (LZMA of JSON), then the parts.
The directory maps a part's name to [offset, size, start, end]: a packed block of the file and the slice of
it, once unpacked, that is the part; an index part is not packed and has start = end = -1.
"""

from __future__ import annotations

import json
import lzma
import mmap
import struct
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

MAGIC = b"ayni names 1\n"
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0, "dict_size": 1 << 22}]
BUCKETS = 256
RECORD = 6


class DamagedNames(Exception):
    """The file of place and language names is damaged or of another version. Install Ayni again."""


def digest(kind: str, folded: str) -> bytes:
    """Five bytes that stand for a folded name: one strange name in a million million meets another's."""
    return blake2b(f"{kind}\0{folded}".encode(), digest_size=5).digest()


class Names:
    """The mapped file. Reading a part unpacks its block anew: keep what you need, not the block."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise DamagedNames
        start = len(MAGIC) + 4
        (size,) = struct.unpack_from("<I", self._map, len(MAGIC))
        self._parts: dict[str, list[int]] = json.loads(_unpack(self._map[start : start + size]))
        self._base = start + size

    def contents(self) -> dict[str, bytes]:
        """Every part unpacked, megabytes of it: for comparing two files, not for a hub that runs."""
        blocks = {(offset, size): end < 0 for offset, size, _, end in self._parts.values()}
        raw = {at: self._block(*at) if plain else _unpack(self._block(*at)) for at, plain in blocks.items()}
        return {
            name: raw[offset, size] if end < 0 else raw[offset, size][start:end]
            for name, (offset, size, start, end) in self._parts.items()
        }

    def lines(self, part: str) -> list[str]:
        """A text part, line by line; no lines when the file has no such part."""
        if part not in self._parts:
            return []
        offset, size, start, end = self._parts[part]
        return _unpack(self._block(offset, size))[start:end].decode().split("\n")

    def _block(self, offset: int, size: int) -> bytes:
        return self._map[self._base + offset : self._base + offset + size]

    def index(self, kind: str) -> Index:
        """The lookup of `kind` ("regions" or "languages")."""
        offset, _, _, _ = self._parts[f"{kind}/index"]
        return Index(kind, self._map, self._base + offset, tuple(self.lines(f"{kind}/targets")))


class Index:
    """Folded name → target, by binary search in the mapped file.

    A target is one line: keys parted by spaces, after "former:" or "disputed:" where it is such a name.
    Holds no names, so it cannot list or complete them; it only answers for a name that is given.
    """

    def __init__(self, kind: str, map_: mmap.mmap, at: int, targets: tuple[str, ...]) -> None:
        self._kind, self._map, self._at, self._targets = kind, map_, at, targets
        self._records = at + 4 * (BUCKETS + 1)

    def find(self, folded: str) -> str | None:
        wanted = digest(self._kind, folded)
        low, high = struct.unpack_from("<2I", self._map, self._at + 4 * wanted[0])
        while low < high:
            middle = (low + high) // 2
            at = self._records + RECORD * middle
            found = self._map[at : at + 4]
            if found == wanted[1:]:
                return self._targets[int.from_bytes(self._map[at + 4 : at + RECORD], "little")]
            low, high = (middle + 1, high) if found < wanted[1:] else (low, middle)
        return None


def _unpack(block: bytes) -> bytes:
    return lzma.decompress(block, lzma.FORMAT_RAW, filters=FILTERS)


@lru_cache(maxsize=1)
def shipped() -> Names:
    """The file that comes with this package."""
    return Names(Path(__file__).with_name("names.dat"))

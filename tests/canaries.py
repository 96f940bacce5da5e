"""Look for planted words in every byte of a folder, however they were written down.

Every canary begins with the same letters, so that one look finds all of them: plain (UTF-8), UTF-16 in both
orders, base64 in its three alignments, hexadecimal, and inside zlib, gzip and zip streams.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

GUARDED = "zq7vxkcanarywj"
"""How a word begins that must not be readable anywhere. Small letters and digits: folding changes nothing."""
OPEN = "zq7vxkopenlywj"
"""How a word begins that stands in a column of the published open list, and has to be found there."""
_PIECE = 1 << 26
_MOST_UNPACKED = 1 << 28
_TASTE, _MORE = 512, 1 << 20
_STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04")


@dataclass(frozen=True, slots=True)
class Hit:
    """One canary that can be read: in which file, at which byte, how it was written, what stands there."""

    file: Path
    at: int
    how: str
    shows: str


def patterns(prefix: str) -> dict[str, bytes]:
    """Encoding → the bytes that every canary with this prefix contains in it, whatever stands around it."""
    plain = prefix.encode()
    found = {"raw": plain, "utf-16-le": prefix.encode("utf-16-le"), "utf-16-be": prefix.encode("utf-16-be")}
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        sure_from, sure_to = -(-shift * 8 // 6), (shift + len(plain)) * 8 // 6
        found[f"base64+{shift}"] = whole[sure_from:sure_to]
    return {**found, "hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}


def look_in(data: bytes, prefix: str = GUARDED) -> Iterator[tuple[int, str]]:
    """(place, how) of each canary in these bytes, packed streams not opened."""
    for how, wanted in patterns(prefix).items():
        at = data.find(wanted)
        while at >= 0:
            yield at, how
            at = data.find(wanted, at + 1)


def unpacked(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(place, contents) of everything in these bytes that opens as a zlib, gzip or zip stream."""
    seen = memoryview(data)
    for found in _STREAM.finditer(data):
        at = found.start()
        if data[at : at + 4] == b"PK\x03\x04":
            start, window = at + 30 + sum(data[at + 26 : at + 30 : 2]), -15
        else:
            start, window = at, 31 if data[at] == 0x1F else 15
        if opened := _as_far_as_it_opens(seen[start:], window):
            yield at, opened


def _as_far_as_it_opens(packed: memoryview, window: int) -> bytes:
    """What a stream holds before its end, or before something else was written over it."""
    stream, opened, at = zlib.decompressobj(window), b"", 0
    while at < len(packed) and not stream.eof and len(opened) < _MOST_UNPACKED:
        step = _TASTE if at == 0 else _MORE
        try:
            opened += stream.decompress(packed[at : at + step])
        except zlib.error:
            break
        at += step
    return opened


def look_through(files: Iterable[Path], prefix: str = GUARDED) -> Iterator[Hit]:
    """Every canary in these files, streams inside streams included."""
    for file in files:
        with file.open("rb") as opened:
            before, tail = 0, b""
            while piece := opened.read(_PIECE):
                data = tail + piece
                yield from _in_piece(file, before - len(tail), data, prefix)
                before, tail = before + len(piece), data[-256:]


def _in_piece(file: Path, offset: int, data: bytes, prefix: str, depth: str = "") -> Iterator[Hit]:
    for at, how in look_in(data, prefix):
        yield Hit(file, offset + at, depth + how, repr(data[max(0, at - 40) : at + 80]))
    if depth.count("zlib") < 2:
        for at, inside in unpacked(data):
            yield from _in_piece(file, offset + at, inside, prefix, depth + "zlib>")


def files_below(*folders: Path) -> list[Path]:
    """Every regular file below these folders, the biggest last."""
    found = [
        each for folder in folders for each in folder.rglob("*") if each.is_file() and not each.is_symlink()
    ]
    return sorted(found, key=lambda file: file.stat().st_size)


def table(hits: Iterable[Hit]) -> str:
    """Hits by file and encoding, for a person to read."""
    counted: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        counted.setdefault((hit.file.name, hit.how), []).append(hit)
    lines = [
        f"{name:<28} {how:<16} {len(found):>6}  {found[0].shows}" for (name, how), found in counted.items()
    ]
    return "\n".join(lines)

"""Is this a short recording that every phone plays? An Ogg file with one Opus stream (RFC 3533, RFC 7845).

Every page is looked at: its mark, its place in the stream, its checksum. What is inside an Opus packet is not
decoded: a phone does that, and a broken packet is silence there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from directory.core.text import Text, say

MOST_BYTES = 12 * 1024
MOST_SECONDS = 30
RATE = 48_000
"""An Opus stream counts time in these steps a second, whatever it was recorded at (RFC 7845, section 4)."""
_HEADER = 27
_CONTINUED, _FIRST, _LAST = 1, 2, 4

TOO_BIG = say("A recording may have at most {most} KiB.", most=MOST_BYTES // 1024)
NO_OPUS = say("This is no recording we can use. Save it as Opus in an Ogg file (.opus or .ogg).")
DAMAGED = say("This recording is damaged or cut off. Please save it again.")
TOO_LONG = say("A recording may last at most {most} seconds.", most=MOST_SECONDS)


@dataclass(frozen=True, slots=True)
class Recording:
    """A checked recording: only `recording` makes one. `milliseconds` is how long it lasts."""

    audio: bytes
    milliseconds: int


@dataclass(frozen=True, slots=True)
class _Page:
    kind: int
    granule: int
    stream: int
    number: int
    body: bytes


class _Broken(Exception):
    """Not a page."""


def recording(audio: bytes) -> Recording | Text:
    """The recording, or what is wrong with it."""
    if len(audio) > MOST_BYTES:
        return TOO_BIG
    if not audio.startswith(b"OggS"):
        return NO_OPUS
    try:
        pages = list(_pages(audio))
    except _Broken:
        return DAMAGED
    if not pages[0].body.startswith(b"OpusHead") or len(pages[0].body) < 19 or pages[0].body[8] >> 4:
        return NO_OPUS
    if len(pages) < 3 or not pages[1].body.startswith(b"OpusTags") or not _in_order(pages):
        return DAMAGED
    steps = pages[-1].granule - int.from_bytes(pages[0].body[10:12], "little")
    if steps <= 0:
        return DAMAGED
    return TOO_LONG if steps > MOST_SECONDS * RATE else Recording(audio, steps * 1000 // RATE)


def _in_order(pages: list[_Page]) -> bool:
    """One stream, begun once, ended once, no page missing."""
    last = len(pages) - 1
    return all(
        page.stream == pages[0].stream
        and page.number == number
        and bool(page.kind & _FIRST) == (number == 0)
        and bool(page.kind & _LAST) == (number == last)
        for number, page in enumerate(pages)
    )


def _pages(audio: bytes) -> Iterator[_Page]:
    at = 0
    while at < len(audio):
        head = audio[at : at + _HEADER]
        if len(head) < _HEADER or head[:5] != b"OggS\0":
            raise _Broken
        sizes = audio[at + _HEADER : at + _HEADER + head[26]]
        begin = at + _HEADER + head[26]
        end = begin + sum(sizes)
        if len(sizes) < head[26] or end > len(audio):
            raise _Broken
        page = audio[at:end]
        if _checksum(page[:22] + bytes(4) + page[26:]) != int.from_bytes(head[22:26], "little"):
            raise _Broken
        yield _Page(
            head[5],
            int.from_bytes(head[6:14], "little", signed=True),
            int.from_bytes(head[14:18], "little"),
            int.from_bytes(head[18:22], "little"),
            audio[begin:end],
        )
        at = end


def _row(byte: int) -> int:
    value = byte << 24
    for _ in range(8):
        value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
    return value & 0xFFFFFFFF


_TABLE = tuple(_row(byte) for byte in range(256))


def _checksum(data: bytes) -> int:
    """CRC-32 as Ogg has it: not reflected, beginning with zero (RFC 3533, section 6)."""
    value = 0
    for byte in data:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value

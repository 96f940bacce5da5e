"""From bytes to lines: byte order marks, UTF-8, UTF-16, old one-byte encodings, and files that mix two."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

HEAD = 1 << 18
"""Bytes looked at to find the encoding and the delimiter."""
LONGEST_LINE = 1 << 24
"""Letters; what is beyond is dropped, so that one endless line does not fill the memory."""

_MARKS = (
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
_OLD = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1258", "koi8_r"]
_EAST = ["shift_jis", "gb18030", "big5", "euc_kr", "cp874"]
_RUN = re.compile(rb"[\x80-\xff]{3,}")


@dataclass(frozen=True, slots=True)
class Encoding:
    """`sure` is False where the bytes only suggest it: then a person should check the accents."""

    codec: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. `repaired` ones were not in the file's encoding, `cut` ones were too long."""

    number: int
    text: str
    repaired: bool = False
    cut: bool = False


def find_encoding(head: bytes) -> Encoding:
    """The encoding of a file that begins with these bytes."""
    for mark, marked in _MARKS:
        if head.startswith(mark):
            return Encoding(marked, True)
    if wide := _wide(head):
        return Encoding(wide, False)
    good, bad = _utf8_lines(head)
    if not bad:
        return Encoding("utf-8", True)
    return Encoding("utf-8", False) if good > bad else Encoding(_old_encoding(head), False)


def lines(stream: BinaryIO, codec: str) -> Iterator[Line]:
    """Every line from the stream's place on. Never raises for bytes that do not fit the encoding.

    A line of a UTF-8 file that is not UTF-8 is read as cp1252: lists put together by hand often have some.
    """
    errors = "surrogateescape" if codec.startswith("utf-8") else "replace"
    text = TextIOWrapper(stream, encoding=codec, errors=errors, newline=None)
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            cut = not line.endswith("\n") and len(line) == LONGEST_LINE
            if cut:
                _skip_rest(text)
            yield _line(number, line.removesuffix("\n"), cut)
    finally:
        text.detach()


def _line(number: int, text: str, cut: bool) -> Line:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return Line(number, _repaired(text), True, cut)
    return Line(number, text, False, cut)


def _repaired(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _skip_rest(text: TextIOWrapper) -> None:
    while (more := text.readline(LONGEST_LINE)) and not more.endswith("\n"):
        pass


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Latin letters, digits and commas is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 8 or min(even, odd) > len(head) // 50:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _utf8_lines(head: bytes) -> tuple[int, int]:
    """Lines with other than ASCII letters: how many are UTF-8, how many are not. The last one may be cut."""
    found = [0, 0]
    whole = head.split(b"\n")
    for line in whole[:-1] if len(head) == HEAD else whole:
        if not line.isascii():
            try:
                line.decode("utf-8")
                found[0] += 1
            except UnicodeDecodeError:
                found[1] += 1
    return found[0], found[1]


def _old_encoding(head: bytes) -> str:
    """Single accented letters among ASCII are Western European; long runs are another script."""
    runs = sum(len(run) for run in _RUN.findall(head))
    if runs * 4 < sum(byte > 127 for byte in head):
        return "cp1252"
    from charset_normalizer import from_bytes  # only for such files: it is slow to load

    best = from_bytes(head, cp_isolation=[*_OLD, *_EAST]).best()
    return best.encoding if best else "cp1252"

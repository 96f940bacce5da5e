"""One way to write each value as bytes, so that a signature over bytes is a signature over meaning.

JSON in UTF-8, NFC; keys ASCII and sorted, no spaces; integers below 2^53, no floats; in strings only `"`,
`\\` and newline are escaped, and controls, bidi marks and lone surrogates do not occur. Parsing is strict:
whatever would not be written back to exactly the same bytes is refused (THREATS 0.8, rows 10 and 11).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import msgspec

MAX_DEPTH = 10
MAX_INTEGER = (1 << 53) - 1
MAX_BYTES = 40 << 10

Json = dict[str, object]

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder()
_ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]"
)
_ESCAPES = re.compile(rb'(?:[^\\]|\\["\\n])*+')


class Flaw(StrEnum):
    """Why bytes are not the canonical form of anything."""

    TOO_LONG = "too long"
    NOT_UTF8 = "not UTF-8"
    NOT_JSON = "not JSON"
    NOT_AN_OBJECT = "not an object"
    TOO_DEEP = "too deep"
    NOT_AN_INTEGER = "a number that is no integer below 2^53"
    ODD_KEY = "a key that is not ASCII"
    ODD_CHARACTER = "a control, bidi or surrogate character"
    NOT_NFC = "text that is not NFC"
    OTHER_BYTES = "keys doubled or unsorted, spaces, or needless escapes"


class NotWritable(Exception):
    """This cannot be written for another network: a text, number or nesting is outside the form."""


def encode(value: Json) -> bytes:
    """The canonical bytes of an object. Raises NotWritable for what `parse` would refuse.

    Texts from people go through `tidy` first.
    """
    try:
        raw = _ENCODER.encode(value)
        flaw = _odd_text(raw) or _odd_values(value)
    except (UnicodeError, TypeError, msgspec.MsgspecError, RecursionError) as odd:
        raise NotWritable(str(odd)) from odd
    if flaw is not None:
        raise NotWritable(flaw)
    return raw


def parse(raw: bytes, *, limit: int = MAX_BYTES) -> Json | Flaw:
    """The object whose canonical bytes these are, or what is wrong with them. Never raises."""
    if len(raw) > limit:
        return Flaw.TOO_LONG
    try:
        flaw = _odd_text(raw)
        if flaw is not None:
            return flaw
        value = _DECODER.decode(raw)
    except UnicodeDecodeError:
        return Flaw.NOT_UTF8
    except RecursionError:
        return Flaw.TOO_DEEP
    except msgspec.MsgspecError:
        return Flaw.NOT_JSON
    if not isinstance(value, dict):
        return Flaw.NOT_AN_OBJECT
    flaw = _odd_values(value)
    if flaw is not None:
        return flaw
    return value if _ENCODER.encode(value) == raw else Flaw.OTHER_BYTES


def tidy(text: str) -> str:
    """A person's text as it may cross: NFC, one kind of line break, without controls and bidi marks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    lines = lines.replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "\n".join(_ODD.sub("", line) for line in lines.split("\n"))
    return unicodedata.normalize("NFC", kept)


def _odd_text(raw: bytes) -> Flaw | None:
    """Looks at the bytes as text: characters and escapes that canonical JSON never holds."""
    text = raw.decode("utf-8")
    if _ODD.search(text) or (b"\\" in raw and not _ESCAPES.fullmatch(raw)):
        return Flaw.ODD_CHARACTER
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        return Flaw.NOT_NFC
    return None


def _odd_values(value: Json) -> Flaw | None:
    """Looks at keys, numbers and nesting, level by level. Strings were looked at by `_odd_text`."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        deeper: list[object] = []
        for holder in level:
            if isinstance(holder, dict) and not "".join(holder).isascii():
                return Flaw.ODD_KEY
            flaw = _odd_children(holder.values() if isinstance(holder, dict) else holder, deeper)
            if flaw is not None:
                return flaw
        if not deeper:
            return None
        level = deeper
    return Flaw.TOO_DEEP


def _odd_children(children: object, deeper: list[object]) -> Flaw | None:
    """A number that may not be there; what holds further values is put into `deeper`."""
    for child in children:  # type: ignore[attr-defined]
        kind = type(child)
        if kind is str or kind is bool or child is None:
            continue
        if kind is int:
            if not -MAX_INTEGER <= child <= MAX_INTEGER:
                return Flaw.NOT_AN_INTEGER
        elif kind is dict or kind is list or kind is tuple:
            deeper.append(child)
        else:
            return Flaw.NOT_AN_INTEGER
    return None

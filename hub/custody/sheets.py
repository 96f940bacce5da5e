"""Recovery sheets: three pages of paper, any two of which open the records.

Each holds 32 secret bytes of its own; two together make the key of one of three wraps (THREATS 4), so no
library for secret sharing is needed, and one sheet alone says nothing. Letters are Crockford's base 32
(no I, L, O, U). Every line ends with two letters that tell whether it was read rightly.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass, field

from directory import crypto
from hub.trouble import Trouble

COUNT = 3
LINES = 4
_BYTES = 8
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OUT = str.maketrans(_STANDARD, _CROCKFORD)
_IN = str.maketrans(_CROCKFORD, _STANDARD)
_MISREAD = str.maketrans("ILO", "110")
_HEADING = re.compile(r"SHEET\s+([123])\s+OF\s+3\s+SET\s+([0-9A-Z]{6})")
_LINE = re.compile(r"^\s*([1-4])\s*[:.]\s*(.*)$")


class TornSheet(Trouble):
    """Line {line} of this sheet is missing or was read wrongly. Nothing was changed, and alarms go on.
    Read that line again letter by letter, or take another of the three sheets."""

    exit_code = 2
    needs_person = True


class NoHeading(Trouble):
    """This is no recovery sheet: the line "Sheet … of 3, set …" is missing. Nothing was changed, and alarms
    go on. Type the whole sheet, or take another of the three."""

    exit_code = 2
    needs_person = True


class OtherSheets(Trouble):
    """This sheet is of set {found}; this hub's sheets are of set {mine}. It belongs to another network, or
    was replaced since. Alarms go on, records stay closed. Look for sheets marked {mine}."""

    exit_code = 2
    needs_person = True


class SameSheet(Trouble):
    """Sheet {number} was given twice, and two different ones are needed. Alarms go on, records stay closed.
    Fetch another of the three sheets."""

    exit_code = 2
    needs_person = True


class TwoSheets(Trouble):
    """Two different recovery sheets are needed; you gave {given}. Alarms go on, records stay closed.
    Name two of the three: --sheet and a file, twice."""

    exit_code = 2


class SheetTaken(Trouble):
    """A sheet of these two opens nothing any more: whoever kept it left, or is held back. Alarms go on,
    records stay closed. Take the two others: sheets {others}."""

    exit_code = 2
    needs_person = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of three. `set` names the three that belong together, and gives nothing away."""

    set: str
    number: int
    secret: bytes = field(repr=False)

    def text(self, network: str = "") -> str:
        """What is printed, or copied by hand."""
        lines = [f"Recovery sheet {network}".rstrip(), f"Sheet {self.number} of {COUNT}, set {self.set}", ""]
        lines += lines_of(self)
        lines += ["", "Any two of the three sheets open the records of this hub. One alone opens nothing."]
        lines += ["Keep each with another person, on paper. To use two: ayni unseal --sheets", ""]
        return "\n".join(lines)


def make(chance: crypto.Chance) -> tuple[Sheet, ...]:
    """Three fresh sheets."""
    name = fresh_name(chance)
    return tuple(Sheet(name, number, chance(32)) for number in range(1, COUNT + 1))


def pair_key(one: Sheet, other: Sheet) -> tuple[str, bytes]:
    """(which pair, the key that both together make). Raises SameSheet."""
    low, high = sorted((one, other), key=lambda sheet: sheet.number)
    if low.number == high.number:
        raise SameSheet(number=low.number)
    return f"{low.number}{high.number}", crypto.digest(low.secret, "sheet-pair", high.secret)


def read(text: str) -> Sheet:
    """A sheet as somebody typed it: case, spaces and dashes do not matter. Raises NoHeading, TornSheet."""
    heading = _HEADING.search(re.sub(r"[,.]", " ", text.upper()))
    if heading is None:
        raise NoHeading
    number, name = int(heading[1]), heading[2].translate(_MISREAD)
    return Sheet(name, number, secret_in(text, name, number))


def secret_in(text: str, name: str, number: int) -> bytes:
    """The 32 bytes of four typed lines that belong to this set and number. Raises TornSheet."""
    typed = {int(found[1]): found[2] for line in text.upper().splitlines() if (found := _LINE.match(line))}
    return b"".join(_bytes_of(typed.get(index + 1, ""), name, number, index) for index in range(LINES))


def lines_of(sheet: Sheet) -> list[str]:
    """The four lines."""
    return [_line(sheet, index) for index in range(LINES)]


def fresh_name(chance: crypto.Chance) -> str:
    """Six letters that name papers belonging together, and give nothing away."""
    return b32encode(chance(5)).decode().translate(_OUT)[:6]


def _letters(data: bytes) -> str:
    return b32encode(data).decode().rstrip("=").translate(_OUT)


def _check(name: str, number: int, index: int, data: bytes) -> str:
    """Two letters: a line of another sheet or in another place is told too."""
    return _letters(crypto.hash32("sheet-line", f"{name}/{number}/{index}/".encode() + data)[:2])[:2]


def _line(sheet: Sheet, index: int) -> str:
    data = sheet.secret[index * _BYTES : (index + 1) * _BYTES]
    letters = _letters(data)
    groups = " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    return f"{index + 1}:  {groups}   {_check(sheet.set, sheet.number, index, data)}"


def _bytes_of(typed: str, name: str, number: int, index: int) -> bytes:
    letters = re.sub(r"[\s-]", "", typed).translate(_MISREAD)
    body, check = letters[:-2], letters[-2:]
    if len(body) != 13 or any(letter not in _CROCKFORD for letter in letters):
        raise TornSheet(line=index + 1)
    data = b32decode(body.translate(_IN) + "===")
    if _check(name, number, index, data) != check:
        raise TornSheet(line=index + 1)
    return data

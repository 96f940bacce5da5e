"""What there is to say about a table that was read: one line each, with a place and a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from directory.core.text import Text

LONGEST_SHOWN = 80
"""Letters of a value that a finding repeats."""

_CONTACT = re.compile(r"[^\s@,;]+@[^\s@,;]+|\+?\d[\d\s().-]{6,}\d")

_STREET = (
    r"street|avenue|road|lane|calle|avenida|carrera|barrio|colonia|rue|boulevard|quartier|rua|улица|شارع|حي"
)
_ADDRESS = re.compile(rf"\b(?:{_STREET})\b.*\d|\d.*\b(?:{_STREET})\b", re.IGNORECASE)


class FindingKind(StrEnum):
    UNDERSTOOD = "understood"
    """Read as something else than what stands there: "World", "Suisse", "BE"."""
    MERGED = "merged"
    """Two lines or two columns became one."""
    NOT_PLACED = "not_placed"
    """A value that is missing or means nothing to us; the rest of the line is taken."""
    IGNORED = "ignored"
    """Left out on purpose: blank lines, columns that are not ours, hidden characters."""
    QUESTIONED = "questioned"
    """Somebody should look: taken as it stands, or left out because it may be about a person."""
    ASKED = "asked"
    """A column that seems to be about people: nothing is read in before somebody said what to do with it."""
    REFUSED = "refused"
    """The line, or the whole file, is not taken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` counts from 1 as an editor does; 0 is the whole file. `column` is the header as written, or "".

    `value` is what stood there, at most LONGEST_SHOWN letters, without contact details: a report is kept
    and shown, and must not keep what the import refused.
    """

    line: int
    column: str
    kind: FindingKind
    value: str
    text: Text


def shown(value: str) -> str:
    """A value as a finding may repeat it: one short line, e-mail addresses and long numbers blotted out."""
    line = _CONTACT.sub("…", " ".join(value[: 4 * LONGEST_SHOWN].split()))
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def has_contact(value: str) -> bool:
    """Does this hold an e-mail address or something like a telephone or identity number?"""
    return _CONTACT.search(value) is not None


def has_address(value: str) -> bool:
    """Does this read like where somebody lives: a street, in one of our languages, and a number?"""
    return _ADDRESS.search(value) is not None

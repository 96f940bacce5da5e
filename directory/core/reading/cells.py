"""What is hidden in a cell: control characters, direction marks, formulas."""

from __future__ import annotations

import re
import unicodedata

LONGEST_CELL = 4_000
"""Letters; ten times the longest cell that any directory we know of has."""

# NUL and other controls, direction marks and isolates, zero-width space, word joiner, BOM, soft hyphen, lone
# surrogates. Tab and line ends are spaces. U+200C and U+200D stay: Persian and Indian scripts need them.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_FORMULA = re.compile(r"^\s*[=+@-](?!\s)")
_HARMLESS = re.compile(r"^\s*[+-]?[\d\s().-]*$")


def clean(raw: str) -> tuple[str, bool]:
    """The cell as one line of visible text in NFC, and whether something hidden was taken out of it."""
    if raw.isascii() and raw.isprintable():
        return raw.strip(), False
    visible = _HIDDEN.sub("", raw)
    return " ".join(unicodedata.normalize("NFC", visible).split()), len(visible) != len(raw)


def is_formula(cell: str) -> bool:
    """Would a spreadsheet run this cell as a formula? It is kept as text; whoever writes tables quotes it."""
    return _FORMULA.match(cell) is not None and not _HARMLESS.match(cell)

"""Invitation codes: 128 bits a person can copy from paper, in groups of four, no two signs alike."""

from __future__ import annotations

import unicodedata

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u."""
_LOOK_ALIKES = str.maketrans("oil", "011")
_SYMBOLS = 26
_GROUP = 4


def code_from(random_id: str) -> str:
    """A code from 32 random hex digits: "7k3p-…", 26 symbols in groups of four."""
    value = int(random_id, 16)
    symbols = "".join(_DIGITS[value >> shift & 31] for shift in range(5 * (_SYMBOLS - 1), -1, -5))
    return "-".join(symbols[start : start + _GROUP] for start in range(0, _SYMBOLS, _GROUP))


def plain_code(typed: str) -> str | None:
    """A code as it is compared, however it was typed; None when it cannot be one."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    digits = "".join(str(unicodedata.decimal(char, char)) for char in folded if char.isalnum())
    plain = digits.translate(_LOOK_ALIKES)
    return plain if len(plain) == _SYMBOLS and set(plain) <= set(_DIGITS) else None

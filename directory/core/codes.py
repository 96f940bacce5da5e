"""Invitation codes: 128 bits a person can copy from paper, in groups of four, no two signs alike."""

from __future__ import annotations

import unicodedata

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u."""
_LOOK_ALIKES = str.maketrans("oil", "011")
_SYMBOLS = 26
_GROUP = 4


SHEET_SYMBOLS = 12
"""What a custodian reads aloud: 60 bits, for whoever is signed in already and asked for it."""


SHEET_HALF = 8
"""The same in two halves for two people: neither alone can guess the other's 40 bits."""


def sheet_code(typed: str) -> str | None:
    """A code of a custodian's sheet, whole or of two halves, as it is compared; None for anything else."""
    return plain_code(typed, SHEET_SYMBOLS) or plain_code(typed, 2 * SHEET_HALF)


def code_from(random_id: str, symbols: int = _SYMBOLS) -> str:
    """A code from 32 random hex digits: "7k3p-…", 26 symbols in groups of four."""
    value = int(random_id, 16)
    drawn = "".join(_DIGITS[value >> shift & 31] for shift in range(5 * (symbols - 1), -1, -5))
    return "-".join(drawn[start : start + _GROUP] for start in range(0, symbols, _GROUP))


def plain_code(typed: str, symbols: int = _SYMBOLS) -> str | None:
    """A code as it is compared, however it was typed; None when it cannot be one."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    digits = "".join(str(unicodedata.decimal(char, char)) for char in folded if char.isalnum())
    plain = digits.translate(_LOOK_ALIKES)
    return plain if len(plain) == symbols and set(plain) <= set(_DIGITS) else None

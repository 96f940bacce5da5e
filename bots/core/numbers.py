"""Phone numbers, as they are compared: "+" and digits (E.164)."""

from __future__ import annotations

import unicodedata

SHORTEST, LONGEST = 7, 15


def plain_number(number: str) -> str:
    """However it was typed: digits of any script, spaces, dashes, brackets, 00 in front of the country."""
    digits = "".join(
        str(unicodedata.digit(char)) for char in number if unicodedata.digit(char, None) is not None
    )
    return f"+{digits.removeprefix('00')}"


def is_number(number: str) -> bool:
    """A whole international number in its plain form? What this does not do: know whose it is."""
    return number.startswith("+") and number[1:2] != "0" and SHORTEST <= len(number) - 1 <= LONGEST


def key_of(number: str) -> str:
    """What of a number is compared: gateways show the same phone with its country or without. Two people may
    have the same; their phrases tell them apart."""
    return number.removeprefix("+")[-9:]

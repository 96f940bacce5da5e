"""One spelling for what people write: case, accents, punctuation and letter variants do not count."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
"""Characters; anything longer is no name of a place, language, issue or offer."""

# Accents of Latin, Greek and Cyrillic; Hebrew points; Arabic vowel signs, hamza above and below, tatweel.
# Vowel signs of Indic scripts are letters to their readers and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0655\u0670]"
)
_APOSTROPHES = re.compile("['’‘ʼʻ`´ʹʾʿꞌ׳]")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | {"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ۀ": "ه", "ٱ": "ا"}
)
_ASCII = {
    code: chr(code).lower() if chr(code).isalnum() else None if chr(code) in "'`" else " "
    for code in range(128)
}


def fold(text: str) -> str:
    """The comparable form of a short text, at most LONGEST characters in; "" when nothing is left of it."""
    if text.isascii():
        return " ".join(text[: LONGEST + 1].translate(_ASCII).split())
    compatible = unicodedata.normalize("NFKD", text[: LONGEST + 1])
    decomposed = unicodedata.normalize("NFKD", compatible.casefold())
    plain = _APOSTROPHES.sub("", _MARKS.sub("", decomposed)).translate(_LETTERS)
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain)
    return unicodedata.normalize("NFC", " ".join(spaced.split()))

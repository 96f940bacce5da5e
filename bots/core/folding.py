"""What somebody typed, made comparable: accents, case, width and digits folded, and nothing else forgiven.

A letter that only looks like another one (Cyrillic а, mathematical 𝐚, Kelvin K) stays what it is, so it can
never complete a command word. A sign one cannot see (bidi marks, zero-width joiners) makes the whole
message unfit to be an order; what then happens to it is decided in bots/dispatch.py.
"""

from __future__ import annotations

import unicodedata

DIGITS = {ord(other): str(n) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for n, other in enumerate(digits)}
WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
# Spellings of one Arabic letter that people mix freely, and the marks and stretcher that carry no meaning.
ARABIC = {ord(a): b for a, b in zip("أإآٱةىؤئ", "ااااهيوي", strict=True)} | {0x0640: None}
APOSTROPHES = {0x2019: "'", 0x2018: "'", 0x02BC: "'"}
EDGE_SIGNS = "!?.,;:¡¿\"'«»“”‘’()[]{}*_~`/-،؛؟…"


def hides_something(text: str) -> bool:
    """Does the text hold control or format characters that a reader cannot see?

    Line ends and tabs are seen. Private-use and unassigned characters count as hidden: nobody can read them.
    """
    if text.isascii() and text.isprintable():
        return False
    return any(
        unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs") for sign in text if sign not in "\n\r\t"
    )


def fold(text: str) -> str:
    """The comparable form of a word or phrase; letters outside Latin and Arabic come back unchanged."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = text.translate(WIDE).translate(DIGITS).translate(APOSTROPHES)
    apart = "".join(sign if _is_twin(sign) else unicodedata.normalize("NFD", sign) for sign in plain)
    bare = "".join(sign for sign in apart if unicodedata.category(sign) != "Mn" or not _is_accent(sign))
    return " ".join("".join(_lower(sign) for sign in bare).translate(ARABIC).split())


def fold_word(word: str) -> str:
    """`fold`, without the punctuation a person may put around a word."""
    return fold(word.translate(WIDE).strip(EDGE_SIGNS + " \n\r\t"))


def _is_twin(sign: str) -> bool:
    """One that Unicode itself takes for another letter (the Kelvin sign for K): nobody types it by chance."""
    apart = unicodedata.decomposition(sign).split()
    return len(apart) == 1


def _is_accent(mark: str) -> bool:
    return "\u0300" <= mark <= "\u036f" or "\u064b" <= mark <= "\u065f" or mark == "\u0670"


def _lower(sign: str) -> str:
    """Lower case only where that is one letter of the same script: K for Kelvin must not become k."""
    if sign in ("\u212a", "\u212b", "\u017f"):
        return sign
    lower = sign.lower()
    return lower if len(lower) == 1 else sign

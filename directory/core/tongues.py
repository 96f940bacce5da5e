"""How a reader's language is written down: "es", or "quc:es" for an added one and a second for the rest.

The same way as gettext's LANGUAGE. The first is what somebody speaks; the last is always one of those that
are complete, and decides how dates and numbers look, and which command words are shown.
"""

from __future__ import annotations

import re

LOCALES = ("en", "fr", "es", "ar")
"""Complete: everything people read is translated into them."""
FALLBACK = "en"
TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_BOTH = re.compile(rf"{TAG.pattern}:(?:{'|'.join(LOCALES)})")


def is_one(locale: str) -> bool:
    """Can this stand for somebody's language?"""
    return locale in LOCALES or _BOTH.fullmatch(locale) is not None


def spoken(locale: str) -> str:
    """The language itself: "quc" of "quc:es"."""
    return locale.partition(":")[0]


def complete(locale: str) -> str:
    """The complete language that stands in: "es" of "quc:es"."""
    last = locale.rpartition(":")[2]
    return last if last in LOCALES else FALLBACK

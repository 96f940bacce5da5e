"""From a Text to a sentence in the reader's language: the edge where languages begin.

Catalogues are gettext files, `directory/translations/<locale>.po`, read once at first use; a sentence
nobody has translated yet is shown in English rather than not at all. Dates, numbers and lists follow CLDR.
"""

from __future__ import annotations

import gettext
import io
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Protocol, runtime_checkable

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from directory.core.profiles import LOCALES
from directory.core.text import Text, fill

__all__ = ["LOCALES", "Localised", "autonym", "choose", "day", "duration", "listed", "moment", "number"]
__all__ += ["render", "rtl", "without_marks"]

FALLBACK = "en"

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_JOINERS = "\u200c\u200d"
"""Letters of Persian and of several Indian scripts need them; they turn nothing around."""


@runtime_checkable
class Localised(Protocol):
    """A thing with a name in every language: an issue, a region, a language, an offer."""

    def in_locale(self, locale: str) -> str:
        """Its name in this language."""
        ...


def render(text: Text, locale: str) -> str:
    """The sentence in `locale`, or in English where nobody has translated it.

    Values that come from outside lose control and direction marks; where directions meet they are put in
    isolates, so that a name cannot turn the sentence around it. This does not escape for HTML.
    """
    known = locale if locale in LOCALES else FALLBACK
    return fill(_template(text, known), {name: _shown(value, known) for name, value in text.params})


def rtl(locale: str) -> bool:
    """Is this language written from right to left?"""
    return bool(Locale.parse(locale, sep="-").text_direction == "rtl")


def choose(accept_language: str | None, *, preferred: str | None = None) -> str:
    """The first of our languages that the reader asks for: their own setting, else Accept-Language."""
    if preferred in LOCALES:
        return str(preferred)
    for tag in _by_weight(accept_language or ""):
        if (language := tag.split("-")[0].lower()) in LOCALES:
            return language
    return FALLBACK


def autonym(locale: str) -> str:
    """What a language calls itself: "français"."""
    return str(Locale.parse(locale, sep="-").get_display_name() or locale)


def number(value: int | float, locale: str) -> str:
    """A number as this language writes it."""
    return format_decimal(value, locale=locale)


def day(value: date, locale: str) -> str:
    """A date: "24 Nov 2026"."""
    return format_date(value, "medium", locale=locale)


def moment(value: datetime, locale: str) -> str:
    """A point in time, in UTC and saying so."""
    return format_datetime(value.astimezone(UTC), "medium", locale=locale) + " UTC"


def duration(value: timedelta, locale: str) -> str:
    """A length of time in its largest fitting unit: "3 days"."""
    return format_timedelta(value, threshold=1, locale=locale)


def listed(values: Iterable[str], locale: str) -> str:
    """Several things in one phrase: "a, b, and c"."""
    return format_list(list(values), locale=locale)


def without_marks(value: str) -> str:
    """Foreign text without control characters and direction marks; line ends become spaces."""
    kept = (" " if char in "\n\r\t" else char for char in value)
    return "".join(char for char in kept if char in _JOINERS or unicodedata.category(char)[0] != "C")


def _shown(value: object, locale: str) -> str:
    if isinstance(value, Text):
        return render(value, locale)
    if isinstance(value, tuple | list):
        if all(isinstance(item, Text) for item in value):
            return "\n".join(_shown(item, locale) for item in value)
        return listed([_shown(item, locale) for item in value], locale)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return number(value, locale)
    if isinstance(value, datetime):
        return moment(value, locale)
    if isinstance(value, date):
        return day(value, locale)
    if isinstance(value, timedelta):
        return duration(value, locale)
    if isinstance(value, Localised):
        return value.in_locale(locale)
    return _isolated(without_marks(str(value)), locale)


def _isolated(value: str, locale: str) -> str:
    meets = rtl(locale) or any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in value)
    return f"{ISOLATE}{value}{END_ISOLATE}" if meets and value else value


def _template(text: Text, locale: str) -> str:
    catalogue = _catalogue(locale)
    if not text.message:
        return ""  # in gettext the empty sentence is the catalogue's own header
    if text.plural is None:
        return catalogue.gettext(text.message)
    return catalogue.ngettext(text.message, text.plural, text.count)


@lru_cache(maxsize=len(LOCALES))
def _catalogue(locale: str) -> gettext.NullTranslations:
    source = resources.files("directory").joinpath("translations", f"{locale}.po")
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _by_weight(header: str) -> list[str]:
    weighed: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]

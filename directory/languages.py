"""From a Text to a sentence in the reader's language: the edge where languages begin.

Catalogues are gettext files, `directory/translations/<locale>.po`, read once at first use; a sentence
nobody has translated yet is shown in English rather than not at all. Dates, numbers and lists follow CLDR.

What a network changed or added itself comes first. It is one `Book` a process, put here by `use` whenever it
is changed (hub/book.py): sentences are rendered deep inside, far from anything that knows the database.
"""

from __future__ import annotations

import gettext
import io
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any, Protocol, runtime_checkable

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from directory.core.text import Text, fill
from directory.core.tongues import FALLBACK, LOCALES, complete, spoken
from directory.core.wordings import Book

__all__ = ["LOCALES", "Localised", "autonym", "choose", "day", "duration", "listed", "moment", "number"]
__all__ += ["FALLBACK", "book", "catalogue", "complete", "form_count", "known", "render"]
__all__ += ["rtl", "use", "voiced", "voiced_languages", "without_marks"]

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


def use(book: Book) -> None:
    """From now on say what this network changed or added."""
    _book[0] = book


def book() -> Book:
    """What this network changed or added."""
    return _book[0]


_book = [Book()]


def render(text: Text, locale: str) -> str:
    """The sentence in `locale`, else in the reader's second language, else in English.

    Values that come from outside lose control and direction marks; where directions meet they are put in
    isolates, so that a name cannot turn the sentence around it. This does not escape for HTML.
    """
    template, said_in = _template(text, spoken(locale), complete(locale))
    if not text.params:
        return template
    runs = rtl(said_in)
    return fill(template, {name: _shown(value, locale, runs) for name, value in text.params})


def known() -> tuple[str, ...]:
    """Every language one can speak with us: the complete ones, then what this network added, each with the
    second language it was added with ("quc:es")."""
    added = _book[0].added
    return (*LOCALES, *(f"{tag}:{added[tag].second}" for tag in sorted(added)))


def voiced_languages() -> tuple[str, ...]:
    """Tags of the added languages that have recordings."""
    return tuple(tag for tag, one in sorted(_book[0].added.items()) if one.voiced)


def voiced(text: Text, locale: str) -> tuple[str, ...]:
    """The sentences of `text`, in order, that this network recorded in the reader's own language."""
    added = _book[0].added.get(spoken(locale))
    if added is None:
        return ()
    if text.message in added.voiced:
        return (text.message,)
    if any(char.isalpha() for char in text.message.replace("{lines}", "")):
        return ()
    inner = [part for _, value in text.params if isinstance(value, tuple) for part in value]
    return tuple(one for part in inner if isinstance(part, Text) for one in voiced(part, locale))


def form_count(locale: str) -> int:
    """How many plural forms a complete language has."""
    return 2 if locale == FALLBACK else _forms(locale)


def rtl(locale: str) -> bool:
    """Is this language written from right to left?"""
    added = _book[0].added.get(spoken(locale))
    if added is not None:
        return added.rtl
    return _runs_left(complete(locale))


@lru_cache(maxsize=len(LOCALES))
def _runs_left(locale: str) -> bool:
    return bool(Locale.parse(locale, sep="-").text_direction == "rtl")


def choose(accept_language: str | None, *, preferred: str | None = None) -> str:
    """The first of our languages that the reader asks for: their own setting, else Accept-Language."""
    if preferred and (spoken(preferred) in LOCALES or spoken(preferred) in _book[0].added):
        return preferred
    if preferred and complete(preferred) == preferred.rpartition(":")[2]:
        return complete(preferred)  # the added language was taken out again; the second one stays
    for tag in _by_weight(accept_language or ""):
        if (language := tag.split("-")[0].lower()) in LOCALES:
            return language
    return FALLBACK


def autonym(locale: str) -> str:
    """What a language calls itself: "français"."""
    added = _book[0].added.get(spoken(locale))
    if added is not None:
        return added.name
    return str(Locale.parse(complete(locale), sep="-").get_display_name() or locale)


def number(value: int | float, locale: str) -> str:
    """A number as this language writes it."""
    return _number(value, complete(locale))


@lru_cache(maxsize=1024, typed=True)
def _number(value: int | float, locale: str) -> str:
    return format_decimal(value, locale=locale)


def day(value: date, locale: str) -> str:
    """A date: "24 Nov 2026"."""
    return format_date(value, "medium", locale=complete(locale))


def moment(value: datetime, locale: str) -> str:
    """A point in time, in UTC and saying so."""
    return format_datetime(value.astimezone(UTC), "medium", locale=complete(locale)) + " UTC"


def duration(value: timedelta, locale: str) -> str:
    """A length of time in its largest fitting unit: "3 days"."""
    return format_timedelta(value, threshold=1, locale=complete(locale))


def listed(values: Iterable[str], locale: str) -> str:
    """Several things in one phrase: "a, b, and c"."""
    return format_list(list(values), locale=complete(locale))


def without_marks(value: str) -> str:
    """Foreign text without control characters and direction marks; line ends become spaces."""
    kept = (" " if char in "\n\r\t" else char for char in value)
    return "".join(char for char in kept if char in _JOINERS or unicodedata.category(char)[0] != "C")


def _shown(value: object, locale: str, runs: bool) -> str:
    if isinstance(value, Text):
        return render(value, locale)
    if isinstance(value, tuple | list):
        if all(isinstance(item, Text) for item in value):
            return "\n".join(_shown(item, locale, runs) for item in value)
        return listed([_shown(item, locale, runs) for item in value], locale)
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
        return value.in_locale(complete(locale))
    return _isolated(without_marks(str(value)), runs)


def _isolated(value: str, runs: bool) -> str:
    meets = runs or any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in value)
    return f"{ISOLATE}{value}{END_ISOLATE}" if meets and value else value


def catalogue(locale: str) -> Catalog:
    """A complete language's catalogue as translators see it."""
    source = resources.files("directory").joinpath("translations", f"{locale}.po")
    return read_po(io.BytesIO(source.read_bytes()), locale=locale)


def _template(text: Text, own: str, second: str) -> tuple[str, str]:
    """The words in the reader's own language, else in the second; and which of the two it was."""
    if not text.message:
        return "", second  # in gettext the empty sentence is the catalogue's own header
    added = _book[0].added.get(own)
    for locale in (own, second) if own != second else (own,):
        forms = _book[0].changed.get((locale, text.message))
        if forms:
            return forms[_place(text, locale, len(forms))], locale
        if added is not None and locale == own and text.message in added.sentences:
            return added.sentences[text.message], own
    catalogue = _catalogue(second)
    if text.plural is None:
        return catalogue.gettext(text.message), second
    return catalogue.ngettext(text.message, text.plural, text.count), second


def _place(text: Text, locale: str, forms: int) -> int:
    """Which plural form the number takes."""
    if forms == 1 or text.plural is None:
        return 0
    plural: Any = getattr(_catalogue(locale), "plural", None)  # there for catalogues read from a file
    place = plural(text.count) if plural is not None else text.count != 1
    return min(int(place), forms - 1)


def _forms(locale: str) -> int:
    return int(catalogue(locale).num_plurals)


@lru_cache(maxsize=len(LOCALES))
def _catalogue(locale: str) -> gettext.NullTranslations:
    source = resources.files("directory").joinpath("translations", f"{locale}.po")
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(locale))
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

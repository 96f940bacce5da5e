"""Names of countries and languages in the reader's language (CLDR)."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory by its ISO 3166-1 code; an unknown code is shown as it is."""

    code: str

    def in_locale(self, locale: str) -> str:
        """Its name in this language."""
        return str(Locale.parse(locale, sep="-").territories.get(self.code, self.code))


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language by its code; an unknown code is shown as it is."""

    code: str

    def in_locale(self, locale: str) -> str:
        """Its name in this language."""
        return str(Locale.parse(locale, sep="-").languages.get(self.code.replace("-", "_"), self.code))


def autonym(code: str) -> str:
    """What a language calls itself, or its code."""
    try:
        return str(Locale.parse(code, sep="-").get_display_name() or code)
    except (UnknownLocaleError, ValueError):
        return code

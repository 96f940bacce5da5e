"""The names that babel (CLDR) and pycountry (ISO, with its translations) know, read once."""

from __future__ import annotations

import gettext
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
from babel import localedata

HERE = Path(__file__).parent.parent
OUR_LOCALES = ("en", "fr", "es", "ar")
_TRANSLATIONS = Path(pycountry.__file__).parent / "locales"


@cache
def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


@cache
def locales() -> tuple[str, ...]:
    """Every locale of CLDR, wider ones before their variants."""
    return tuple(sorted(set(localedata.locale_identifiers()) - {"root"}))


def cldr(locale: str, kind: str) -> dict[str, str]:
    """CLDR's "territories" or "languages" for a locale, with what it inherits."""
    return dict(localedata.load(locale)[kind])


def parent_locale(locale: str) -> str | None:
    """`zh_Hant_HK` → `zh_Hant`, the way readers fall back (see labels.fallbacks)."""
    while "_" in locale:
        locale = locale.rpartition("_")[0]
        if localedata.exists(locale):
            return locale
    return None


def translated(
    domain: str, wanted: list[str], speaks: Callable[[str], bool]
) -> Iterator[tuple[str, dict[str, str]]]:
    """(locale, {English name: its translation}) from pycountry's catalogues of an ISO standard."""
    for path in sorted(_TRANSLATIONS.glob(f"*/LC_MESSAGES/{domain}.mo")):
        locale = path.parent.parent.name
        if not speaks(locale):
            continue
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        yield locale, {name: there for name in wanted if (there := catalogue.gettext(name)) != name}

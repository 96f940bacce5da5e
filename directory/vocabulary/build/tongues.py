"""The parts of the file about languages."""

from __future__ import annotations

from functools import cache
from typing import Any

import pycountry
from babel import localedata

from directory.vocabulary.build.sources import OUR_LOCALES, cldr, locales, toml, translated
from directory.vocabulary.build.votes import (
    DECISIVE,
    ENGLISH,
    ONE_LOCALE,
    OURS,
    Votes,
    spellings,
)
from directory.vocabulary.fold import fold

FAMILIES = {"ber": "Berber languages", "nah": "Nahuatl languages", "sgn": "Sign languages"}
"""Collective codes people do speak of; no language of their own in ISO 639-3."""
_GONE = frozenset("AHS")
"""ISO 639-3 types left out: ancient, historical, special. Extinct ones stay: some are coming back."""


@cache
def living() -> dict[str, Any]:
    """Key → pycountry's language."""
    rows = (row for row in pycountry.languages if row.type not in _GONE)
    found = {getattr(row, "alpha_2", row.alpha_3): row for row in rows}
    return {key: row for key, row in found.items() if key not in toml("languages.toml")["same"]}


@cache
def common() -> tuple[str, ...]:
    """Keys that CLDR names in English and ISO 639-3 knows as living, families and own labels included."""
    named = {key for key in cldr("en", "languages") if key in living()}
    return tuple(sorted(named | FAMILIES.keys() | toml("languages.toml")["labels"].keys()))


@cache
def tree() -> dict[str, str]:
    """Key → wider language or family, "" for most; common languages first."""
    keys = [*common(), *sorted(living().keys() - set(common()))]
    return {key: _wider(key) for key in keys}


def _wider(key: str) -> str:
    for parent, children in toml("languages.toml")["within"].items():
        if key in children:
            return str(parent)
    name = living()[key].name if key in living() else ""
    if "Sign Language" in name or "Langue des signes" in name:
        return "sgn"
    if name.endswith(" Nahuatl"):
        return "nah"
    return next((macro for macro, ending in _macros().items() if name.endswith(ending) and macro != key), "")


@cache
def _macros() -> dict[str, str]:
    """Macrolanguages → how the English names of what belongs to them end ("Cusco Quechua")."""
    return {key: f" {row.name}" for key, row in living().items() if row.scope == "M" and " " not in row.name}


@cache
def autonyms() -> dict[str, str]:
    own = toml("languages.toml")["autonyms"]
    found = {key: own.get(key) or _own_name(key) for key in tree()}
    return {key: name for key, name in found.items() if name}


def _own_name(key: str) -> str | None:
    if not localedata.exists(key):
        return None
    name = cldr(key, "languages").get(key)
    return name[:1].upper() + name[1:] if name else None


def label(locale: str, names: dict[str, str], key: str) -> str | None:
    """Our own label where languages.toml has one, else CLDR's, else the English name of a family."""
    ours: dict[str, Any] = toml("languages.toml")["labels"].get(key, {})
    return ours.get(locale) or names.get(key) or (FAMILIES.get(key) if locale == "en" else None)


def index() -> dict[str, str]:
    votes = Votes()
    _cldr_names(votes)
    for key, row in living().items():
        for name in {
            row.name,
            getattr(row, "common_name", row.name),
            getattr(row, "inverted_name", row.name),
        }:
            for form in spellings(name)[:2]:
                votes.add(form, key, ENGLISH // 2)
    for key, name in autonyms().items():
        votes.add(name, key, ENGLISH)
    for name, key in toml("languages.toml")["aliases"].items():
        votes.add(name, key, DECISIVE)
    return {**votes.decided(), **_codes()}


def _codes() -> dict[str, str]:
    """Codes that are no key of ours, kept apart from names: "code spa" → "es"."""
    found = {f"code {code}": key for code, key in toml("languages.toml")["same"].items()}
    for key, row in living().items():
        for code in {row.alpha_3, getattr(row, "bibliographic", row.alpha_3)} - {key}:
            found[f"code {code}"] = key
    return found


def _cldr_names(votes: Votes) -> None:
    seen: set[tuple[str, str, str]] = set()
    same = toml("languages.toml")["same"]
    for locale in locales():
        base = locale.partition("_")[0]
        for code, name in cldr(locale, "languages").items():
            key = same.get(code, code)
            if key not in tree() or (base, key, name) in seen:
                continue
            seen.add((base, key, name))
            weight = ENGLISH if base == "en" else OURS if base in OUR_LOCALES else ONE_LOCALE
            for form in spellings(name)[:2]:
                votes.add(form, key, weight)
    for key, labels in toml("languages.toml")["labels"].items():
        for name in labels.values():
            votes.add(name, key, ENGLISH)


def rare_labels() -> dict[str, dict[str, str]]:
    """Locale → key → name for what CLDR does not name: English from ISO, the rest as far as translated."""
    rare = {key: living()[key].name for key in tree() if key not in common()}
    translations = dict(translated("iso639-3", list(rare.values()), OUR_LOCALES.__contains__))
    found = {"en": {key: name.partition(" (")[0] for key, name in rare.items()}}
    for locale in OUR_LOCALES[1:]:
        there = translations.get(locale, {})
        found[locale] = {key: there[name] for key, name in rare.items() if name in there}
    return found


def near() -> list[tuple[str, str]]:
    """(folded name, key) in our four languages and in the language itself."""
    pairs: dict[tuple[str, str], None] = {}
    for locale in OUR_LOCALES:
        names = cldr(locale, "languages")
        pairs.update({(fold(name), key): None for key in common() if (name := label(locale, names, key))})
    pairs.update({(fold(name), key): None for key, name in autonyms().items()})
    pairs.update(
        {(fold(name), key): None for name, key in toml("languages.toml")["aliases"].items() if len(name) > 3}
    )
    return list(pairs)

"""The parts of the file about places."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import Any

import pycountry

from directory.vocabulary.build.sources import OUR_LOCALES, cldr, locales, toml, translated
from directory.vocabulary.build.votes import DECISIVE, ENGLISH, ONE_LOCALE, OURS, Votes, spellings
from directory.vocabulary.fold import fold

NORTH_AMERICA = {"003": "021 MX"}
"""A CLDR group outside the M49 tree, said in places of the tree."""

FINE_LOCALES = (*OUR_LOCALES, "be", "fa", "hi", "id", "pt", "ru", "tr", "uk", "zh_CN")
"""Whose names of subdivisions are taken in besides the local ones, to keep the file small."""


@cache
def tree() -> dict[str, str]:
    """Region or country → its region, widest first."""
    parents = {"001": ""}
    for parent, children in toml("regions.toml")["within"].items():
        parents.update(dict.fromkeys(children, parent))
    return parents


@cache
def subdivisions() -> dict[str, str]:
    """Subdivision → wider subdivision or country, in the order of codes."""
    found = sorted(pycountry.subdivisions, key=lambda place: place.code)
    return {place.code: place.parent_code or place.country_code for place in found}


def label(locale: str, names: dict[str, str], key: str) -> str | None:
    """Our own label where regions.toml has one, else CLDR's."""
    ours: dict[str, Any] = toml("regions.toml")["labels"].get(key, {})
    return ours.get(locale) or names.get(key)


def index() -> dict[str, str]:
    """Folded name → target, countries and regions before subdivisions."""
    votes = Votes()
    _cldr_names(votes)
    _iso_names(votes)
    known = votes.decided()
    found = {**known, **_aliases(known), **_codes()}
    for name, target in _fine_names().items():
        found.setdefault(name, target)
    return found


def _codes() -> dict[str, str]:
    """Three-letter codes, kept apart from names: "NGA" is Nigeria, "Nga" is what Vietnamese calls Russia."""
    return {f"code {land.alpha_3.lower()}": land.alpha_2 for land in pycountry.countries} | {"code xkx": "XK"}


def _cldr_names(votes: Votes) -> None:
    seen: set[tuple[str, str, str]] = set()
    for locale in locales():
        base = locale.partition("_")[0]
        for key, name in cldr(locale, "territories").items():
            target = NORTH_AMERICA.get(key, key)
            if (key not in tree() and key not in NORTH_AMERICA) or (base, key, name) in seen:
                continue
            seen.add((base, key, name))
            weight = ENGLISH if base == "en" else OURS if base in OUR_LOCALES else ONE_LOCALE
            for form in spellings(name.replace("&", "and") if base == "en" else name):
                votes.add(form, target, weight)
    for key, names in toml("regions.toml")["labels"].items():
        for name in names.values() if key in tree() else ():
            votes.add(name, key, ENGLISH)


def _iso_names(votes: Votes) -> None:
    english: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            if name := getattr(country, field, None):
                english[name] = country.alpha_2
                for form in [name, *spellings(name)[1:2]]:
                    votes.add(form, country.alpha_2, ENGLISH)
    short = [country.name for country in pycountry.countries]
    # Where CLDR speaks a language too it does so better.
    for locale, names in translated("iso3166-1", short, lambda it: it in OUR_LOCALES or it not in locales()):
        weight = OURS if locale in OUR_LOCALES else ONE_LOCALE
        for name, there in names.items():
            votes.add(there, english[name], weight)


def _aliases(known: dict[str, str]) -> dict[str, str]:
    """Common aliases as they are; former and disputed names marked, unless CLDR or ISO say it too."""
    found: dict[str, str] = {}
    for group, names in toml("regions_aliases.toml").items():
        for name, keys in names.items():
            target, folded = " ".join(sorted(keys)), fold(name)
            if group == "common" or known.get(folded) == target:
                found[folded] = target
            else:
                found[folded] = f"{group}:{target}"
    return found


def _fine_names() -> dict[str, str]:
    """Names of subdivisions that only one place has, and all of them after their country ("ar cordoba")."""
    votes, fixed = Votes(), Votes()
    english = defaultdict(list)
    for place in pycountry.subdivisions:
        english[place.name].append(place.code)
        for form in spellings(place.name):
            votes.add(form, place.code, ENGLISH)
            fixed.add(f"{place.country_code} {form}", place.code, DECISIVE)
    for locale, names in translated("iso3166-2", list(english), FINE_LOCALES.__contains__):
        for name, there in names.items():
            for code in english[name]:
                votes.add(there, code, OURS if locale in OUR_LOCALES else ONE_LOCALE)
                if locale in OUR_LOCALES:
                    fixed.add(f"{code[:2]} {there}", code, OURS)
    for key, names in toml("regions.toml")["labels"].items():
        for name in names.values() if key in subdivisions() else ():
            votes.add(name, key, DECISIVE)
    return {**_with_wider(fixed), **_with_wider(votes)}


def _with_wider(votes: Votes) -> dict[str, str]:
    """As decided; a name shared by a subdivision and parts of it alone means the wider one."""
    decided = votes.decided()
    for name, targets in votes.undecided().items():
        tops = {code for code in targets if subdivisions()[code] not in targets}
        if len(tops) == 1:
            decided[name] = tops.pop()
    return decided


def near() -> list[tuple[str, str]]:
    """(folded name, key) of regions and countries in our four languages and of single-place aliases."""
    pairs = {(fold(name), key): None for name, key in _near_names()}
    counts = Counter(name for name, _ in pairs)
    return [(name, key) for name, key in pairs if counts[name] == 1]


def _near_names() -> list[tuple[str, str]]:
    found = []
    for locale in OUR_LOCALES:
        names = cldr(locale, "territories")
        found += [(name, key) for key in tree() if (name := label(locale, names, key))]
    for names in toml("regions_aliases.toml").values():
        found += [(name, keys[0]) for name, keys in names.items() if len(keys) == 1 and len(name) > 3]
    return found

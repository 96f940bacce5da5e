"""`python -m directory.vocabulary.build`: writes names.dat beside the TOML files and says how large it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pycountry

from directory.vocabulary.build import places, tongues
from directory.vocabulary.build.packing import Packing
from directory.vocabulary.build.sources import HERE, OUR_LOCALES, cldr, locales, parent_locale, translated

BLOCK = 600_000
"""Characters of labels packed together; unpacking a block takes a few milliseconds."""

Label = Callable[[str, dict[str, str], str], str | None]


def build(packing: Packing) -> bytes:
    """The whole file."""
    packing.block({"regions/tree": _rows(places.tree().items())})
    packing.block({"subdivisions/tree": _rows(places.subdivisions().items())})
    packing.block({"languages/tree": _rows(tongues.tree().items())})
    packing.block({"languages/common": "\n".join(tongues.common())})
    packing.block({"languages/autonyms": _rows(tongues.autonyms().items())})
    packing.block({"regions/near": _rows(places.near())})
    packing.block({"languages/near": _rows(tongues.near())})
    names = {place.code: place.name for place in pycountry.subdivisions}
    english = {code: names[code] for code in places.subdivisions()}
    for block in _label_blocks():
        packing.block(block)
    for locale, labels in _fine_labels(english).items():
        parts = {f"subdivisions/labels/{locale}": "\n".join(labels.get(code, "") for code in english)}
        packing.block(parts)
    rare = tongues.rare_labels()
    for locale, labels in rare.items():
        parts = {f"rare-languages/labels/{locale}": "\n".join(labels.get(key, "") for key in rare["en"])}
        packing.block(parts)
    packing.index("regions", places.index())
    packing.index("languages", tongues.index())
    return packing.file()


def _label_blocks() -> Iterable[dict[str, str]]:
    """Our four languages in a block each, the others together until a block is full."""
    others: dict[str, str] = {}
    for locale in sorted(locales(), key=lambda name: (name not in OUR_LOCALES, name)):
        parts = _labels_of(locale)
        if locale in OUR_LOCALES:
            yield parts
            continue
        others |= parts
        if sum(map(len, others.values())) > BLOCK:
            yield others
            others = {}
    yield others


def _labels_of(locale: str) -> dict[str, str]:
    """Only what differs from the locale a reader falls back to."""
    kinds: list[tuple[str, str, Label, Iterable[str]]] = [
        ("regions", "territories", places.label, places.tree()),
        ("languages", "languages", tongues.label, tongues.common()),
    ]
    base = parent_locale(locale)
    parts = {}
    for kind, source, label, keys in kinds:
        names, wider = cldr(locale, source), cldr(base, source) if base else {}
        rows = {key: name for key in keys if (name := label(locale, names, key))}
        known = {key: label(base, wider, key) for key in rows} if base else {}
        if rows := {key: name for key, name in rows.items() if known.get(key) != name}:
            parts[f"{kind}/labels/{locale}"] = "\n".join(rows.get(key, "") for key in keys)
    return parts


def _fine_labels(english: dict[str, str]) -> dict[str, dict[str, str]]:
    translations = dict(translated("iso3166-2", list(english.values()), OUR_LOCALES.__contains__))
    found = {}
    for locale in OUR_LOCALES:
        there = translations.get(locale, {})
        names = {code: there[name] for code, name in english.items() if name in there}
        names = english if locale == "en" else names
        found[locale] = {code: name for code in english if (name := places.label(locale, names, code))}
    return found


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{left}\t{right}" for left, right in pairs)


if __name__ == "__main__":
    file = build(Packing())
    (HERE / "names.dat").write_bytes(file)
    print(f"names.dat: {len(file):,} bytes")

"""`python -m directory.translations.gather`: bring the catalogues up to date with the sentences in the code.

Sentences are the arguments of `say` and `say_many`, in Python and in the templates of the pages, and the
titles and texts of playbooks. What is
translated stays; what is no longer said goes; what is new stands there empty, and is shown in English until
somebody fills it. Nothing in a running hub imports this module.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from directory.languages import FALLBACK, LOCALES

ROOT = Path(__file__).parents[2]
PACKAGES = ("directory", "bots", "hub")
METHODS: Mapping[str, Any] = {".py": "python", ".html": babel_extract}
_CALLS = {"say": None, "say_many": (1, 2)}

BORN = datetime(2026, 11, 24, tzinfo=UTC)
"""In every header, so that a catalogue changes only when a sentence does."""

Sentence = str | tuple[str, ...]


def sentences(root: Path = ROOT) -> dict[Sentence, list[str]]:
    """Every sentence in the code, with the files that say it. A bare "{a} {b}" is no sentence."""
    found: dict[Sentence, list[str]] = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.*")):
            for sentence in _said(path):
                places = found.setdefault(sentence, [])
                name = path.relative_to(root).as_posix()
                places += [name] * (name not in places)
    return found


def _said(path: Path) -> Iterator[Sentence]:
    if path.suffix == ".toml" and path.parent.name == "playbooks":
        yield from _in_playbook(tomllib.loads(path.read_text(encoding="utf-8")))
        return
    method = METHODS.get(path.suffix)
    if method is None:
        return
    if b"say" not in (code := path.read_bytes()):
        return  # taking every module to pieces would cost seconds
    with BytesIO(code) as source:
        for _, said, _, _ in extract(method, source, keywords=_CALLS, options={"encoding": "utf-8"}):
            words = said if isinstance(said, str) else said[0]
            if words and any(char.isalpha() for char in _without_places(words)):
                yield said if isinstance(said, str) else tuple(said)


def _in_playbook(part: Mapping[str, Any]) -> Iterator[str]:
    """Titles and texts of a playbook and of everything in it (bots/core/playbooks.py)."""
    for key, value in part.items():
        if key in ("title", "text"):
            yield str(value)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    yield from _in_playbook(each)


def _without_places(words: str) -> str:
    return "".join(part.partition("}")[2] if "}" in part else part for part in words.split("{"))


def catalogue_file(locale: str) -> Path:
    """Where a language's catalogue lies."""
    return Path(__file__).with_name(f"{locale}.po")


def read(locale: str) -> Catalog:
    """A language's catalogue as it is; an empty one when there is none yet."""
    path = catalogue_file(locale)
    if not path.is_file():
        return Catalog(locale=locale)
    return read_po(BytesIO(path.read_bytes()), locale=locale)


def renewed(old: Catalog, said: dict[Sentence, list[str]]) -> Catalog:
    """The catalogue of what is said now, with the translations that are known."""
    fresh = Catalog(
        locale=old.locale,
        header_comment="# What Ayni says. Brought up to date by: python -m directory.translations.gather",
        project="Ayni",
        version="1",
        creation_date=BORN,
        revision_date=BORN,
        msgid_bugs_address="CONTRIBUTING.md",
        last_translator="Ayni",
        language_team="Ayni",
        fuzzy=False,
    )
    for sentence, places in said.items():
        known = old.get(sentence if isinstance(sentence, str) else sentence[0])
        fits = known is not None and known.id == sentence
        fresh.add(sentence, known.string if fits and known else None, [(name, 0) for name in places])
    return fresh


def missing(catalogue: Catalog, said: dict[Sentence, list[str]]) -> list[Sentence]:
    """Sentences without a translation."""

    def is_there(sentence: Sentence) -> bool:
        known = catalogue.get(sentence if isinstance(sentence, str) else sentence[0])
        words = known.string if known is not None and known.id == sentence else None
        return all(words) if isinstance(words, tuple | list) else bool(words)

    return [sentence for sentence in said if not is_there(sentence)]


def main() -> int:
    """Rewrite every catalogue and say what is missing."""
    said = sentences()
    for locale in LOCALES:
        if locale == FALLBACK:
            continue
        catalogue = renewed(read(locale), said)
        with catalogue_file(locale).open("wb") as target:
            write_po(target, catalogue, width=100, omit_header=False, sort_output=False)
        sys.stdout.write(f"{locale}: {len(said)} sentences, {len(missing(catalogue, said))} to translate\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Names in the reader's language, with the fallbacks: es-MX → es → en → the key itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from directory.vocabulary.names import Names

KEPT_LOCALES = 12
"""Locales whose names stay in memory at once; about 60 KiB each."""


def fallbacks(locale: str) -> tuple[str, ...]:
    """`pt-BR` → ("pt_BR", "pt", "en"); in the spelling of the file of names."""
    parts = locale.replace("-", "_").split("_")
    chain = ["_".join(_cased(parts[:n])) for n in range(len(parts), 0, -1)]
    return (*chain, "en") if "en" not in chain else tuple(chain)


def _cased(parts: list[str]) -> list[str]:
    sizes = {2: str.upper, 4: str.title}
    return [parts[0].lower(), *(sizes.get(len(part), str)(part) for part in parts[1:])]


class Labels:
    """Labels of one kind ("regions", "subdivisions", "languages"), a locale at a time."""

    def __init__(self, names: Names, kind: str, keys: Callable[[], Iterable[str]]) -> None:
        """`keys` gives the keys of the kind in the order in which the file has their labels."""
        self._names, self._kind, self._keys = names, kind, keys
        self._of = lru_cache(maxsize=KEPT_LOCALES)(self._read)

    def label(self, key: str, locale: str) -> str | None:
        """The best name of `key` for a reader of `locale`; None when not even English has one."""
        for candidate in fallbacks(locale):
            if found := self._of(candidate).get(key):
                return found
        return None

    def _read(self, locale: str) -> dict[str, str]:
        lines = self._names.lines(f"{self._kind}/labels/{locale}")
        return {key: line for key, line in zip(self._keys(), lines, strict=True) if line} if lines else {}

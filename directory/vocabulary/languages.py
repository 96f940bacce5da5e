"""Languages: BCP 47 subtags over ISO 639, sign languages included, and what speakers call them."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from directory.vocabulary.fold import LONGEST, fold
from directory.vocabulary.labels import Labels
from directory.vocabulary.names import Names
from directory.vocabulary.near import nearest

_TAG = re.compile(r"([A-Za-z]{2,3})([-_][A-Za-z0-9]{1,8})+")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_FILLERS = frozenset(
    fold(word)
    for word in ("language", "langue", "lengua", "idioma", "língua", "lingua", "язык", "мова", "bahasa")
) | {"sprache", "dili", "اللغه", "لغه", "زبان"}


class Languages:
    """A key is the shortest BCP 47 subtag of a language: "es", "quc", "mfs"."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._index = names.index("languages")
        self._labels = Labels(names, "languages", self.common)
        self._rare_labels = Labels(names, "rare-languages", lambda: self.keys()[len(self._common) :])
        self._resolved = lru_cache(maxsize=1024)(self._resolve)

    def keys(self) -> tuple[str, ...]:
        """Every key: the 650 that Unicode names in many languages first, then the rest of ISO 639-3."""
        return tuple(self._parent)

    def common(self) -> tuple[str, ...]:
        """Keys of languages that a picker can show: those with a name in other languages than English."""
        return self._common

    def label(self, key: str, locale: str) -> str:
        """The language's name for a reader of `locale`; the key itself when it is unknown."""
        return self._labels.label(key, locale) or self._rare_labels.label(key, locale) or key

    def autonym(self, key: str) -> str:
        """What its speakers call it; the English name where that is not known."""
        return self._autonyms.get(key) or self.label(key, "en")

    def resolve(self, text: str) -> tuple[str, ...]:
        """The one key meant by a name in any language, an own name, a code or a tag ("pt-BR"); () unknown."""
        return self._resolved(text) if len(text) <= LONGEST else ()

    def ancestors(self, key: str) -> tuple[str, ...]:
        """The language, then the wider language or family it counts under ("quz" → "qu"); () unknown."""
        found: list[str] = []
        while key in self._parent and key not in found:
            found.append(key)
            key = self._parent[key]
        return tuple(found)

    def narrower(self, key: str) -> tuple[str, ...]:
        """Languages that count under this one."""
        return tuple(child for child, parent in self._parent.items() if parent == key)

    def suggest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Keys of languages whose names are close to what was written, best first."""
        return nearest(fold(text), self._near, limit)

    def _resolve(self, text: str) -> tuple[str, ...]:
        folded, word = fold(text), text.strip()
        if len(word) == 2 and (code := self._code(word)):
            return code
        tag = _TAG.fullmatch(word)
        bare = " ".join(part for part in folded.split() if part not in _FILLERS)
        outside = fold(_IN_BRACKETS.sub(" ", text))
        tries = (
            self._find(folded),
            self._code(tag[1] if tag else word),
            self._find(bare),
            self._find(outside),
        )
        return next((found for found in tries if found), ())

    def _code(self, code: str) -> tuple[str, ...]:
        """A key or another ISO 639 code, in any case; an accent makes it a word ("Gã" is not Irish)."""
        if not code.isascii() or len(code) > 3:
            return ()
        return (code.lower(),) if code.lower() in self._parent else self._find(f"code {code.lower()}")

    def _find(self, folded: str) -> tuple[str, ...]:
        target = self._index.find(folded) if folded else None
        return (target,) if target else ()

    @cached_property
    def _near(self) -> tuple[tuple[str, str], ...]:
        return tuple(line.partition("\t")[::2] for line in self._names.lines("languages/near"))

    @cached_property
    def _parent(self) -> dict[str, str]:
        return dict(line.partition("\t")[::2] for line in self._names.lines("languages/tree"))

    @cached_property
    def _common(self) -> tuple[str, ...]:
        return tuple(self._names.lines("languages/common"))

    @cached_property
    def _autonyms(self) -> dict[str, str]:
        return dict(line.partition("\t")[::2] for line in self._names.lines("languages/autonyms"))

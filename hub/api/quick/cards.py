"""Cards as JSON, in one language: put together when first shown, kept while they say the same."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from directory.core.tongues import complete
from directory.index.catalogue import Catalogue
from directory.index.chunk import Chunk
from directory.index.kept import Kept, opened
from directory.languages import render
from directory.vocabulary import Tree, Vocabulary
from hub.api.schema.allies import KINDS, shown_website

MOST = 20_000
"""Cards of one language that are kept as JSON, about 350 bytes each."""
encoded = msgspec.json.encode


class Cards:
    """The JSON of cards for readers of one language, as far as `unconfirmed`."""

    def __init__(self, catalogue: Catalogue, known: Vocabulary, locale: str) -> None:
        self.names = catalogue.names
        self._origins = catalogue.origins
        self._known = known
        self._labels = complete(locale)
        self._kinds = {kind: encoded(render(text, locale)) for kind, text in KINDS.items()}
        self._made: dict[bytes, tuple[bytes, Kept]] = {}
        self._terms: dict[tuple[str, str], bytes] = {}

    def of(self, chunk: Chunk, at: int) -> tuple[bytes, Kept]:
        """`{"id": … "confirmedAt": …` and the card itself."""
        record = chunk.records[at]
        made = self._made.get(record)
        if made is None:
            if len(self._made) >= MOST:
                self._made.clear()
            kept = opened(record)
            made = self._made[record] = (self._json(kept, self._origins[chunk.origin[at]]), kept)
        return made

    def _json(self, kept: Kept, origin: str) -> bytes:
        network, known = self.names[origin], self._known
        parts = {
            "id": encoded(kept.id),
            "title": encoded(kept.title),
            "acronym": encoded(kept.acronym),
            "kind": encoded(kept.kind),
            "kindText": self._kinds.get(kept.kind, self._kinds["organisation"]),
            "network": encoded({"id": network.id, "name": network.name, "home": network.home}),
            "country": self._term("country", known.regions, kept.country) if kept.country else b"null",
            "regions": self._list("regions", known.regions, kept.regions),
            "issues": self._list("issues", known.issues, kept.issues),
            "languages": self._list("languages", known.languages, kept.languages),
            "offers": self._list("offers", known.offers, kept.offers),
            "website": encoded(shown_website(kept.website)),
            "purpose": encoded(kept.purpose),
            "listedPublicly": encoded(kept.listed_publicly),
            "confirmedAt": encoded(_time(kept.confirmed_at)),
        }
        return b"{" + b",".join(b'"%s":%s' % (name.encode(), value) for name, value in parts.items())

    def _list(self, kind: str, tree: Tree, keys: tuple[str, ...]) -> bytes:
        return b"[" + b",".join([self._term(kind, tree, key) for key in keys]) + b"]"

    def _term(self, kind: str, tree: Tree, key: str) -> bytes:
        made = self._terms.get((kind, key))
        if made is None:
            made = encoded({"key": key, "name": tree.label(key, self._labels)})
            self._terms[kind, key] = made
        return made


def _time(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else None

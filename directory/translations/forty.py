"""The forty sentences that lives depend on, in English, and what a translator's file says for each.

They are data (forty.txt): a translator is handed one page, and a test holds that the code says them.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib import resources

from babel.messages.pofile import PoFileError, read_po

from directory.core.text import Text, say
from directory.core.wordings import fault_of


@lru_cache(maxsize=1)
def the_forty() -> tuple[str, ...]:
    """The English sentences that lives depend on; a recording is named by its place among them, from 01."""
    source = resources.files("directory").joinpath("translations", "forty.txt")
    return tuple(source.read_text(encoding="utf-8").splitlines())


def sentences_of(po: str) -> dict[str, str] | Text:
    """What a PO file says for each of the forty, or what is wrong with it. Fuzzy entries do not count."""
    try:
        catalogue = read_po(io.BytesIO(po.encode()), abort_invalid=True)
    except (PoFileError, ValueError) as broken:
        return say("The file of sentences cannot be read: {why}", why=str(broken)[:200])
    said: dict[str, str] = {}
    for n, message in enumerate(the_forty(), 1):
        known = catalogue.get(message)
        words = known.string if known is not None and isinstance(known.string, str) else ""
        if not words or known is None or known.fuzzy:
            return say("Sentence {n} is missing: {sentence}", n=n, sentence=message)
        if fault := fault_of((message,), (words,), 1):
            return say("Sentence {n}: {fault}", n=n, fault=fault)
        said[message] = words
    return said

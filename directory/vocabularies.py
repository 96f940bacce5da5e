"""The vocabularies of this hub: the shared ones, read once."""

from __future__ import annotations

from directory.vocabulary import Vocabulary, load


def known() -> Vocabulary:
    """Issues, regions, languages and offers; the same object every time."""
    return load()

"""Every sentence in the code, gathered once a process: reading all of it takes seconds."""

from __future__ import annotations

from functools import cache

from directory.translations import gather
from directory.translations.gather import Sentence


@cache
def sentences() -> dict[Sentence, list[str]]:
    """With the files that say each. Not to be changed."""
    return gather.sentences()

"""What handlers are given besides their turn: made once by hub/node.py, never changed while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from bots.core.ladder import LadderTimes
from directory.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Desk:
    """The ladder's times, the vocabulary of issues, regions, languages and offers, and our network's name."""

    vocabulary: Vocabulary
    network_name: str
    times: LadderTimes = field(default_factory=LadderTimes)

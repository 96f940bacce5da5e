"""What became of what a member took back, in a sentence for each network that has not answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from directory.core.text import Text, say


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One copy that was taken back. `confirmed`: the network signed that it is gone."""

    network: str
    since: datetime
    confirmed: bool


def sentences(copies: Iterable[TakenBack]) -> Iterator[Text]:
    """How many networks confirmed, then who has not, the longest silence first; nothing without a copy."""
    waiting: dict[str, datetime] = {}
    networks = set()
    for copy in copies:
        networks.add(copy.network)
        if not copy.confirmed:
            waiting[copy.network] = min(copy.since, waiting.get(copy.network, copy.since))
    if networks:
        done = len(networks) - len(waiting)
        yield say(
            "Taken back: {done} of {all} networks confirmed that it is gone.", done=done, all=len(networks)
        )
    for name, since in sorted(waiting.items(), key=lambda each: (each[1], each[0])):
        yield say("{name} has not confirmed since {since}.", name=name, since=since)

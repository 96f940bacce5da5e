"""Whom not to ask: who is never brought together with whom, whichever of the two looks.

Somebody names a person, an organisation, a community or a linked network. Nobody is told: to either of them
the other is simply not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST_NAMED = 50


class Kind(StrEnum):
    """What was named: an entry of this network, somebody of this name whom the namer does not see, a card of
    another network, or a whole one."""

    ENTRY = "entry"
    HANDLE = "handle"
    CARD = "card"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Apart:
    """What is not there for one viewer: entries of ours, cards and networks, by id."""

    members: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.members or self.cards or self.networks)

    def hides(self, *, card: str, member: str | None, origin: str) -> bool:
        """Is this card not there?"""
        return member in self.members or card in self.cards or origin in self.networks


NOBODY_APART = Apart()

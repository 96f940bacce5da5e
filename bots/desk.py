"""What handlers are given besides their turn: made once by hub/node.py, never changed while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bots.core.ladder import LadderTimes
from bots.hearing import Hearing, always_hears
from bots.promises import Promises, always
from bots.watches import Nothing, Watches
from directory.vocabulary import Vocabulary


def nowhere() -> str:
    """A hub that has not said where its pages are."""
    return ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The ladder's times, the vocabulary of issues, regions, languages and offers, and our network's name.

    `promises`: what linked networks signed about our calls for help. `evaluation`: a hub without a domain,
    where drills are practice. `wakers`: what can wake a responder here besides the message itself.
    """

    vocabulary: Vocabulary
    network_name: str
    times: LadderTimes = field(default_factory=LadderTimes)
    promises: Promises = always
    evaluation: bool = False
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Parts of the bots (bots/capabilities.py) that another account does → its address."""
    wakers: frozenset[str] = frozenset({"push"})
    pages: Callable[[], str] = nowhere
    """The address of the pages now, with the part that nobody can guess; a path follows after "/"."""
    watches: Watches = field(default_factory=Nothing)
    """Linked networks this hub watches for (bots/watches.py)."""
    hearing: Hearing = always_hears
    """When the hub's own ear was open lately (bots/hearing.py)."""

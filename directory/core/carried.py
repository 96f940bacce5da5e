"""People without a device: a connector carries their entry, with a consent that was given by word of mouth.

What is written down is what a consent needs (who, when, how asked, for what, in which language), and it ends
by itself: whoever carries the entry goes and asks again (A/HRC/31/55 ¶40, ¶67).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.core.text import Text, say
from directory.vocabulary import Tree

MOST_MONTHS = 6
MONTH = timedelta(days=30)
TOLD_BEFORE = timedelta(days=21)
"""So long before its end the carrier is asked to go and ask again."""
KEPT_AFTER = timedelta(days=60)
"""So long after its end the entry, which nobody sees by then, is erased (DESIGN 6)."""
OLDEST = timedelta(days=30)
"""A yes that was given longer ago is not written down as new."""
LONGEST = 500
MOST_CARRIED = 30
"""People of one connector: more than this nobody knows well enough to speak for."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody without a device said yes to. `who`: who asked, and who was there; `meets`: also to being
    asked whether they want to meet somebody."""

    who: str
    how: str
    language: str
    asked_at: datetime
    ends_at: datetime
    meets: bool


def checked(
    said: Mapping[str, object], *, months: int, days_ago: int, meets: bool, now: datetime, languages: Tree
) -> Consent | tuple[str, Text]:
    """The consent as it is kept; or (field, what is wrong)."""
    words = {name: " ".join(str(said.get(name) or "").split()) for name in ("who", "how", "language")}
    for name in ("who", "how"):
        if not words[name]:
            return name, say("Please write down who asked and who was there, and how they said yes.")
        if len(words[name]) > LONGEST:
            return name, say("Please say it in at most {most} letters.", most=LONGEST)
    if not languages.ancestors(words["language"]):
        return "language", say("Please say in which language they were asked.")
    if not 1 <= months <= MOST_MONTHS:
        return "months", say(
            "It holds for one to {most} months. Then they are asked again.", most=MOST_MONTHS
        )
    if not 0 <= days_ago <= OLDEST.days:
        return "daysAgo", say("They were asked too long ago. Please ask them again.")
    asked = now - timedelta(days=days_ago)
    return Consent(words["who"], words["how"], words["language"], asked, asked + months * MONTH, meets)

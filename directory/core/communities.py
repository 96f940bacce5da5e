"""Communities as entries: how one decides, who speaks for it, and what needs the community's own way.

Any one of those who speak for it hides it or narrows it at once. Whatever shows more of it, or changes who
decides, waits until as many of them said yes, each with their word, as the community's way asks for; one no
ends it (A/HRC/31/55 ¶111, principle 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from directory.core.text import Text, say

FEWEST = 2
"""A community is never one person's: with fewer than this it is not shown."""
LASTS = timedelta(days=30)
"""Assemblies do not meet every week."""
LONGEST: Mapping[str, int] = {"name": 120, "way": 300, "since": 80}


class Act(StrEnum):
    """What somebody who speaks for a community may want."""

    SHOW = "show"
    HIDE = "hide"
    CHANGE = "change"
    AUDIENCE = "audience"
    SHARE = "share"
    STOP_SHARING = "stop_sharing"
    SPEAK = "speak"
    STEP_DOWN = "step_down"
    DECIDE = "decide"
    ERASE = "erase"


class Stand(StrEnum):
    """How a wish stands."""

    OPEN = "open"
    DONE = "done"
    OVER = "over"


WANTS: Mapping[Act, Text] = {
    Act.SHOW: say("show {community} in the directory of this network"),
    Act.CHANGE: say("change what {community} says of itself: {detail}"),
    Act.AUDIENCE: say("show more of {community} here: {detail}"),
    Act.SHARE: say("show {community} to the members of {detail}"),
    Act.SPEAK: say("let {detail} speak for {community} too"),
    Act.DECIDE: say("change how {community} decides: {detail}"),
    Act.ERASE: say("take {community} out of the directory for good"),
}
"""What needs the community's way, as those who speak for it read it. Acts without a line are done at once."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a community decides, in its own words; since when; and how many must say yes."""

    way: str
    since: str
    needed: int


def checked_way(words: Mapping[str, object], needed: int, speakers: int) -> Way | tuple[str, Text]:
    """What may be kept; or (field, what is wrong). `speakers`: how many speak for it."""
    said = {name: " ".join(str(words.get(name) or "").split()) for name in ("way", "since")}
    for name in said:
        if len(said[name]) > LONGEST[name]:
            return name, say("Please say it in at most {most} letters.", most=LONGEST[name])
    if not said["way"]:
        return "way", say("Please say how the community decides. For example: in an assembly.")
    if not said["since"]:
        return "since", say("Please say since when. For example: 1994, or always.")
    if speakers < FEWEST:
        return "speakers", say("Two or more people have to speak for a community. Name at least two.")
    if not FEWEST <= needed <= speakers:
        return "needed", say(
            "At least {fewest} have to say yes, and no more than speak for it.", fewest=FEWEST
        )
    return Way(said["way"], said["since"], needed)


def checked_name(name: str) -> str | tuple[str, Text]:
    """The name of a community as it is shown; or (field, what is wrong)."""
    said = " ".join(name.split())
    if not said:
        return "name", say("Please say what the community is called.")
    if len(said) > LONGEST["name"]:
        return "name", say("Please say it in at most {most} letters.", most=LONGEST["name"])
    return said


def only_less(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Does this change only take away: shorter lists, emptied fields, or the same?"""
    return all(_is_less(old.get(name), value) for name, value in new.items())


def _is_less(old: object, new: object) -> bool:
    if isinstance(new, list | tuple):
        return set(new) <= (set(old) if isinstance(old, list | tuple) else set())
    return not new or new == old

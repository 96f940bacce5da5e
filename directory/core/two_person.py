"""What needs two people, and the life of one such wish: asked by one, confirmed by a second, or over.

The second is somebody who looks after the network, a custodian, or a coordinator of a linked network. Never
whoever asked, never the person it is about (THREATS 46, DESIGN 6).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from directory.core.text import Text, say

LASTS = timedelta(hours=72)
"""A wish nobody confirmed within this is over; asking again begins anew."""


NEW_FOR = timedelta(days=14)
"""So long the yes of somebody new counts as the yes of whoever made them what they are."""


class Act(StrEnum):
    """Everything that one person alone never does. The values cross between hubs: never change one."""

    KEEP_FREEZE = "keep-freeze"
    LIFT_FREEZE = "lift-freeze"
    GIVE_ADMINISTRATOR = "give-administrator"
    NAME_CUSTODIAN = "name-custodian"
    LIFT_SILENT = "lift-silent"


class State(StrEnum):
    """Where a wish stands."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    OVER = "over"


class Step(StrEnum):
    """What may happen to it."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    DONE = "done"


MOVES: Mapping[tuple[State, Step], State] = {
    (State.OPEN, Step.CONFIRM): State.AGREED,
    (State.OPEN, Step.REFUSE): State.REFUSED,
    (State.OPEN, Step.WITHDRAW): State.OVER,
    (State.OPEN, Step.EXPIRE): State.OVER,
    (State.AGREED, Step.DONE): State.OVER,
}


@dataclass(frozen=True, slots=True)
class Sides:
    """Who asked (None: the technician at the machine), and whom it is about."""

    asker: str | None
    about: str | None


def may_second(sides: Sides, somebody: str | None) -> bool:
    """Can this member be the second, whatever they hold? The technician has no name to be told apart by."""
    return somebody is not None and somebody not in (sides.asker, sides.about)


@dataclass(frozen=True, slots=True)
class Grant:
    """What lets a member be one of two, since when. `giver`: the one person who gave it; None: two did, or
    the ceremony at the machine."""

    giver: str | None
    since: datetime


def independent(one: str, other: str, grants: Mapping[str, Collection[Grant]], now: datetime) -> bool:
    """Are these two people, and not one person and somebody they have just made up?

    What it does not see: an account that somebody let in long ago and kept for this.
    """
    return one != other and not whose_word(one, grants, now) & whose_word(other, grants, now)


def whose_word(member: str, grants: Mapping[str, Collection[Grant]], now: datetime) -> frozenset[str]:
    """Whose yes it is when this member says yes: their own, or, while they are new, of those behind them."""
    theirs: set[str] = set()
    seen, behind = {member}, [member]
    while behind:
        one = behind.pop()
        givers = {grant.giver for grant in grants.get(one, ()) if now - grant.since < NEW_FOR}
        settled = len(givers) == 0 or any(now - grant.since >= NEW_FOR for grant in grants[one])
        if settled or None in givers:
            theirs.add(one)
        else:
            behind += [giver for giver in givers if giver is not None and giver not in seen]
            seen |= {giver for giver in givers if giver is not None}
    return frozenset(theirs or seen)


AT_HOME: Mapping[Act, Text] = {
    Act.KEEP_FREEZE: say("keep the entry held back"),
    Act.LIFT_FREEZE: say("let the entry free again"),
    Act.GIVE_ADMINISTRATOR: say("become administrator"),
    Act.NAME_CUSTODIAN: say("may be the second person from now on"),
    Act.LIFT_SILENT: say("the silent call for help is over"),
}
"""What is asked, said after a name: "Luz: let the entry free again"."""

ELSEWHERE: Mapping[Act, Text] = {
    Act.KEEP_FREEZE: say("somebody's entry stays held back"),
    Act.LIFT_FREEZE: say("somebody's entry is let free again"),
    Act.GIVE_ADMINISTRATOR: say("somebody becomes administrator"),
    Act.NAME_CUSTODIAN: say("somebody may be the second person from now on"),
    Act.LIFT_SILENT: say("somebody's silent call for help is over"),
}
"""The same as a linked network reads it: never about whom."""

"""What needs two people, and the life of one such wish: asked by one, confirmed by a second, or over.

The second is somebody who looks after the network, a custodian, or a coordinator of a linked network. Never
whoever asked, never the person it is about (THREATS 46, DESIGN 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from directory.core.text import Text, say

LASTS = timedelta(hours=72)
"""A wish nobody confirmed within this is over; asking again begins anew."""


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

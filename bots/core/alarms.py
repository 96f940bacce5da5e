"""The life of an alarm, as one table. A step that is not in it is an error, not a guess.

raised (others have heard nothing yet) → cancelled | running → taken → safe → closed → debriefed.
A second call for help never makes a second alarm: it adds to the open one, and wakes people again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Alarm(StrEnum):
    """Where an alarm stands. One of a linked network starts as RUNNING here."""

    RAISED = "raised"
    RUNNING = "running"
    TAKEN = "taken"
    SAFE = "safe"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    DEBRIEFED = "debriefed"


class Step(StrEnum):
    """What can happen to an alarm; also the word written in its timeline."""

    WINDOW_OVER = "window over"
    AGAIN = "again"
    TAKE = "taken"
    GIVE_BACK = "given back"
    CANCEL = "cancelled"
    SAFE = "safe"
    CLOSE = "closed"
    DEBRIEF = "debriefed"


MOVES: Mapping[tuple[Alarm, Step], Alarm] = {
    (Alarm.RAISED, Step.WINDOW_OVER): Alarm.RUNNING,
    (Alarm.RAISED, Step.AGAIN): Alarm.RAISED,
    (Alarm.RAISED, Step.CANCEL): Alarm.CANCELLED,
    (Alarm.RAISED, Step.SAFE): Alarm.CANCELLED,
    (Alarm.RUNNING, Step.AGAIN): Alarm.RUNNING,
    (Alarm.RUNNING, Step.TAKE): Alarm.TAKEN,
    (Alarm.RUNNING, Step.CANCEL): Alarm.CANCELLED,
    (Alarm.RUNNING, Step.SAFE): Alarm.SAFE,
    (Alarm.TAKEN, Step.AGAIN): Alarm.RUNNING,
    (Alarm.TAKEN, Step.GIVE_BACK): Alarm.RUNNING,
    (Alarm.TAKEN, Step.CANCEL): Alarm.CANCELLED,
    (Alarm.TAKEN, Step.SAFE): Alarm.SAFE,
    (Alarm.TAKEN, Step.CLOSE): Alarm.CLOSED,
    (Alarm.SAFE, Step.CLOSE): Alarm.CLOSED,
    (Alarm.CANCELLED, Step.CLOSE): Alarm.CLOSED,
    (Alarm.CLOSED, Step.DEBRIEF): Alarm.DEBRIEFED,
    (Alarm.SAFE, Step.DEBRIEF): Alarm.DEBRIEFED,
    (Alarm.CANCELLED, Step.DEBRIEF): Alarm.DEBRIEFED,
}

OPEN = frozenset({Alarm.RAISED, Alarm.RUNNING, Alarm.TAKEN})
"""States in which a further call for help adds to this alarm."""


class NoSuchStep(Exception):
    """This alarm cannot take that step from where it stands. Look at it again: somebody was faster."""


def step(now: Alarm, what: Step) -> Alarm:
    """The state after `what`. Raises NoSuchStep."""
    try:
        return MOVES[now, what]
    except KeyError:
        raise NoSuchStep(f"{what} while {now}") from None


def may(now: Alarm, what: Step) -> bool:
    """Is the step in the table?"""
    return (now, what) in MOVES


class Severity(StrEnum):
    """How long a rung may take: HIGH is the measure, MEDIUM three times as long."""

    HIGH = "high"
    MEDIUM = "medium"

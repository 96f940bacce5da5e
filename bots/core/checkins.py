"""The life of a check-in: planned → prompted → answered | missed → ended. Silence starts the alarm.

Silence of many at once is held first (bots/core/silence.py): prompted → held → answered | missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class CheckIn(StrEnum):
    """Where a check-in stands."""

    PLANNED = "planned"
    PROMPTED = "prompted"
    ANSWERED = "answered"
    HELD = "held"
    MISSED = "missed"
    ENDED = "ended"


class Step(StrEnum):
    """What can happen to it."""

    PROMPT = "prompt"
    ANSWER = "answer"
    HOLD = "hold"
    MISS = "miss"
    CALL_OFF = "call off"


MOVES: Mapping[tuple[CheckIn, Step], CheckIn] = {
    (CheckIn.PLANNED, Step.PROMPT): CheckIn.PROMPTED,
    (CheckIn.PLANNED, Step.ANSWER): CheckIn.ANSWERED,
    (CheckIn.PLANNED, Step.MISS): CheckIn.MISSED,
    (CheckIn.PLANNED, Step.CALL_OFF): CheckIn.ENDED,
    (CheckIn.PROMPTED, Step.ANSWER): CheckIn.ANSWERED,
    (CheckIn.PROMPTED, Step.MISS): CheckIn.MISSED,
    (CheckIn.PROMPTED, Step.CALL_OFF): CheckIn.ENDED,
    (CheckIn.PLANNED, Step.HOLD): CheckIn.HELD,
    (CheckIn.PROMPTED, Step.HOLD): CheckIn.HELD,
    (CheckIn.HELD, Step.ANSWER): CheckIn.ANSWERED,
    (CheckIn.HELD, Step.MISS): CheckIn.MISSED,
    (CheckIn.HELD, Step.CALL_OFF): CheckIn.ENDED,
    (CheckIn.MISSED, Step.ANSWER): CheckIn.ENDED,
}

WAITING = frozenset({CheckIn.PLANNED, CheckIn.PROMPTED, CheckIn.HELD})


class NoSuchStep(Exception):
    """This check-in cannot take that step from where it stands."""


def step(now: CheckIn, what: Step) -> CheckIn:
    """The state after `what`. Raises NoSuchStep."""
    try:
        return MOVES[now, what]
    except KeyError:
        raise NoSuchStep(f"{what} while {now}") from None


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a check-in finds to do: `step` (None: nothing yet), and when to look again."""

    step: Step | None
    again_at: datetime | None


def look(
    state: CheckIn,
    *,
    due_at: datetime,
    prompt_before: timedelta,
    now: datetime,
    held_until: datetime | None = None,
) -> Look:
    """Prompt, miss, or wait. When the clock jumped past both times, missing comes first; when it went back,
    what was asked stays asked. A held one is missed when its time in the incident is over."""
    if state not in WAITING:
        return Look(None, None)
    if state is CheckIn.HELD:
        until = held_until or due_at
        return Look(Step.MISS, None) if now >= until else Look(None, until)
    if now >= due_at:
        return Look(Step.MISS, None)
    if state is CheckIn.PROMPTED:
        return Look(None, due_at)
    if now >= due_at - prompt_before:
        return Look(Step.PROMPT, due_at)
    return Look(None, due_at - prompt_before)


def prompt_lead(length: timedelta, usual: timedelta) -> timedelta:
    """How long before the end to remind: the usual time, but never more than a third of the whole."""
    return min(usual, length / 3)

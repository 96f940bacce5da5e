"""Many silent at once: is it each of them, or what lies between them and us? Values in, values out.

Check-ins of one phone company, homeserver or region that lapse together, and answers the hub could not
receive, are held in one incident that people on duty hear of at once. A high-risk plan is never held. Nothing
is held for ever: without an answer each goes its own way in the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TOGETHER = timedelta(minutes=15)
LEAST = 3
"""So many different people; two who travel together and are both silent are no failure of a network."""
LISTENED = timedelta(minutes=5)
"""So long before its end somebody must have been able to answer, or as long as the reminder was before it."""
DEAF_AFTER = timedelta(seconds=90)
HOLD = timedelta(minutes=30)
HOLD_TAKEN = timedelta(hours=2)
AGAIN = timedelta(minutes=10)
"""How long somebody has who is asked once more, when they can be reached again."""
BETWEEN_PAGES = timedelta(minutes=10)


class Why(StrEnum):
    """What is likely in the way."""

    DEAF = "deaf"
    MANY = "many"


class Incident(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Step(StrEnum):
    """What can happen to it."""

    TAKE = "take"
    END = "end"


MOVES: Mapping[tuple[Incident, Step], Incident] = {
    (Incident.OPEN, Step.TAKE): Incident.TAKEN,
    (Incident.OPEN, Step.END): Incident.CLOSED,
    (Incident.TAKEN, Step.END): Incident.CLOSED,
}

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Heard:
    """When the hub's own ear was open. `at`: heard last, None for a hub without one; `gaps`: when it was
    not."""

    at: datetime | None = None
    gaps: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody's check-in of these minutes: with an answer or without."""

    member: str
    groups: Collection[str]
    silent: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Held in an incident: why, and of which group ("" when we could not hear anybody)."""

    why: Why
    group: str


def deaf(heard: Heard, due_at: datetime, lead: timedelta, now: datetime) -> bool:
    """Could an answer have failed to reach us in the last minutes before its time was over?"""
    if heard.at is None:
        return False
    since = due_at - min(lead, LISTENED)
    return now - heard.at > DEAF_AFTER or any(start < due_at and end > since for start, end in heard.gaps)


def silent_group(groups: Iterable[str], signs: Iterable[Sign]) -> str | None:
    """The first of `groups` in which at least three people are silent, and two of three of all who should
    have been heard; None when there is none."""
    known = tuple(signs)
    for group in groups:
        near = [one for one in known if group in one.groups]
        silent = {one.member for one in near if one.silent}
        spoke = {one.member for one in near if not one.silent} - silent
        if len(silent) >= LEAST and 2 * len(spoke) <= len(silent):
            return group
    return None


def decide(
    *, high_risk: bool, could_not_hear: bool, groups: Collection[str], signs: Iterable[Sign]
) -> Held | None:
    """Hold this silence together with others, or (None) call for help for this one person now."""
    if high_risk:
        return None
    if could_not_hear:
        return Held(Why.DEAF, "")
    group = silent_group(groups, signs)
    return None if group is None else Held(Why.MANY, group)


def held_until(opened_at: datetime, *, taken: bool, back_at: datetime | None = None) -> datetime:
    """Until when somebody is held: longer when a person looks after it, shortly once they can be asked."""
    if back_at is not None:
        return min(back_at + AGAIN, opened_at + HOLD_TAKEN)
    return opened_at + (HOLD_TAKEN if taken else HOLD)


def page_at(last: datetime | None, now: datetime) -> datetime:
    """When a responder may be woken for this: now, or ten minutes after they were the last time.

    A clock that went back makes nobody wait longer than that."""
    if last is None or last > now:
        return now
    return max(now, last + BETWEEN_PAGES)

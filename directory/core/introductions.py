"""A request to meet: its life as one table, how often somebody may be asked, and what it may not carry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from directory.core.text import Text, say


class State(StrEnum):
    """Where a request stands. REFUSED and EXPIRED look alike to whoever asked."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    MET = "met"


class Event(StrEnum):
    """What can happen to a request."""

    SAID_YES = "said yes"
    SAID_NO = "said no"
    TIME_IS_UP = "time is up"
    MET = "met"


MOVES: Mapping[tuple[State, Event], State] = {
    (State.ASKED, Event.SAID_YES): State.ACCEPTED,
    (State.ASKED, Event.SAID_NO): State.REFUSED,
    (State.ASKED, Event.TIME_IS_UP): State.EXPIRED,
    # A no is never told: time passes over it as over silence.
    (State.REFUSED, Event.TIME_IS_UP): State.REFUSED,
    # A yes from elsewhere that was held up on the way is still a yes.
    (State.EXPIRED, Event.SAID_YES): State.ACCEPTED,
    (State.ACCEPTED, Event.MET): State.MET,
}

LASTS = timedelta(days=14)
SHOWN_A_DAY = 3
DAY = timedelta(days=1)
NO_MEANS_NO_FOR = timedelta(days=90)
MOST_OPEN = 5
ASKS_A_DAY = 10
"""Somebody who asks more people in a day has to wait, whatever became of the requests."""
LONGEST_PURPOSE = 500

_CONTACT = re.compile(r"@|https?:|www\.|matrix\.to|(?:\d[\s().-]*){7,}", re.IGNORECASE)


class IllegalMove(Exception):
    """This request to meet is over, or was answered already."""


def step(now: State, event: Event) -> State:
    """The next state. Raises IllegalMove."""
    try:
        return MOVES[now, event]
    except KeyError:
        raise IllegalMove(f"{event} while {now}") from None


def can(now: State, event: Event) -> bool:
    """May this happen now?"""
    return (now, event) in MOVES


def next_showing(shown: Sequence[datetime], now: datetime) -> datetime:
    """When one more request may be shown to somebody: now, or a day after the third last one."""
    recent = sorted(at for at in shown if now - at < DAY)
    return now if len(recent) < SHOWN_A_DAY else recent[-SHOWN_A_DAY] + DAY


def fault_of(purpose: str) -> Text | None:
    """What is wrong with a purpose, or None. It finds addresses and numbers, not every way to hide one."""
    if not purpose.strip():
        return say("Please write in a sentence why you would like to meet.")
    if len(purpose) > LONGEST_PURPOSE:
        return say("Please say it in at most {most} letters.", most=LONGEST_PURPOSE)
    if _CONTACT.search(purpose):
        return say("Please leave out addresses and numbers: you can give them once both of you said yes.")
    return None

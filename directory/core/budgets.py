"""How many cards of people may be shown in a day: to one viewer, to all whom one person invited, of one peer.

A person's card that is not public counts each time it is shown or opened. Organisations and bots count never.
Somebody who searches forty times a day, a page of twelve each, and opens sixty of them meets no limit (540).
Twenty accounts that work together, invited by four people, see at most 6,000 cards of a million.
"""

from __future__ import annotations

from datetime import datetime, timedelta

DAY = timedelta(days=1)
STRETCH = timedelta(minutes=10)
"""What was used is kept by stretches of this length, so that a day ends a little at a time."""
VIEWER = 600
INVITER = 1500
"""For everybody whom one person invited together, when these are few …"""
EACH_INVITED = 60
"""… and for each of them when they are many …"""
EACH_SETTLED = 250
"""… and for each who has been here for SETTLED: people who come to gather cards are new."""
SETTLED = timedelta(days=90)
BLOCK = 40
"""A process takes this much at once, so that most searches write nothing."""
PEER_ASKS = 200
"""Requests to meet that one linked network may bring in a day."""


def inviter_limit(invited: int, settled: int) -> int:
    """For everybody together whom one person invited."""
    return max(INVITER, EACH_INVITED * invited, EACH_SETTLED * settled)


def stretch_of(now: datetime) -> datetime:
    """When the stretch began in which it is now."""
    since_midnight = now - now.replace(hour=0, minute=0, second=0, microsecond=0)
    return now - since_midnight % STRETCH


def counted_from(now: datetime) -> datetime:
    """Stretches that began after this count: never less than a whole day of use."""
    return now - DAY - STRETCH

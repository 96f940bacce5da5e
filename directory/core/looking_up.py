"""What a member learns of who looked them up: from which network, by the week, a week late, never who.

Late, and by the week, so that nobody who just asked for somebody is found out by it. Thirty days, then gone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

WEEK = timedelta(days=7)
LATE = timedelta(days=7)
KEPT = timedelta(days=30)


def week_of(now: datetime) -> datetime:
    """When the week began in which it is now: Monday, midnight, UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


def is_told(week: datetime, now: datetime) -> bool:
    """May the member read of this week now?"""
    return week + WEEK + LATE <= now and not is_over(week, now)


def is_over(week: datetime, now: datetime) -> bool:
    """Is it time to forget this week?"""
    return now - week > KEPT

"""Drills: when the next one comes, and how many people must have shown that their phone wakes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NEEDED = 2
"""So many people have passed a drill before alarms and check-ins count as staffed."""
HOLDS = timedelta(days=62)
"""How long a passed drill counts: two months, in which one was missed at most."""
ANSWER_WITHIN = timedelta(minutes=10)
SOONEST, LATEST = timedelta(seconds=30), timedelta(minutes=3)
"""A first drill rings so soon after somebody asked for it: time to lock the phone and put it away."""
DAYS = (20, 40)
DAYTIME = (9, 21)
"""An unannounced one comes about once a month and wakes nobody at night: whoever is on duty then is awake."""


@dataclass(frozen=True, slots=True)
class Staffed:
    """How many people have shown that their phone wakes them. `practice`: in a hub for trying out."""

    ready: int
    practice: bool = False

    @property
    def ok(self) -> bool:
        """Does this network count as staffed?"""
        return self.ready >= NEEDED


def first_at(now: datetime, chance: bytes) -> datetime:
    """When a drill that was asked for rings; `chance`: two bytes or more."""
    return now + SOONEST + (LATEST - SOONEST) * (_part(chance))


def by_day(now: datetime, zone: ZoneInfo) -> bool:
    """May a phone be rung for a drill now?"""
    return DAYTIME[0] <= now.astimezone(zone).hour < DAYTIME[1]


def unannounced_at(now: datetime, zone: ZoneInfo, chance: bytes) -> datetime:
    """A moment by day, in three to six weeks; `chance`: four bytes or more."""
    days = DAYS[0] + (DAYS[1] - DAYS[0]) * _part(chance[:2])
    there = (now + timedelta(days=days)).astimezone(zone)
    hour = DAYTIME[0] + (DAYTIME[1] - DAYTIME[0]) * _part(chance[2:4])
    at = there.replace(hour=int(hour), minute=int(hour % 1 * 60), second=0, microsecond=0)
    return at.astimezone(now.tzinfo)


def _part(chance: bytes) -> float:
    """From 0 to just below 1."""
    return int.from_bytes(chance[:2], "big") / 65536

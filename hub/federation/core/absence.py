"""A linked hub that is not heard for long: how it is found again, and when the link ends.

Sealing keys live for nine days at most, so that two hubs which were apart for longer cannot open what the
other seals. For this alone both can make one more key, from what they learned of the invitation. Sealed to
it goes nothing but `heads` with the sender's newest network card: which keys count now, and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from directory import crypto

ABSENT_AFTER = timedelta(days=1)
LONG_AFTER = timedelta(days=7)
ENDS_AFTER = timedelta(days=60)
ASKED_FOR = timedelta(days=7)
"""So long we must have asked in vain ourselves: a hub that was away itself first tries to find the others."""
LOOK_EVERY = timedelta(hours=1)


class Away(StrEnum):
    """How long a hub has not been heard."""

    HERE = "here"
    ABSENT = "absent"
    LONG = "long absent"
    OVER = "absent for too long"


def away(last_heard: datetime, asking_since: datetime | None, now: datetime) -> Away:
    """`asking_since`: when the question was first asked that it has not answered yet."""
    silent = now - last_heard
    asked = asking_since is not None and now - asking_since >= ASKED_FOR
    if silent >= ENDS_AFTER and asked:
        return Away.OVER
    if silent >= LONG_AFTER:
        return Away.LONG
    return Away.ABSENT if silent >= ABSENT_AFTER else Away.HERE


def ends_at(last_heard: datetime, asking_since: datetime | None, now: datetime) -> datetime:
    """When a link ends without anybody having said so, if its hub stays silent."""
    return max(last_heard + ENDS_AFTER, (asking_since or now) + ASKED_FOR)


def reserve_key(secret: bytes) -> bytes:
    """The private half of the key that both hubs of a link can make: it opens only who they are now."""
    return crypto.digest(secret, "reserve-sealing", b"")

"""What an account tells the hub, and what it asks it: the two protocols the hub implements, and their
values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from hub.matrix.inbound import Inbound
from hub.matrix.receipts import Read


class Decision(Enum):
    """On an invitation. LEAVE_ALONE sends nothing: a stranger learns nothing from silence (DESIGN 4.12)."""

    JOIN = "join"
    LEAVE_ALONE = "leave alone"


@dataclass(frozen=True, slots=True)
class Invite:
    """Somebody asks us into a room. Everything here is the word of the inviter's homeserver."""

    account: str
    room: str
    inviter: str
    reason: str
    direct: bool
    encrypted: bool


@dataclass(frozen=True, slots=True)
class MemberChange:
    """Somebody's membership of a room changed: join, invite, leave, ban or knock."""

    account: str
    room: str
    user: str
    membership: str
    by: str
    event_id: str
    sent_at_ms: int


@dataclass(frozen=True, slots=True)
class Position:
    """How far an account has listened: the sync token, and the last event handled in each room."""

    next_batch: str | None = None
    last_events: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Seven numbers below 64: the pictures that the app of `user` shows too, if nobody is in between."""

    account: str
    user: str
    numbers: tuple[int, ...]


class Compared(Enum):
    """How comparing pictures ended."""

    SAME = "same"
    DIFFERENT = "different"
    STOPPED = "stopped"


class Positions(Protocol):
    """Where the hub keeps the position."""

    async def load(self) -> Position: ...

    async def save(self, position: Position) -> None:
        """`last_events` holds only the rooms that changed. Called after everything before it was handled."""
        ...


class Hearing(Protocol):
    """The hub's ear. What it raises ends `listen`; the same events come again at the next start."""

    async def deliver(self, inbound: Inbound) -> None:
        """May come twice for one event (a crash, a replay): dedupe in the transaction that handles it."""
        ...

    async def invited(self, invite: Invite) -> Decision: ...

    async def members_changed(self, change: MemberChange) -> None: ...

    async def read(self, read: Read) -> None:
        """Somebody's app has shown what was said in a room, up to an event."""

    async def pictures(self, seen: Pictures) -> None:
        """Show a member the pictures to compare."""
        ...

    async def compared(self, user: str, how: Compared) -> None:
        """What came of it."""
        ...


class MemoryPositions:
    """A position for somebody who starts anew each time."""

    def __init__(self) -> None:
        self.position = Position()

    async def load(self) -> Position:
        return self.position

    async def save(self, position: Position) -> None:
        known = {**self.position.last_events, **position.last_events}
        self.position = Position(position.next_batch, known)


def parse_invite(me: str, room: str, stripped: object) -> Invite | None:
    """From the stripped state of an invited room; None when it does not say who asks."""
    if not isinstance(stripped, list):
        return None
    events = [event for event in stripped if isinstance(event, dict)]
    encrypted = any(event.get("type") == "m.room.encryption" for event in events)
    for event in events:
        content: Any = event.get("content")
        if event.get("type") != "m.room.member" or event.get("state_key") != me:
            continue
        if not isinstance(content, dict) or content.get("membership") != "invite":
            continue
        inviter, reason = event.get("sender"), content.get("reason")
        if isinstance(inviter, str):
            text = reason if isinstance(reason, str) else ""
            return Invite(me, room, inviter, text, content.get("is_direct") is True, encrypted)
    return None

"""Read receipts: whose app has shown what. The word of a homeserver, good for measuring and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Read:
    """`user` has read this room up to `event`, at that time in ms since 1970 by their homeserver's clock."""

    room: str
    user: str
    event: str
    at_ms: int


def receipts(me: str, room: str, events: Iterable[Mapping[str, Any]]) -> Iterator[Read]:
    """Everybody's but our own. What does not look like a receipt is passed over."""
    for event in events:
        content = event.get("content")
        if event.get("type") != "m.receipt" or not isinstance(content, dict):
            continue
        for event_id, kinds in content.items():
            users = kinds.get("m.read") if isinstance(kinds, dict) else None
            if isinstance(users, dict):
                yield from _of(me, room, str(event_id), users)


def _of(me: str, room: str, event: str, users: Mapping[str, Any]) -> Iterator[Read]:
    for user, about in users.items():
        at = about.get("ts") if isinstance(about, dict) else None
        if user != me and isinstance(at, int) and not isinstance(at, bool) and 0 < at < 2**53:
            yield Read(room, str(user), event, at)

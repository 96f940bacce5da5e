"""Events whose key has not come yet: kept on a shelf, told once when overdue, opened whenever the key
arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from hub.matrix.inbound import RoomEvent
from hub.matrix.rows import Shelves

SHELF = "waiting"
MOST = 500
KEPT = timedelta(days=7)


class Item(msgspec.Struct):
    """`told` says that the hub has heard of it as unreadable."""

    room: str
    event: RoomEvent
    since: datetime
    told: bool = False

    @property
    def session_id(self) -> str:
        """The Megolm session it wants; empty when it names none."""
        named = self.event.content.get("session_id")
        return named if isinstance(named, str) else ""


class Waiting:
    """Survives restarts: an event on the shelf may be left behind by the sync position."""

    def __init__(self, shelves: Shelves, clock: Callable[[], datetime], grace: timedelta) -> None:
        self._shelves = shelves
        self._clock = clock
        self._grace = grace
        kept = [msgspec.msgpack.decode(raw, type=Item) for raw in shelves.values(SHELF)]
        self._items = {item.event.event_id: item for item in sorted(kept, key=lambda item: item.since)}

    def add(self, room: str, event: RoomEvent) -> bool:
        """False when the shelf is full: then it has to be told at once."""
        if event.event_id in self._items:
            return True
        if len(self._items) >= MOST:
            return False
        self._keep(Item(room, event, self._clock()))
        return True

    def wanting(self, arrived: Iterable[tuple[str, str]]) -> list[Item]:
        """Oldest first: what these (room, session) keys may open."""
        keys = set(arrived)
        return [item for item in self._items.values() if (item.room, item.session_id) in keys]

    def overdue(self) -> list[Item]:
        """What has waited longer than the grace time and is not told yet."""
        late = self._clock() - self._grace
        return [item for item in self._items.values() if not item.told and item.since <= late]

    def told(self, item: Item) -> bool:
        """Mark as told; True when it is the first of its session, for which the key should be asked again."""
        first = not any(other.told and other.session_id == item.session_id for other in self._items.values())
        item.told = True
        self._keep(item)
        return first

    def drop(self, item: Item) -> None:
        """It was opened and handed on."""
        self._items.pop(item.event.event_id, None)
        self._shelves.delete(SHELF, item.event.event_id)

    def tidy(self) -> None:
        """Forget what was told and has not been opened for a week."""
        old = self._clock() - KEPT
        for item in [item for item in self._items.values() if item.told and item.since < old]:
            self.drop(item)

    def seconds_left(self) -> float | None:
        """Until the next one is overdue; None when nothing waits."""
        due = [item.since + self._grace for item in self._items.values() if not item.told]
        return max(0.0, (min(due) - self._clock()).total_seconds()) if due else None

    def _keep(self, item: Item) -> None:
        self._items[item.event.event_id] = item
        self._shelves.put(SHELF, item.event.event_id, msgspec.msgpack.encode(item))

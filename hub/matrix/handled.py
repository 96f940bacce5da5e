"""The last few hundred events of each room that were handled, as digests: so that none comes twice after a
restart, and so that a walk back through a room knows when it is among what it has seen."""

from __future__ import annotations

from collections import OrderedDict, deque
from hashlib import blake2b

from msgspec import msgpack

from hub.matrix.rows import Shelves

SHELF = "handled"
KEPT = 300
ROOMS_IN_MEMORY = 128
_SIZE = 12


class Handled:
    """Only the recent past: whoever handles events still dedupes durably. Durable with the next flush."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self._rooms: OrderedDict[str, deque[bytes]] = OrderedDict()

    def knows(self, room_id: str, event_id: str) -> bool:
        """Was this event handled lately?"""
        return _digest(event_id) in self._recent(room_id)

    def knows_nothing_of(self, room_id: str) -> bool:
        """Is this room new to us?"""
        return not self._recent(room_id)

    def note(self, room_id: str, event_ids: list[str]) -> None:
        """These were handled just now."""
        recent = self._recent(room_id)
        fresh = [digest for event_id in event_ids if (digest := _digest(event_id)) not in recent]
        if fresh:
            recent.extend(fresh)
            self._shelves.put(SHELF, room_id, msgpack.encode(list(recent)))

    def forget(self, room_id: str) -> None:
        """We left this room."""
        self._rooms.pop(room_id, None)
        self._shelves.delete(SHELF, room_id)

    def _recent(self, room_id: str) -> deque[bytes]:
        held = self._rooms.get(room_id)
        if held is None:
            raw = self._shelves.get(SHELF, room_id)
            held = deque(msgpack.decode(raw, type=list[bytes]) if raw else (), maxlen=KEPT)
            self._rooms[room_id] = held
            while len(self._rooms) > ROOMS_IN_MEMORY:
                self._rooms.popitem(last=False)
        self._rooms.move_to_end(room_id)
        return held


def _digest(event_id: str) -> bytes:
    return blake2b(event_id.encode(), digest_size=_SIZE).digest()

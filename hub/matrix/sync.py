"""Listening: every event since the last saved position, each handled once, in order, whatever was cut out.

A burst loses messages when one only syncs (FACTS): where the homeserver cut a timeline, what lies between is
fetched back. What cannot be opened yet waits on a shelf: its key often comes a moment later by another way.
The position is saved only after everything before it was handed on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from hub import log
from hub.matrix.answers import MatrixTrouble, RetryLater, SignedOut
from hub.matrix.entrance import Entrance
from hub.matrix.gaps import Raw, our_entry, since_we_came
from hub.matrix.hearing import Hearing, Position, Positions
from hub.matrix.mending import Cut, Mending
from hub.matrix.reading import Reading
from hub.matrix.receipts import receipts
from hub.matrix.roomkeys import RoomKeys
from hub.matrix.side_by_side import side_by_side
from hub.matrix.wire import Wire, path

LONGEST_POLL_S = 30.0
BUSY_POLL_S = 2.0
ROOMS_AT_ONCE = 8


def sync_filter(timeline_limit: int) -> str:
    """Only what a bot needs: no presence, typing or account data; members when asked for."""
    nothing: dict[str, list[str]] = {"types": []}
    room = {
        "timeline": {"limit": timeline_limit, "lazy_load_members": True},
        "state": {"lazy_load_members": True, "types": ["m.room.encryption", "m.room.member"]},
        "ephemeral": {"types": ["m.receipt"]},
        "account_data": nothing,
    }
    whole = {"room": room, "presence": nothing, "account_data": nothing, "event_format": "federation"}
    return msgspec.json.encode(whole).decode()


class Sync:
    """The loop of one account."""

    def __init__(
        self,
        wire: Wire,
        reading: Reading,
        keys: RoomKeys,
        entrance: Entrance,
        mending: Mending,
        positions: Positions,
        *,
        timeline_limit: int = 50,
    ) -> None:
        self._wire = wire
        self._reading = reading
        self._keys = keys
        self._entrance = entrance
        self._mending = mending
        self._positions = positions
        self._filter = sync_filter(timeline_limit)
        self._since: str | None = None

    async def listen(self, hearing: Hearing) -> None:
        """Until cancelled. Raises SignedOut, and what `hearing` raises; may be called again afterwards."""
        position = await self._positions.load()
        self._since = position.next_batch
        async with side_by_side() as tasks:
            self._entrance.resume(tasks)
            self._mending.resume(hearing, tasks)
            failures, first = 0, True
            while True:
                try:
                    await self._round(hearing, tasks, 0.0 if first or failures else LONGEST_POLL_S)
                    failures, first = 0, False
                except SignedOut:
                    raise
                except MatrixTrouble as trouble:
                    failures += 1
                    log.trouble("matrix sync failed", tries=failures, error=type(trouble).__name__)
                    wait = (
                        trouble.after_s if isinstance(trouble, RetryLater) else min(5.0, 0.25 * 2**failures)
                    )
                    await asyncio.sleep(wait)

    async def _round(self, hearing: Hearing, tasks: asyncio.TaskGroup, poll_s: float) -> None:
        left = self._reading.seconds_to_next_overdue()
        poll_s = poll_s if left is None else min(poll_s, left)
        if self._mending.busy():  # what is mended meanwhile is settled and made durable with the next round
            poll_s = min(poll_s, BUSY_POLL_S)
        query = {"filter": self._filter, "timeout": str(int(poll_s * 1000)), "set_presence": "offline"}
        if self._since is not None:
            query["since"] = self._since
        answer = await self._wire.get(path("sync"), query, within_s=poll_s + 30)
        await self._reading.take_to_device(answer, hearing)
        changed = await self._rooms(answer, hearing, tasks)
        await self._entrance.consider(_part(answer, "invite"), hearing, tasks)
        await self._reading.settle(hearing)
        self._since = str(answer["next_batch"])
        await self._positions.save(Position(self._since, changed))
        try:
            await self._keys.upkeep()
        except SignedOut:
            raise
        except MatrixTrouble as trouble:  # what was heard is safe; upkeep is tried again after the next sync
            log.trouble("matrix upkeep failed", error=type(trouble).__name__)

    async def _rooms(
        self, answer: Mapping[str, Any], hearing: Hearing, tasks: asyncio.TaskGroup
    ) -> dict[str, str]:
        """Rooms side by side, so that a slow one holds up nobody; within a room in order."""
        room_limit = asyncio.Semaphore(ROOMS_AT_ONCE)
        changed: dict[str, str] = {}

        async def one(room_id: str, part: Mapping[str, Any]) -> None:
            async with room_limit:
                events, cut = self._timeline(room_id, part)
                await self._mending.take(room_id, events, cut, hearing, tasks)
                if events and isinstance(events[-1].get("event_id"), str):
                    changed[room_id] = events[-1]["event_id"]
                for read in receipts(self._reading.me, room_id, _events(part, "ephemeral")):
                    await hearing.read(read)

        async with side_by_side() as several:
            for room_id, part in _part(answer, "join").items():
                self._reading.note_state(room_id, _events(part, "state"))
                several.create_task(one(room_id, part))
        for room_id, part in _part(answer, "leave").items():
            await self._reading.gone(room_id, _events(part, "timeline"), hearing)
        return changed

    def _timeline(self, room_id: str, part: Mapping[str, Any]) -> tuple[list[Raw], Cut | None]:
        """A room's new events, and what was cut out before them."""
        timeline = part.get("timeline") or {}
        events = _events(part, "timeline")
        before = timeline.get("prev_batch")
        token = before if isinstance(before, str) and timeline.get("limited") is True else None
        if token is not None:
            self._reading.note_gap(room_id)
        events, whole = since_we_came(events, self._reading.me)
        if not whole:
            return events, Cut(token, None) if token is not None else None
        if our_entry(events, self._reading.me) is not None:
            self._mending.start_here(room_id, events[:1])
            return events, None
        if self._since is None:
            return self._reading.not_before_us(events), None
        return events, Cut(token, self._since) if token is not None else None


def _part(answer: Mapping[str, Any], which: str) -> Mapping[str, Any]:
    rooms = answer.get("rooms") or {}
    part = rooms.get(which) or {}
    return {room: info for room, info in part.items() if isinstance(info, dict)}


def _events(part: Mapping[str, Any], which: str) -> list[Raw]:
    block = part.get(which) or {}
    return [raw for raw in block.get("events") or () if isinstance(raw, dict)]

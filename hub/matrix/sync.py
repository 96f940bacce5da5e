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
from hub.matrix.gaps import fetch_gap, our_entry, since_we_came
from hub.matrix.hearing import Hearing, Position, Positions
from hub.matrix.reading import Reading
from hub.matrix.roomkeys import RoomKeys
from hub.matrix.side_by_side import side_by_side
from hub.matrix.wire import Wire, path

LONGEST_POLL_S = 30.0
ROOMS_AT_ONCE = 8


def sync_filter(timeline_limit: int) -> str:
    """Only what a bot needs: no presence, typing, receipts or account data; members when asked for."""
    nothing: dict[str, list[str]] = {"types": []}
    room = {
        "timeline": {"limit": timeline_limit, "lazy_load_members": True},
        "state": {"lazy_load_members": True, "types": ["m.room.encryption", "m.room.member"]},
        "ephemeral": nothing,
        "account_data": nothing,
    }
    return msgspec.json.encode({"room": room, "presence": nothing, "account_data": nothing}).decode()


class Sync:
    """The loop of one account."""

    def __init__(
        self,
        wire: Wire,
        reading: Reading,
        keys: RoomKeys,
        entrance: Entrance,
        positions: Positions,
        *,
        timeline_limit: int = 50,
    ) -> None:
        self._wire = wire
        self._reading = reading
        self._keys = keys
        self._entrance = entrance
        self._positions = positions
        self._filter = sync_filter(timeline_limit)
        self._since: str | None = None
        self._last: dict[str, str] = {}

    async def listen(self, hearing: Hearing) -> None:
        """Until cancelled. Raises SignedOut, and what `hearing` raises; may be called again afterwards."""
        position = await self._positions.load()
        self._since, self._last = position.next_batch, dict(position.last_events)
        async with side_by_side() as tasks:
            self._entrance.resume(tasks)
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
        query = {"filter": self._filter, "timeout": str(int(poll_s * 1000)), "set_presence": "offline"}
        if self._since is not None:
            query["since"] = self._since
        answer = await self._wire.get(path("sync"), query, within_s=poll_s + 30)
        await self._reading.take_to_device(answer)
        changed = await self._rooms(answer, hearing)
        await self._entrance.consider(_part(answer, "invite"), hearing, tasks)
        await self._reading.settle(hearing)
        self._since = str(answer["next_batch"])
        await self._positions.save(Position(self._since, changed))
        self._last.update(changed)
        try:
            await self._keys.upkeep()
        except SignedOut:
            raise
        except MatrixTrouble as trouble:  # what was heard is safe; upkeep is tried again after the next sync
            log.trouble("matrix upkeep failed", error=type(trouble).__name__)

    async def _rooms(self, answer: Mapping[str, Any], hearing: Hearing) -> dict[str, str]:
        """Rooms side by side, so that a slow one holds up nobody; within a room strictly in order."""
        room_limit = asyncio.Semaphore(ROOMS_AT_ONCE)
        changed: dict[str, str] = {}

        async def one(room_id: str, part: Mapping[str, Any]) -> None:
            async with room_limit:
                events = await self._timeline(room_id, part)
                for raw in events:
                    await self._reading.take(room_id, raw, hearing)
                if events and isinstance(events[-1].get("event_id"), str):
                    changed[room_id] = events[-1]["event_id"]

        async with side_by_side() as tasks:
            for room_id, part in _part(answer, "join").items():
                self._reading.note_state(room_id, _events(part, "state"))
                tasks.create_task(one(room_id, part))
        for room_id, part in _part(answer, "leave").items():
            await self._reading.gone(room_id, _events(part, "timeline"), hearing)
        return changed

    async def _timeline(self, room_id: str, part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        timeline = part.get("timeline") or {}
        events = _events(part, "timeline")
        before = timeline.get("prev_batch")
        token = before if isinstance(before, str) and timeline.get("limited") is True else None
        me = self._reading.me
        if our_entry(events, me) is not None:
            return await since_we_came(self._wire, room_id, events, token, me)
        if token is not None and self._since is not None:
            last = self._last.get(room_id)
            self._reading.note_gap(room_id)
            events = await fetch_gap(self._wire, room_id, token, self._since, last, me) + events
            return await since_we_came(self._wire, room_id, events, None, me)
        return self._reading.not_before_us(events) if self._since is None else events


def _part(answer: Mapping[str, Any], which: str) -> Mapping[str, Any]:
    rooms = answer.get("rooms") or {}
    part = rooms.get(which) or {}
    return {room: info for room, info in part.items() if isinstance(info, dict)}


def _events(part: Mapping[str, Any], which: str) -> list[Mapping[str, Any]]:
    block = part.get(which) or {}
    return [raw for raw in block.get("events") or () if isinstance(raw, dict)]

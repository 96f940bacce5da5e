"""One event at a time: note what it changes, open it, judge it, hand it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from directory import crypto
from hub.matrix.answers import MatrixTrouble
from hub.matrix.comparing import Comparing
from hub.matrix.devices import Bindings, Devices
from hub.matrix.handled import Handled
from hub.matrix.hearing import Hearing, MemberChange
from hub.matrix.inbound import Doubt, Inbound, RoomEvent, compares, opened, parse_event, plain, unreadable
from hub.matrix.ratchets import MEGOLM, Damaged, NoKey, Opened, Ratchets
from hub.matrix.roomkeys import Clock, Flush, RoomKeys
from hub.matrix.rooms import Rooms
from hub.matrix.waiting import Item, Waiting

LOOK_AGAIN = timedelta(seconds=30)
MOST_SECOND_LOOKS = 1000


@dataclass(slots=True)
class Reading:
    """What the loop in sync.py does with what it got. `born` is when this device was made."""

    me: str
    device_id: str
    born: datetime
    ratchets: Ratchets
    keys: RoomKeys
    devices: Devices
    bindings: Bindings
    rooms: Rooms
    comparing: Comparing
    waiting: Waiting
    handled: Handled
    chance: crypto.Chance
    clock: Clock
    flush: Flush
    _second_looks: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def take_to_device(self, answer: Mapping[str, Any], hearing: Hearing) -> None:
        """Device lists first, then keys: a broken Olm session can only be mended with a device we know."""
        lists = answer.get("device_lists") or {}
        self.devices.changed(lists.get("changed") or ())
        self.devices.left(lists.get("left") or ())
        counts = answer.get("device_one_time_keys_count")
        if isinstance(counts, dict):
            self.keys.one_time_keys(int(counts.get("signed_curve25519") or 0))
        block = answer.get("to_device") or {}
        events = [raw for raw in block.get("events") or () if isinstance(raw, dict)]
        await self.devices.refresh(
            {str(raw.get("sender")) for raw in events if raw.get("sender")} - {self.me}
        )
        self.ratchets.take(events)
        await self.flush()
        for raw in events:
            await self.comparing.to_device(raw, hearing)

    async def take(self, room_id: str, raw: Mapping[str, Any], hearing: Hearing) -> None:
        """Note, or open and hand on, one event of a room."""
        event = parse_event(raw)
        if event is None:
            return
        if event.state_key is not None:
            await self._state(room_id, event, hearing)
        elif event.sender == self.me or event.type == "m.room.redaction":
            return
        elif event.type != "m.room.encrypted":
            await self._hand_on(plain(self.me, room_id, event), hearing)
        elif (inbound := await self._opened(room_id, event)) is not None:
            await self._hand_on(inbound, hearing)

    def handled_already(self, room_id: str, raw: Mapping[str, Any]) -> bool:
        """Our own events count as handled."""
        event_id = raw.get("event_id")
        return raw.get("sender") == self.me or (
            isinstance(event_id, str) and self.handled.knows(room_id, event_id)
        )

    def opened_up_to(self, room_id: str, raw: Mapping[str, Any]) -> int:
        """The index after the last one opened of the ratchet this event names. A hint for ordering only."""
        content = raw.get("content")
        named = content if isinstance(content, Mapping) else {}
        key, session = named.get("sender_key"), named.get("session_id")
        if not isinstance(key, str) or not isinstance(session, str):
            return 0
        return self.ratchets.sessions.next_index(room_id, key, session)

    async def settle(self, hearing: Hearing) -> None:
        """Hand on what newly came keys open, tell what is overdue, and make all of it durable."""
        arrived = self.ratchets.sessions.arrived
        for item in self.waiting.wanting(arrived):
            await self._try_again(item, hearing)
        arrived.clear()
        for item in self.waiting.overdue():
            identity = await self.devices.identity(item.event.sender)
            await hearing.deliver(unreadable(self.me, item.room, item.event, identity.master))
            if self.waiting.told(item):
                await self._ask_for_key(item)
        self.waiting.tidy()
        self.ratchets.sessions.tidy(self.clock())
        await self.flush()

    async def gone(self, room_id: str, events: list[Mapping[str, Any]], hearing: Hearing) -> None:
        """We were put out of a room, or left it."""
        self.keys.forget(room_id)
        self.handled.forget(room_id)
        for raw in events:
            event = parse_event(raw)
            if event is not None and event.state_key is not None:
                await self._state(room_id, event, hearing)

    def note_state(self, room_id: str, events: list[Mapping[str, Any]]) -> None:
        """State that came outside the timeline: old, but it may be new to us."""
        for raw in events:
            if raw.get("type") == "m.room.encryption":
                self.rooms.saw_encryption(room_id)
            elif raw.get("type") == "m.room.member":
                self.rooms.members_changed(room_id)

    def note_gap(self, room_id: str) -> None:
        """Something was cut out: membership may have changed without our seeing it."""
        self.rooms.members_changed(room_id)

    def not_before_us(self, events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """At a first sync: only what is younger than this device, which can open nothing older."""
        return [raw for raw in events if _time(raw) >= int(self.born.timestamp() * 1000)]

    def seconds_to_next_overdue(self) -> float | None:
        """How long the next long poll may last."""
        return self.waiting.seconds_left()

    async def _state(self, room_id: str, event: RoomEvent, hearing: Hearing) -> None:
        if event.type == "m.room.encryption":
            self.rooms.saw_encryption(room_id)
        if event.type in {"m.room.member", "m.room.history_visibility"}:
            self.rooms.members_changed(room_id)
        membership = event.content.get("membership")
        if event.type == "m.room.member" and isinstance(membership, str) and event.state_key is not None:
            await hearing.members_changed(
                MemberChange(
                    self.me,
                    room_id,
                    event.state_key,
                    membership,
                    event.sender,
                    event.event_id,
                    event.origin_server_ts,
                )
            )

    async def _hand_on(self, inbound: Inbound, hearing: Hearing) -> None:
        """What is no step of a comparison going on was said by somebody."""
        if compares(inbound.event_type, inbound.content) and await self.comparing.heard(inbound, hearing):
            return
        await hearing.deliver(inbound)

    async def _opened(self, room_id: str, event: RoomEvent) -> Inbound | None:
        """None when it waits for its key."""
        try:
            return await self._open(room_id, event)
        except NoKey:
            if self.waiting.add(room_id, event):
                return None
        except Damaged:
            pass
        identity = await self.devices.identity(event.sender)
        return unreadable(self.me, room_id, event, identity.master)

    async def _open(self, room_id: str, event: RoomEvent) -> Inbound:
        identity = await self.devices.identity(event.sender)
        own_keys = [device.curve25519 for device in identity.devices]
        inside = self.ratchets.open(room_id, own_keys, event.content)
        bound = await self.bindings.master_key(event.sender)
        inbound = opened(self.me, room_id, event, inside, identity, bound)
        if inbound.doubt in {Doubt.OTHER_DEVICE, Doubt.UNSIGNED} and self._may_look_again(event, inside):
            self.devices.changed([event.sender])
            identity = await self.devices.identity(event.sender)
            inbound = opened(self.me, room_id, event, inside, identity, bound)
        return inbound

    def _may_look_again(self, event: RoomEvent, inside: Opened) -> bool:
        """A device may have been added or signed a moment ago, and its message overtook that news."""
        who, now = (event.sender, inside.sender_key), self.clock()
        if self._second_looks.get(who, now - LOOK_AGAIN) > now - LOOK_AGAIN:
            return False
        if len(self._second_looks) >= MOST_SECOND_LOOKS:
            self._second_looks.clear()
        self._second_looks[who] = now
        return True

    async def _try_again(self, item: Item, hearing: Hearing) -> None:
        try:
            inbound = await self._open(item.room, item.event)
        except (NoKey, Damaged):
            return  # it stays on the shelf and is told when overdue
        await self._hand_on(inbound, hearing)
        self.waiting.drop(item)

    async def _ask_for_key(self, item: Item) -> None:
        """Once per session: a plain request that the sender's devices may answer or not."""
        wanted = {"algorithm": MEGOLM, "room_id": item.room, "session_id": item.session_id}
        if isinstance(sender_key := item.event.content.get("sender_key"), str):
            wanted["sender_key"] = sender_key
        content = {
            "action": "request",
            "request_id": self.chance(16).hex(),
            "requesting_device_id": self.device_id,
            "body": wanted,
        }
        try:
            await self.keys.send_to_device("m.room_key_request", {item.event.sender: {"*": content}})
        except MatrixTrouble:
            return  # the hub was told already; a person will be asked to say it again


def _time(raw: Mapping[str, Any]) -> int:
    at = raw.get("origin_server_ts")
    return at if isinstance(at, int) else 0

"""The sending half of the device: room keys go to trusted devices only, then the message is encrypted.

Fails closed twice: `Devices` marks every device verified or blacklisted, and nio raises for one that is
neither. A room key is made new whenever a device that had it may not read any more, or a new one may.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nio.crypto import Olm, OlmDevice
from nio.responses import KeysUploadResponse

from directory import crypto
from hub.matrix.answers import MatrixTrouble, OtherServerAway, Refused, away
from hub.matrix.devices import Devices
from hub.matrix.wire import Wire, path

CLAIM_AGAIN = timedelta(minutes=1)
ONE_TIME_KEYS_LOW = 30

Clock = Callable[[], datetime]
Flush = Callable[[], Awaitable[None]]
Reader = tuple[str, str, str]
"""(user id, device id, Curve25519 key)"""


class NobodyCanRead(Refused):
    """Nobody in this room has a device that its owner signed ({errcode}). The person has to finish setting
    up their app."""

    def __init__(self) -> None:
        super().__init__("AYNI_NOBODY_CAN_READ")


@dataclass(slots=True)
class _RoomState:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    readers: frozenset[Reader] = frozenset()


class RoomKeys:
    """Olm sessions with devices, Megolm keys for rooms, and our own one-time keys."""

    def __init__(
        self, wire: Wire, olm: Olm, devices: Devices, chance: crypto.Chance, clock: Clock, flush: Flush
    ) -> None:
        self._wire = wire
        self._olm = olm
        self._devices = devices
        self._chance = chance
        self._clock = clock
        self._flush = flush
        self._rooms: dict[str, _RoomState] = {}
        self._no_session: dict[Reader, datetime] = {}

    async def encrypt(
        self, room_id: str, members: frozenset[str], event_type: str, content: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Content of the m.room.encrypted event, for everybody in `members` whose devices may read.

        Never for some because others could not be asked: raises OtherServerAway then, besides NobodyCanRead,
        RetryLater, Refused, Unreachable."""
        state = self._rooms.setdefault(room_id, _RoomState())
        async with state.lock:
            await self._hand_out(room_id, members, state)
            inner = {"type": event_type, "content": dict(content)}
            encrypted: Mapping[str, Any] = self._olm.group_encrypt(room_id, inner)
            relation = content.get("m.relates_to")  # cleartext by specification: the homeserver sorts by it
            return encrypted if relation is None else {**encrypted, "m.relates_to": relation}

    async def make_ready(self, room_id: str, members: frozenset[str]) -> None:
        """Hand out the room's key now, where it is not out: the next message waits for no key. Raises as
        `encrypt` does."""
        state = self._rooms.setdefault(room_id, _RoomState())
        async with state.lock:
            await self._hand_out(room_id, members, state)

    async def _hand_out(self, room_id: str, members: frozenset[str], state: _RoomState) -> None:
        others = members - {self._olm.user_id}
        await self._devices.refresh(others, must=True)
        await self._devices.reconsider(others)
        trusted = self._devices.trusted(others)
        await self._meet([device for device in trusted if not self._session(device)])
        readers = frozenset(_reader(device) for device in trusted if self._session(device))
        if not readers:
            self._devices.changed(others)  # perhaps somebody is signing a new phone right now
            raise NobodyCanRead
        if readers != state.readers or self._olm.should_share_group_session(room_id):
            await self._share(room_id, others)
            state.readers = readers

    def readers(self, room_id: str) -> frozenset[Reader]:
        """The devices that hold the current key of this room."""
        state = self._rooms.get(room_id)
        return state.readers if state is not None else frozenset()

    def forget(self, room_id: str) -> None:
        """The next message of this room gets a new key."""
        self._olm.outbound_group_sessions.pop(room_id, None)
        self._rooms.pop(room_id, None)

    async def upkeep(self) -> None:
        """Upload what the homeserver lacks, mend Olm sessions, send what waits. Raises MatrixTrouble."""
        await self._upload()
        wedged = list(self._olm.wedged_devices)
        if wedged:
            self._olm.wedged_devices.clear()
            met, unasked = await self._claim(wedged)
            self._olm.wedged_devices.extend(unasked)
            for device in met:
                self._olm._queue_dummy_message(self._session(device), device)
        for message in list(self._olm.outgoing_to_device_messages):
            await self._to_device(message.type, message.as_dict()["messages"])
            self._olm.outgoing_to_device_messages.remove(message)

    def one_time_keys(self, count: int) -> None:
        """How many of our one-time keys the homeserver still has."""
        self._olm.uploaded_key_count = count

    async def send_to_device(self, event_type: str, messages: Mapping[str, Mapping[str, Any]]) -> None:
        """A plain to-device message: {user: {device or `*`: content}}."""
        await self._to_device(event_type, messages)

    def _session(self, device: OlmDevice) -> Any:
        return self._olm.session_store.get(device.curve25519)

    async def _upload(self) -> None:
        count = self._olm.uploaded_key_count
        if self._olm.account.shared and (count is None or count >= ONE_TIME_KEYS_LOW):
            return
        body = self._olm.share_keys()
        self._olm.save_account()
        await self._flush()  # the private halves must outlive us before the public ones are out
        answer = await self._wire.post(path("keys", "upload"), body)
        counts = answer.get("one_time_key_counts") or {}
        self._olm.handle_response(KeysUploadResponse(0, int(counts.get("signed_curve25519") or 0)))
        await self._flush()

    async def _meet(self, devices: list[OlmDevice]) -> None:
        """Begin Olm sessions where there is none. Whoever gave no key is left in peace for a minute. Raises
        OtherServerAway when somebody's homeserver could not be asked for one."""
        now = self._clock()
        fresh = [device for device in devices if self._no_session.get(_reader(device), now) <= now]
        if not fresh:
            return
        met, unasked = await self._claim(fresh)
        for device in fresh:
            if device in met:
                self._no_session.pop(_reader(device), None)
            elif device not in unasked:
                self._no_session[_reader(device)] = now + CLAIM_AGAIN
        if unasked:
            raise OtherServerAway

    async def _claim(self, devices: list[OlmDevice]) -> tuple[list[OlmDevice], list[OlmDevice]]:
        """Claim a one-time key of each; with whom a session could be begun, and who could not be asked."""
        wanted: dict[str, dict[str, str]] = {}
        for device in devices:
            wanted.setdefault(device.user_id, {})[device.device_id] = "signed_curve25519"
        body = {"one_time_keys": wanted, "timeout": 10_000}
        answer = await self._wire.post(path("keys", "claim"), body)
        met = [device for device in devices if self._begin(device, answer.get("one_time_keys"))]
        unasked = [device for device in devices if device not in met and away(answer, device.user_id)]
        return met, unasked

    def _begin(self, device: OlmDevice, keys: Any) -> bool:
        """One-time keys are signed by their device: a homeserver cannot slip in one of its own."""
        try:
            key = next(iter(keys[device.user_id][device.device_id].values()))
            if not self._olm.verify_json(key, device.ed25519, device.user_id, device.device_id):
                return False
            self._olm.create_session(key["key"], device.curve25519)
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
            return False
        return True

    async def _share(self, room_id: str, users: frozenset[str]) -> None:
        self._olm.outbound_group_sessions.pop(room_id, None)
        for sharing_with, body in self._olm.share_group_session_parallel(room_id, sorted(users)):
            await self._to_device("m.room.encrypted", body["messages"])
            self._olm.outbound_group_sessions[room_id].users_shared_with.update(sharing_with)
        self._olm.outbound_group_sessions[room_id].mark_as_shared()

    async def _to_device(self, event_type: str, messages: Mapping[str, Any]) -> None:
        await self._flush()  # a ratchet step that was sent must never be taken twice
        transaction = self._chance(16).hex()
        await self._wire.put(path("sendToDevice", event_type, transaction), {"messages": messages})


def _reader(device: OlmDevice) -> Reader:
    return device.user_id, device.device_id, device.curve25519


__all__ = ["Clock", "Flush", "MatrixTrouble", "NobodyCanRead", "Reader", "RoomKeys"]

"""nio's store, on our sealed shelves instead of its SQLite file with `DEFAULT_KEY` and plain user ids.

Duck-typed like nio's `MatrixStore`, not derived from it: that one opens a database when it is made.
Device lists and trust are deliberately not kept: they are asked for again after a start and judged anew
(devices.py), so a seized store does not say whom a bot talks with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from nio.crypto import (
    DeviceStore,
    GroupSessionStore,
    InboundGroupSession,
    OlmAccount,
    OlmDevice,
    OutgoingKeyRequest,
    Session,
    SessionStore,
    TrustState,
)

from hub.matrix.rows import Shelves
from hub.trouble import Trouble

ACCOUNT, OLM, MEGOLM, ROOMS, REQUESTS, META = "account", "olm", "megolm", "rooms", "requests", "meta"


class AccountRow(msgspec.Struct, array_like=True):
    user_id: str
    device_id: str
    shared: bool
    pickle: bytes


class OlmRow(msgspec.Struct, array_like=True):
    sender_key: str
    pickle: bytes
    created: datetime
    used: datetime


class MegolmRow(msgspec.Struct, array_like=True):
    room_id: str
    sender_key: str
    fingerprint: str
    pickle: bytes
    chain: list[str]
    next_index: int = 0
    """The message after the last one opened; everything before it can be thrown away some time later."""
    used: datetime | None = None


class RequestRow(msgspec.Struct, array_like=True):
    request_id: str
    session_id: str
    room_id: str
    algorithm: str


class OtherDevice(Trouble):
    """This store belongs to another Matrix device. Store, keys and device are one unit: restore all three."""

    needs_person = True


_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.decode


def megolm_name(room_id: str, sender_key: str, session_id: str) -> str:
    """The name a Megolm session lies under: only whoever already knows all three finds it."""
    return f"{room_id} {sender_key} {session_id}"


class KeptStore:
    """What nio's Olm machine asks of a store. `pickle_key` is 32 random bytes given from outside.

    `lazy` leaves inbound room sessions to ratchets.GroupSessions instead of loading and saving all of them.
    """

    def __init__(
        self, user_id: str, device_id: str, shelves: Shelves, pickle_key: bytes, *, lazy: bool = False
    ) -> None:
        if len(pickle_key) != 32:
            raise ValueError("the pickle key is 32 bytes")
        self.user_id = user_id
        self.device_id = device_id
        self.shelves = shelves
        self._lazy = lazy
        self._pickle_key = pickle_key.hex()

    def load_account(self) -> OlmAccount | None:
        """None on a first start. Raises OtherDevice when the rows were made by another device."""
        raw = self.shelves.get(ACCOUNT, "own")
        if raw is None:
            return None
        row = _decode(raw, type=AccountRow)
        if (row.user_id, row.device_id) != (self.user_id, self.device_id):
            raise OtherDevice
        return OlmAccount.from_pickle(row.pickle, self._pickle_key, row.shared)

    def save_account(self, account: OlmAccount) -> None:
        row = AccountRow(self.user_id, self.device_id, account.shared, account.pickle(self._pickle_key))
        self.shelves.put(ACCOUNT, "own", _encode(row))

    def load_sessions(self) -> SessionStore:
        store = SessionStore()
        for raw in self.shelves.values(OLM):
            row = _decode(raw, type=OlmRow)
            store.add(
                row.sender_key, Session.from_pickle(row.pickle, row.created, self._pickle_key, row.used)
            )
        return store

    def save_session(self, curve_key: str, session: Session) -> None:
        pickle = session.pickle(self._pickle_key)
        row = OlmRow(curve_key, pickle, session.creation_time, session.use_time)
        self.shelves.put(OLM, session.id, _encode(row))

    def forget_session(self, session: Session) -> None:
        """A worn-out Olm session opens nothing any more."""
        self.shelves.delete(OLM, session.id)

    def load_inbound_group_sessions(self) -> GroupSessionStore:
        store = GroupSessionStore()
        for raw in () if self._lazy else self.shelves.values(MEGOLM):
            store.add(self._megolm(_decode(raw, type=MegolmRow)))
        return store

    def save_inbound_group_session(self, session: InboundGroupSession) -> None:
        if not self._lazy:
            self.keep_inbound_group_session(session)

    def keep_inbound_group_session(
        self, session: InboundGroupSession, next_index: int = 0, used: datetime | None = None
    ) -> None:
        """Write one session to its row."""
        row = MegolmRow(
            session.room_id,
            session.sender_key,
            session.ed25519,
            session.pickle(self._pickle_key),
            list(session.forwarding_chain),
            next_index,
            used,
        )
        name = megolm_name(session.room_id, session.sender_key, session.id)
        self.shelves.put(MEGOLM, name, _encode(row))

    def find_inbound_group_session(
        self, room_id: str, sender_key: str, session_id: str
    ) -> tuple[InboundGroupSession, int] | None:
        """One session and its next index straight from its row, so that a bot need not hold all in memory."""
        raw = self.shelves.get(MEGOLM, megolm_name(room_id, sender_key, session_id))
        if raw is None:
            return None
        row = _decode(raw, type=MegolmRow)
        return self._megolm(row), row.next_index

    def inbound_group_sessions_unused_since(
        self, long_ago: datetime
    ) -> Iterator[tuple[InboundGroupSession, int, datetime]]:
        """Sessions in which nothing was opened since then, with next index and last use. Opens the others'
        rows,
        not their keys."""
        for raw in self.shelves.values(MEGOLM):
            row = _decode(raw, type=MegolmRow)
            if row.used is not None and row.used < long_ago:
                yield self._megolm(row), row.next_index, row.used

    def forget_inbound_group_session(self, session: InboundGroupSession) -> None:
        """Whatever was said in this session cannot be opened from here again."""
        self.shelves.delete(MEGOLM, megolm_name(session.room_id, session.sender_key, session.id))

    def load_outgoing_key_requests(self) -> dict[str, OutgoingKeyRequest]:
        rows = [_decode(raw, type=RequestRow) for raw in self.shelves.values(REQUESTS)]
        return {
            row.request_id: OutgoingKeyRequest(row.request_id, row.session_id, row.room_id, row.algorithm)
            for row in rows
        }

    def add_outgoing_key_request(self, request: OutgoingKeyRequest) -> None:
        row = RequestRow(request.request_id, request.session_id, request.room_id, request.algorithm)
        self.shelves.put(REQUESTS, request.request_id, _encode(row))

    def remove_outgoing_key_request(self, request: OutgoingKeyRequest) -> None:
        self.shelves.delete(REQUESTS, request.request_id)

    def load_encrypted_rooms(self) -> set[str]:
        return {raw.decode() for raw in self.shelves.values(ROOMS)}

    def save_encrypted_rooms(self, rooms: set[str]) -> None:
        for room_id in rooms:
            if not self.shelves.has(ROOMS, room_id):
                self.shelves.put(ROOMS, room_id, room_id.encode())

    def is_encrypted_room(self, room_id: str) -> bool:
        """Was this room ever seen encrypted? A homeserver cannot talk us out of it afterwards."""
        return self.shelves.has(ROOMS, room_id)

    def delete_encrypted_room(self, room_id: str) -> None:
        self.shelves.delete(ROOMS, room_id)

    # Devices and trust: in memory only.

    def load_device_keys(self) -> DeviceStore:
        return DeviceStore()

    def save_device_keys(self, device_keys: object) -> None:
        """Not kept; see the head of this module."""

    def verify_device(self, device: OlmDevice) -> bool:
        return _mark(device, TrustState.verified)

    def unverify_device(self, device: OlmDevice) -> bool:
        return _unmark(device, TrustState.verified)

    def is_device_verified(self, device: OlmDevice) -> bool:
        return bool(device.trust_state is TrustState.verified)

    def blacklist_device(self, device: OlmDevice) -> bool:
        return _mark(device, TrustState.blacklisted)

    def unblacklist_device(self, device: OlmDevice) -> bool:
        return _unmark(device, TrustState.blacklisted)

    def is_device_blacklisted(self, device: OlmDevice) -> bool:
        return bool(device.trust_state is TrustState.blacklisted)

    def ignore_device(self, device: OlmDevice) -> bool:
        return _mark(device, TrustState.ignored)

    def ignore_devices(self, devices: list[OlmDevice]) -> None:
        for device in devices:
            _mark(device, TrustState.ignored)

    def unignore_device(self, device: OlmDevice) -> bool:
        return _unmark(device, TrustState.ignored)

    def is_device_ignored(self, device: OlmDevice) -> bool:
        return bool(device.trust_state is TrustState.ignored)

    def _megolm(self, row: MegolmRow) -> InboundGroupSession:
        return InboundGroupSession.from_pickle(
            row.pickle, row.fingerprint, row.sender_key, row.room_id, self._pickle_key, row.chain
        )


def _mark(device: OlmDevice, state: TrustState) -> bool:
    changed = device.trust_state is not state
    device.trust_state = state
    return changed


def _unmark(device: OlmDevice, state: TrustState) -> bool:
    changed = device.trust_state is state
    if changed:
        device.trust_state = TrustState.unset
    return changed

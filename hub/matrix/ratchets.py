"""The receiving half of the device: to-device messages in, room events opened. nio's Olm machine does the
maths.

We do not use nio's own room decryption: it believes the device id and sender key the homeserver shows, and
hides the message index that durable replay protection needs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec
import vodozemac
from nio.crypto import InboundGroupSession, Olm
from unpaddedbase64 import decode_base64

from hub.matrix.crypto_store import META, KeptStore
from hub.matrix.sessions import GroupSessions

OLM = "m.olm.v1.curve25519-aes-sha2"
MEGOLM = "m.megolm.v1.aes-sha2"
SESSIONS_PER_DEVICE = 5

# nio writes user ids, device ids and session ids into its log.
logging.getLogger("nio").setLevel(logging.CRITICAL + 1)


class NoKey(Exception):
    """The key to this message has not arrived."""


class Damaged(Exception):
    """This message is not what its key makes: cut, changed, or sent into another room."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was inside a room event, and the session that proves who made it (base64 keys). `late`: something
    that its maker said after it was opened before: somebody held it back, whatever its time says."""

    event_type: str
    content: Mapping[str, Any]
    sender_key: str
    fingerprint: str
    session_id: str
    index: int
    forwarded: bool
    late: bool = False


class _Inner(msgspec.Struct):
    type: str
    room_id: str
    content: dict[str, Any]


class _Cipher(msgspec.Struct):
    algorithm: str
    ciphertext: str
    session_id: str
    sender_key: str | None = None


class _OlmPart(msgspec.Struct):
    type: int
    body: str


class _OlmContent(msgspec.Struct):
    algorithm: str
    sender_key: str
    ciphertext: dict[str, _OlmPart]


class _ToDevice(msgspec.Struct):
    sender: str
    type: str
    content: dict[str, Any]


class Ratchets:
    """Opens what came for this device."""

    def __init__(self, olm: Olm, store: KeptStore) -> None:
        self._olm = olm
        self._store = store
        self.sessions = GroupSessions(store, olm.account.identity_keys["curve25519"])
        olm.inbound_group_store = self.sessions
        raw = store.shelves.get(META, "to-device")
        self._seen: set[bytes] = set(msgspec.msgpack.decode(raw, type=list[bytes])) if raw else set()

    def take(self, events: Iterable[object]) -> None:
        """Open to-device messages once each, in order; room keys among them land in `sessions`.

        A batch seen before a crash comes again with the next sync: opening it twice would look like a broken
        session, so digests of the last batch are kept with the ratchets they moved.
        """
        batch: list[bytes] = []
        for raw in events:
            digest = blake2b(msgspec.json.encode(raw), digest_size=16).digest()
            batch.append(digest)
            if digest not in self._seen:
                self._take_one(raw)
        if batch:
            self._seen = set(batch)
            self._store.shelves.put(META, "to-device", msgspec.msgpack.encode(batch))

    def open(self, room_id: str, sender_keys: Iterable[str], content: object) -> Opened:
        """Decrypt one room event. `sender_keys` are the Curve25519 keys of the sender's own devices, tried
        before the key the event names, which anybody can write there. Raises NoKey or Damaged."""
        try:
            cipher = msgspec.convert(content, _Cipher)
        except msgspec.ValidationError as shape:
            raise Damaged from shape
        if cipher.algorithm != MEGOLM:
            raise NoKey
        session = self._find(room_id, sender_keys, cipher)
        try:
            plain, index = session.decrypt(cipher.ciphertext)
            inner = msgspec.json.decode(plain, type=_Inner)
        except ValueError as broken:  # every vodozemac and msgspec error is one
            raise Damaged from broken
        late = index + 1 < self.sessions.next_index(room_id, session.sender_key, cipher.session_id)
        self.sessions.opened(session, index)
        if inner.room_id != room_id:
            raise Damaged
        return Opened(
            inner.type,
            inner.content,
            session.sender_key,
            session.ed25519,
            cipher.session_id,
            index,
            bool(session.forwarding_chain),
            late,
        )

    def _find(self, room_id: str, sender_keys: Iterable[str], cipher: _Cipher) -> InboundGroupSession:
        hint = cipher.sender_key
        names = sorted(sender_keys, key=lambda key: key != hint)  # an honest hint saves look-ups
        if hint is not None and hint not in names:
            names.append(hint)
        for key in names:
            session = self.sessions.get(room_id, key, cipher.session_id)
            if session is not None:
                return session
        raise NoKey

    def _take_one(self, raw: object) -> None:
        """A hostile message is dropped: it may neither stop the others nor be answered."""
        try:
            event = msgspec.convert(raw, _ToDevice)
            if event.type != "m.room.encrypted":
                return
            olm = msgspec.convert(event.content, _OlmContent)
            part = olm.ciphertext.get(self._olm.account.identity_keys["curve25519"])
            if olm.algorithm == OLM and part is not None:
                self._open_olm(event.sender, olm.sender_key, part)
        except (ValueError, KeyError, TypeError):
            return

    def _open_olm(self, sender: str, sender_key: str, part: _OlmPart) -> None:
        message = _message(part)
        try:
            self._olm.decrypt(sender, sender_key, message)
        except vodozemac.SessionCreationException:
            # It wants a one-time key that we have used up: their session is not ours any more. nio leaves it
            # at that; a new session is begun with the next upkeep, at most once an hour.
            self._olm._mark_device_for_unwedging(sender, sender_key)
        if part.type == 0:
            self._olm.save_account()  # nio saves before the one-time key is used up, and keeps it on disk
            self._prune(sender_key)

    def _prune(self, sender_key: str) -> None:
        """A device may begin sessions without end; the most recently used ones are enough."""
        held = self._olm.session_store[sender_key]
        for session in sorted(held, key=lambda one: one.use_time, reverse=True)[SESSIONS_PER_DEVICE:]:
            held.remove(session)
            self._store.forget_session(session)


def _message(part: _OlmPart) -> vodozemac.PreKeyMessage | vodozemac.AnyOlmMessage:
    if part.type == 0:
        return vodozemac.PreKeyMessage.from_base64(part.body)
    return vodozemac.AnyOlmMessage.normal(decode_base64(part.body))

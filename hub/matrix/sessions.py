"""Room keys others gave us: the recently used ones in memory, all of them in rows, and used ones worn down.

A seized store must open no message of the past. So some time after a message was opened, what could open it
again is thrown away: the session is moved on behind it, which cannot be undone.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from nio.crypto import InboundGroupSession

from hub.matrix.crypto_store import KeptStore

IN_MEMORY = 256
OPENABLE = timedelta(hours=1)
"""How long a message that was opened can be opened again: a crash before the position was saved, a hole that
is
mended late. A message of an older place in its ratchet counts as unreadable afterwards; its sender is
asked."""
KEPT_UNUSED = timedelta(days=45)
TIDY_EVERY = timedelta(minutes=10)

_Name = tuple[str, str, str]


@dataclass(slots=True)
class _Held:
    session: InboundGroupSession
    next_index: int


class GroupSessions:
    """In nio's place for inbound sessions, by (room, sender's Curve25519 key, session id)."""

    def __init__(self, store: KeptStore, own_key: str) -> None:
        self._store = store
        self._own_key = own_key
        self._recent: OrderedDict[_Name, _Held] = OrderedDict()
        self._used: set[_Name] = set()
        self._tidied: datetime | None = None
        self.arrived: set[tuple[str, str]] = set()
        """(room, session id) of keys that came since this was last emptied."""

    def add(self, session: InboundGroupSession) -> bool:
        """Keep a session, unless we hold it from an earlier index already, or it is the echo of our own."""
        if session.sender_key == self._own_key:
            return False
        held = self._find(_name(session))
        if held is not None and held.session.first_known_index <= session.first_known_index:
            return False
        if held is not None and held.next_index > session.first_known_index:
            return False  # what it would add was opened and thrown away on purpose
        self._remember(_Held(session, 0))
        self._store.keep_inbound_group_session(session)
        self.arrived.add((session.room_id, session.id))
        return True

    def get(self, room_id: str, sender_key: str, session_id: str) -> InboundGroupSession | None:
        """From memory, else from its row."""
        held = self._find((room_id, sender_key, session_id))
        return None if held is None else held.session

    def next_index(self, room_id: str, sender_key: str, session_id: str) -> int:
        """The index after the last message that was opened; 0 for a session that is not known or unused."""
        held = self._find((room_id, sender_key, session_id))
        return 0 if held is None else held.next_index

    def opened(self, session: InboundGroupSession, index: int) -> None:
        """A message with this index was opened."""
        name = _name(session)
        held = self._find(name)
        if held is not None:
            held.next_index = max(held.next_index, index + 1)
            self._used.add(name)

    def tidy(self, now: datetime) -> None:
        """Write down what was used; from time to time throw away what is long past."""
        for name in self._used:
            held = self._recent.get(name)
            if held is not None:
                self._store.keep_inbound_group_session(held.session, held.next_index, now)
        self._used.clear()
        if self._tidied is None or now - self._tidied >= TIDY_EVERY:
            self._tidied = now
            self._wear_down(now)

    def _wear_down(self, now: datetime) -> None:
        for session, next_index, used in list(
            self._store.inbound_group_sessions_unused_since(now - OPENABLE)
        ):
            if used < now - KEPT_UNUSED:
                self._store.forget_inbound_group_session(session)
                self._recent.pop(_name(session), None)
            elif session.first_known_index < next_index:
                behind = _behind(session, next_index)
                self._store.keep_inbound_group_session(behind, next_index, used)
                self._recent.pop(_name(session), None)

    def _find(self, name: _Name) -> _Held | None:
        held = self._recent.get(name)
        if held is None:
            found = self._store.find_inbound_group_session(*name)
            if found is None:
                return None
            held = _Held(*found)
            self._remember(held)
        self._recent.move_to_end(name)
        return held

    def _remember(self, held: _Held) -> None:
        self._recent[_name(held.session)] = held
        if len(self._recent) > IN_MEMORY:
            oldest = next((name for name in self._recent if name not in self._used), None)
            if oldest is not None:  # one used since the last `tidy` has to be written down there first
                del self._recent[oldest]


def _name(session: InboundGroupSession) -> _Name:
    return session.room_id, session.sender_key, session.id


def _behind(session: InboundGroupSession, index: int) -> InboundGroupSession:
    """The same session from `index` on."""
    return InboundGroupSession.import_session(
        session.export_session(index),
        session.ed25519,
        session.sender_key,
        session.room_id,
        list(session.forwarding_chain),
    )

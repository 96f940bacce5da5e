"""Rooms as a bot makes, enters and leaves them. What a room is for decides how it is made; its name says
nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from directory import crypto
from hub.matrix.answers import NotPrivate, Refused
from hub.matrix.crypto_store import KeptStore
from hub.matrix.wire import Wire, path

MAX_ROOMS_IN_MEMORY = 512
ONE_DAY_MS = 86_400_000
THIRTY_DAYS_MS = 30 * ONE_DAY_MS


class Purpose(StrEnum):
    """What a room is for."""

    DIRECT = "direct"
    GROUP = "group"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a room is made. `visibility` is who reads what was said before they came (spec: history
    visibility).
    """

    encrypted: bool
    visibility: str
    direct: bool
    kept_ms: int | None = None


SHAPES = {
    # "invited": the first message waits in the room before the person has accepted.
    Purpose.DIRECT: Shape(encrypted=True, visibility="invited", direct=True, kept_ms=THIRTY_DAYS_MS),
    Purpose.GROUP: Shape(encrypted=True, visibility="joined", direct=False, kept_ms=THIRTY_DAYS_MS),
    # Envelopes are sealed by ourselves (DESIGN 4.4): a lost Megolm key must never cost a peer an alarm.
    Purpose.LINK: Shape(encrypted=False, visibility="invited", direct=False, kept_ms=ONE_DAY_MS),
}


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in a room and who is asked in. `may_read` are those a message now is meant for."""

    joined: frozenset[str]
    invited: frozenset[str]
    invited_may_read: bool

    @property
    def may_read(self) -> frozenset[str]:
        """Joined, and invited where the room shows them what was said since."""
        return self.joined | self.invited if self.invited_may_read else self.joined


def coded_name(chance: crypto.Chance) -> str:
    """A room name that tells nothing and can be read out on the phone: `K7-2F`."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    one, two, three, four = (letters[byte % 32] for byte in chance(4))
    return f"{one}{two}-{three}{four}"


def creation(shape: Shape, name: str | None, additional_creators: Iterable[str]) -> dict[str, Any]:
    """The body of /createRoom: encrypted from the first event, no guests, no topic, no picture."""
    state: list[dict[str, Any]] = [
        {"type": "m.room.guest_access", "state_key": "", "content": {"guest_access": "forbidden"}},
        {
            "type": "m.room.history_visibility",
            "state_key": "",
            "content": {"history_visibility": shape.visibility},
        },
    ]
    if shape.encrypted:
        algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
        state.append({"type": "m.room.encryption", "state_key": "", "content": algorithm})
    if shape.kept_ms is not None:
        kept = {"max_lifetime": shape.kept_ms}
        state.append({"type": "m.room.retention", "state_key": "", "content": kept})
    creators = sorted(additional_creators)
    body: dict[str, Any] = {"preset": "private_chat", "visibility": "private", "initial_state": state}
    if shape.direct:
        body["is_direct"] = True
    if name is not None:
        body["name"] = name
    if creators:  # room version 12: whoever is no creator cannot keep the room alive when the creator leaves
        body["creation_content"] = {"additional_creators": creators}
    return body


class Rooms:
    """One account's rooms. Members are cached until a membership event of the room arrives."""

    def __init__(self, wire: Wire, store: KeptStore, key_forget: Callable[[str], None]) -> None:
        self._wire = wire
        self._store = store
        self._key_forget = key_forget
        self._members: OrderedDict[str, Members] = OrderedDict()
        self._direct: set[str] = set()

    async def create(
        self,
        purpose: Purpose,
        invite: Iterable[str],
        *,
        additional_creators: Iterable[str] = (),
        name: str | None = None,
        reason: str | None = None,
    ) -> str:
        """Make a room and ask people in; returns its id. Raises RetryLater, Refused, Unreachable.

        When an invitation fails the room stands without that person: ask again with `invite`.
        """
        shape = SHAPES[purpose]
        answer = await self._wire.post(
            path("createRoom"), creation(shape, name, additional_creators), within_s=60
        )
        room_id = str(answer["room_id"])
        if shape.encrypted:
            self._store.save_encrypted_rooms({room_id})
        if shape.direct:
            self._direct.add(room_id)
        for user_id in invite:
            await self.invite(room_id, user_id, reason=reason)
        return room_id

    async def invite(
        self, room_id: str, user_id: str, *, reason: str | None = None, direct: bool = False
    ) -> None:
        """Ask somebody in. The reason can be read before joining, also by both homeservers. `direct` shows it
        among their people's rooms, as does having been made as a direct room by this process."""
        content: dict[str, Any] = {"membership": "invite"}
        if direct or room_id in self._direct:
            content["is_direct"] = True
        if reason is not None:
            content["reason"] = reason
        await self._wire.put(path("rooms", room_id, "state", "m.room.member", user_id), content, within_s=60)
        self.members_changed(room_id)

    async def join(self, room_id: str, via: Iterable[str] = ()) -> None:
        """Enter a room we are invited to. May be repeated."""
        query = "&".join("via=" + quote(server, safe="") for server in via)
        await self._wire.post(path("join", room_id) + ("?" + query if query else ""), {}, within_s=90)
        self.members_changed(room_id)

    async def leave(self, room_id: str) -> None:
        """Go, and let the homeserver forget that we were there. May be repeated."""
        try:
            await self._wire.post(path("rooms", room_id, "leave"), {})
            await self._wire.post(path("rooms", room_id, "forget"), {})
        except Refused as gone:
            if gone.status not in {403, 404}:
                raise
        self._key_forget(room_id)
        self._members.pop(room_id, None)
        self._direct.discard(room_id)
        self._store.delete_encrypted_room(room_id)

    async def kick(self, room_id: str, user_id: str, *, reason: str | None = None) -> None:
        """Put somebody out. They keep what they already read."""
        body = {"user_id": user_id} | ({"reason": reason} if reason is not None else {})
        await self._wire.post(path("rooms", room_id, "kick"), body)
        self.members_changed(room_id)

    async def redact(self, room_id: str, event_id: str, *, tx_id: str, reason: str | None = None) -> str:
        """Take an event's content back, on servers and apps that honour it; returns the redaction's id."""
        body = {} if reason is None else {"reason": reason}
        answer = await self._wire.put(path("rooms", room_id, "redact", event_id, tx_id), body)
        return str(answer["event_id"])

    async def members(self, room_id: str) -> Members:
        """Who is there now, by the homeserver's word."""
        held = self._members.get(room_id)
        if held is not None:
            self._members.move_to_end(room_id)
            return held
        query = {"not_membership": "leave"}
        answer = await self._wire.get(path("rooms", room_id, "members"), query)
        visibility = await self._state(room_id, "m.room.history_visibility")
        members = read_members(answer, visibility.get("history_visibility"))
        self._members[room_id] = members
        while len(self._members) > MAX_ROOMS_IN_MEMORY:
            self._members.popitem(last=False)
        return members

    async def membership(self, room_id: str, user_id: str) -> str | None:
        """What the room's state says of one person; None when it says nothing."""
        said = (await self._state(room_id, "m.room.member", user_id)).get("membership")
        return said if isinstance(said, str) else None

    async def encrypted(self, room_id: str) -> bool:
        """Once seen encrypted, always encrypted: a homeserver cannot talk us out of it."""
        if self._store.is_encrypted_room(room_id):
            return True
        found = bool(await self._state(room_id, "m.room.encryption"))
        if found:
            self._store.save_encrypted_rooms({room_id})
        return found

    async def must_be_private(self, room_id: str, event_type: str) -> bool:
        """Shall this event be encrypted? Raises NotPrivate for something a person reads in a plain room."""
        encrypted = await self.encrypted(room_id)
        if not encrypted and event_type.startswith("m."):
            raise NotPrivate
        return encrypted

    def members_changed(self, room_id: str) -> None:
        """Ask again who is there before the next message."""
        self._members.pop(room_id, None)

    def saw_encryption(self, room_id: str) -> None:
        """The room was switched to encrypted."""
        self._store.save_encrypted_rooms({room_id})

    async def _state(self, room_id: str, event_type: str, key: str = "") -> Mapping[str, Any]:
        place = ("rooms", room_id, "state", event_type, *([key] if key else []))
        try:
            return await self._wire.get(path(*place))
        except Refused as none:
            if none.errcode == "M_NOT_FOUND":
                return {}
            raise


def read_members(answer: Mapping[str, Any], visibility: object) -> Members:
    """From /members. `visibility` unknown counts as the specification's default, `shared`."""
    found: dict[str, set[str]] = {"join": set(), "invite": set()}
    for event in answer.get("chunk") or ():
        content, user = event.get("content"), event.get("state_key")
        if isinstance(content, dict) and isinstance(user, str) and content.get("membership") in found:
            found[content["membership"]].add(user)
    return Members(frozenset(found["join"]), frozenset(found["invite"]), visibility != "joined")

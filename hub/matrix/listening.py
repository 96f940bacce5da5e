"""The listening half of a person's app: nio's sync, what lies in its gaps, and which devices may be
believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from nio import AsyncClient, KeysClaimResponse, SyncResponse
from nio.events import Event, MegolmEvent, RoomMemberEvent
from nio.exceptions import EncryptionError
from nio.responses import RoomInfo

from hub.matrix.answers import MatrixTrouble, OtherServerAway, checked_nio, reaching
from hub.matrix.crypto_store import META
from hub.matrix.hearing import parse_invite
from hub.matrix.identities import read_identity
from hub.matrix.inbox import Heard, Inbox, Invitation, NothingCame
from hub.matrix.rows import Shelves
from hub.matrix.wire import Wire, path

POLL_MS = 30_000
PAGE = 100


class Listening:
    """Runs until cancelled. In a strict app, events of unsigned devices go to `hidden`."""

    def __init__(self, client: AsyncClient, wire: Wire, shelves: Shelves, *, strict: bool) -> None:
        self._client = client
        self._wire = wire
        self._shelves = shelves
        self._strict = strict
        self._locked: list[tuple[str, MegolmEvent]] = []
        self._seen: dict[str, str] = {}
        self._round_done = asyncio.Condition()
        self.heard: Inbox[Heard] = Inbox()
        self.invitations: Inbox[Invitation] = Inbox()
        self.hidden: list[Heard] = []

    async def begin(self) -> None:
        """The first look: all rooms with their members; of the past only what came since the last time."""
        raw = self._shelves.get(META, "since")
        await self._round(0, None if raw is None else raw.decode(), full_state=True)

    async def run(self) -> None:
        """Round after round; a broken connection is tried again, anything else is told to whoever waits."""
        tries = 0
        while True:
            try:
                await self._round(POLL_MS, self._client.next_batch, full_state=False)
                tries = 0
            except MatrixTrouble:
                tries += 1
                await asyncio.sleep(min(5.0, 0.2 * 2**tries))
            except Exception as why:
                await self.heard.broke(why)
                await self.invitations.broke(why)
                raise

    async def until(self, true: Callable[[], bool], within_s: float) -> None:
        """Wait until something is so, looking after each round. Raises NothingCame."""
        try:
            async with asyncio.timeout(within_s), self._round_done:
                await self._round_done.wait_for(true)
        except TimeoutError as late:
            raise NothingCame(f"within {within_s} s") from late

    async def ready(self, room_id: str) -> None:
        """Know everybody's devices in a room before something is said there, and have a session with each.

        nio encrypts for whom it knows: when a homeserver is away just then, for nobody, and never again.
        Raises OtherServerAway then."""
        client = self._client
        room = client.rooms.get(room_id)
        if room is None or not room.encrypted:
            return
        if not room.members_synced:
            with reaching():
                checked_nio(await client.joined_members(room_id))
        await self.know()
        others = set(room.users) - {client.user_id}
        if any(user in client.users_for_key_query and not client.device_store[user] for user in others):
            raise OtherServerAway
        if client.olm is None or not client.olm.should_share_group_session(room_id):
            return
        missing = client.get_missing_sessions(room_id)
        if missing:
            with reaching():
                claimed: KeysClaimResponse = checked_nio(await client.keys_claim(missing))
            if any(user.partition(":")[2] in claimed.failures for user in missing):
                raise OtherServerAway

    async def know(self) -> None:
        """Ask about devices that are new or changed, and judge each by whether its owner signed it."""
        client = self._client
        stale = set(client.users_for_key_query)
        if not stale:
            return
        with reaching():
            checked_nio(await client.keys_query())
        answer = await self._wire.post(path("keys", "query"), {"device_keys": {user: [] for user in stale}})
        for user in stale:
            self._judge(user, answer)

    def _judge(self, user_id: str, answer: Mapping[str, Any]) -> None:
        signed = {
            (device.device_id, device.ed25519, device.curve25519)
            for device in read_identity(answer, user_id).signed()
        }
        for device in self._client.device_store.active_user_devices(user_id):
            if (device.id, device.ed25519, device.curve25519) in signed:
                self._client.verify_device(device)
            elif self._strict:
                self._client.blacklist_device(device)

    async def _round(self, poll_ms: int, since: str | None, *, full_state: bool) -> None:
        client = self._client
        with reaching():
            answer = checked_nio(await client.sync(poll_ms, since=since, full_state=full_state))
        await self._errands(patient=since is not None and not full_state)
        await self._take(answer, since)
        self._shelves.put(META, "since", answer.next_batch.encode())
        self._shelves.rows.flush()
        async with self._round_done:
            self._round_done.notify_all()

    async def _errands(self, *, patient: bool) -> None:
        """What the homeserver wants from an app between two rounds. `patient`: what came would be lost when
        this gave up, since nio has moved on behind it; so it is tried until it works."""
        tries = 0
        while True:
            try:
                return await self._errands_once()
            except MatrixTrouble:
                if not patient:
                    raise
                tries += 1
                await asyncio.sleep(min(5.0, 0.2 * 2**tries))

    async def _errands_once(self) -> None:
        client = self._client
        with reaching():
            if client.should_upload_keys:
                checked_nio(await client.keys_upload())
            if client.should_claim_keys:
                checked_nio(await client.keys_claim(client.get_users_for_key_claiming()))
            for sent in await client.send_to_device_messages():
                checked_nio(sent)
        await self.know()

    async def _take(self, answer: SyncResponse, since: str | None) -> None:
        await self._unlock()
        for room_id, info in answer.rooms.join.items():
            events = info.timeline.events if since is not None else []
            if since is not None and info.timeline.limited:
                events = await self._gap(room_id, info, since) + events
            for event in events:
                await self._hand_on(room_id, event)
            if info.timeline.events:
                self._seen[room_id] = info.timeline.events[-1].event_id
        for room_id, invited in answer.rooms.invite.items():
            stripped = [  # nio takes the content out of what it keeps as the source
                {**event.source, "content": getattr(event, "content", {})} for event in invited.invite_state
            ]
            invite = parse_invite(self._client.user_id, room_id, stripped)
            if invite is not None:
                await self.invitations.put(Invitation(room_id, invite.inviter, invite.reason, invite.direct))

    async def _gap(self, room_id: str, info: RoomInfo, since: str) -> list[Any]:
        """Back to what was seen, or to our own invitation; after a restart back to the last position."""
        found: list[Any] = []
        token = info.timeline.prev_batch
        bound = since if room_id not in self._seen and not _entered(info, self._client.user_id) else None
        while token:
            with reaching():
                page = checked_nio(await self._client.room_messages(room_id, token, bound, limit=PAGE))
            for event in page.chunk:
                if event.event_id == self._seen.get(room_id) or _is_own(
                    event, self._client.user_id, "invite"
                ):
                    return found[::-1]
                found.append(event)
            token = page.end if page.end != token else None
        return found[::-1]

    async def _unlock(self) -> None:
        """Events whose key came after them."""
        locked, self._locked = self._locked, []
        for room_id, event in locked:
            try:
                opened = self._client.decrypt_event(event)
            except EncryptionError:
                self._locked.append((room_id, event))
            else:
                await self._hand_on(room_id, opened)

    async def _hand_on(self, room_id: str, event: Any) -> None:
        if not isinstance(event, Event) or event.sender == self._client.user_id:
            return
        if "state_key" in event.source:
            return
        if isinstance(event, MegolmEvent):
            event.room_id = room_id
            self._locked.append((room_id, event))
            return
        heard = self._heard(room_id, event)
        if self._strict and heard.encrypted and not heard.verified:
            self.hidden.append(heard)
        else:
            await self.heard.put(heard)

    def _heard(self, room_id: str, event: Event) -> Heard:
        content = event.source.get("content") or {}
        mentioned = (content.get("m.mentions") or {}).get("user_ids") or ()
        body = content.get("body")
        return Heard(
            room=room_id,
            event_id=event.event_id,
            sender=event.sender,
            event_type=str(event.source.get("type")),
            content=content,
            body=body if isinstance(body, str) else "",
            encrypted=bool(event.decrypted),
            verified=self._verified(room_id, event),
            wakes=content.get("msgtype") == "m.text" and self._client.user_id in mentioned,
        )

    def _verified(self, room_id: str, event: Event) -> bool:
        """nio judges when it decrypts, and the maker's device may have become known a moment later."""
        if not event.decrypted or event.sender_key is None or event.session_id is None:
            return False
        device = self._client.device_store.device_from_sender_key(event.sender, event.sender_key)
        session = self._client.olm.inbound_group_store.get(room_id, event.sender_key, event.session_id)
        if device is None or session is None:
            return False
        return bool(device.verified and device.ed25519 == session.ed25519)


def _is_own(event: Any, me: str, membership: str) -> bool:
    return isinstance(event, RoomMemberEvent) and event.state_key == me and event.membership == membership


def _entered(info: RoomInfo, me: str) -> bool:
    """Was the room entered just now?"""
    return any(_is_own(event, me, "join") for event in [*info.state, *info.timeline.events])

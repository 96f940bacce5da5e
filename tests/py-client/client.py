"""A second strict Matrix client for the tests: mautrix with libolm, another implementation from the ground.

It shares keys only with devices their owner signed, and shows a message from any other as hidden. One JSON
order a line comes in, one JSON line each goes out, as in tests/js-client.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from typing import Any

from mautrix.client import Client
from mautrix.client.state_store import MemoryStateStore
from mautrix.crypto import MemoryCryptoStore, OlmMachine
from mautrix.crypto.cross_signing_key import CrossSigningSeeds
from mautrix.errors import DecryptionError, SessionNotFound
from mautrix.types import (
    EventType,
    Membership,
    MessageType,
    PaginationDirection,
    RoomCreatePreset,
    TextMessageEventContent,
    TOFUSigningKey,
    TrustState,
)
from mautrix.util.logging import TraceLogger  # noqa: F401

KEPT_TRYING_S = 20


def say(**line: Any) -> None:
    """One line out."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class State(MemoryStateStore):
    """What the machine asks of rooms."""

    async def find_shared_rooms(self, user_id: str) -> list[str]:
        return [room for room, members in self.members.items() if user_id in members]


class Store(MemoryCryptoStore):
    """The library's own, without its slip: it writes into a tuple when a key is seen a second time."""

    async def put_cross_signing_key(self, user_id: str, usage: Any, key: str) -> None:
        known = self._cross_signing_keys.setdefault(user_id, {})
        first = known[usage].first if usage in known else key
        known[usage] = TOFUSigningKey(key=key, first=first)


class App:
    """One person's app."""

    async def enter(self, url: str, user: str, password: str) -> dict[str, str]:
        self.states = State()
        self.opening: list[asyncio.Task[None]] = []
        self.store = Store("app", "pickle")
        self.client = Client(base_url=url, state_store=self.states, sync_store=self.store)
        login = await self.client.login(identifier=user, password=password, device_name="app")
        await self.store.put_device_id(login.device_id)
        self.machine = OlmMachine(self.client, self.store, self.states)
        self.machine.send_keys_min_trust = TrustState.CROSS_SIGNED_TOFU
        self.client.crypto = self.machine
        await self.machine.load()
        await self.machine.share_keys()
        await self._sign(password)
        self.client.add_event_handler(EventType.ROOM_MEMBER, self._member)
        self.client.add_event_handler(EventType.ROOM_ENCRYPTED, self._sealed)
        self.client.ignore_initial_sync = False
        self.client.ignore_first_sync = False
        self.syncing = self.client.start(None)
        return {"user": login.user_id, "device": login.device_id}

    async def _sign(self, password: str) -> None:
        keys = CrossSigningSeeds.generate().to_keys()
        self.machine._cross_signing_private_keys = keys
        self.machine._cross_signing_public_keys = keys.public_keys
        await self.machine._publish_cross_signing_keys(keys)
        await self.machine.sign_own_device(self.machine.own_identity)

    async def _member(self, event: Any) -> None:
        if event.state_key == self.client.mxid and event.content.membership == Membership.INVITE:
            say(event="invited", room=event.room_id, by=event.sender)

    async def _sealed(self, event: Any) -> None:
        if event.sender == self.client.mxid:
            return
        for _ in range(KEPT_TRYING_S * 5):
            try:
                opened = await self.machine.decrypt_megolm_event(event)
            except SessionNotFound:
                await asyncio.sleep(0.2)
                continue
            except DecryptionError as broken:
                say(event="broken", why=str(broken))
                return
            self._show(opened)
            return

    def _show(self, event: Any) -> None:
        if event.type != EventType.ROOM_MESSAGE:
            return
        trust = event["mautrix"]["trust_state"]
        hidden = trust < TrustState.CROSS_SIGNED_TOFU
        say(
            event="message",
            room=event.room_id,
            sender=event.sender,
            body=event.content.body,
            encrypted=True,
            hidden=hidden,
        )

    async def join(self, room: str) -> None:
        await self.client.join_room(room)
        members = await self.client.get_members(room)
        await self.states.set_members(room, {m.state_key: m.content for m in members})
        await self.states.set_encryption_info(
            room, await self.client.get_state_event(room, EventType.ROOM_ENCRYPTION)
        )
        before = await self.client.get_messages(room, PaginationDirection.BACKWARD, limit=20)
        for event in reversed(before.events):
            if event.type == EventType.ROOM_ENCRYPTED:
                self.opening.append(asyncio.create_task(self._sealed(event)))

    async def direct(self, user: str) -> str:
        algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
        room = await self.client.create_room(
            preset=RoomCreatePreset.TRUSTED_PRIVATE,
            is_direct=True,
            invitees=[user],
            initial_state=[{"type": "m.room.encryption", "state_key": "", "content": algorithm}],
        )
        members = await self.client.get_members(room)
        await self.states.set_members(room, {m.state_key: m.content for m in members})
        await self.states.set_encryption_info(
            room, await self.client.get_state_event(room, EventType.ROOM_ENCRYPTION)
        )
        return str(room)

    async def say(self, room: str, body: str) -> str:
        await self.states.set_members(
            room, {m.state_key: m.content for m in await self.client.get_members(room)}
        )
        content = TextMessageEventContent(msgtype=MessageType.TEXT, body=body)
        return str(await self.client.send_message(room, content))

    async def devices(self, user: str) -> list[dict[str, Any]]:
        found = (await self.machine._fetch_keys([user], include_untracked=True)).get(user, {})
        return [
            {"device": name, "signed": await self.machine.resolve_trust(one) >= TrustState.CROSS_SIGNED_TOFU}
            for name, one in found.items()
        ]

    async def leave(self) -> None:
        self.client.stop()
        await self.client.api.session.close()


async def main() -> None:
    app, reader = App(), asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        number, name = order.pop("id"), order.pop("order")
        try:
            say(id=number, ok=await getattr(app, name)(**order))
        except Exception as broken:  # noqa: BLE001 — told to whoever gave the order
            say(id=number, error="".join(traceback.format_exception(broken)))
        if name == "leave":
            return


asyncio.run(main())

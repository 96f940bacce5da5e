"""A person's Matrix app, for the demo, the tests and `ayni chat`: nio's whole client, as a person would use
one.

Independent of the bots' code where it matters: nio's own sync, room state, key sharing and decryption. Shared
are the HTTP errors, the store, and how cross-signing is read and made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from ssl import SSLContext
from typing import Any, Self

import aiohttp
import msgspec
from nio import AsyncClient, AsyncClientConfig
from nio.exceptions import EncryptionError, OlmUnverifiedDeviceError

from directory import crypto
from hub.matrix.admin import Account, Homeserver
from hub.matrix.answers import MatrixTrouble, Refused, checked_nio, reaching
from hub.matrix.crosssign import Fingerprints, OwnDevice, Seeds, kept_seeds, stand_behind
from hub.matrix.crypto_store import META, KeptStore
from hub.matrix.inbox import Heard, Inbox, Invitation
from hub.matrix.listening import Listening
from hub.matrix.rooms import SHAPES, Purpose, creation
from hub.matrix.rows import MemoryRows, Shelves, sealing
from hub.matrix.wire import Wire, path

TRIES = 20
PATIENCE_S = 60.0
"""How long somebody waits for an answer, also where the machine is busy with other things."""


class Person:
    """One device of one person. `strict`: talks only with devices that their owners signed."""

    def __init__(
        self,
        homeserver_url: str,
        account: Account,
        shelves: Shelves,
        chance: crypto.Chance,
        *,
        strict: bool = True,
        ssl: SSLContext | None = None,
    ) -> None:
        self.user_id = account.user_id
        self.device_id = account.device_id
        self._shelves = shelves
        self._chance = chance
        self._strict = strict
        self._wire = Wire(homeserver_url, account.token, ssl=ssl)
        pickle_key = self._secret("pickle-key")
        config = AsyncClientConfig(
            store=lambda user, device, *_: KeptStore(user, device, shelves, pickle_key),
            max_limit_exceeded=5,
            max_timeouts=2,
        )
        self.client = AsyncClient(homeserver_url, account.user_id, store_path="kept", config=config)
        self.client.restore_login(account.user_id, account.device_id, account.token)
        self._listening = Listening(self.client, self._wire, shelves, strict=strict)
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def enter(
        cls,
        homeserver_url: str,
        name: str,
        password: str,
        *,
        chance: crypto.Chance,
        strict: bool = True,
        signed: bool = True,
        seeds: Seeds | None = None,
        reset: bool = False,
        file: Path | None = None,
        file_key: bytes | None = None,
    ) -> Self:
        """Sign in (on the device kept in `file`, else on a new one), sign the device, start listening.

        `file_key` is 32 bytes. `signed=False` leaves the device unsigned: what a rogue device looks like.
        `seeds` are the owner's keys when this is not the owner's first device. `reset` makes new ones in
        place of those the homeserver shows: somebody who has lost them with their phone.
        """
        shelves = Shelves(
            MemoryRows(file), sealing(file_key or chance(32), account="person", kid="person", chance=chance)
        )
        raw = shelves.get(META, "login")
        if raw is not None:
            account = msgspec.msgpack.decode(raw, type=Account)
        else:
            async with aiohttp.ClientSession() as http:
                account = await Homeserver(homeserver_url, http).login(name, password)
            shelves.put(META, "login", msgspec.msgpack.encode(account))
        person = cls(homeserver_url, account, shelves, chance, strict=strict)
        await person.start(password=password, signed=signed, seeds=seeds, reset=reset)
        return person

    async def start(
        self,
        *,
        password: str | None = None,
        signed: bool = True,
        seeds: Seeds | None = None,
        reset: bool = False,
    ) -> Fingerprints | None:
        """Publish keys, sign the device, see what is there, and listen until `close`."""
        with reaching():
            if self.client.should_upload_keys:
                checked_nio(await self.client.keys_upload())
        prints = await self._sign(password, seeds, reset=reset) if signed else None
        await self._listening.begin()
        self._task = asyncio.create_task(self._listening.run())
        return prints

    @property
    def seeds(self) -> Seeds:
        """The owner's cross-signing keys, to sign another device with."""
        return kept_seeds(self._shelves, self._chance)

    async def hear(self, within_s: float = PATIENCE_S, *, room: str | None = None) -> Heard:
        """The next message not looked at yet. Raises NothingCame."""
        return await self.heard.take(lambda heard: room in {None, heard.room}, within_s)

    async def wait_for(self, wanted: Callable[[Heard], bool], within_s: float = PATIENCE_S) -> Heard:
        """The first message that is wanted, old or new; others stay for later. Raises NothingCame."""
        return await self.heard.take(wanted, within_s)

    async def invitation(self, within_s: float = PATIENCE_S, *, inviter: str | None = None) -> Invitation:
        """The next invitation. Raises NothingCame."""
        inbox: Inbox[Invitation] = self._listening.invitations
        return await inbox.take(lambda one: inviter in {None, one.inviter}, within_s)

    @property
    def heard(self) -> Inbox[Heard]:
        """Messages not looked at yet."""
        return self._listening.heard

    @property
    def hidden(self) -> list[Heard]:
        """What a strict app does not show: from devices their owner did not sign, or not readable."""
        return self._listening.hidden

    async def join(self, room_id: str, *, via: str = "", within_s: float = PATIENCE_S) -> None:
        """Accept an invitation and wait until the room is there."""
        query = f"?via={via}" if via else ""
        for pause in (0.1, 0.3, 1.0, 3.0):  # an invitation can arrive before its sender's server knows of it
            try:
                await self._wire.post(path("join", room_id) + query, {}, within_s=within_s)
                break
            except Refused:
                await asyncio.sleep(pause)
        await self._listening.until(lambda: room_id in self.client.rooms, within_s)

    async def accept(self, within_s: float = PATIENCE_S, *, inviter: str | None = None) -> Invitation:
        """Wait for an invitation and accept it."""
        invitation = await self.invitation(within_s, inviter=inviter)
        await self.join(invitation.room, via=invitation.inviter.partition(":")[2], within_s=within_s)
        return invitation

    async def create_direct(self, user_id: str, *, reason: str | None = None) -> str:
        """Open an encrypted room with somebody."""
        return await self.create_room([user_id], reason=reason, purpose=Purpose.DIRECT)

    async def create_room(
        self, invite: list[str], *, reason: str | None = None, purpose: Purpose = Purpose.GROUP
    ) -> str:
        """Open a room with several people; wait until it is there."""
        answer = await self._wire.post(path("createRoom"), creation(SHAPES[purpose], None, ()), within_s=60)
        room_id = str(answer["room_id"])
        for user_id in invite:
            await self.invite(room_id, user_id, reason=reason, direct=SHAPES[purpose].direct)
        rooms = self.client.rooms
        await self._listening.until(
            lambda: room_id in rooms and set(invite) <= rooms[room_id].users.keys(), 30
        )
        return room_id

    async def invite(
        self, room_id: str, user_id: str, *, reason: str | None = None, direct: bool = False
    ) -> None:
        """Ask somebody into a room."""
        content: dict[str, Any] = {"membership": "invite", "is_direct": direct}
        if reason is not None:
            content["reason"] = reason
        await self._wire.put(path("rooms", room_id, "state", "m.room.member", user_id), content, within_s=60)

    async def leave(self, room_id: str) -> None:
        """Go."""
        await self._wire.post(path("rooms", room_id, "leave"), {})

    async def until_joined(self, room_id: str, user_id: str, within_s: float = PATIENCE_S) -> None:
        """Wait until somebody has accepted."""

        def there() -> bool:
            room = self.client.rooms.get(room_id)
            return room is not None and user_id in room.users and not room.users[user_id].invited

        await self._listening.until(there, within_s)

    async def until_left(self, room_id: str, user_id: str, within_s: float = PATIENCE_S) -> None:
        """Wait until somebody is in a room of ours no more."""

        def gone() -> bool:
            room = self.client.rooms.get(room_id)
            return room is not None and user_id not in room.users

        await self._listening.until(gone, within_s)

    async def say(self, room_id: str, text: str) -> str:
        """A plain text message; returns the event id."""
        return await self.send(room_id, "m.room.message", {"msgtype": "m.text", "body": text})

    async def send(self, room_id: str, event_type: str, content: Mapping[str, Any]) -> str:
        """Any event, encrypted when the room is. Raises OtherServerAway when it would be for nobody yet."""
        tx_id = self._chance(16).hex()
        for _ in range(TRIES):
            try:
                await self._listening.ready(room_id)
                with reaching():
                    answer = await self.client.room_send(
                        room_id,
                        event_type,
                        dict(content),
                        tx_id=tx_id,
                        ignore_unverified_devices=not self._strict,
                    )
            except OlmUnverifiedDeviceError:
                await self._listening.know()  # a device appeared that nobody has judged yet
            except EncryptionError:
                await asyncio.sleep(0)  # another task is making the room's next key
            else:
                return str(checked_nio(answer).event_id)
        raise MatrixTrouble

    async def close(self) -> None:
        """Stop listening and keep what there is to keep."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._shelves.rows.flush()
        await self.client.close()
        await self._wire.close()

    async def _sign(self, password: str | None, seeds: Seeds | None, *, reset: bool) -> Fingerprints:
        if seeds is not None:
            self._shelves.put("identity", "seeds", msgspec.msgpack.encode(seeds))
        assert self.client.olm is not None
        olm = self.client.olm
        own = olm.account.identity_keys
        device = OwnDevice(
            self.user_id,
            self.device_id,
            own["ed25519"],
            own["curve25519"],
            lambda message: str(olm.account.sign(message.decode())),
        )
        return await stand_behind(self._wire, device, self.seeds, password=password, reset=reset)

    def _secret(self, name: str) -> bytes:
        """32 bytes made once and kept with the device."""
        held = self._shelves.get(META, name)
        if held is None:
            held = self._chance(32)
            self._shelves.put(META, name, held)
        return held

"""One bot account: one device on one homeserver, everything it can do, and nothing of what it is for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from ssl import SSLContext
from typing import Any

from nio.crypto import Olm

from directory import crypto
from hub.matrix import voice
from hub.matrix.comparing import Comparing
from hub.matrix.crosssign import Fingerprints, OwnDevice, Standing, kept_seeds, public, stand_behind
from hub.matrix.crypto_store import META, KeptStore
from hub.matrix.devices import Bindings, Devices, Unbound
from hub.matrix.entrance import Entrance
from hub.matrix.gaps import find_sent, own_events
from hub.matrix.handled import Handled
from hub.matrix.hearing import Hearing, MemoryPositions, Positions
from hub.matrix.identities import Identity
from hub.matrix.inbound import REQUEST
from hub.matrix.mending import Mending
from hub.matrix.ratchets import Ratchets
from hub.matrix.reading import Reading
from hub.matrix.roomkeys import Clock, RoomKeys
from hub.matrix.rooms import Members, Purpose, Rooms, coded_name
from hub.matrix.rows import Shelves
from hub.matrix.sync import Sync
from hub.matrix.waiting import Waiting
from hub.matrix.wire import Wire, path

GRACE = timedelta(seconds=4)
"""How long an event may wait for its key before the hub is told that something unreadable came."""


class BotAccount:
    """A nio Olm machine with our own store, trust, rooms and sync around it.

    `pickle_key` is 32 random bytes. Exactly one process may use a device at a time (hub/store/ownership.py).
    Call `prepare` once, then keep `listen` running; the other methods may be used meanwhile.
    """

    def __init__(
        self,
        homeserver_url: str,
        user_id: str,
        device_id: str,
        access_token: str,
        shelves: Shelves,
        pickle_key: bytes,
        chance: crypto.Chance,
        clock: Clock,
        *,
        positions: Positions | None = None,
        bindings: Bindings | None = None,
        grace: timedelta = GRACE,
        timeline_limit: int = 50,
        ssl: SSLContext | None = None,
    ) -> None:
        self.user_id = user_id
        self.device_id = device_id
        self._shelves = shelves
        self._chance = chance
        self._flushing = asyncio.Lock()
        store = KeptStore(user_id, device_id, shelves, pickle_key, lazy=True)
        self._wire = Wire(homeserver_url, access_token, ssl=ssl)
        self._olm = Olm(user_id, device_id, store)
        self._bindings = bindings = bindings or Unbound()
        self._devices = Devices(self._wire, self._olm, bindings)
        self._keys = RoomKeys(self._wire, self._olm, self._devices, chance, clock, self._flush)
        self._rooms = Rooms(self._wire, store, self._keys.forget)
        self._comparing = self._comparison(clock)
        reading = self._reading(store, bindings, clock, grace)
        self._sync = Sync(
            self._wire,
            reading,
            self._keys,
            Entrance(user_id, self._rooms, shelves),
            Mending(self._wire, reading, reading.handled, shelves),
            positions or MemoryPositions(),
            timeline_limit=timeline_limit,
        )

    def _reading(self, store: KeptStore, bindings: Bindings, clock: Clock, grace: timedelta) -> Reading:
        """What turns encrypted events into something said, put together once."""
        return Reading(
            me=self.user_id,
            device_id=self.device_id,
            born=self._born(clock),
            ratchets=Ratchets(self._olm, store),
            keys=self._keys,
            devices=self._devices,
            bindings=bindings,
            rooms=self._rooms,
            comparing=self._comparing,
            waiting=Waiting(self._shelves, clock, grace),
            handled=Handled(self._shelves),
            chance=self._chance,
            clock=clock,
            flush=self._flush,
        )

    def _comparison(self, clock: Clock) -> Comparing:
        return Comparing(
            self.user_id,
            self.device_id,
            self._wire,
            self._keys,
            self._devices,
            self._bindings,
            self._chance,
            clock,
            self.send,
            self._standing,
        )

    def _standing(self) -> Standing:
        seeds = kept_seeds(self._shelves, self._chance)
        ed25519 = str(self._olm.account.identity_keys["ed25519"])
        return Standing(self.user_id, public(seeds.master), ed25519, seeds.user_signing)

    async def prepare(self, *, password: str | None = None, reset: bool = False) -> Fingerprints:
        """Publish the device and its owner's signature. May be repeated at every start.

        `password` answers the homeserver's user-interactive step where it wants one. Raises OtherIdentity,
        OtherDevice, Refused, Unreachable.
        """
        await self._keys.upkeep()
        seeds = kept_seeds(self._shelves, self._chance, fresh=reset)
        await self._flush()
        own = self._olm.account.identity_keys
        device = OwnDevice(self.user_id, self.device_id, own["ed25519"], own["curve25519"], self._sign)
        return await stand_behind(self._wire, device, seeds, password=password, reset=reset)

    async def listen(self, hearing: Hearing) -> None:
        """Hand on everything that comes, until cancelled. Raises SignedOut and whatever `hearing` raises."""
        await self._sync.listen(hearing)

    async def send(self, room_id: str, event_type: str, content: Mapping[str, Any], tx_id: str) -> str:
        """Send one event, encrypted when the room is; returns its id. Repeating a `tx_id` is harmless for a
        day.

        Whoever the homeserver put into the room besides those the hub knows there gets no key. Raises
        NotPrivate (something a person reads, in a plain room), NobodyCanRead, RetryLater, Refused,
        Unreachable.
        """
        asks = content.get("msgtype") == REQUEST
        if asks:
            content = {**content, "from_device": self.device_id}
        sent_as = event_type
        sealed = content
        if await self._rooms.must_be_private(room_id, event_type):
            sealed = await self._keys.encrypt(room_id, await self._may_read(room_id), event_type, content)
            sent_as = "m.room.encrypted"
        answer = await self._wire.put(path("rooms", room_id, "send", sent_as, tx_id), sealed)
        event_id = str(answer["event_id"])
        if asks:
            await self._comparing.asked_in(room_id, event_id, str(content.get("to")))
        return event_id

    async def make_ready(self, room_id: str) -> None:
        """Hand out the key of an encrypted room in advance: what is sent there next waits for nothing. Raises
        what `send` raises."""
        if await self._rooms.must_be_private(room_id, "m.room.message"):
            await self._keys.make_ready(room_id, await self._may_read(room_id))

    async def _may_read(self, room_id: str) -> frozenset[str]:
        members = (await self._rooms.members(room_id)).may_read
        known = await self._bindings.readers(room_id)
        return members if known is None else members & known

    async def compare_by_device(self, user_id: str) -> None:
        """Ask the apps of somebody bound to compare pictures, without a room. In a room: `send` a request.
        Raises MatrixTrouble."""
        await self._comparing.ask_devices(user_id)

    async def voice_note(self, audio: bytes, milliseconds: int, about: str) -> dict[str, Any]:
        """The content of a message that carries a recording, which is encrypted and uploaded for it.

        Raises RetryLater, Refused, Unreachable."""
        return await voice.voice_note(self._wire, audio, milliseconds, about)

    async def find(self, room_id: str, tx_id: str) -> str | None:
        """The event an earlier `send` with this transaction id made, if the homeserver still knows (24 hours
        in Synapse) and it is among the last few hundred of the room."""
        return await find_sent(self._wire, room_id, self.user_id, tx_id)

    async def create_direct(self, user_id: str, *, reason: str | None = None) -> str:
        """A direct encrypted room with one person; what is said before they accept waits for them."""
        return await self._rooms.create(Purpose.DIRECT, [user_id], reason=reason)

    async def create_room(
        self,
        purpose: Purpose,
        invite: Iterable[str],
        *,
        additional_creators: Iterable[str] = (),
        reason: str | None = None,
    ) -> str:
        """A room of the purpose's shape; returns its id. Where people meet, its name is a code: without one
        an app would show on its list, and on a locked screen, who is in it."""
        return await self._rooms.create(
            purpose,
            invite,
            additional_creators=additional_creators,
            name=coded_name(self._chance) if purpose is Purpose.GROUP else None,
            reason=reason,
        )

    async def invite(
        self, room_id: str, user_id: str, *, reason: str | None = None, direct: bool = False
    ) -> None:
        """Ask somebody into a room we are in."""
        await self._rooms.invite(room_id, user_id, reason=reason, direct=direct)

    async def join(self, room_id: str, via: Iterable[str] = ()) -> None:
        """Enter a room we were invited to earlier."""
        await self._rooms.join(room_id, via)

    async def leave(self, room_id: str) -> None:
        """Go, and forget the room's keys."""
        await self._rooms.leave(room_id)

    async def kick(self, room_id: str, user_id: str, *, reason: str | None = None) -> None:
        """Put somebody out of a room."""
        await self._rooms.kick(room_id, user_id, reason=reason)

    async def redact(self, room_id: str, event_id: str, tx_id: str) -> str:
        """Take an event's content back."""
        return await self._rooms.redact(room_id, event_id, tx_id=tx_id)

    async def empty(self, room_id: str) -> None:
        """Take back everything we ever said in a room. May be repeated: what is taken back already is left
        out. Raises RetryLater, Refused, Unreachable."""
        for event_id in await own_events(self._wire, room_id, self.user_id):
            await self._rooms.redact(room_id, event_id, tx_id=f"empty{event_id}")

    async def members(self, room_id: str) -> Members:
        """Who is in a room, by the homeserver's word."""
        return await self._rooms.members(room_id)

    async def members_now(self, room_id: str) -> Members:
        """The same, asked for anew."""
        self._rooms.members_changed(room_id)
        return await self._rooms.members(room_id)

    async def membership(self, room_id: str, user_id: str) -> str | None:
        """join, invite, leave, ban or knock, by the homeserver's word; None for somebody who never was there
        and was never asked."""
        return await self._rooms.membership(room_id, user_id)

    async def cannot_read(self, room_id: str) -> frozenset[str]:
        """Members who hold no device with the key of the last message we sent there."""
        members = await self._rooms.members(room_id)
        reached = {user for user, _, _ in self._keys.readers(room_id)}
        return members.joined - reached - {self.user_id}

    async def identity(self, user_id: str) -> Identity:
        """A user's master key and devices as the homeservers show them, the chain verified by ourselves."""
        return await self._devices.identity(user_id)

    async def rebound(self, user_id: str) -> None:
        """The binding of this user changed: judge their devices again before the next message."""
        await self._devices.rejudge(user_id)

    async def close(self) -> None:
        """Make everything durable and give the connections back."""
        await self._flush()
        await self._wire.close()

    async def _flush(self) -> None:
        async with self._flushing:
            await asyncio.to_thread(self._shelves.rows.flush)

    def _sign(self, message: bytes) -> str:
        return str(self._olm.account.sign(message.decode()))

    def _born(self, clock: Clock) -> datetime:
        raw = self._shelves.get(META, "born")
        if raw is not None:
            return datetime.fromisoformat(raw.decode())
        now = clock()
        self._shelves.put(META, "born", now.isoformat().encode())
        return now

"""Comparing pictures with a member's app (emoji verification), begun by either side, in a room or by device.

It binds nobody: it is done only with somebody whose key is bound already, and only that key can come out of
it. What it gives: their app marks the bot as checked, and the bot signs their key. While it lasts it lives in
memory; after a restart the app is told that it is over. Events that belong to it are never orders.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from directory import crypto
from hub.matrix.answers import MatrixTrouble
from hub.matrix.crosssign import Standing, sign_owner
from hub.matrix.devices import Bindings, Devices
from hub.matrix.hearing import Compared, Hearing, Pictures
from hub.matrix.inbound import REQUEST, VERIFICATION, Doubt, Inbound
from hub.matrix.roomkeys import Clock, RoomKeys
from hub.matrix.sas import METHOD, Broken, Exchange, Side, choice, commitment, our_start
from hub.matrix.wire import Wire

LASTS = timedelta(minutes=10)
MOST = 200
Send = Callable[[str, str, Mapping[str, Any], str], Awaitable[str]]


@dataclass(slots=True)
class Comparison:
    """One that is going on. `room` None: by to-device messages. `step` is what we wait for."""

    name: str
    user: str
    since: datetime
    room: str | None
    step: str
    device: str = ""
    we_started: bool = False
    start: Mapping[str, Any] = field(default_factory=dict)
    promised: str = ""
    exchange: Exchange | None = None


@dataclass(slots=True)
class Comparing:
    """All comparisons of one account."""

    me: str
    device_id: str
    wire: Wire
    keys: RoomKeys
    devices: Devices
    bindings: Bindings
    chance: crypto.Chance
    clock: Clock
    send: Send
    standing: Callable[[], Standing]
    _now: dict[str, Comparison] = field(default_factory=dict)

    async def asked_in(self, room: str, name: str, user: str) -> None:
        """We sent a request: the event `name` of `room`."""
        if name not in self._now:
            self._keep(Comparison(name, user, self.clock(), room, "ready"))

    async def ask_devices(self, user: str) -> None:
        """Ask each signed device of somebody bound. Raises MatrixTrouble."""
        devices = await self._signed(user)
        name = self.chance(16).hex()
        content = {
            "from_device": self.device_id,
            "methods": [METHOD],
            "timestamp": int(self.clock().timestamp() * 1000),
            "transaction_id": name,
        }
        if devices:
            self._keep(Comparison(name, user, self.clock(), None, "ready"))
            await self.keys.send_to_device(REQUEST, {user: dict.fromkeys(devices, content)})

    async def heard(self, inbound: Inbound, hearing: Hearing) -> bool:
        """Take a step that came in a room. False when it is none of ours: then it is something a person sent.

        Some apps send these steps unencrypted. That is as good: only the pictures prove anything.
        """
        if not (inbound.trusted or inbound.doubt is Doubt.PLAIN) or await self.bindings.readers(
            inbound.room
        ) != frozenset({inbound.sender}):
            return False
        content = inbound.content
        if inbound.event_type == REQUEST or content.get("msgtype") == REQUEST:
            fresh = int(self.clock().timestamp() * 1000) - inbound.sent_at_ms < LASTS.total_seconds() * 1000
            if not fresh or content.get("to") != self.me:
                return False
            return await self._requested(inbound.event_id, inbound.sender, inbound.room, content)
        relation = content.get("m.relates_to")
        name = relation.get("event_id") if isinstance(relation, Mapping) else None
        await self._step(str(name), inbound.sender, inbound.room, inbound.event_type, content, hearing)
        return True

    async def to_device(self, raw: Mapping[str, Any], hearing: Hearing) -> None:
        """The same for a to-device message. Only the pictures prove who sent it."""
        kind, sender, content = raw.get("type"), raw.get("sender"), raw.get("content")
        if not isinstance(kind, str) or not isinstance(sender, str) or not isinstance(content, Mapping):
            return
        name = content.get("transaction_id")
        if not isinstance(name, str) or not kind.startswith(VERIFICATION):
            return
        if kind == REQUEST:
            await self._requested(name, sender, None, content)
        else:
            await self._step(name, sender, None, kind, content, hearing)

    async def _requested(self, name: str, user: str, room: str | None, content: Mapping[str, Any]) -> bool:
        device, methods = content.get("from_device"), content.get("methods")
        if not isinstance(device, str) or not isinstance(methods, list) or METHOD not in methods:
            return False
        if name in self._now or device not in await self._signed(user):
            return name in self._now
        new = Comparison(name, user, self.clock(), room, "start", device)
        self._keep(new)
        await self._say(new, "ready", {"from_device": self.device_id, "methods": [METHOD]})
        return True

    async def _step(
        self,
        name: str,
        user: str,
        room: str | None,
        kind: str,
        content: Mapping[str, Any],
        hearing: Hearing,
    ) -> None:
        one = self._now.get(name)
        if one is None or (one.user, one.room) != (user, room) or self.clock() - one.since > LASTS:
            return
        step = kind.removeprefix(VERIFICATION)
        try:
            if step == "cancel":
                await self._over(one, hearing, _why(content.get("code")))
            elif step != "done":
                await self._handler(step)(one, content, hearing)
        except Broken as broken:
            await self._say(one, "cancel", {"code": broken.code, "reason": broken.code})
            await self._over(one, hearing, _why(broken.code))
        except MatrixTrouble:
            await self._over(one, hearing, Compared.STOPPED)

    def _handler(self, step: str) -> Callable[[Comparison, Mapping[str, Any], Hearing], Awaitable[None]]:
        known = {
            "ready": self._on_ready,
            "start": self._on_start,
            "accept": self._on_accept,
            "key": self._on_key,
            "mac": self._on_mac,
        }
        return known.get(step, self._on_nonsense)

    async def _on_ready(self, one: Comparison, content: Mapping[str, Any], hearing: Hearing) -> None:
        device = content.get("from_device")
        if one.step != "ready" or device not in await self._signed(one.user):
            raise Broken("m.unexpected_message")
        one.device, one.step, one.we_started = str(device), "accept", True
        one.start = self._whole(one, our_start(self.device_id))
        await self._say(one, "start", one.start)

    async def _on_start(self, one: Comparison, content: Mapping[str, Any], hearing: Hearing) -> None:
        if one.step == "accept" and self.me < one.user:
            return  # both began: the one whose name comes first counts
        if one.step not in {"start", "ready", "accept"}:
            raise Broken("m.unexpected_message")
        device = content.get("from_device")
        if (one.device and device != one.device) or device not in await self._signed(one.user):
            raise Broken("m.user_mismatch")
        one.device, one.we_started = str(device), False
        one.start = content
        chosen = choice(content)
        exchange = self._exchange(one)
        exchange.mac = chosen["message_authentication_code"]
        one.step = "key"
        await self._say(one, "accept", {**chosen, "commitment": commitment(exchange.key, content)})

    async def _on_accept(self, one: Comparison, content: Mapping[str, Any], hearing: Hearing) -> None:
        offer = {**one.start, "message_authentication_codes": [content.get("message_authentication_code")]}
        promised = content.get("commitment")
        if one.step != "accept" or not isinstance(promised, str):
            raise Broken("m.unexpected_message")
        chosen = choice(offer)
        same = ("key_agreement_protocol", "hash")
        if any(content.get(name) != chosen[name] for name in same):
            raise Broken("m.unknown_method")
        exchange = self._exchange(one)
        exchange.mac, one.promised, one.step = chosen["message_authentication_code"], promised, "key"
        await self._say(one, "key", {"key": exchange.key})

    async def _on_key(self, one: Comparison, content: Mapping[str, Any], hearing: Hearing) -> None:
        key = content.get("key")
        if one.step != "key" or one.exchange is None or not isinstance(key, str):
            raise Broken("m.unexpected_message")
        if one.we_started and commitment(key, one.start) != one.promised:
            raise Broken("m.mismatched_commitment")
        one.exchange.meet(key)
        if not one.we_started:
            await self._say(one, "key", {"key": one.exchange.key})
        one.step = "mac"
        seen = one.exchange.pictures(we_started=one.we_started)
        await hearing.pictures(Pictures(self.me, one.user, seen))

    async def _on_mac(self, one: Comparison, content: Mapping[str, Any], hearing: Hearing) -> None:
        """Their person said that the pictures are the same: only now do we prove ours."""
        if one.step != "mac" or one.exchange is None:
            raise Broken("m.unexpected_message")
        master = await self._bound(one.user)
        devices = await self._signed(one.user)
        if master is None or one.device not in devices:
            raise Broken("m.key_mismatch")
        known = {f"ed25519:{master}": master, f"ed25519:{one.device}": devices[one.device]}
        if f"ed25519:{master}" not in one.exchange.proven(content, known):
            raise Broken("m.key_mismatch")
        standing = self.standing()
        ours = {standing.master: standing.master, self.device_id: standing.ed25519}
        await self._say(one, "mac", one.exchange.proofs({f"ed25519:{n}": key for n, key in ours.items()}))
        await sign_owner(self.wire, standing, one.user, master)
        await self._say(one, "done", {})
        await self._over(one, hearing, Compared.SAME)

    async def _on_nonsense(self, one: Comparison, content: Mapping[str, Any], hearing: Hearing) -> None:
        raise Broken("m.unknown_method")

    async def _over(self, one: Comparison, hearing: Hearing, how: Compared) -> None:
        if self._now.pop(one.name, None) is not None:
            await hearing.compared(one.user, how)

    async def _bound(self, user: str) -> str | None:
        """The bound master key, when it is the one the homeserver shows too."""
        bound = await self.bindings.master_key(user)
        shown = (await self.devices.identity(user)).master
        return bound if bound is not None and bound == shown else None

    async def _signed(self, user: str) -> dict[str, str]:
        """{device id: Ed25519 key} of the devices somebody bound signed; none for anybody else."""
        if await self._bound(user) is None:
            return {}
        return {one.device_id: one.ed25519 for one in (await self.devices.identity(user)).signed()}

    def _exchange(self, one: Comparison) -> Exchange:
        ours, theirs = Side(self.me, self.device_id), Side(one.user, one.device)
        one.exchange = Exchange(ours, theirs, one.name)
        return one.exchange

    def _keep(self, new: Comparison) -> None:
        """One at a time with each person; what is too old goes."""
        late = self.clock() - LASTS
        for name, one in list(self._now.items()):
            if one.user == new.user or one.since < late:
                del self._now[name]
        if len(self._now) < MOST:
            self._now[new.name] = new

    def _whole(self, one: Comparison, content: Mapping[str, Any]) -> dict[str, Any]:
        if one.room is None:
            return {**content, "transaction_id": one.name}
        return {**content, "m.relates_to": {"rel_type": "m.reference", "event_id": one.name}}

    async def _say(self, one: Comparison, step: str, content: Mapping[str, Any]) -> None:
        whole = self._whole(one, content)
        if one.room is not None:
            await self.send(one.room, VERIFICATION + step, whole, self.chance(16).hex())
        else:
            to = one.device or "*"
            await self.keys.send_to_device(VERIFICATION + step, {one.user: {to: whole}})


def _why(code: object) -> Compared:
    different = {"m.mismatched_sas", "m.key_mismatch", "m.mismatched_commitment", "m.user_mismatch"}
    return Compared.DIFFERENT if code in different else Compared.STOPPED

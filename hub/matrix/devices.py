"""Which devices we know, and which of them may read and order: judged at each query, kept only in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Protocol

from nio.crypto import Olm, OlmDevice, TrustState

from hub.matrix.answers import MatrixTrouble, OtherServerAway, away
from hub.matrix.identities import Identity, read_identity
from hub.matrix.wire import Wire, path


class Bindings(Protocol):
    """The hub's word on whose master key is whose."""

    async def master_key(self, user_id: str) -> str | None:
        """The bound master key (unpadded base64), or None for somebody who is not bound yet."""
        ...

    async def readers(self, room_id: str) -> frozenset[str] | None:
        """Who may read what we say in a room, whoever the homeserver puts there besides; None where the hub
        has no word on it (a lobby, before somebody is bound)."""
        ...


class Unbound:
    """Nobody is bound: every identity that its owner signed for is as good as another (persons, first
    start).
    """

    async def master_key(self, user_id: str) -> str | None:
        return None

    async def readers(self, room_id: str) -> frozenset[str] | None:
        return None


class Devices:
    """Identities of the users we share rooms with, asked for when first needed and again when they change."""

    def __init__(self, wire: Wire, olm: Olm, bindings: Bindings) -> None:
        self._wire = wire
        self._olm = olm
        self._bindings = bindings
        self._known: dict[str, Identity] = {}
        self._outdated: set[str] = set()
        self._asked: set[str] = set()
        self._asking = asyncio.Lock()

    def changed(self, users: Iterable[str]) -> None:
        """The homeserver says that these users' devices are other than they were."""
        self._outdated.update(user for user in users if user in self._known or user in self._asked)

    def left(self, users: Iterable[str]) -> None:
        """We share no room with them any more and shall not hear of changes."""
        for user in users:
            self._known.pop(user, None)
            self._outdated.discard(user)
            self._olm.device_store[user].clear()

    async def identity(self, user_id: str) -> Identity:
        """What is known now; when the homeserver cannot be asked, what was known, else an identity without
        devices, which nothing trusts."""
        await self.refresh([user_id])
        return self._known.get(user_id, Identity(user_id))

    async def refresh(self, users: Iterable[str], *, must: bool = False) -> None:
        """Ask for all who are new or outdated, in one request. Raises MatrixTrouble only when `must`:
        OtherServerAway when the homeserver of somebody whose devices we never saw could not be asked. Whoever
        is known and outdated counts as before then: their phone reads at once, a newer one later."""
        users = set(users)
        async with self._asking:
            stale = {user for user in users if user not in self._known or user in self._outdated}
            if not stale:
                return
            try:
                await self._ask(stale)
            except MatrixTrouble:
                self._outdated |= stale & self._known.keys()
                if must:
                    raise
            if must and not users <= self._known.keys():
                raise OtherServerAway

    async def _ask(self, stale: set[str]) -> None:
        """What changes while the question is under way is asked again next time."""
        self._outdated -= stale
        self._asked = stale
        try:
            answer = await self._wire.post(
                path("keys", "query"), {"device_keys": {user: [] for user in stale}, "timeout": 10_000}
            )
            for user in stale:
                await self._take(user, answer)
        finally:
            self._asked = set()

    async def rejudge(self, user_id: str) -> None:
        """The binding of this user changed: judge the devices we know again."""
        if user_id in self._known:
            await self._judge(self._known[user_id])

    async def reconsider(self, users: Iterable[str]) -> None:
        """Judge whoever has no device that may read once more: what is sent right after somebody was bound
        can overtake `rejudge`."""
        for user in users:
            if not self.trusted([user]):
                await self.rejudge(user)

    def trusted(self, users: Iterable[str]) -> list[OlmDevice]:
        """Every device of these users that may read what we send."""
        return [
            device
            for user in users
            for device in self._olm.device_store.active_user_devices(user)
            if device.verified
        ]

    async def _take(self, user_id: str, answer: Any) -> None:
        if away(answer, user_id):
            if user_id in self._known:
                self._outdated.add(user_id)
            return
        identity = read_identity(answer, user_id)
        self._known[user_id] = identity
        await self._judge(identity)

    async def _judge(self, identity: Identity) -> None:
        """Every device becomes verified or blacklisted; none stays undecided, so nio shares with no other."""
        bound = await self._bindings.master_key(identity.user_id)
        good = identity.master is not None and bound in {None, identity.master}
        entries = self._olm.device_store[identity.user_id]
        entries.clear()
        for device in identity.devices:
            may = good and device.owner_signed
            entries[device.device_id] = OlmDevice(
                device.user_id,
                device.device_id,
                {"ed25519": device.ed25519, "curve25519": device.curve25519},
                trust_state=TrustState.verified if may else TrustState.blacklisted,
            )

"""Bots, people and ears for the Matrix tests: real accounts on the run's two homeservers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fixtures_embedded import Server

from hub.chance import chance, random_id
from hub.matrix.account import BotAccount
from hub.matrix.crosssign import Seeds
from hub.matrix.hearing import Compared, Decision, Invite, MemberChange, MemoryPositions, Pictures
from hub.matrix.inbound import Inbound
from hub.matrix.inbox import Inbox
from hub.matrix.person import Person
from hub.matrix.receipts import Read
from hub.matrix.rows import CryptoRows, MemoryRows, Shelves, sealing

KEY = bytes(range(32))


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


@dataclass
class Ear:
    """Keeps what it is told; says yes to invitations unless told otherwise."""

    welcome: bool = True
    heard: Inbox[Inbound] = field(default_factory=Inbox)
    invites: Inbox[Invite] = field(default_factory=Inbox)
    changes: Inbox[MemberChange] = field(default_factory=Inbox)
    receipts: Inbox[Read] = field(default_factory=Inbox)
    seen: Inbox[Pictures] = field(default_factory=Inbox)
    outcomes: Inbox[tuple[str, Compared]] = field(default_factory=Inbox)
    order: list[Inbound] = field(default_factory=list)

    async def deliver(self, inbound: Inbound) -> None:
        self.order.append(inbound)
        await self.heard.put(inbound)

    async def invited(self, invite: Invite) -> Decision:
        await self.invites.put(invite)
        return Decision.JOIN if self.welcome else Decision.LEAVE_ALONE

    async def members_changed(self, change: MemberChange) -> None:
        await self.changes.put(change)

    async def read(self, read: Read) -> None:
        await self.receipts.put(read)

    async def pictures(self, seen: Pictures) -> None:
        await self.seen.put(seen)

    async def compared(self, user: str, how: Compared) -> None:
        await self.outcomes.put((user, how))

    async def next(self, within_s: float = 60.0) -> Inbound:
        """The next thing somebody sent."""
        return await self.heard.take(lambda _: True, within_s)

    async def next_that(self, wanted: Callable[[Inbound], bool], within_s: float = 60.0) -> Inbound:
        """The next thing that is wanted."""
        return await self.heard.take(wanted, within_s)

    async def joined(self, room: str, user: str, within_s: float = 60.0) -> None:
        """Wait until somebody is in a room."""
        await self.changes.take(
            lambda change: (change.room, change.user, change.membership) == (room, user, "join"), within_s
        )


@dataclass
class Login:
    """What makes the same device again after a restart."""

    url: str
    user_id: str
    device_id: str
    token: str
    rows: CryptoRows
    positions: MemoryPositions = field(default_factory=MemoryPositions)
    pickle_key: bytes = field(default_factory=lambda: chance(32))

    def account(self, **more: Any) -> BotAccount:
        """The bot as a process would build it."""
        shelves = Shelves(self.rows, sealing(KEY, account="bot", kid="w1", chance=chance))
        more = {"positions": self.positions, "grace": timedelta(seconds=4), **more}
        return BotAccount(
            self.url,
            self.user_id,
            self.device_id,
            self.token,
            shelves,
            self.pickle_key,
            chance,
            utc_now,
            **more,
        )


@dataclass
class Bot:
    """A bot that listens."""

    account: BotAccount
    ear: Ear
    login: Login

    @property
    def user_id(self) -> str:
        return self.account.user_id

    async def say(self, room: str, body: str) -> str:
        """A quiet message."""
        return await self.account.send(
            room, "m.room.message", {"msgtype": "m.notice", "body": body, "m.mentions": {}}, random_id()
        )


async def a_login(server: Server, rows: CryptoRows | None = None) -> Login:
    """A fresh bot account."""
    made = await server.a_person("bot")
    return Login(server.url, made.user_id, made.device_id, made.token, rows or MemoryRows())


@asynccontextmanager
async def listening(
    login: Login, ear: Ear | None = None, *, crash: bool = False, **more: Any
) -> AsyncIterator[Bot]:
    """A bot that runs until the block ends. `crash` ends it without a last word to its store."""
    account, ear = login.account(**more), ear or Ear()
    await account.prepare()
    task = asyncio.create_task(account.listen(ear))
    try:
        yield Bot(account, ear, login)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if crash:
            await account._wire.close()
        else:
            await account.close()


class People:
    """Signs people in and out."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self.passwords: dict[str, str] = {}

    async def a_person(
        self,
        server: Server,
        *,
        strict: bool = True,
        signed: bool = True,
        like: Person | None = None,
        seeds: Seeds | None = None,
    ) -> Person:
        """A person with one device; `like` somebody: another device of the same account."""
        if like is None:
            name, password = f"person-{random_id()[:8]}", random_id()
            await server.admin.register(name, password)
        else:
            name, password = like.user_id, self.passwords[like.user_id]
        person = await Person.enter(
            server.url, name, password, chance=chance, strict=strict, signed=signed, seeds=seeds
        )
        self.passwords[person.user_id] = password
        self._stack.push_async_callback(person.close)
        return person

    async def close(self) -> None:
        """Everybody goes home."""
        await self._stack.aclose()


async def together(bot: Bot, person: Person) -> str:
    """A direct room the bot made and the person has entered."""
    room = await bot.account.create_direct(person.user_id)
    await person.accept(inviter=bot.user_id)
    await bot.ear.joined(room, person.user_id)
    return room


async def a_burst(bot: Bot, person: Person, *, each: int) -> None:
    """She writes with 16 messages in flight, `each` times; the bot hears every one, once."""
    room = await together(bot, person)

    async def talk(thread: int) -> None:
        for number in range(each):
            await person.say(room, f"{thread} {number}")

    await asyncio.gather(*(talk(thread) for thread in range(16)))
    inbound = [await bot.ear.next(60) for _ in range(16 * each)]
    assert all(one.trusted for one in inbound)
    assert len({one.event_id for one in inbound}) == len({one.body for one in inbound}) == 16 * each
    assert bot.ear.heard.all() == []

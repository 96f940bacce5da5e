"""Two networks with their real databases, services, ladders, letters and due pumps; time is virtual.

What lies around them is modelled at its edge: processes that are killed at any statement or between a commit
and what follows it, PostgreSQL and homeservers that are away, wires that are cut, disks that are full, clocks
that step. A homeserver knows the id under which something was sent, as a real one does. Everything that
happens is drawn from one seed.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.event import listen

from bots import checking, guests, pressed, ringing, sentinel, silence, widening
from bots.core.ladder import LadderTimes
from bots.core.silence import Heard
from bots.desk import Desk
from bots.store import circles, conversations, duty, text_lanes
from bots.texting import PEPPER
from directory import words
from directory.core.effects import Post, Urgency
from directory.core.viewer import Lane, Role, Viewer
from directory.crypto import SALT_SIZE
from directory.store import bindings, members, roles
from directory.store.database import DATABASE_GONE, Database
from directory.store.guarded import Guard, RingKey
from directory.store.tables import networks
from directory.turn import Turn
from directory.vocabulary import load
from hub.chance import chance
from hub.due import CLOCK, DuePump
from hub.effects import Recorder
from hub.letters import LetterBox
from hub.store import due, heard, letters, rooms
from hub.store.letters import Ended
from hub.store.tables import letters as letter_rows
from hub.store.tables import rooms as room_rows
from hub.texting.door import TextDoor, read
from hub.texting.gateways import Gateway

TIMES = LadderTimes(circle_s=180, coordinators_s=300, networks_s=600, cancel_window_s=30)
AGAIN = timedelta(seconds=5)
Receive = Callable[[Turn, str, Mapping[str, Any]], Awaitable[None]]
ACCOUNTS = BOT, ENVOY = "bot", "envoy"
GATEWAY = Gateway(name="one", kind="webhook", url="http://127.0.0.1", secret="the gateway and the hub")


def fresh_guard() -> Guard:
    """Ring keys of one hub."""
    return Guard(RingKey("w", chance(32)), RingKey("a", chance(32)), chance)


class Killed(BaseException):
    """kill -9: nothing catches it, nothing is cleaned up."""


class Away(OSError):
    """PostgreSQL is not there, or its disk is full."""


@dataclass
class World:
    """True time, chance, and what is still to come."""

    seed: int
    now: datetime
    chance: random.Random = field(init=False)
    coming: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = field(default_factory=list)
    hubs: dict[str, SimHub] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def at(self, when: datetime, what: Callable[[], Awaitable[None]]) -> None:
        """Let something happen at a time."""
        self.count += 1
        heapq.heappush(self.coming, (when, self.count, what))

    async def run(self, until: datetime) -> None:
        """From one thing that happens to the next."""
        while True:
            nexts = [one for hub in self.hubs.values() if (one := await hub.next_at()) is not None]
            if self.coming:
                nexts.append(self.coming[0][0])
            at = max(self.now, min(nexts, default=until))
            if at >= until:
                self.now = until
                return
            self.now = at
            while self.coming and self.coming[0][0] <= self.now:
                await heapq.heappop(self.coming)[2]()
            for hub in self.hubs.values():
                if hub.touched or (hub.nothing_before or self.now) <= self.now:
                    await hub.work()


@dataclass(frozen=True, slots=True)
class Read:
    """One message in a member's room, as the homeserver took it."""

    member: str
    about: str | None
    wakes: bool
    at: datetime
    body: str


@dataclass
class SimHub:
    """One hub: what is real is its database and everything that decides."""

    world: World
    name: str
    home: str
    database: Database
    guard: Guard = field(default_factory=fresh_guard)
    step: timedelta = timedelta(0)
    away: dict[str, datetime] = field(default_factory=dict)
    """What is away until when: care, postgres, homeserver, disk, wire (between the two hubs)."""
    kill_in: int | None = None
    """Statements until the process is killed."""
    read: list[Read] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When something was away: what is late because of it is not late."""
    accounts: dict[str, str] = field(default_factory=dict)
    answers: Callable[[Read], None] | None = None
    next_try: datetime | None = None
    touched: bool = True
    """Did anything begin a turn here since it was last looked at?"""
    nothing_before: datetime | None = None
    earliest: datetime | None = None
    looking: bool = False
    """The simulator's own questions are no statements of the hub."""
    repeats: int = 0
    texts: TextDoor = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(LetterBox(self.guard), self._post, _nothing, conversations.remember)
        self.desk = Desk(load(), self.name, TIMES, hearing=self._hearing)
        listen(self.database.engine.sync_engine, "before_cursor_execute", self._statement)
        self.pump = DuePump(self.turn, self._handlers(), self.clock)
        self.texts = TextDoor((GATEWAY,), self.desk, self.turn)
        self.world.hubs[self.home] = self

    def clock(self) -> datetime:
        """What this machine believes the time is."""
        return self.world.now + self.step

    def is_away(self, *parts: str) -> bool:
        return any(self.away.get(part, self.world.now) > self.world.now for part in parts)

    def lose(self, part: str, span: timedelta) -> None:
        """Something is away for a while."""
        self.away[part] = max(self.away.get(part, self.world.now), self.world.now + span)
        self.spans.append((self.world.now, self.away[part]))

    @asynccontextmanager
    async def turn(self, viewer: Viewer) -> AsyncIterator[Turn]:
        """A turn, unless something it needs is away."""
        self.touched = True
        if self.is_away("postgres"):
            raise Away
        async with self.database.transaction() as tx:

            async def record(effect: Any) -> None:
                await self.recorder.record(turn, effect)

            turn = Turn(tx, viewer, self.clock(), record, self._id, self.guard, self.home)
            yield turn

    async def surely(self, what: Callable[[], Awaitable[None]]) -> None:
        """A person tries until it is taken: their app keeps what it could not deliver."""
        try:
            if self.is_away("care", "homeserver"):
                raise Away
            await what()
        except (*DATABASE_GONE, Killed) as lost:
            self._lost(lost)
            self.world.at(self.world.now + AGAIN, partial(self.surely, what))

    async def work(self) -> None:
        """What `care` does while it is up: fire what is due, and send what waits."""
        self.next_try = None
        self.touched = True
        if self.is_away("care"):
            return
        try:
            await self.pump.fire_all()
            await self._carry()
        except (*DATABASE_GONE, Killed) as lost:
            self._lost(lost)
            self.next_try = self.world.now + timedelta(seconds=1)

    async def next_at(self) -> datetime | None:
        """When there is something to do here, in true time."""
        back = max([one for one in self.away.values() if one > self.world.now], default=None)
        if back is not None and self.is_away("care", "postgres"):
            return max(self.away.get("care", self.world.now), self.away.get("postgres", self.world.now))
        if self.next_try is not None:
            return self.next_try
        if self.touched:
            self.looking = True
            async with self.database.transaction() as tx:
                found = [await due.earliest(tx), *[await letters.earliest(tx, one) for one in ACCOUNTS]]
            self.looking, self.touched = False, False
            self.earliest = min((one for one in found if one is not None), default=None)
        self.nothing_before = None if self.earliest is None else self.earliest - self.step
        return self.nothing_before

    async def member(self, handle: str, *held: Role, country: str = "GT", server: str = "example.org") -> str:
        """Somebody with an app and a room."""
        async with self.turn(CLOCK) as turn:
            member, account = turn.ids(), f"@{handle}:{server}"
            row = {"id": member, "kind": "person", "state": "active", "handle": handle, "since": turn.now}
            row |= {"handle_key": handle, "country": country, "languages": ["en"]}
            await members.insert_member(turn.tx, row)
            kept = {"matrix_id": account, "room": f"!{handle}:{server}", "proof": "code", "master_key": "k"}
            sealed = turn.guard.seal_fields("bindings", member, kept, watch=True)
            await bindings.bind(turn.tx, member, turn.guard.digest("matrix-id", account), sealed, turn.now)
            await roles.give_roles(turn.tx, member, held, turn.now)
        return member

    async def surround(self, member: str, circle: list[str], named: list[str], window_s: int) -> None:
        """A circle that said yes, and a plan."""
        async with self.turn(CLOCK) as turn:
            for other in circle:
                await circles.ask(turn.tx, member, other, turn.now)
                await circles.say_yes(turn.tx, member, other, turn.now)
            plan = circles.PlanRow(cancel_window_s=window_s, networks=tuple(named))
            await circles.keep_plan(turn.tx, turn.guard, member, plan, window_s)

    async def writes_texts(self, member: str, number: str, call: str, safe: str) -> None:
        """A phone whose phrases were tried once."""
        salt = chance(SALT_SIZE)
        made = [await words.derived(one, salt, PEPPER) for one in (call, safe)]
        async with self.turn(CLOCK) as turn:
            lane = text_lanes.TextLane(member, number, salt, made[0], made[1])
            await text_lanes.keep(turn.tx, turn.guard, lane, turn.now)
            await text_lanes.tried(turn.tx, member, turn.now)

    async def text(self, once: str, number: str, said: str, sent_at: datetime) -> None:
        """A gateway hands over a text message; it may do so twice, or hours late."""
        given = {"id": once, "from": number, "text": said, "sent_at": sent_at.isoformat()}
        got = read(GATEWAY, msgspec.json.encode(given))
        assert got is not None
        await self.texts._hear(GATEWAY, got)

    async def on_duty(self, member: str, span: timedelta) -> None:
        async with self.turn(CLOCK) as turn:
            await duty.begin(turn.tx, turn.ids(), member, turn.now, turn.now + span, ("en",))

    async def knows(self, other: SimHub) -> None:
        """An active link, and the room in which the envoys are."""
        async with self.turn(CLOCK) as turn:
            row = {"id": other.home, "name": other.name, "state": "active", "since": turn.now}
            await turn.tx.execute(networks.insert().values(**row))
            known = {"room": f"link{other.name}", "account": ENVOY, "purpose": "link", "ref": other.home}
            await rooms.known(turn.tx, turn.guard, **known, matrix=f"!{other.home}", now=turn.now)

    def _id(self) -> str:
        return f"{self.world.chance.getrandbits(128):032x}"

    def _statement(self, *_given: object) -> None:
        if self.looking:
            return
        if self.is_away("disk") and str(_given[2]).split(None, 1)[0] in ("INSERT", "UPDATE", "WITH"):
            raise Away
        if self.kill_in is not None:
            self.kill_in -= 1
            if self.kill_in < 0:
                self.kill_in = None
                raise Killed

    def _lost(self, why: BaseException) -> None:
        if isinstance(why, Killed):
            self.lose("care", timedelta(seconds=self.world.chance.uniform(2, 10)))

    async def _hearing(self, turn: Turn) -> Heard:
        last = min([turn.now, *(start for start, end in self.spans if end > turn.now)])
        recent = [one for one in self.spans if one[1] > turn.now - timedelta(hours=3)]
        return Heard(last, tuple(recent))

    async def _post(self, turn: Turn, post: Post) -> None:
        """A letter of the envoy, as hub/federation makes one; sealing and order are proved elsewhere."""
        other = self.world.hubs[post.network]
        content = {"type": post.type, "body": dict(post.body), "to": post.network}
        await self.recorder.letters.write(
            turn.tx,
            letter_id=turn.ids(),
            room=f"link{other.name}",
            account=ENVOY,
            urgency=Urgency.ALARM,
            event_type="org.ayni.envelope",
            content=content,
            now=turn.now,
        )

    async def _carry(self) -> None:
        """Hand everything that waits to the homeserver; a kill may come before that is written down."""
        if self.is_away("postgres"):
            raise Away
        for account in ACCOUNTS:
            while ended := await self._round(account):
                async with self.database.transaction() as tx:
                    await letters.close(tx, ended, self.clock())

    async def _round(self, account: str) -> list[Ended]:
        async with self.database.transaction() as tx:
            found = await letters.next_ones(tx, account, self.clock(), frozenset(), 500)
            wanted = select(letter_rows.c.id, letter_rows.c.about, room_rows.c.ref)
            wanted = wanted.join(room_rows, room_rows.c.id == letter_rows.c.room)
            ids = [one.id for one in found]
            rows = await tx.execute(wanted.where(letter_rows.c.id.in_(ids))) if ids else ()
            about = {row.id: row for row in rows}
        ended = []
        for one in found:
            if self.is_away("homeserver") or (account == ENVOY and self.is_away("wire")):
                again = self.clock() + timedelta(seconds=self.world.chance.uniform(1, 20))
                ended.append(Ended(one.id, one.room, again_at=again))
            else:
                await self._taken(one, about[one.id])
                ended.append(Ended(one.id, one.room, event_id=f"${one.id}"))
        return ended

    async def _taken(self, letter: Any, row: Any) -> None:
        if letter.id in self.taken:
            self.repeats += 1
            return  # the homeserver knows this transaction id
        self.taken.add(letter.id)
        opened = self.guard.open("letters", "content", letter.id, letter.content, watch=True)
        content = msgspec.json.decode(opened, type=dict[str, Any])
        if letter.event_type == "org.ayni.envelope":
            other = self.world.hubs[content["to"]]
            arrives = self.world.now + timedelta(milliseconds=self.world.chance.randint(20, 400))
            for _ in range(self.world.chance.choice((1, 1, 1, 2))):
                hear = partial(other.hear, letter.id, self.home, content)
                self.world.at(arrives, partial(other.surely, hear))
            return
        rings, body = content.get("msgtype") == "m.text", str(content.get("body", ""))
        read = Read(row.ref, row.about, rings, self.world.now, body)
        self.read.append(read)
        if self.answers is not None:
            self.answers(read)

    async def hear(self, once: str, sender: str, content: Mapping[str, Any]) -> None:
        """An envelope, once."""
        async with self.turn(Viewer(Lane.PEER, network=sender)) as turn:
            if not await heard.first_time(turn.tx, turn.guard.digest("event", once), None, turn.now):
                return
            handlers: dict[str, Receive] = {
                "alarm": partial(guests.receive_alarm, self.desk),
                "acknowledge": partial(guests.receive_acknowledge, self.desk),
                "action": guests.receive_detail,
            }
            await handlers[content["type"]](turn, sender, content["body"])

    def _handlers(self) -> Mapping[str, Any]:
        def with_desk(on_due: Callable[..., Awaitable[None]]) -> Callable[[Turn, str], Awaitable[None]]:
            async def handle(turn: Turn, ref: str) -> None:
                await on_due(self.desk, turn, ref)

            return handle

        return {
            widening.DUE: with_desk(widening.on_due),
            widening.FORGET: sentinel.on_forget,
            checking.DUE: with_desk(checking.on_due),
            silence.BACK: silence.on_back,
            ringing.DUE: ringing.on_due,
            pressed.ENDED: with_desk(pressed.on_ended),
        }


async def _nothing(*_given: object) -> None:
    """Cards are not what is simulated here."""


def wakes_by(read: list[Read]) -> dict[tuple[str, str], list[Read]]:
    """Every message that rang, by (alarm, member)."""
    found: dict[tuple[str, str], list[Read]] = defaultdict(list)
    for one in read:
        if one.wakes and one.about is not None:
            found[one.about, one.member].append(one)
    return found

"""Two hubs in one test: real databases, real rows, real keys; between them a lane in memory and virtual time.

The lane does what two envoys in one room would do: makes the rooms that are wanted, takes letters out in
their order and hands them to the other side. A test may lose, repeat or reorder what is under way.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from conftest import TECHNICIAN, Clock, only_tables
from sqlalchemy import MetaData, Table, text, update

from bots import seconding
from directory import sharing
from directory.core.effects import Effect, TellRoles
from directory.core.viewer import Lane, Viewer
from directory.store.database import Database, metadata
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.chance import chance, random_id
from hub.due import DuePump
from hub.effects import Recorder
from hub.federation import cards, identity, introduced, links, parts, watch_out
from hub.federation.applying import Handler
from hub.federation.lanes import room as room_lane
from hub.federation.post import Poster
from hub.federation.receive import Verdict
from hub.federation.upkeep import Upkeep
from hub.handlers import asked_second
from hub.letters import LetterBox
from hub.store import due, rooms
from hub.store import links as link_rows
from hub.store.tables import letters

HANDLED = ("alarm", "acknowledge", "introduction", "decision", "action", "second", "seconded", "freeze")
Backup = dict[Table, list[dict[str, Any]]]


@dataclass(frozen=True)
class OnTheWay:
    """One envelope in a room: the Matrix room, who sent it, its content."""

    room: str
    sender: str
    content: Mapping[str, object]


@dataclass
class AHub:
    """One network's hub. `heard` holds what handlers were given, `told` what roles were told."""

    envoy: str
    database: Database
    guard: Guard
    clock: Clock
    home: str = ""
    heard: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)
    told: list[TellRoles] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    recorded: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        box = LetterBox(self.guard)
        self.poster = Poster(box)
        self.recorder = Recorder(
            box, self.poster, cards.changed, _forget, watched=frozenset(watch_out.WATCHED_KINDS)
        )
        heard = {kind: self._handler(kind) for kind in HANDLED}
        two = {"second": asked_second, "seconded": seconding.receive_seconded}
        two["freeze"] = sharing.hide_at_once
        self.inbox = parts.inbox(self.poster, {**heard, **two})
        self.due = DuePump(self.turn, parts.due_handlers(self.poster), self.clock)

    def _handler(self, kind: str) -> Handler:
        async def handle(_turn: Turn, network: str, body: Mapping[str, object]) -> None:
            self.heard.append((kind, network, body))

        return handle

    @asynccontextmanager
    async def turn(self, viewer: Viewer = TECHNICIAN) -> AsyncIterator[Turn]:
        """A real turn: effects become rows; what roles are told is kept for looking at too."""
        async with self.database.transaction() as tx:

            async def record(effect: Effect) -> None:
                self.recorded.append(effect)
                if isinstance(effect, TellRoles):
                    self.told.append(effect)
                await self.recorder.record(turn, effect)

            turn = Turn(tx, viewer, self.clock(), record, random_id, self.guard, self.home)
            yield turn

    async def found(self, name: str) -> None:
        async with self.turn() as turn:
            home = await identity.found_network(turn, name=name, languages=("en",), envoy=self.envoy)
        self.home = home

    async def link(self, other: AHub) -> link_rows.LinkRow:
        async with self.turn() as turn:
            found = await link_rows.of(turn.tx, self.guard, other.home)
        assert found is not None
        return found

    async def start(self) -> None:
        """What a start owes, before anything else is sent."""
        async with self.turn(Viewer(Lane.CLOCK)) as turn:
            await Upkeep(self.poster).awake(turn)

    async def backup(self) -> Backup:
        """Every row of every table, as a copy of the disk would hold them."""
        async with self.turn() as turn:
            return {
                table: [dict(row) for row in (await turn.tx.execute(table.select())).mappings()]
                for table in metadata.sorted_tables
            }

    async def restore(self, backup: Backup) -> None:
        """The disk is as it was; what was done since is forgotten here, and only here."""
        async with self.turn() as turn:
            for table in reversed(metadata.sorted_tables):
                await turn.tx.execute(table.delete())
            for table, rows in backup.items():
                made = {column.name for column in table.columns if column.computed is not None}
                if rows:
                    kept = [{k: v for k, v in row.items() if k not in made} for row in rows]
                    await turn.tx.execute(table.insert(), kept)

    async def rows(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        async with self.turn() as turn:
            return [tuple(row) for row in await turn.tx.execute(text(statement), values)]

    async def everything(self) -> str:
        """Every row of every table as text: what somebody who takes the database reads."""
        async with self.turn() as turn:
            found = MetaData()
            await turn.tx.run_sync(found.reflect)
            lines = []
            for table in found.sorted_tables:
                lines += [f"{table.name} {tuple(row)}" for row in await turn.tx.execute(table.select())]
        return "\n".join(lines)

    async def outgoing(self) -> list[OnTheWay]:
        """Take the letters that wait in open rooms, the most urgent first, as the envoy would send them."""
        async with self.turn() as turn:
            waiting = await turn.tx.execute(
                text(
                    "select l.id, l.content, l.event_type, l.room, r.guarded from letters l"
                    " join rooms r on r.id = l.room where l.state = 'waiting' and r.state = 'open'"
                    " and l.account = 'envoy' order by l.urgency, l.place"
                )
            )
            found = []
            for row in waiting.all():
                content = msgspec.json.decode(
                    self.guard.open("letters", "content", row.id, row.content, watch=True)
                )
                matrix = str(self.guard.open_fields("rooms", row.room, row.guarded, watch=True)["room"])
                assert row.event_type == room_lane.EVENT_TYPE
                found.append(OnTheWay(matrix, self.envoy, content))
                sent = update(letters).where(letters.c.id == row.id).values(state="sent", content=None)
                await turn.tx.execute(sent)
        return found

    async def take(self, event: OnTheWay) -> Verdict:
        """An event that the lane brings to our envoy, in a turn of its own."""
        async with self.turn(Viewer(Lane.PEER)) as turn:
            room = await rooms.by_matrix(turn.tx, self.guard, event.room)
            wire = room_lane.from_content(event.content)
            assert room is not None
            assert wire is not None
            verdict = await self.inbox.receive(turn, str(room.ref), wire)
        self.verdicts.append(verdict)
        return verdict


async def _forget(_turn: Turn, _member: str, _question: str, _context: Mapping[str, str]) -> None:
    """Questions are of no interest between hubs."""


@dataclass
class Neighbours:
    """Two hubs and the lane between them. `change` may drop, repeat or reorder what is on the way."""

    a: AHub
    b: AHub
    clock: Clock
    change: Callable[[list[OnTheWay]], list[OnTheWay]] = list
    seen: list[OnTheWay] = field(default_factory=list)

    async def make_rooms(self) -> None:
        """Wanted link rooms are made, and the other envoy is invited, as hub/rooming.py does."""
        for here, there in ((self.a, self.b), (self.b, self.a)):
            async with here.turn() as turn:
                for room in await rooms.wanted(turn.tx, here.guard, "envoy"):
                    matrix = f"!{room.id}:{here.envoy.partition(':')[2]}"
                    reason = await introduced.invite_reason(turn, room, matrix)
                    async with there.turn(Viewer(Lane.PEER)) as other:
                        if await introduced.admit(other, here.envoy, matrix, reason or ""):
                            await rooms.made(turn.tx, here.guard, room.id, matrix)
                            await rooms.opened(turn.tx, room.id)

    async def carry(self) -> int:
        """One round of everything that waits, both ways; how many events."""
        count = 0
        for here, there in ((self.a, self.b), (self.b, self.a)):
            under_way = self.change(await here.outgoing())
            self.seen += under_way
            count += len(under_way)
            for event in under_way:
                await there.take(event)
        return count

    async def settle(self, *, seconds: float = 2.0) -> None:
        """Let virtual time pass from one due time to the next, with everything that each brings."""
        end = self.clock() + timedelta(seconds=seconds)
        while True:
            await self.make_rooms()
            while await self.carry():
                pass
            soonest = min([*await self._due_times(), end])
            if soonest >= end:
                self.clock.now = max(end, self.clock())
                return
            self.clock.now = max(soonest, self.clock())
            await self.a.due.fire_all()
            await self.b.due.fire_all()

    async def _due_times(self) -> list[datetime]:
        found = []
        for hub in (self.a, self.b):
            async with hub.turn() as turn:
                found.append(await due.earliest(turn.tx))
        return [at for at in found if at is not None]

    async def introduce(self) -> None:
        """A invites, B accepts: both know each other's card, nothing is compared yet."""
        async with self.a.turn() as turn:
            code = await links.invite(turn)
        async with self.b.turn() as turn:
            assert await links.accept(turn, code) == self.a.home
        await self.settle()

    async def compare(self) -> None:
        """Both administrators say that the words match."""
        for here, there in ((self.a, self.b), (self.b, self.a)):
            async with here.turn() as turn:
                await links.words_match(turn, there.home)
        await self.settle()

    async def agree(self, terms: links.Terms | None = None) -> None:
        """A proposes, B signs."""
        async with self.a.turn() as turn:
            await links.propose(turn, self.b.home, terms or links.Terms())
        await self.settle()
        async with self.b.turn() as turn:
            await links.sign(turn, self.a.home)
        await self.settle()

    async def link(self) -> None:
        """From nothing to an active link."""
        await self.introduce()
        await self.compare()
        await self.agree()


@pytest.fixture
async def pair(
    fresh_database: Callable[..., AbstractAsyncContextManager[str]], clock: Clock
) -> AsyncIterator[Neighbours]:
    """Two founded networks that have never heard of each other."""
    async with two_hubs(fresh_database, clock) as found:
        yield found


@asynccontextmanager
async def two_hubs(
    fresh_database: Callable[..., AbstractAsyncContextManager[str]], clock: Clock
) -> AsyncIterator[Neighbours]:
    """See the fixture `pair`."""
    async with fresh_database(only_tables) as one, fresh_database(only_tables) as two:
        hubs = []
        for number, url in enumerate((one, two)):
            database = Database(url)
            guard = Guard(RingKey(f"w{number}", chance(32)), RingKey(f"a{number}", chance(32)), chance)
            hubs.append(AHub(f"@envoy:hub{number}.example", database, guard, clock))
        await hubs[0].found("Red del Sur")
        await hubs[1].found("Réseau du Nord")
        yield Neighbours(hubs[0], hubs[1], clock)
        for hub in hubs:
            await hub.database.close()

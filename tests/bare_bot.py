"""A bot without a homeserver: real database, keys, dispatch and letters; what it sends is kept in a list."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bots import commands
from bots.desk import Desk
from bots.said import Form
from bots.store import conversations
from directory import vocabularies
from directory.core.effects import Effect
from directory.core.rules import check_coverage
from directory.core.viewer import Lane, Role, Viewer
from directory.store import bindings, members
from directory.store.database import Database, metadata
from directory.store.guarded import Guard, RingKey
from directory.store.roles import give_roles
from directory.store.tables import networks
from directory.turn import Turn
from hub.chance import chance, random_id
from hub.ear import BotEar
from hub.effects import Recorder
from hub.embedded.postgres import PostgresPart
from hub.federation import cards
from hub.federation.post import Poster
from hub.letters import LetterBox, LetterPump
from hub.matrix.inbound import Inbound, Ratchet
from hub.store import tables  # noqa: F401

TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))
HOME = "home" + "0" * 60


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Nowhere:
    """A homeserver that takes every letter at once and says how many it has."""

    taken: int = 0
    wanted: int = 0
    sent: list[tuple[str, Mapping[str, object], str]] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        self.taken += 1
        self.sent.append((event_type, content, "$" + tx_id))
        if self.taken >= self.wanted:
            self.enough.set()
        return "$" + tx_id

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        return None


@dataclass
class BareBot:
    """What `care` runs for the members' bot, without Matrix on either side."""

    database: Database
    guard: Guard
    clock: Callable[[], datetime] = _now
    number: int = 0
    url: str = ""
    recorded: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        check_coverage(commands.things())
        box = LetterBox(self.guard)
        self.letters = box
        self.recorder = Recorder(box, Poster(box), cards.changed, conversations.remember)
        self.lane = Nowhere()
        self.pump = LetterPump("bot", self.database, self.guard, self.lane, self.clock)
        self.desk = Desk(vocabularies.known(), "Red Ayni")
        self.ear = BotEar(self.desk, self.turn, cast(Any, None), cast(Any, None))

    @asynccontextmanager
    async def turn(self, viewer: Viewer) -> AsyncIterator[Turn]:
        """As hub/node.py begins one."""
        async with self.database.transaction() as tx:

            async def record(effect: Effect) -> None:
                self.recorded.append(effect)
                await self.recorder.record(turn, effect)

            turn = Turn(tx, viewer, self.clock(), record, random_id, self.guard, HOME)
            yield turn

    async def a_member(self, name: str, *roles: Role) -> str:
        """Somebody who is here, with an account and a room."""
        async with self.turn(TECHNICIAN) as turn:
            member, account = turn.ids(), f"@{name}:test"
            row = {"id": member, "kind": "person", "state": "active", "handle": name, "handle_key": name}
            await members.insert_member(
                turn.tx, {**row, "country": "GT", "languages": ["en"], "since": turn.now}
            )
            kept = {"matrix_id": account, "room": f"!{name}:test", "master_key": "key", "proof": "code"}
            sealed = turn.guard.seal_fields("bindings", member, kept, watch=True)
            await bindings.bind(turn.tx, member, turn.guard.digest("matrix-id", account), sealed, turn.now)
            await give_roles(turn.tx, member, roles, turn.now)
        return member

    async def carry(self) -> None:
        """One round of letters, to its end."""
        await self.pump._round()
        await self.pump.finish()

    def says(self, name: str, body: str) -> Inbound:
        """A trusted message of a member."""
        self.number += 1
        return Inbound(
            account="@bot:test",
            room=f"!{name}:test",
            event_id=f"$in-{self.number}",
            sender=f"@{name}:test",
            sent_at_ms=int(self.clock().timestamp() * 1000),
            event_type="m.room.message",
            form=Form.WORDS,
            body=body,
            trusted=True,
            doubt=None,
            master_key="key",
            ratchet=Ratchet("session-" + name, self.number),
        )


@asynccontextmanager
async def a_bare_bot(people: int) -> AsyncIterator[BareBot]:
    """A founded hub with this many members, m0 to m<n-1>; every tenth is a responder."""
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as folder:
        server = PostgresPart(Path(folder) / "pg", chance=chance)
        await server.start()
        try:
            database = Database(server.url())
            async with database.transaction() as tx:
                await tx.run_sync(metadata.create_all)
                row = networks.insert().values(id=HOME, name="Red Ayni", home=True, since=_now())
                await tx.execute(row)
            guard = Guard(RingKey("w1", chance(32)), RingKey("a1", chance(32)), chance)
            bot = BareBot(database, guard, url=server.url())
            for number in range(people):
                await bot.a_member(f"m{number}", *([Role.RESPONDER] if number % 10 == 0 else []))
            yield bot
            await database.close()
        finally:
            await server.stop()

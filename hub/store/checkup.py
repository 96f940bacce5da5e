"""What `ayni doctor` and `ayni network show` ask the database: counts and ages, never a person's row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, select

from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import members
from hub.store.envelopes import between
from hub.store.tables import due, envelopes, letters, rooms


@dataclass(frozen=True, slots=True)
class Late:
    """How many rows are late, and since when the oldest one waits."""

    count: int
    oldest: datetime | None


async def database_time(tx: Tx) -> datetime:
    """What the database's machine takes for now."""
    now: datetime = (await tx.execute(select(func.clock_timestamp()))).scalar_one()
    return now


async def schema_revisions(tx: Tx) -> frozenset[str]:
    """The migrations' marks in this database: one in a healthy hub, none before its first start."""

    def heads(connection: Connection) -> tuple[str, ...]:
        return MigrationContext.configure(connection).get_current_heads()

    return frozenset(await tx.run_sync(heads))


async def entries_by_kind(tx: Tx) -> dict[tuple[str, str], int]:
    """How many entries of the directory there are, by (kind, state)."""
    statement = select(members.c.kind, members.c.state, func.count()).group_by(
        members.c.kind, members.c.state
    )
    return {(kind, state): count for kind, state, count in await tx.execute(statement)}


async def letters_written_before(tx: Tx, when: datetime) -> Late:
    """Letters that wait in rooms that are open."""
    statement = (
        select(func.count(), func.min(letters.c.written_at))
        .join(rooms, rooms.c.id == letters.c.room)
        .where(letters.c.state == "waiting", letters.c.written_at < when, rooms.c.state == "open")
    )
    count, oldest = (await tx.execute(statement)).one()
    return Late(count, oldest)


async def due_before(tx: Tx, when: datetime) -> Late:
    """Due times that nobody has looked at."""
    statement = select(func.count(), func.min(due.c.due_at)).where(due.c.due_at < when)
    count, oldest = (await tx.execute(statement)).one()
    return Late(count, oldest)


async def fingerprints_of(tx: Tx, matrix_id: str) -> frozenset[str]:
    """What the directory says of the device of the bots that speak through this account."""
    statement = select(members.c.fingerprint).where(
        members.c.kind == "bot", members.c.matrix_id == matrix_id, members.c.fingerprint.is_not(None)
    )
    return frozenset((await tx.execute(statement)).scalars())


async def bots(tx: Tx) -> tuple[tuple[str, str, str], ...]:
    """Our own bots as the directory enters them: (name, Matrix id, device fingerprint)."""
    statement = select(members.c.title, members.c.matrix_id, members.c.fingerprint).where(
        members.c.kind == "bot", members.c.fingerprint.is_not(None)
    )
    return tuple((title, matrix, key) for title, matrix, key in await tx.execute(statement.order_by("title")))


async def received_lately(
    tx: Tx, guard: Guard, since: datetime, *, most: int = 100
) -> tuple[tuple[str, datetime, bytes], ...]:
    """Urgent envelopes of linked hubs got since then and still kept: (network, when, signed bytes)."""
    statement = (
        select(envelopes.c.network, envelopes.c.epoch, envelopes.c.seq, envelopes.c.at)
        .where(
            envelopes.c.direction == "in",
            envelopes.c.stream == "urgent",
            envelopes.c.guarded.is_not(None),
            envelopes.c.at > since,
        )
        .order_by(envelopes.c.id.desc())
        .limit(most)
    )
    found = []
    for network, epoch, seq, at in await tx.execute(statement):
        for kept in await between(tx, guard, network, "in", "urgent", epoch, seq, seq):
            if kept.signed is not None:
                found.append((network, at, kept.signed))
    return tuple(found)

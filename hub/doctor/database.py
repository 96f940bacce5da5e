"""The database: whether it answers, whether its schema is this program's, and whether anything in it waits
that should not wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from alembic.script import ScriptDirectory

from directory.core.text import say
from directory.store.database import DATABASE_GONE, Database, Tx
from directory.store.guarded import Guard
from hub import migrations
from hub.doctor.check import Check, fine, wrong
from hub.doctor.clocks import PeersDisagree, peers_trouble
from hub.federation.core import canonical
from hub.federation.core.envelope import FRAME
from hub.federation.core.shapes import moment_of
from hub.migrations import NewerSchema
from hub.store import checkup
from hub.store.checkup import Late
from hub.trouble import Trouble

LETTERS_WAIT = timedelta(minutes=2)
DUE_WAITS = timedelta(seconds=60)
HOUR = timedelta(hours=1)


class NoAnswer(Trouble):
    """The database does not answer. If the hub is running its log says why: {log}. If not: ayni up"""


class OlderSchema(Trouble):
    """The database was last used by an older Ayni. Starting the hub brings it up to date: ayni up"""


class LettersWait(Trouble):
    """{count} letters wait, the oldest for {minutes} minutes. Does the homeserver answer, and does care
    run?"""


class DueWaits(Trouble):
    """{count} due times were not looked at, the oldest for {minutes} minutes. Does care run?"""


@asynccontextmanager
async def answering(url: str) -> AsyncIterator[Tx | None]:
    """A transaction to look around in, or None when the database does not answer."""
    database = Database(url, pool=1, application="ayni doctor")
    try:
        async with database.engine.connect() as tx:
            yield tx
    except DATABASE_GONE:
        yield None
    finally:
        await database.close()


async def look_at_schema(tx: Tx) -> Check:
    """Was the schema made by this very program?"""
    known = ScriptDirectory(str(migrations.HERE))
    found = await checkup.schema_revisions(tx)
    if found == set(known.get_heads()):
        return fine("schema", say("This program's"))
    every = {script.revision for script in known.walk_revisions()}
    return wrong("schema", OlderSchema() if found <= every else NewerSchema())


async def look_at_waiting(tx: Tx, now: datetime) -> list[Check]:
    """Letters that wait long, due times that nobody looks at."""
    letters = await checkup.letters_written_before(tx, now - LETTERS_WAIT)
    due = await checkup.due_before(tx, now - DUE_WAITS)
    return [
        _late("letters", letters, now, LettersWait, most=LETTERS_WAIT),
        _late("due times", due, now, DueWaits, most=DUE_WAITS),
    ]


def _late(name: str, late: Late, now: datetime, trouble: type[Trouble], *, most: timedelta) -> Check:
    if late.oldest is None:
        return fine(name, say("None waits longer than {seconds} s", seconds=round(most.total_seconds())))
    minutes = max(1, round((now - late.oldest).total_seconds() / 60))
    return wrong(name, trouble(count=late.count, minutes=minutes))


async def clock_of_peers(tx: Tx, guard: Guard, now: datetime) -> PeersDisagree | None:
    """Our clock against linked hubs', by what they sent in the last hour (clocks.py)."""
    delays: dict[str, list[timedelta]] = {}
    for network, received, signed in await checkup.received_lately(tx, guard, now - HOUR):
        parsed = canonical.parse(signed[FRAME:])
        if isinstance(parsed, Mapping) and isinstance(at := parsed.get("at"), int):
            delays.setdefault(network, []).append(received - moment_of(at))
    frozen: Mapping[str, Sequence[timedelta]] = delays
    return peers_trouble(frozen)

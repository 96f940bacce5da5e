"""Each event is handled once, across restarts and replays: a client library keeps that only in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import DateTime, LargeBinary, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from directory.store.database import Tx
from hub.store.tables import heard


async def first_time(tx: Tx, event: bytes, ratchet: bytes | None, now: datetime) -> bool:
    """Note an event by its digest and by its place in the sender's ratchet.

    False when either was heard before: the same ciphertext under a new event id is the same event.
    """
    statement = insert(heard).values(event_digest=event, ratchet_digest=ratchet, at=now)
    # Asked for by what it returns: the count of an INSERT is -1 in SQLAlchemy, and then nobody is ever heard.
    noted = await tx.execute(statement.on_conflict_do_nothing().returning(heard.c.event_digest))
    return noted.first() is not None


_DIGESTS = ARRAY(LargeBinary)
_TOLD = (
    func.unnest(bindparam("events", type_=_DIGESTS), bindparam("ratchets", type_=_DIGESTS))
    .table_valued("event", "ratchet")
    .render_derived("told")
)
_SEVERAL = (
    insert(heard)
    .from_select(
        ["event_digest", "ratchet_digest", "at"],
        select(_TOLD.c.event, _TOLD.c.ratchet, bindparam("now", type_=DateTime(timezone=True))),
    )
    .on_conflict_do_nothing()
    .returning(heard.c.event_digest)
)


async def first_times(tx: Tx, events: Sequence[tuple[bytes, bytes | None]], now: datetime) -> set[bytes]:
    """`first_time` for several (event, ratchet) at once; the event digests of those that are new."""
    rows = {"events": [event for event, _ in events], "ratchets": [ratchet for _, ratchet in events]}
    return set((await tx.execute(_SEVERAL, {**rows, "now": now})).scalars())


async def forget_before(tx: Tx, when: datetime) -> int:
    """Digests older than any message we would still accept. Returns how many went."""
    return (await tx.execute(delete(heard).where(heard.c.at < when))).rowcount

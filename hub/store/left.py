"""What is to be sent on a link but has no number yet, because somebody else held the link: left for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from directory.store.database import Tx
from directory.store.guarded import Guard
from hub.store.envelopes import place_of
from hub.store.tables import envelopes


@dataclass(frozen=True, slots=True)
class Left:
    """What waits to be sent without a number yet; `body` is the JSON it will say."""

    stream: str
    type: str
    body: bytes


async def leave(tx: Tx, guard: Guard, network: str, left: Left, name: bytes, now: datetime) -> None:
    """Leave something to be sent for whoever holds the link next. `name` is random."""
    place = place_of(network, "next", left.stream, 0, 0, name)
    await tx.execute(
        envelopes.insert().values(
            network=network,
            direction="next",
            stream=left.stream,
            epoch=0,
            seq=0,
            type=left.type,
            hash=name,
            guarded=guard.seal("envelopes", "guarded", place, left.body, watch=True),
            at=now,
        )
    )


async def take(tx: Tx, guard: Guard, network: str) -> tuple[Left, ...]:
    """Take what was left for this link, the oldest first."""
    mine = (envelopes.c.network == network) & (envelopes.c.direction == "next")
    statement = (
        delete(envelopes)
        .where(mine)
        .returning(
            envelopes.c.id, envelopes.c.stream, envelopes.c.type, envelopes.c.hash, envelopes.c.guarded
        )
    )
    found = []
    for row in sorted(await tx.execute(statement), key=lambda row: row.id):
        place = place_of(network, "next", row.stream, 0, 0, row.hash)
        body = guard.open("envelopes", "guarded", place, row.guarded, watch=True)
        found.append(Left(row.stream, row.type, body))
    return tuple(found)

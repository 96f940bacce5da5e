"""Rows of knocks without content, so that a responder's phone rings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import DateTime, Text, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from bots.store.tables import wakers
from directory.store.database import Tx
from hub.store.tables import rings

CHANNEL = "ayni_rings"
MOST_TRIES = 5
HEARD = "heard"
"""A kind of its own: not a knock but the answer to a text message, at the same number."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One knock that waits: whom, which way, how often it was tried."""

    id: str
    member: str
    kind: str
    tries: int


_ASKED = (
    func.unnest(bindparam("letters", type_=ARRAY(Text)), bindparam("who", type_=ARRAY(Text)))
    .table_valued("letter", "member")
    .render_derived("asked")
)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_CHOSEN = select(
    func.concat(_ASKED.c.letter, "-", wakers.c.kind), wakers.c.member, wakers.c.kind, _NOW, _NOW
).join(wakers, wakers.c.member == _ASKED.c.member)
_RINGING = (
    rings.insert()
    .from_select(["id", "member", "kind", "not_before", "written_at"], _CHOSEN)
    .returning(rings.c.id)
    .cte("ringing")
)
_RING = select(func.pg_notify(CHANNEL, "")).where(select(_RINGING.c.id).exists())


async def write(tx: Tx, rung: Sequence[tuple[str, str]], now: datetime) -> None:
    """Ring these members' phones every way they chose; (what it goes along with, member) each."""
    if rung:
        letters, who = zip(*rung, strict=True)
        await tx.execute(_RING, {"letters": list(letters), "who": list(who), "now": now})


async def write_heard(tx: Tx, name: str, member: str, now: datetime) -> None:
    """Tell a member's phone that their text message arrived."""
    row = {"id": f"{name}-{HEARD[:3]}", "member": member, "kind": HEARD, "not_before": now, "written_at": now}
    await tx.execute(rings.insert().values(**row))
    await tx.execute(select(func.pg_notify(CHANNEL, "")))


async def waiting(tx: Tx, now: datetime, most: int) -> tuple[Ring, ...]:
    """Those whose time has come, the oldest first."""
    wanted = (
        select(rings.c.id, rings.c.member, rings.c.kind, rings.c.tries)
        .where(rings.c.state == "waiting", rings.c.not_before <= now)
        .order_by(rings.c.not_before, rings.c.id)
        .limit(most)
    )
    return tuple(Ring(*row) for row in await tx.execute(wanted))


async def rung(tx: Tx, ring: str) -> None:
    """It was taken."""
    await tx.execute(update(rings).where(rings.c.id == ring).values(state="rung"))


async def failed(tx: Tx, ring: Ring, now: datetime) -> None:
    """Again in a while; after a few times no more: the message is there, and the ladder does not wait."""
    state = "given_up" if ring.tries + 1 >= MOST_TRIES else "waiting"
    again = now + timedelta(seconds=2 * 4**ring.tries)
    values = {"tries": ring.tries + 1, "state": state, "not_before": again}
    await tx.execute(update(rings).where(rings.c.id == ring.id).values(**values))


async def forget_before(tx: Tx, when: datetime) -> None:
    """Old ones are of no use to anyone but a thief."""
    await tx.execute(delete(rings).where(rings.c.state != "waiting", rings.c.written_at < when))

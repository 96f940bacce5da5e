"""Who writes by text message too, from which phone, and what is kept of their two phrases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from bots.core.numbers import key_of
from bots.store.tables import text_lanes
from directory.store.database import Tx
from directory.store.guarded import Guard

DIGEST = "text-number"


@dataclass(frozen=True, slots=True)
class TextLane:
    """`call` and `safe` are verifiers under `salt`; they count for text messages only."""

    member: str
    number: str = field(repr=False)
    salt: bytes = field(repr=False)
    call: bytes = field(repr=False)
    safe: bytes = field(repr=False)
    tried_at: datetime | None = None


async def keep(tx: Tx, guard: Guard, lane: TextLane, now: datetime) -> None:
    """Switch it on, in place of what was there; it has to be tried anew."""
    fields = {"number": lane.number, **{name: getattr(lane, name).hex() for name in ("salt", "call", "safe")}}
    values = {
        "number_digest": guard.digest(DIGEST, key_of(lane.number)),
        "guarded": guard.seal_fields("text_lanes", lane.member, fields, watch=True),
        "since": now,
        "tried_at": None,
    }
    row = insert(text_lanes).values(member=lane.member, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["member"], set_=values))


async def drop(tx: Tx, member: str) -> bool:
    """Switch it off, and forget all of it; False when it was off."""
    return (await tx.execute(text_lanes.delete().where(text_lanes.c.member == member))).rowcount == 1


async def of_member(tx: Tx, guard: Guard, member: str) -> TextLane | None:
    """This member's, when it is on."""
    row = (await tx.execute(select(text_lanes).where(text_lanes.c.member == member))).one_or_none()
    return None if row is None else _lane(guard, row)


async def with_number(tx: Tx, guard: Guard, number: str) -> tuple[TextLane, ...]:
    """Whoever may write from this phone: mostly one, or nobody."""
    digest = guard.digest(DIGEST, key_of(number))
    found = select(text_lanes).where(text_lanes.c.number_digest == digest).order_by(text_lanes.c.member)
    return tuple(_lane(guard, row) for row in await tx.execute(found))


async def tried(tx: Tx, member: str, now: datetime) -> None:
    """A phrase came from that phone."""
    first = text_lanes.c.member == member, text_lanes.c.tried_at.is_(None)
    await tx.execute(update(text_lanes).where(*first).values(tried_at=now))


def _lane(guard: Guard, row: Row[tuple[object, ...]]) -> TextLane:
    opened = guard.open_fields("text_lanes", row.member, row.guarded, watch=True)
    salt, call, safe = (bytes.fromhex(str(opened[name])) for name in ("salt", "call", "safe"))
    return TextLane(row.member, str(opened["number"]), salt, call, safe, row.tried_at)

"""What is known of a letter about an alarm or a drill: that it arrived, and that it was read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, Text, any_, bindparam, or_, select, update

from bots.store.tables import told
from directory.store.database import Tx
from hub.store.tables import letters, rooms

_ARRIVED = (
    update(told)
    .where(
        letters.c.id == any_(bindparam("ids", type_=ARRAY(Text))),
        letters.c.about == told.c.action,
        rooms.c.id == letters.c.room,
        rooms.c.ref == told.c.member,
        told.c.delivered_at.is_(None),
    )
    .values(delivered_at=bindparam("now", type_=DateTime(timezone=True)))
)


async def arrived(tx: Tx, sent: Collection[str], now: datetime) -> None:
    """These letters are at their readers' homeserver: whoever was told of an alarm with one has it there."""
    if sent:
        await tx.execute(_ARRIVED, {"ids": list(sent), "now": now})


@dataclass(frozen=True, slots=True)
class Written:
    """One message that arrived: our room id, the account that wrote it, its event."""

    room: str
    account: str
    event: str


async def written(tx: Tx, about: str) -> tuple[Written, ...]:
    """Every message about an alarm that arrived and is still known here."""
    wanted = select(letters.c.room, letters.c.account, letters.c.event_id).where(
        letters.c.about == about, letters.c.state == "sent", letters.c.event_id.is_not(None)
    )
    return tuple(Written(*row) for row in await tx.execute(wanted.order_by(letters.c.place)))


async def read_until(tx: Tx, room: str, event: str, at: datetime) -> tuple[str, ...]:
    """Alarms and drills of which everything in this room was read up to `event`, or up to that time when the
    event is not one of ours."""
    mark = (
        select(letters.c.place).where(letters.c.room == room, letters.c.event_id == event).scalar_subquery()
    )
    known = letters.c.place <= mark
    before = mark.is_(None) & (letters.c.sent_at <= at)
    wanted = select(letters.c.about).where(
        letters.c.room == room, letters.c.about.is_not(None), letters.c.state == "sent", or_(known, before)
    )
    return tuple(sorted({row.about for row in await tx.execute(wanted)}))

"""Everything about several members who are written to at the same moment, read in one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from directory.store.database import Tx
from directory.store.tables import bindings, members
from hub.store.tables import rooms


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their language, whether they asked for a voice, their sealed binding (None without a phone),
    and the rooms that are theirs alone, by digest: (our id, account)."""

    locale: str
    voice: bool
    binding: bytes | None
    closed: bool
    rooms: dict[bytes, tuple[str, str]] = field(default_factory=dict)


_READERS = (
    select(
        members.c.id,
        members.c.locale,
        members.c.voice,
        bindings.c.guarded,
        bindings.c.suspended_at,
        rooms.c.matrix_digest,
        rooms.c.id.label("room"),
        rooms.c.account,
    )
    .outerjoin(bindings, bindings.c.member == members.c.id)
    .outerjoin(rooms, (rooms.c.ref == members.c.id) & (rooms.c.purpose == "direct"))
    .where(members.c.id == any_(bindparam("who", type_=ARRAY(Text))))
)


async def readers(tx: Tx, who: Collection[str]) -> dict[str, Reader]:
    """By member; who is not here is left out."""
    found: dict[str, Reader] = {}
    for row in await tx.execute(_READERS, {"who": sorted(who)}):
        reader = found.setdefault(
            row.id, Reader(row.locale, row.voice, row.guarded, row.suspended_at is not None)
        )
        if row.matrix_digest is not None:
            reader.rooms[row.matrix_digest] = (row.room, row.account)
    return found

"""Circles seen from the other side: whose circle a member is in, or is asked to be in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bots.store.tables import circles
from directory.store.database import Tx
from directory.store.tables import members


@dataclass(frozen=True, slots=True)
class CircleRequest:
    """`member` asks; `answered` once the other said yes."""

    member: str
    handle: str
    answered: bool


async def asking(tx: Tx, contact: str) -> tuple[CircleRequest, ...]:
    """Everyone whose circle this member is in or is asked to be in; those who wait come first."""
    found = await tx.execute(
        select(circles.c.member, members.c.handle, circles.c.state)
        .join(members, members.c.id == circles.c.member)
        .where(circles.c.contact == contact, members.c.state == "active")
        .order_by(circles.c.state, circles.c.since, circles.c.member)
    )
    return tuple(CircleRequest(row.member, row.handle or "", row.state == "yes") for row in found)

"""What wakes each responder besides the message itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bots.store.tables import wakers
from directory.store.database import Tx
from directory.store.guarded import Guard


@dataclass(frozen=True, slots=True)
class Waking:
    """One way to make a phone ring: its kind, and the address or number."""

    kind: str
    where: str


async def keep(tx: Tx, guard: Guard, member: str, waking: Waking, now: datetime) -> None:
    """Choose it, in place of another one of the same kind."""
    sealed = guard.seal_fields("wakers", f"{member} {waking.kind}", {"where": waking.where}, watch=True)
    values = {"guarded": sealed, "since": now}
    row = insert(wakers).values(member=member, kind=waking.kind, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["member", "kind"], set_=values))


async def drop(tx: Tx, member: str, kind: str) -> bool:
    """Not that one any more; False when it was not chosen."""
    mine = (wakers.c.member == member) & (wakers.c.kind == kind)
    return (await tx.execute(wakers.delete().where(mine))).rowcount == 1


async def of_member(tx: Tx, guard: Guard, member: str) -> tuple[Waking, ...]:
    """What this member chose."""
    wanted = select(wakers).where(wakers.c.member == member).order_by(wakers.c.kind)
    return tuple(
        Waking(
            row.kind,
            str(guard.open_fields("wakers", f"{member} {row.kind}", row.guarded, watch=True)["where"]),
        )
        for row in await tx.execute(wanted)
    )

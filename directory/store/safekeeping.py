"""Rows behind a lost device and a held-back entry: closed bindings, vouchers, freezes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.deciding_tables import freezes, vouchers
from directory.store.recall import UNKNOWN, recalled
from directory.store.tables import bindings


@dataclass(frozen=True, slots=True)
class Freeze:
    """Since when an entry is held back, by whom, and until when; None: until two lift it."""

    member: str
    by: str | None
    kept: bool
    since: datetime
    ends_at: datetime | None


async def close_device(tx: Tx, member: str, now: datetime) -> None:
    """The member's room is sent nothing from now on, and what comes from it is no order."""
    still_open = bindings.c.member == member, bindings.c.suspended_at.is_(None)
    await tx.execute(update(bindings).where(*still_open).values(suspended_at=now))


async def open_device(tx: Tx, member: str, *, closed_since: datetime) -> None:
    """Undo a closing that is not older than this: a device that was lost before stays closed."""
    mine = bindings.c.member == member, bindings.c.suspended_at >= closed_since
    await tx.execute(update(bindings).where(*mine).values(suspended_at=None))


async def is_closed(tx: Tx, member: str) -> bool:
    """Is the member's device closed?"""
    known = recalled(tx, "bindings", member)
    if known is not UNKNOWN:
        return known[1] is not None
    closed = select(bindings.c.suspended_at).where(bindings.c.member == member)
    return await tx.scalar(closed) is not None


async def vouch(tx: Tx, member: str, voucher: str, now: datetime) -> None:
    """Write down that somebody vouches for a member; saying it again makes it new."""
    row = insert(vouchers).values(member=member, voucher=voucher, since=now)
    await tx.execute(row.on_conflict_do_update(index_elements=["member", "voucher"], set_={"since": now}))


async def vouching(tx: Tx, member: str, after: datetime) -> int:
    """How many vouch for a member since `after`."""
    fresh = select(func.count()).where(vouchers.c.member == member, vouchers.c.since > after)
    return await tx.scalar(fresh) or 0


async def forget_vouchers(tx: Tx, member: str) -> None:
    """They have served."""
    await tx.execute(delete(vouchers).where(vouchers.c.member == member))


async def freeze(tx: Tx, row: Freeze) -> None:
    """Hold an entry back."""
    values = {"by": row.by, "kept": row.kept, "since": row.since, "ends_at": row.ends_at}
    await tx.execute(insert(freezes).values(member=row.member, **values))


async def freeze_of(tx: Tx, member: str) -> Freeze | None:
    """The freeze of a member, locked; None when there is none."""
    wanted = select(freezes.c.member, freezes.c.by, freezes.c.kept, freezes.c.since, freezes.c.ends_at)
    row = (await tx.execute(wanted.where(freezes.c.member == member).with_for_update())).one_or_none()
    return None if row is None else Freeze(*row)


async def keep(tx: Tx, member: str) -> None:
    """Two keep it: it does not end by itself."""
    await tx.execute(update(freezes).where(freezes.c.member == member).values(kept=True, ends_at=None))


async def thaw(tx: Tx, member: str) -> None:
    """It is over."""
    await tx.execute(delete(freezes).where(freezes.c.member == member))

"""Who is awake for alarms, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bots.store.tables import duty
from directory.store.database import Tx
from directory.store.tables import members


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One stretch of duty."""

    member: str
    handle: str
    languages: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    regions: tuple[str, ...] = ()


async def begin(
    tx: Tx, row: str, member: str, starts_at: datetime, ends_at: datetime, languages: tuple[str, ...]
) -> None:
    """Put a stretch on the rota."""
    await tx.execute(
        duty.insert().values(
            id=row, member=member, starts_at=starts_at, ends_at=ends_at, languages=list(languages)
        )
    )


async def end(tx: Tx, member: str, at: datetime) -> int:
    """End what runs now; how many stretches that were. What the rota plans for later stays."""
    running = (duty.c.member == member) & (duty.c.ends_at > at) & (duty.c.starts_at <= at)
    return (await tx.execute(duty.update().where(running).values(ends_at=at))).rowcount


async def running(tx: Tx, now: datetime) -> tuple[OnDuty, ...]:
    """Whoever is on duty now and still a member here, who began first coming first."""
    return await _stretches(tx, (duty.c.starts_at <= now) & (duty.c.ends_at > now))


async def next_start(tx: Tx, now: datetime) -> datetime | None:
    """When somebody's duty begins next, when nobody's is running."""
    coming = await _stretches(tx, duty.c.starts_at > now)
    return min((stretch.starts_at for stretch in coming), default=None)


async def _stretches(tx: Tx, which: object) -> tuple[OnDuty, ...]:
    rows = await tx.execute(
        select(duty, members.c.handle)
        .join(members, members.c.id == duty.c.member)
        .where(which, members.c.state == "active")  # type: ignore[arg-type]
        .order_by(duty.c.starts_at, duty.c.id)
    )
    return tuple(
        OnDuty(
            row.member,
            row.handle or "",
            tuple(row.languages),
            row.starts_at,
            row.ends_at,
            tuple(row.regions),
        )
        for row in rows
    )

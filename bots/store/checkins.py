"""Check-ins a member planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select

from bots.store.tables import checkins
from directory.store.database import Tx
from directory.store.guarded import Guard


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One planned sign of life. `about` is what the member said it is for."""

    id: str
    member: str
    state: str
    severity: str
    prompt_before_s: int
    action: str | None
    due_at: datetime
    about: str


async def add(tx: Tx, guard: Guard, row: CheckInRow) -> None:
    """Plan one."""
    await tx.execute(
        checkins.insert().values(
            id=row.id,
            member=row.member,
            state=row.state,
            severity=row.severity,
            prompt_before_s=row.prompt_before_s,
            due_at=row.due_at,
            guarded=guard.seal_fields("checkins", row.id, {"about": row.about}, watch=True),
        )
    )


async def get(tx: Tx, guard: Guard, checkin: str) -> CheckInRow | None:
    """One check-in, locked."""
    found = select(checkins).where(checkins.c.id == checkin).with_for_update()
    row = (await tx.execute(found)).one_or_none()
    return _row(guard, row) if row is not None else None


async def of_member(
    tx: Tx, guard: Guard, member: str, states: frozenset[str], *, lock: bool = True
) -> tuple[CheckInRow, ...]:
    """The member's check-ins in these states, the earliest first; locked, unless they are only shown."""
    found = (
        select(checkins)
        .where(checkins.c.member == member, checkins.c.state.in_(states))
        .order_by(checkins.c.due_at, checkins.c.id)
    )
    locked = found.with_for_update() if lock else found
    return tuple(_row(guard, row) for row in await tx.execute(locked))


async def change(tx: Tx, checkin: str, **columns: object) -> None:
    """Change columns of one check-in."""
    await tx.execute(checkins.update().where(checkins.c.id == checkin).values(**columns))


def _row(guard: Guard, row: Row[tuple[object, ...]]) -> CheckInRow:
    opened: Mapping[str, object] = guard.open_fields("checkins", row.id, row.guarded, watch=True)
    return CheckInRow(
        row.id,
        row.member,
        row.state,
        row.severity,
        row.prompt_before_s,
        row.action,
        row.due_at,
        str(opened.get("about", "")),
    )

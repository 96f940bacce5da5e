"""Check-ins a member planned, or somebody planned for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, select

from bots.core.silence import Sign
from bots.store.tables import checkins
from directory.store.database import Tx
from directory.store.guarded import Guard


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One planned sign of life. `about` is what the member said it is for; `by`: who answers for them."""

    id: str
    member: str
    state: str
    severity: str
    prompt_before_s: int
    action: str | None
    due_at: datetime
    about: str
    high_risk: bool = False
    series: str | None = None
    by: str | None = None
    groups: tuple[str, ...] = ()
    incident: str | None = None
    held_until: datetime | None = None


async def add(tx: Tx, guard: Guard, row: CheckInRow) -> None:
    """Plan one."""
    await tx.execute(
        checkins.insert().values(
            id=row.id,
            member=row.member,
            state=row.state,
            severity=row.severity,
            high_risk=row.high_risk,
            prompt_before_s=row.prompt_before_s,
            due_at=row.due_at,
            series=row.series,
            by=row.by,
            groups=list(row.groups),
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
    return await _several(tx, guard, checkins.c.member == member, states, lock=lock)


async def by_proxy(
    tx: Tx, guard: Guard, proxy: str, states: frozenset[str], *, lock: bool = True
) -> tuple[CheckInRow, ...]:
    """Those this member answers for others, the earliest first."""
    return await _several(tx, guard, checkins.c.by == proxy, states, lock=lock)


async def of_series(tx: Tx, guard: Guard, series: str, states: frozenset[str]) -> tuple[CheckInRow, ...]:
    """What a journey, timetable or event has open, locked."""
    return await _several(tx, guard, checkins.c.series == series, states)


async def in_incident(
    tx: Tx, guard: Guard, incident: str, states: frozenset[str], *, lock: bool = True
) -> tuple[CheckInRow, ...]:
    """What an incident holds, or held."""
    return await _several(tx, guard, checkins.c.incident == incident, states, lock=lock)


async def silent_now(tx: Tx, guard: Guard, group: str, since: datetime) -> tuple[CheckInRow, ...]:
    """Who of this group was asked for singly since then, and has not answered yet."""
    if not group:
        return ()
    which = checkins.c.groups.contains([group]) & (checkins.c.due_at > since)
    return await _several(tx, guard, which, frozenset({"missed"}), lock=False)


async def signs(tx: Tx, since: datetime, until: datetime) -> tuple[Sign, ...]:
    """Whose check-in was due in these minutes, and was it answered? What was called off is no sign."""
    found = await tx.execute(
        select(checkins.c.member, checkins.c.groups, checkins.c.answered_at).where(
            checkins.c.due_at > since, checkins.c.due_at <= until, checkins.c.state != "ended"
        )
    )
    return tuple(Sign(row.member, tuple(row.groups), row.answered_at is None) for row in found)


async def change(tx: Tx, checkin: str, **columns: object) -> None:
    """Change columns of one check-in."""
    await tx.execute(checkins.update().where(checkins.c.id == checkin).values(**columns))


async def _several(
    tx: Tx, guard: Guard, which: ColumnElement[bool], states: frozenset[str], *, lock: bool = True
) -> tuple[CheckInRow, ...]:
    found = (
        select(checkins).where(which, checkins.c.state.in_(states)).order_by(checkins.c.due_at, checkins.c.id)
    )
    locked = found.with_for_update() if lock else found
    return tuple(_row(guard, row) for row in await tx.execute(locked))


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
        row.high_risk,
        row.series,
        row.by,
        tuple(row.groups),
        row.incident,
        row.held_until,
    )

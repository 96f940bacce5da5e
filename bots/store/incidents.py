"""Incidents of wide silence, and when responders were woken last for one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert

from bots.store.tables import incidents, pages
from directory.store.database import Tx
from directory.store.guarded import Guard

OPEN = frozenset({"open", "taken"})


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident. `fields`: the name of the group (`kind`, `name`), who has it, who was told (`told`)."""

    id: str
    why: str
    group: str
    state: str
    opened_at: datetime
    back_at: datetime | None
    fields: dict[str, Any]


async def open_one(tx: Tx, guard: Guard, row: IncidentRow) -> None:
    """Write a new incident."""
    await tx.execute(
        incidents.insert().values(
            id=row.id,
            why=row.why,
            grp=row.group,
            state=row.state,
            opened_at=row.opened_at,
            guarded=guard.seal_fields("incidents", row.id, row.fields, watch=True),
        )
    )


async def get(tx: Tx, guard: Guard, incident: str) -> IncidentRow | None:
    """One, locked."""
    found = select(incidents).where(incidents.c.id == incident).with_for_update()
    row = (await tx.execute(found)).one_or_none()
    return None if row is None else _row(guard, row)


async def running(
    tx: Tx, guard: Guard, *, why: str | None = None, groups: Collection[str] | None = None, lock: bool = True
) -> tuple[IncidentRow, ...]:
    """Incidents that are not over, the oldest first; of one kind, of some groups, or all."""
    found = select(incidents).where(incidents.c.state.in_(OPEN)).order_by(incidents.c.opened_at)
    if why is not None:
        found = found.where(incidents.c.why == why)
    if groups is not None:
        found = found.where(incidents.c.grp.in_(groups))
    rows = await tx.execute(found.with_for_update() if lock else found)
    return tuple(_row(guard, row) for row in rows)


async def change(
    tx: Tx, guard: Guard, row: IncidentRow, fields: dict[str, Any] | None = None, /, **columns: object
) -> None:
    """Change columns, and lay `fields` over the sealed ones."""
    values = dict(columns)
    if fields:
        values["guarded"] = guard.seal_fields("incidents", row.id, {**row.fields, **fields}, watch=True)
    await tx.execute(incidents.update().where(incidents.c.id == row.id).values(**values))


async def paged_at(tx: Tx, members: Collection[str], groups: Collection[str]) -> dict[str, datetime]:
    """When each of these members was woken last for silence of any of these groups."""
    found = await tx.execute(
        select(pages.c.member, func.max(pages.c.paged_at))
        .where(pages.c.member.in_(members), pages.c.grp.in_(groups))
        .group_by(pages.c.member)
    )
    return {row[0]: row[1] for row in found}


async def page(tx: Tx, member: str, groups: Collection[str], now: datetime) -> None:
    """They are woken now."""
    for group in sorted(set(groups)):
        row = insert(pages).values(member=member, grp=group, paged_at=now)
        await tx.execute(row.on_conflict_do_update(index_elements=["member", "grp"], set_={"paged_at": now}))


def _row(guard: Guard, row: Row[tuple[object, ...]]) -> IncidentRow:
    fields = dict(guard.open_fields("incidents", row.id, row.guarded, watch=True))
    return IncidentRow(row.id, row.why, row.grp, row.state, row.opened_at, row.back_at, fields)

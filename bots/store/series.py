"""Journeys, timetables and events: what the next check-in is made of. Everything of it is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bots.store.tables import series
from directory.store.database import Tx
from directory.store.guarded import Guard

RUNNING, ENDED = "running", "ended"


@dataclass(frozen=True, slots=True)
class Series:
    """`fields` by kind: journey `legs` [[seconds, place]…] and `leg`; weekly `zone days minutes rest`;
    event `times` (milliseconds) and `ends_at`. All: `about severity high_risk by`."""

    id: str
    member: str
    kind: str
    state: str
    last_due_at: datetime | None
    fields: dict[str, Any]


async def add(tx: Tx, guard: Guard, row: Series, now: datetime) -> None:
    """Begin one."""
    await tx.execute(
        series.insert().values(
            id=row.id,
            member=row.member,
            kind=row.kind,
            state=row.state,
            since=now,
            last_due_at=row.last_due_at,
            guarded=guard.seal_fields("series", row.id, row.fields, watch=True),
        )
    )


async def get(tx: Tx, guard: Guard, name: str) -> Series | None:
    """One, locked."""
    row = (await tx.execute(select(series).where(series.c.id == name).with_for_update())).one_or_none()
    if row is None:
        return None
    fields = guard.open_fields("series", row.id, row.guarded, watch=True)
    return Series(row.id, row.member, row.kind, row.state, row.last_due_at, dict(fields))


async def change(
    tx: Tx, guard: Guard, row: Series, fields: dict[str, Any] | None = None, /, **columns: object
) -> None:
    """Change columns, and lay `fields` over the sealed ones."""
    values = dict(columns)
    if fields:
        values["guarded"] = guard.seal_fields("series", row.id, {**row.fields, **fields}, watch=True)
    await tx.execute(series.update().where(series.c.id == row.id).values(**values))

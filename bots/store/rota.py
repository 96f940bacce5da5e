"""Rows of the rota: weekly shifts, the stretches made of them, who is away, and hand-over notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from bots.core.rota import Span, Weekly
from bots.store.tables import away, duty, shifts
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import members


@dataclass(frozen=True, slots=True)
class Shift:
    """One weekly shift of somebody."""

    id: str
    member: str
    handle: str
    weekly: Weekly
    languages: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of duty, planned or begun by hand. `offered_to`: who is asked to take it over."""

    id: str
    member: str
    handle: str
    starts_at: datetime
    ends_at: datetime
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    shift: str | None
    offered_to: str | None
    note: str


async def add_shift(tx: Tx, shift: Shift, now: datetime) -> None:
    """Write a weekly shift."""
    weekly = shift.weekly
    await tx.execute(
        shifts.insert().values(
            id=shift.id,
            member=shift.member,
            zone=weekly.zone,
            days=list(weekly.days),
            start_minute=weekly.start,
            end_minute=weekly.end,
            languages=list(shift.languages),
            regions=list(shift.regions),
            since=now,
        )
    )


async def every_shift(tx: Tx) -> tuple[Shift, ...]:
    """All shifts of people who are here."""
    wanted = (
        select(shifts, members.c.handle)
        .join(members, members.c.id == shifts.c.member)
        .where(members.c.state == "active")
        .order_by(shifts.c.start_minute, shifts.c.id)
    )
    return tuple(
        Shift(
            row.id,
            row.member,
            row.handle or "",
            Weekly(row.zone, tuple(row.days), row.start_minute, row.end_minute),
            tuple(row.languages),
            tuple(row.regions),
        )
        for row in await tx.execute(wanted)
    )


async def end_shift(tx: Tx, shift: str, now: datetime) -> None:
    """The shift ends, with all that was to come of it."""
    await tx.execute(duty.delete().where(duty.c.shift == shift, duty.c.starts_at > now))
    await tx.execute(shifts.delete().where(shifts.c.id == shift))


async def write(tx: Tx, row: str, shift: Shift, span: Span) -> None:
    """Put one stretch of a shift on the rota."""
    await tx.execute(
        duty.insert().values(
            id=row,
            member=shift.member,
            starts_at=span[0],
            ends_at=span[1],
            languages=list(shift.languages),
            regions=list(shift.regions),
            shift=shift.id,
        )
    )


async def last_start(tx: Tx, shift: str) -> datetime | None:
    """When the last stretch begins that was made of a shift, swapped ones too."""
    wanted = select(duty.c.starts_at).where(duty.c.shift == shift).order_by(duty.c.starts_at.desc()).limit(1)
    found: datetime | None = (await tx.execute(wanted)).scalar_one_or_none()
    return found


async def between(tx: Tx, guard: Guard, since: datetime, until: datetime) -> tuple[Stretch, ...]:
    """Every stretch that touches these hours, the earliest first."""
    return await _stretches(tx, guard, (duty.c.ends_at > since) & (duty.c.starts_at < until))


async def of_member(tx: Tx, guard: Guard, member: str, since: datetime) -> tuple[Stretch, ...]:
    """A member's stretches that are not over by then."""
    return await _stretches(tx, guard, (duty.c.member == member) & (duty.c.ends_at > since))


async def offered(tx: Tx, guard: Guard, member: str, since: datetime) -> tuple[Stretch, ...]:
    """Stretches this member is asked to take over."""
    return await _stretches(tx, guard, (duty.c.offered_to == member) & (duty.c.starts_at > since))


async def get(tx: Tx, guard: Guard, stretch: str) -> Stretch | None:
    """One stretch, locked."""
    await tx.execute(select(duty.c.id).where(duty.c.id == stretch).with_for_update())
    found = await _stretches(tx, guard, duty.c.id == stretch)
    return found[0] if found else None


async def change(tx: Tx, stretch: str, **columns: object) -> None:
    """Hand it on, offer it, or end it earlier."""
    await tx.execute(duty.update().where(duty.c.id == stretch).values(**columns))


async def leave_note(tx: Tx, guard: Guard, stretch: str, note: str) -> None:
    """What whoever comes next should know."""
    sealed = guard.seal_fields("duty", stretch, {"note": note}, watch=True) if note else None
    await tx.execute(duty.update().where(duty.c.id == stretch).values(guarded=sealed))


async def drop(tx: Tx, stretches: Sequence[str]) -> None:
    """These are nobody's any more."""
    await tx.execute(duty.delete().where(duty.c.id.in_(stretches)))


async def forget_before(tx: Tx, when: datetime) -> None:
    """Who was awake long ago, and the notes they left, are of no use to anyone but a thief."""
    await tx.execute(duty.delete().where(duty.c.ends_at < when))
    await tx.execute(away.delete().where(away.c.ends_at < when))


async def go_away(tx: Tx, row: str, member: str, span: Span) -> None:
    """Write a holiday."""
    await tx.execute(away.insert().values(id=row, member=member, starts_at=span[0], ends_at=span[1]))


async def is_away(tx: Tx, member: str, span: Span) -> bool:
    """Does a holiday of theirs touch these hours?"""
    touches = (away.c.member == member) & (away.c.ends_at > span[0]) & (away.c.starts_at < span[1])
    return (await tx.execute(select(away.c.id).where(touches).limit(1))).first() is not None


async def _stretches(tx: Tx, guard: Guard, which: ColumnElement[bool]) -> tuple[Stretch, ...]:
    wanted = (
        select(duty, members.c.handle)
        .join(members, members.c.id == duty.c.member)
        .where(which, members.c.state == "active")
        .order_by(duty.c.starts_at, duty.c.id)
    )
    return tuple(
        Stretch(
            row.id,
            row.member,
            row.handle or "",
            row.starts_at,
            row.ends_at,
            tuple(row.languages),
            tuple(row.regions),
            row.shift,
            row.offered_to,
            str(guard.open_fields("duty", row.id, row.guarded, watch=True).get("note", "")),
        )
        for row in await tx.execute(wanted)
    )

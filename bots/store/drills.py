"""Rows of drills: whose phone rang, when, and how soon somebody said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bots.store.tables import drills
from directory.store.database import Tx
from directory.store.tables import members, roles

FIRST, UNANNOUNCED = "first", "unannounced"
COMING, RINGING, PASSED = "coming", "ringing", "passed"
SILENT, MISSED, DROPPED = "silent", "missed", "dropped"


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill of one member."""

    id: str
    member: str
    kind: str
    state: str
    practice: bool
    made_at: datetime
    rung_at: datetime | None
    read_at: datetime | None
    answered_at: datetime | None


_COLUMNS = [drills.c[name] for name in Drill.__dataclass_fields__]


async def add(tx: Tx, drill: Drill) -> None:
    """Write a new one."""
    values = {name: getattr(drill, name) for name in Drill.__dataclass_fields__}
    await tx.execute(drills.insert().values(**values))


async def change(tx: Tx, drill: str, **columns: object) -> None:
    """Change columns of one."""
    await tx.execute(drills.update().where(drills.c.id == drill).values(**columns))


async def get(tx: Tx, drill: str) -> Drill | None:
    """One drill, locked."""
    row = (await tx.execute(select(*_COLUMNS).where(drills.c.id == drill).with_for_update())).one_or_none()
    return Drill(*row) if row is not None else None


async def of_member(tx: Tx, member: str, states: tuple[str, ...] = ()) -> tuple[Drill, ...]:
    """A member's drills, the newest first; in these states only, where some are named."""
    wanted = select(*_COLUMNS).where(drills.c.member == member)
    if states:
        wanted = wanted.where(drills.c.state.in_(states))
    rows = await tx.execute(wanted.order_by(drills.c.made_at.desc(), drills.c.id).limit(20))
    return tuple(Drill(*row) for row in rows)


async def since(tx: Tx, when: datetime) -> tuple[Drill, ...]:
    """Every drill that rang since then."""
    rows = await tx.execute(select(*_COLUMNS).where(drills.c.rung_at >= when).order_by(drills.c.rung_at))
    return tuple(Drill(*row) for row in rows)


async def ready(tx: Tx, passed_since: datetime, *, practice: bool) -> tuple[str, ...]:
    """Active members who answer calls for help and have passed a drill since then; real ones only, unless
    `practice` counts here."""
    wanted = (
        select(drills.c.member)
        .join(members, members.c.id == drills.c.member)
        .join(roles, roles.c.member == drills.c.member)
        .where(drills.c.state == PASSED, drills.c.answered_at >= passed_since, members.c.state == "active")
        .where(roles.c.role.in_(("responder", "coordinator")))
        .distinct()
    )
    if not practice:
        wanted = wanted.where(drills.c.practice.is_(False))
    return tuple(sorted(row.member for row in await tx.execute(wanted)))


async def without_coming(tx: Tx) -> tuple[str, ...]:
    """Active responders and coordinators for whom no drill is planned or running."""
    busy = select(drills.c.member).where(drills.c.state.in_((COMING, RINGING)))
    wanted = (
        select(roles.c.member)
        .join(members, members.c.id == roles.c.member)
        .where(roles.c.role.in_(("responder", "coordinator")), members.c.state == "active")
        .where(roles.c.member.not_in(busy))
        .distinct()
    )
    return tuple(sorted(row.member for row in await tx.execute(wanted)))


async def ever(tx: Tx) -> frozenset[str]:
    """Everybody who was planned a drill at any time."""
    return frozenset((await tx.execute(select(drills.c.member).distinct())).scalars())


async def read(tx: Tx, drill: str, at: datetime) -> bool:
    """It was shown on the phone; False when that is no drill, or was known."""
    mine = (drills.c.id == drill) & drills.c.read_at.is_(None)
    return (await tx.execute(drills.update().where(mine).values(read_at=at))).rowcount == 1

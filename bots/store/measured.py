"""Rows of what was delivered, read and answered, and the numbers made of them. Practice is not counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from bots.store.tables import actions, timeline, told
from directory.store.database import Tx
from directory.store.tables import members

ALARMS = ("alarm", "silent")


@dataclass(frozen=True, slots=True)
class Contact:
    """One person who was told: when, and what is known since. Times are None while nothing is known."""

    member: str
    handle: str
    rung: str
    told_at: datetime
    delivered_at: datetime | None
    read_at: datetime | None
    answered_at: datetime | None
    answer: str | None


async def contacts(tx: Tx, action: str) -> tuple[Contact, ...]:
    """Everyone who was told of an alarm, in the order they were."""
    wanted = (
        select(
            told.c.member,
            func.coalesce(members.c.handle, ""),
            told.c.rung,
            told.c.told_at,
            told.c.delivered_at,
            told.c.read_at,
            told.c.answered_at,
            told.c.answer,
        )
        .join(members, members.c.id == told.c.member)
        .where(told.c.action == action)
        .order_by(told.c.told_at, told.c.member)
    )
    return tuple(Contact(*row) for row in await tx.execute(wanted))


async def read(tx: Tx, action: str, member: str, at: datetime) -> bool:
    """Their app or page showed it; False when that was known, or they were never told."""
    mine = (told.c.action == action) & (told.c.member == member) & told.c.read_at.is_(None)
    done = await tx.execute(
        told.update().where(mine).values(read_at=at, delivered_at=func.coalesce(told.c.delivered_at, at))
    )
    return done.rowcount == 1


@dataclass(frozen=True, slots=True)
class Waited:
    """One alarm of ours that reached people: how long until a person said "I have it"; None: nobody did."""

    raised_at: datetime
    waited: timedelta | None
    false_alarm: bool | None


def _own_silent(viewer: str | None) -> ColumnElement[bool]:
    """Silent calls about whoever looks: they must not find them in any number."""
    return (actions.c.kind == "silent") & (func.coalesce(actions.c.member, "") == (viewer or "-"))


async def waited(tx: Tx, home: str, since: datetime, viewer: str | None) -> tuple[Waited, ...]:
    """Every alarm of our members since then that was not stopped before anyone heard of it."""
    taken = (
        select(timeline.c.action, func.min(timeline.c.at).label("at"))
        .where(timeline.c.step == "taken")
        .group_by(timeline.c.action)
        .subquery()
    )
    heard = select(timeline.c.action).where(timeline.c.step == "told").distinct()
    wanted = (
        select(actions.c.raised_at, taken.c.at, actions.c.false_alarm)
        .join(taken, taken.c.action == actions.c.id, isouter=True)
        .where(
            actions.c.kind.in_(ALARMS),
            actions.c.network == home,
            actions.c.practice.is_(False),
            actions.c.raised_at >= since,
            actions.c.id.in_(heard),
            ~_own_silent(viewer),
        )
        .order_by(actions.c.raised_at)
    )
    return tuple(
        Waited(raised, None if at is None else at - raised, false)
        for raised, at, false in await tx.execute(wanted)
    )


async def reached(tx: Tx, home: str, since: datetime, viewer: str | None) -> tuple[int, int, int, int]:
    """Over all who were told of our alarms since then: told, delivered, read, answered."""
    pressed = (
        select(func.min(timeline.c.at))
        .where(timeline.c.action == actions.c.id, timeline.c.step == "pressed")
        .scalar_subquery()
    )  # until then it was no silent one: whoever looks knows of it
    wanted = (
        select(
            func.count(),
            func.count(told.c.delivered_at),
            func.count(told.c.read_at),
            func.count(told.c.answered_at),
        )
        .join(actions, actions.c.id == told.c.action)
        .where(actions.c.kind.in_(ALARMS), actions.c.network == home, actions.c.practice.is_(False))
        .where(told.c.told_at >= since, ~_own_silent(viewer) | (told.c.told_at < pressed))
    )
    found = (await tx.execute(wanted)).one()
    return found[0], found[1], found[2], found[3]

"""Rows behind the reach tables: what each of our own people said, and how they are tied to the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.tables import contacts_made, introductions, members, releases, roles, spokespersons
from directory.store.ties import MET


@dataclass(frozen=True, slots=True)
class Person:
    """One person. `tied` to somebody of the network; `in_touch` when a coordinator or helper was in touch."""

    id: str
    country: str | None
    works_in: list[str]
    issues: list[str]
    languages: list[str]
    guarded: bytes | None
    tied: bool
    in_touch: bool


async def people(tx: Tx, *, since: datetime, after: str, most: int) -> list[Person]:
    """Active people by id, `most` after the id `after`; contacts count from `since` on."""
    wanted = select(
        members.c.id,
        members.c.country,
        members.c.works_in,
        members.c.issues,
        members.c.languages,
        members.c.guarded,
        _tied().label("tied"),
        _touched(("contacted", "served"), since).label("in_touch"),
    ).where(members.c.kind == "person", members.c.state == "active", members.c.id > after)
    return [Person(*row) for row in await tx.execute(wanted.order_by(members.c.id).limit(most))]


async def note(tx: Tx, member: str, kind: str, now: datetime) -> None:
    """Write down the last time a member was contacted, connected or served. No word of by whom."""
    row = insert(contacts_made).values(member=member, kind=kind, last_at=now)
    newer = {"last_at": func.greatest(contacts_made.c.last_at, row.excluded.last_at)}
    await tx.execute(row.on_conflict_do_update(index_elements=["member", "kind"], set_=newer))


async def add_release(tx: Tx, id: str, body: dict[str, Any], now: datetime) -> None:
    """Keep a release; it never changes afterwards."""
    await tx.execute(insert(releases).values(id=id, body=body, made_at=now))


async def newest_release(tx: Tx) -> tuple[str, dict[str, Any], datetime] | None:
    """(id, body, when) of the newest release."""
    wanted = select(releases.c.id, releases.c.body, releases.c.made_at)
    row = (await tx.execute(wanted.order_by(releases.c.made_at.desc(), releases.c.id).limit(1))).one_or_none()
    return None if row is None else (row.id, row.body, row.made_at)


def _tied() -> Any:
    met = exists().where(
        introductions.c.state.in_(MET),
        or_(
            introductions.c.asker == members.c.id,
            introductions.c.target == members.c.id,
            introductions.c.answerer == members.c.id,
        ),
    )
    serves = exists().where(roles.c.member == members.c.id)
    speaks = exists().where(spokespersons.c.member == members.c.id)
    connected = exists().where(contacts_made.c.member == members.c.id, contacts_made.c.kind == "connected")
    return or_(met, serves, speaks, connected)


def _touched(kinds: tuple[str, ...], since: datetime) -> Any:
    return exists().where(
        contacts_made.c.member == members.c.id,
        contacts_made.c.kind.in_(kinds),
        contacts_made.c.last_at >= since,
    )

"""Finding cards: one statement over the GIN index on tags, a page at a time by key, never by number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from directory.core.cards import Body
from directory.core.questions import Plan
from directory.store.database import Tx
from directory.store.tables import cards, networks


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: everything after it is less close, or as close and older."""

    score: int
    fresh_at: datetime
    card: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A card that fits, with what a page needs to say about it."""

    id: str
    origin: str
    network_name: str
    home: bool
    body: Body
    lease_until: datetime | None
    score: int
    fresh_at: datetime

    @property
    def place(self) -> Place:
        """Where the next page begins if this is the last card of one."""
        return Place(self.score, self.fresh_at, self.id)


async def find(tx: Tx, plan: Plan, *, leases_from: datetime, after: Place | None, most: int) -> list[Hit]:
    """Cards that fit the plan, the closest first, at most `most`, from `after` on."""
    if plan.never:
        return []
    return [Hit(*row) for row in await tx.execute(statement(plan, leases_from, after, most))]


async def one(tx: Tx, card: str, *, leases_from: datetime) -> Hit | None:
    """One card by its id, if it may be found at all."""
    row = (await tx.execute(_visible(literal(0), leases_from).where(cards.c.id == card))).one_or_none()
    return None if row is None else Hit(*row)


def statement(plan: Plan, leases_from: datetime, after: Place | None, most: int) -> Select[Any]:
    """The one statement of a search; here so that a test can ask PostgreSQL how it will run it."""
    score = _score(plan)
    wanted = _visible(score, leases_from).where(*(_carries(tags) for tags in plan.all_of))
    if plan.without is not None:
        wanted = wanted.where(or_(cards.c.member.is_(None), cards.c.member != plan.without))
    key = tuple_(score, cards.c.fresh_at, cards.c.id)
    if after is not None:
        wanted = wanted.where(
            key < tuple_(literal(after.score), literal(after.fresh_at), literal(after.card))
        )
    return wanted.order_by(score.desc(), cards.c.fresh_at.desc(), cards.c.id.desc()).limit(most)


def _visible(score: ColumnElement[int], leases_from: datetime) -> Select[Any]:
    leased = or_(cards.c.lease_until.is_(None), cards.c.lease_until >= leases_from)
    return (
        select(
            cards.c.id,
            cards.c.origin,
            networks.c.name,
            networks.c.home,
            cards.c.body,
            cards.c.lease_until,
            score.label("score"),
            cards.c.fresh_at,
        )
        .join(networks, networks.c.id == cards.c.origin)
        .where(and_(leased, networks.c.state == "active"))
    )


def _score(plan: Plan) -> ColumnElement[int]:
    steps = len(plan.closeness)
    near = [(_carries(tags), steps - step) for step, tags in enumerate(plan.closeness)]
    closeness: ColumnElement[int] = case(*near, else_=0) if near else literal(0)
    return closeness * 4 + _point(plan.tongues) * 2 + _point(plan.exact)


def _point(tags: Collection[str]) -> ColumnElement[int]:
    return case((_carries(tags), 1), else_=0) if tags else literal(0)


def _carries(tags: Collection[str]) -> ColumnElement[bool]:
    overlap: ColumnElement[bool] = cards.c.tags.overlap(literal(sorted(tags), ARRAY(Text)))
    return overlap

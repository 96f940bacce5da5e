"""Finding cards: one statement that walks the classes of a question from the newest card, and stops early.

Each stretch (core/walking.py) is one look into the index on tags. PostgreSQL takes the stretches in their
order and stops at the limit: `unnest` is the outer side of a nested loop, because what is joined to it
depends on it. So an answer costs the same in a million cards as in ten thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    TableValuedAlias,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import DateTime, Integer, Text

from directory.core.cards import Body
from directory.core.questions import Plan
from directory.core.ranking import (
    AVAILABLE,
    AVAILABLE_POINTS,
    EXACT_POINTS,
    FRESH_FOR,
    FRESH_POINTS,
    Place,
    Ranked,
    arrange,
    classes,
    needed,
)
from directory.core.walking import NO_END, Stretch, is_rare, stretches
from directory.store.commonness import counts
from directory.store.database import Tx
from directory.store.finding_tables import decoys
from directory.store.tables import cards, networks

_ARRAY = ARRAY(Text)
_COLUMNS = {"near": Text, "shares": Text, "never": Text, "chunk": BigInteger, "beside": BigInteger}
_COLUMNS |= {"low": BigInteger, "high": BigInteger, "class_": BigInteger}
_MOST = bindparam("most", type_=Integer)
_KINDS = frozenset({"k:person", "k:organisation", "k:community", "k:bot"})
"""Every card has one of these; for what has no other condition at all."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A card that fits, with what a page needs to say about it. `decoy`: it stands for nobody."""

    id: str
    origin: str
    network_name: str
    home: bool
    body: Body
    member: str | None
    lease_until: datetime | None
    decoy: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and where the next one begins; None on the last."""

    hits: list[Hit]
    next: Place | None


async def find(
    tx: Tx, plan: Plan, *, now: datetime, leases_from: datetime, after: Place | None, first: int
) -> Found:
    """Cards that fit the plan, the closest first, at most `first`, from `after` on. `leases_from`: cards
    whose lease ended before are found no more."""
    if plan.never:
        return Found([], None)
    most = needed(first)
    known = await counts(tx, now)
    if is_rare(plan, known):
        rows = await tx.execute(in_all(plan), values_in_all(plan, after, now, leases_from, most))
    else:
        where = tuple(stretches(plan, known, after))
        wanted = statement(len(conditions(plan)))
        rows = await tx.execute(wanted, values(plan, where, now, leases_from, most))
    found = [Ranked(*row) for row in rows]
    page, more = arrange(found, after, first, whole=len(found) < most)
    return Found(await _bodies(tx, [one.card for one in page]), more)


async def one(tx: Tx, card: str, *, leases_from: datetime) -> Hit | None:
    """One card by its id, if it may be found at all."""
    wanted = _cards().where(cards.c.id == card, _leased(literal(leases_from)))
    row = (await tx.execute(wanted.where(networks.c.state == "active"))).one_or_none()
    return None if row is None else Hit(*row)


async def _bodies(tx: Tx, ids: Sequence[str]) -> list[Hit]:
    if not ids:
        return []
    rows = await tx.execute(_many, {"ids": list(ids)})
    found = {row.id: Hit(*row) for row in rows}
    return [found[id] for id in ids if id in found]


def _cards() -> Select[Any]:
    decoy = select(decoys.c.card).where(decoys.c.card == cards.c.id).exists()
    return select(
        cards.c.id,
        cards.c.origin,
        networks.c.name,
        networks.c.home,
        cards.c.body,
        cards.c.member,
        cards.c.lease_until,
        decoy,
    ).join(networks, networks.c.id == cards.c.origin)


_many = _cards().where(cards.c.id == func.any(bindparam("ids", type_=_ARRAY)))


@lru_cache(maxsize=64)
def statement(conditions: int) -> Select[Any]:
    """The one statement of a search with so many conditions; `values` has what goes into it."""
    step = (
        func.unnest(*(bindparam(name, type_=ARRAY(kind)) for name, kind in _COLUMNS.items()))
        .table_valued(*(column(name, kind) for name, kind in _COLUMNS.items()), name="step")
        .render_derived()
    )
    chunk = cards.c.chunks.overlap(array([step.c.chunk, step.c.beside]))
    looks = (
        _look(step, conditions).where(step.c.chunk != 0, chunk).limit(_MOST).subquery(),
        _look(step, conditions).where(step.c.chunk == 0).limit(_MOST).subquery(),
    )
    fitting = union_all(*(select(look) for look in looks)).lateral("fitting")
    return (
        select(step.c.class_, fitting.c.number, fitting.c.points, fitting.c.id)
        .select_from(step.join(fitting, true()))
        .limit(_MOST)
    )


def _look(step: TableValuedAlias, conditions: int) -> Select[Any]:
    """What of one stretch fits. `number + 0` keeps PostgreSQL away from the index on numbers: it would walk
    it through cards that do not fit, while the few that do are sorted in no time."""
    number = cards.c.number + 0
    return (
        select(cards.c.number, _points().label("points"), cards.c.id)
        .where(
            _carries(_split(step.c.near)),
            _carries(_split(step.c.shares)),
            not_(_carries(_split(step.c.never))),
            number.between(step.c.low, step.c.high),
            *(_carries(bindparam(f"all{place}", type_=_ARRAY)) for place in range(conditions)),
            *_rules(),
        )
        .order_by(number.desc())
        .correlate(step)
    )


def conditions(plan: Plan) -> list[frozenset[str]]:
    """What every class asks for besides its own: a place is asked for by the classes themselves."""
    near = frozenset().union(*plan.closeness)
    return [wanted for wanted in plan.all_of if wanted != near]


def values(
    plan: Plan, where: Sequence[Stretch], now: datetime, leases_from: datetime, most: int
) -> dict[str, object]:
    """What goes into the statement: the stretches as columns, the conditions, the viewer's rules."""
    columns: dict[str, list[object]] = {name: [] for name in _COLUMNS}
    sets = sorted(conditions(plan), key=len)  # a class without conditions of its own has these twice
    for stretch in where:
        each = [*stretch.of.each_of, *sets, _KINDS]
        shares = each[1] if len(stretch.of.each_of) > 1 else each[0]
        row = (_joined(each[0]), _joined(shares), _joined(stretch.of.none_of))
        where_to = (stretch.chunk, stretch.beside, stretch.low, stretch.high, stretch.class_)
        for name, value in zip(_COLUMNS, (*row, *where_to), strict=True):
            columns[name].append(value)
    given = {f"all{place}": sorted(tags) for place, tags in enumerate(conditions(plan))}
    return {**columns, **given, **_limits(plan, now, leases_from, most)}


def _limits(plan: Plan, now: datetime, leases_from: datetime, most: int) -> dict[str, object]:
    limits = {"leased": leases_from, "fresh": now - FRESH_FOR, "most": most}
    return {**limits, "exact": sorted(plan.exact), "without": plan.without or ""}


def in_all(plan: Plan) -> Select[Any]:
    """Everything that fits, in the order of classes and numbers: for questions with few answers."""
    return _in_all(len(plan.all_of), tuple(len(one.each_of) for one in classes(plan)))


@lru_cache(maxsize=256)
def _in_all(conditions: int, shape: tuple[int, ...]) -> Select[Any]:
    cases = [
        (and_(true(), *(_carries(_given(f"class{place}_{n}")) for n in range(sets))), place)
        for place, sets in enumerate(shape)
    ]
    looked_at = (
        select(case(*cases).label("class_"), cards.c.number, _points().label("points"), cards.c.id)
        .where(*(_carries(_given(f"all{place}")) for place in range(conditions)), *_rules())
        .subquery("fitting")
    )
    class_, high = bindparam("after_class", type_=Integer), bindparam("after_high", type_=BigInteger)
    same = (looked_at.c.class_ == class_) & (looked_at.c.number <= high)
    wanted = select(looked_at).where(or_(looked_at.c.class_ > class_, same))
    return wanted.order_by(looked_at.c.class_, looked_at.c.number.desc()).limit(_MOST)


def values_in_all(
    plan: Plan, after: Place | None, now: datetime, leases_from: datetime, most: int
) -> dict[str, object]:
    """What goes into `in_all`."""
    given: dict[str, object] = {f"all{place}": sorted(tags) for place, tags in enumerate(plan.all_of)}
    for place, one in enumerate(classes(plan)):
        given |= {f"class{place}_{n}": sorted(tags) for n, tags in enumerate(one.each_of)}
    given |= {"after_class": after.class_ if after else 0, "after_high": after.high if after else NO_END}
    return given | _limits(plan, now, leases_from, most)


def _given(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=_ARRAY)


def _points() -> ColumnElement[int]:
    fresh = cards.c.fresh_at >= bindparam("fresh", type_=DateTime(timezone=True))
    exact = _carries(bindparam("exact", type_=_ARRAY))
    available = _carries(literal([AVAILABLE], _ARRAY))
    return (
        case((exact, EXACT_POINTS), else_=0)
        + case((fresh, FRESH_POINTS), else_=0)
        + case((available, AVAILABLE_POINTS), else_=0)
    )


def _rules() -> tuple[ColumnElement[bool], ...]:
    """Leased still, from a network we are linked with, and not the one who asks."""
    away = select(networks.c.id).where(networks.c.state != "active")
    others = or_(cards.c.member.is_(None), cards.c.member != bindparam("without", type_=Text))
    return _leased(bindparam("leased", type_=DateTime(timezone=True))), cards.c.origin.not_in(away), others


def _leased(since: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(cards.c.lease_until.is_(None), cards.c.lease_until >= since)


def _carries(tags: ColumnElement[Any]) -> ColumnElement[bool]:
    overlap: ColumnElement[bool] = cards.c.tags.overlap(tags)
    return overlap


def _split(tags: ColumnElement[Any]) -> ColumnElement[Any]:
    """Tags hold no spaces; an array of arrays of different lengths is no value in SQL."""
    return func.string_to_array(tags, " ", type_=_ARRAY)


def _joined(tags: Collection[str]) -> str:
    return " ".join(sorted(tags))

"""Rows of letters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Select, Text, all_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from directory.store.database import Tx
from hub.store import measured
from hub.store.tables import letters, rooms

CHANNEL = "ayni_letters"
_HELD = "ayni letters"


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter as it waits: `content` is still sealed. `measured`: it is about an alarm or a drill."""

    id: str
    room: str
    matrix_room: bytes
    event_type: str
    content: bytes
    tries: int
    written_at: datetime
    measured: bool = True


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a letter: it arrived, is tried again later, or (neither) is refused for good. `measured`:
    of this one it is kept when it arrived."""

    id: str
    room: str
    event_id: str | None = None
    again_at: datetime | None = None
    measured: bool = True


async def add(tx: Tx, **columns: object) -> None:
    """Write one letter, and wake its pump once this commits."""
    held: list[dict[str, object]] | None = tx.info.get(_HELD)
    if held is not None:
        held.append(columns)
        return
    await _write(tx, [columns])


@asynccontextmanager
async def held(tx: Tx) -> AsyncIterator[None]:
    """Letters of this block are written at its end, in their order, all at once; a block within is part
    of it. Nothing in it may go back to a savepoint or look for letters it wrote itself."""
    if _HELD in tx.info:
        yield
        return
    waiting: list[dict[str, object]] = []
    tx.info[_HELD] = waiting
    try:
        yield
    finally:
        tx.info.pop(_HELD, None)
    if waiting:
        await _write(tx, waiting)


_GIVEN = (
    *("id", "room", "account", "urgency", "event_type", "content", "not_before", "written_at"),
    *("about", "passes_at"),
)
_FRESH = (
    func.unnest(*(bindparam(name, type_=ARRAY(letters.c[name].type)) for name in _GIVEN))
    .table_valued(*_GIVEN, with_ordinality="nth")
    .render_derived("fresh")
)
_ADDED = (
    letters.insert()
    .from_select(_GIVEN, select(*(_FRESH.c[name] for name in _GIVEN)).order_by(_FRESH.c.nth))
    .returning(letters.c.account)
    .cte("added")
)
_OWNERS = select(_ADDED.c.account).distinct().subquery("owners")
_ADD = select(func.pg_notify(CHANNEL, _OWNERS.c.account))


async def _write(tx: Tx, fresh: list[dict[str, object]]) -> None:
    await tx.execute(_ADD, {name: [columns.get(name) for columns in fresh] for name in _GIVEN})


_NOW = bindparam("now", type_=DateTime(timezone=True))


def _next(*, anywhere: bool) -> Select[Any]:
    """The first letter of each room that is not busy, and of these what may go now."""
    ready = (letters.c.not_before <= _NOW,) if anywhere else ()
    first = (
        select(letters)
        .ext(distinct_on(letters.c.room))
        .where(
            letters.c.state == "waiting",
            letters.c.account == bindparam("account"),
            letters.c.room != all_(bindparam("busy", type_=ARRAY(Text))),
            *ready,
        )
        .order_by(letters.c.room, letters.c.urgency, letters.c.place)
        .subquery()
    )
    given = (first.c.event_type, first.c.content, first.c.tries, first.c.written_at)
    about = first.c.about.is_not(None).label("measured")
    return (
        select(first.c.id, first.c.room, rooms.c.guarded.label("matrix_room"), *given, about)
        .join(rooms, rooms.c.id == first.c.room)
        .where(
            first.c.not_before <= _NOW, rooms.c.guarded.is_not(None) if anywhere else rooms.c.state == "open"
        )
        .order_by(first.c.urgency, first.c.place)
        .limit(bindparam("most"))
    )


_NEXT, _NEXT_ANYWHERE = _next(anywhere=False), _next(anywhere=True)


async def next_ones(
    tx: Tx, account: str, now: datetime, busy: frozenset[str], most: int, *, anywhere: bool = False
) -> tuple[LetterRow, ...]:
    """The next letter of each open room that is not busy, the most urgent first.

    Within a room letters keep their order inside one urgency: one that waits for its next try holds back
    those behind it, but never a more urgent one and never another room. `anywhere`: of a room that was left
    too, and in no order, for a lane that needs neither: each letter is for another phone, or has its number.
    """
    given = {"account": account, "now": now, "busy": sorted(busy), "most": most}
    statement = _NEXT_ANYWHERE if anywhere else _NEXT
    return tuple(LetterRow(*row) for row in await tx.execute(statement, given))


async def close(tx: Tx, ended: Sequence[Ended], now: datetime) -> None:
    """Write what came of letters that were under way."""
    gone = {one.id: one.event_id for one in ended if one.event_id is not None}
    await sent(tx, gone, now)
    await measured.arrived(tx, [one.id for one in ended if one.id in gone and one.measured], now)
    for one in ended:
        if one.again_at is not None:
            await _put_off(tx, one.id, one.again_at)
        elif one.event_id is None:
            await _give_up(tx, one.id)


_DONE = (
    func.unnest(bindparam("ids", type_=ARRAY(Text)), bindparam("events", type_=ARRAY(Text)))
    .table_valued("id", "event_id")
    .render_derived("done")
)
_SENT = (
    update(letters)
    .where(letters.c.id == _DONE.c.id)
    .values(state="sent", event_id=_DONE.c.event_id, sent_at=bindparam("now"), content=None)
)


async def sent(tx: Tx, arrived: Mapping[str, str], now: datetime) -> None:
    """These (letter: event) arrived at the homeserver: keep that, and forget what they said."""
    if not arrived:
        return
    await tx.execute(_SENT, {"ids": list(arrived), "events": list(arrived.values()), "now": now})


async def _put_off(tx: Tx, letter: str, not_before: datetime) -> None:
    """Not now: try again at `not_before`."""
    await tx.execute(
        update(letters).where(letters.c.id == letter).values(not_before=not_before, tries=letters.c.tries + 1)
    )


async def _give_up(tx: Tx, letter: str) -> None:
    """The homeserver will never take it. Whoever waits for an answer hears it from the ladder."""
    await tx.execute(update(letters).where(letters.c.id == letter).values(state="given_up", content=None))


@dataclass(frozen=True, slots=True)
class Passing:
    """A letter whose content does not stay. `event_id` None: it has not arrived yet."""

    letter: str
    room: str
    account: str
    event_id: str | None


_PASSING = select(letters.c.id, letters.c.room, letters.c.account, letters.c.event_id).where(
    letters.c.passes_at.is_not(None), letters.c.state != "given_up"
)


async def passing(tx: Tx, letter: str) -> Passing | None:
    """One letter that has to be taken back still."""
    row = (await tx.execute(_PASSING.where(letters.c.id == letter))).one_or_none()
    return None if row is None else Passing(*row)


async def passing_of(tx: Tx, member: str) -> tuple[Passing, ...]:
    """All of those in the rooms a member shares with our bots, the oldest first."""
    theirs = select(rooms.c.id).where(rooms.c.purpose == "direct", rooms.c.ref == member)
    found = await tx.execute(_PASSING.where(letters.c.room.in_(theirs)).order_by(letters.c.place))
    return tuple(Passing(*row) for row in found)


async def passed(tx: Tx, letter: str) -> None:
    """It is being taken back."""
    await tx.execute(update(letters).where(letters.c.id == letter).values(passes_at=None))


async def withdraw(tx: Tx, letter: str) -> None:
    """Before it arrived anywhere. One that is just under way may still arrive: it keeps its hour."""
    await _give_up(tx, letter)


OUT_OF_WORDS = "ayni.act."
"""Letters of these event types say nothing: they put somebody out of a room or take back what was said."""


async def give_up_for(tx: Tx, member: str) -> None:
    """What waits for a member's own room is never sent: the device there is closed."""
    theirs = select(rooms.c.id).where(rooms.c.purpose == "direct", rooms.c.ref == member)
    waiting = letters.c.room.in_(theirs), letters.c.state == "waiting"
    said = ~letters.c.event_type.startswith(OUT_OF_WORDS)
    await tx.execute(update(letters).where(*waiting, said).values(state="given_up", content=None))


_EARLIEST = (
    select(func.min(letters.c.not_before))
    .join(rooms, rooms.c.id == letters.c.room)
    .where(letters.c.state == "waiting", letters.c.account == bindparam("account"), rooms.c.state == "open")
)


async def earliest(tx: Tx, account: str) -> datetime | None:
    """When the next waiting letter may be tried."""
    found: datetime | None = (await tx.execute(_EARLIEST, {"account": account})).scalar_one_or_none()
    return found


async def forget_sent_before(tx: Tx, when: datetime) -> int:
    """Rows of letters that arrived long ago are of no use to anyone but a thief."""
    done = await tx.execute(delete(letters).where(letters.c.state != "waiting", letters.c.written_at < when))
    return done.rowcount


async def count_waiting(tx: Tx, account: str) -> int:
    """How many letters wait."""
    statement = select(func.count()).where(letters.c.state == "waiting", letters.c.account == account)
    return (await tx.execute(statement)).scalar_one()

"""Rows of cards that stand for nobody, and of who was shown them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from directory.core.cards import Body
from directory.store.database import Tx
from directory.store.finding_tables import decoys, decoys_seen
from directory.store.tables import cards


async def add(
    tx: Tx, card: str, origin: str, body: Body, tags: Collection[str], now: datetime, fresh_at: datetime
) -> None:
    """One more."""
    row = {"id": card, "origin": origin, "kind": body["kind"], "body": body, "tags": list(tags)}
    await tx.execute(insert(cards).values(**row, fresh_at=fresh_at))
    await tx.execute(insert(decoys).values(card=card, since=now))


async def is_one(tx: Tx, card: str) -> bool:
    """Does this card stand for nobody?"""
    return (await tx.execute(select(decoys.c.card).where(decoys.c.card == card))).first() is not None


async def among_people(tx: Tx) -> tuple[int, int]:
    """How many cards of people can be found here, those of linked networks too; how many are decoys."""
    people = select(func.count()).where(cards.c.tags.contains(["k:person"]))
    known = await tx.scalar(select(func.count()).select_from(decoys)) or 0
    return (await tx.scalar(people) or 0) - known, known


async def some_people(tx: Tx, most: int) -> list[Body]:
    """Bodies of some cards of people, by chance."""
    newest = select(func.max(cards.c.number)).scalar_subquery()
    chance = (
        select((func.random() * newest).label("at")).select_from(func.generate_series(1, most)).cte("chance")
    )
    near = (
        select(cards.c.body)
        .where(cards.c.number >= chance.c.at, cards.c.kind == "person")
        .order_by(cards.c.number)
        .limit(1)
        .lateral("near")
    )
    return list((await tx.execute(select(near.c.body).select_from(chance.join(near, true())))).scalars())


async def drop(tx: Tx, most: int) -> None:
    """Take away the oldest ones, so that they do not all stay for ever."""
    oldest = select(decoys.c.card).order_by(decoys.c.since).limit(most)
    await tx.execute(delete(cards).where(cards.c.id.in_(oldest)))


async def seen(
    tx: Tx, who: bytes, shown: Collection[str], now: datetime, since: datetime, *, opened: bool
) -> tuple[int, bool]:
    """Write down that these were shown. How many different ones since then, those that were opened twice, and
    was it rung since then?"""
    rows = [{"who": who, "card": card, "at": now, "opened": opened} for card in sorted(shown)]
    new = insert(decoys_seen).values(rows)
    again = {"at": now, "opened": or_(decoys_seen.c.opened, new.excluded.opened)}
    await tx.execute(new.on_conflict_do_update(index_elements=["who", "card"], set_=again))
    mine = (decoys_seen.c.who == who) & (decoys_seen.c.at > since)
    weight = func.count() + func.count().filter(decoys_seen.c.opened)
    wanted = select(weight, func.coalesce(func.bool_or(decoys_seen.c.rung), False)).where(mine)
    row = (await tx.execute(wanted)).one()
    return int(row[0]), bool(row[1])


async def set_rung(tx: Tx, who: bytes) -> None:
    """The coordinators were told."""
    await tx.execute(update(decoys_seen).where(decoys_seen.c.who == who).values(rung=True))


async def forget_before(tx: Tx, before: datetime) -> None:
    """What was shown longer ago."""
    await tx.execute(delete(decoys_seen).where(decoys_seen.c.at < before))

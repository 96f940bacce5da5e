"""Rows of cards that stand for nobody, and of who was shown them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update
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


async def among_people(tx: Tx, home: str) -> tuple[int, int]:
    """How many cards of people of our own there are, and how many decoys."""
    people = select(func.count()).where(
        cards.c.origin == home, cards.c.kind == "person", cards.c.member.is_not(None)
    )
    known = select(func.count()).select_from(decoys)
    return await tx.scalar(people) or 0, await tx.scalar(known) or 0


async def some_people(tx: Tx, home: str, most: int) -> list[Body]:
    """Bodies of some cards of people of our own, by chance."""
    ours = (cards.c.origin == home) & (cards.c.kind == "person") & cards.c.member.is_not(None)
    wanted = select(cards.c.body).where(ours).order_by(func.random()).limit(most)
    return list((await tx.execute(wanted)).scalars())


async def drop(tx: Tx, most: int) -> None:
    """Take away the oldest ones, so that they do not all stay for ever."""
    oldest = select(decoys.c.card).order_by(decoys.c.since).limit(most)
    await tx.execute(delete(cards).where(cards.c.id.in_(oldest)))


async def seen(
    tx: Tx, who: bytes, shown: Collection[str], now: datetime, since: datetime
) -> tuple[int, bool]:
    """Write down that these were shown; how many different ones since then, and was it rung since then."""
    rows = [{"who": who, "card": card, "at": now} for card in sorted(shown)]
    new = insert(decoys_seen).values(rows)
    await tx.execute(new.on_conflict_do_update(index_elements=["who", "card"], set_={"at": now}))
    mine = (decoys_seen.c.who == who) & (decoys_seen.c.at > since)
    wanted = select(func.count(), func.coalesce(func.bool_or(decoys_seen.c.rung), False)).where(mine)
    count, rung = (await tx.execute(wanted)).one()
    return count, rung


async def set_rung(tx: Tx, who: bytes) -> None:
    """The coordinators were told."""
    await tx.execute(update(decoys_seen).where(decoys_seen.c.who == who).values(rung=True))


async def forget_before(tx: Tx, before: datetime) -> None:
    """What was shown longer ago."""
    await tx.execute(delete(decoys_seen).where(decoys_seen.c.at < before))

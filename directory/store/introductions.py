"""Rows of introductions, asked here or at a linked network."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.carried import carries
from directory.store.database import Tx
from directory.store.tables import introductions, spokespersons


@dataclass(frozen=True, slots=True)
class IntroductionRow:
    """One request to meet. `guarded` (archive ring) holds purpose, names and, after a yes, contacts."""

    id: str
    asker: str | None
    asker_network: str
    asker_card: str | None
    target: str | None
    target_network: str
    target_card: str
    state: str
    guarded: bytes | None
    answerer: str | None
    asked_at: datetime
    shown_at: datetime | None
    answered_at: datetime | None
    expires_at: datetime


_FIELDS = tuple(IntroductionRow.__dataclass_fields__)
_COLUMNS = [introductions.c[name] for name in _FIELDS]


async def add(tx: Tx, row: IntroductionRow) -> bool:
    """Write a request down; False when the id is taken already."""
    new = insert(introductions).values(**{name: getattr(row, name) for name in _FIELDS})
    written = await tx.execute(new.on_conflict_do_nothing().returning(introductions.c.id))
    return written.one_or_none() is not None


async def load(tx: Tx, introduction: str, *, lock: bool = False) -> IntroductionRow | None:
    """One request, or None."""
    wanted = select(*_COLUMNS).where(introductions.c.id == introduction)
    row = (await tx.execute(wanted.with_for_update() if lock else wanted)).one_or_none()
    return None if row is None else IntroductionRow(*row)


async def change(tx: Tx, introduction: str, **values: Any) -> None:
    """Set columns of one request."""
    await tx.execute(update(introductions).where(introductions.c.id == introduction).values(**values))


async def asked_by(tx: Tx, member: str, most: int = 50) -> list[IntroductionRow]:
    """What a member asked for, the newest first."""
    return await _some(tx, introductions.c.asker == member, most)


async def asked_of(tx: Tx, member: str, most: int = 50) -> list[IntroductionRow]:
    """What was asked of a member, of an organisation they speak for or of somebody whose entry they carry,
    and shown; the newest first."""
    spoken = select(spokespersons.c.organisation).where(spokespersons.c.member == member)
    theirs = or_(
        introductions.c.target == member,
        introductions.c.target.in_(spoken),
        carries(member, introductions.c.target),
    )
    return await _some(tx, theirs & introductions.c.shown_at.is_not(None), most)


async def between(
    tx: Tx, *, asker: str | None, network: str, asker_card: str | None, target_card: str
) -> list[IntroductionRow]:
    """Earlier requests of the same asker to the same card, the newest first."""
    same = introductions.c.asker == asker if asker else introductions.c.asker_card == asker_card
    return await _some(
        tx,
        same & (introductions.c.asker_network == network) & (introductions.c.target_card == target_card),
        20,
    )


async def waiting_of(tx: Tx, asker: str) -> int:
    """How many requests of a member are still open."""
    mine = (introductions.c.asker == asker) & introductions.c.state.in_(("asked", "refused"))
    return await tx.scalar(select(func.count()).where(mine)) or 0


async def asked_since(tx: Tx, asker: str, since: datetime) -> int:
    """How many requests a member made after `since`, whatever became of them."""
    mine = (introductions.c.asker == asker) & (introductions.c.asked_at > since)
    return await tx.scalar(select(func.count()).where(mine)) or 0


async def shown_since(tx: Tx, target: str, since: datetime) -> list[datetime]:
    """When requests were shown to a target after `since`, the oldest first."""
    theirs = (introductions.c.target == target) & (introductions.c.shown_at > since)
    found = select(introductions.c.shown_at).where(theirs).order_by(introductions.c.shown_at)
    return list((await tx.execute(found)).scalars())


async def drop_of_cards(tx: Tx, network: str, cards: Collection[str]) -> list[str]:
    """A linked network withdrew these cards: nothing that came from or led to them stays. Which went."""
    from_them = (introductions.c.asker_network == network) & introductions.c.asker_card.in_(cards)
    to_them = (introductions.c.target_network == network) & introductions.c.target_card.in_(cards)
    gone = delete(introductions).where(or_(from_them, to_them)).returning(introductions.c.id)
    return list((await tx.execute(gone)).scalars())


async def drop_of_network(tx: Tx, network: str) -> None:
    """The link is severed: every request across it goes."""
    across = or_(introductions.c.asker_network == network, introductions.c.target_network == network)
    await tx.execute(delete(introductions).where(across))


async def _some(tx: Tx, condition: ColumnElement[bool], most: int) -> list[IntroductionRow]:
    wanted = select(*_COLUMNS).where(condition)
    newest = wanted.order_by(introductions.c.asked_at.desc(), introductions.c.id).limit(most)
    return [IntroductionRow(*row) for row in await tx.execute(newest)]

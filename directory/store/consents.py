"""Rows of consents: who said yes to being shown to which network, when, how asked, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.tables import consents

SHOWN = "shown"
"""The purpose of being found by a network's members. One consent a purpose."""


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One yes, and when it was taken back."""

    id: str
    member: str
    network: str
    purpose: str
    asked_how: str
    locale: str
    given_at: datetime
    withdrawn_at: datetime | None
    ends_at: datetime | None = None


_FIELDS = tuple(ConsentRow.__dataclass_fields__)
_COLUMNS = [consents.c[name] for name in _FIELDS]


async def add(tx: Tx, row: ConsentRow) -> None:
    """Write a yes down."""
    await tx.execute(insert(consents).values(**{name: getattr(row, name) for name in _FIELDS}))


async def of(tx: Tx, member: str) -> list[ConsentRow]:
    """Every yes of a member, the newest first, also those taken back."""
    wanted = select(*_COLUMNS).where(consents.c.member == member)
    return [
        ConsentRow(*row)
        for row in await tx.execute(wanted.order_by(consents.c.given_at.desc(), consents.c.id))
    ]


async def standing(tx: Tx, member: str) -> frozenset[str]:
    """Networks a member has said yes to and not taken it back."""
    wanted = select(consents.c.network).where(
        consents.c.member == member, consents.c.purpose == SHOWN, consents.c.withdrawn_at.is_(None)
    )
    return frozenset((await tx.execute(wanted)).scalars())


async def standing_for(tx: Tx, network: str) -> list[str]:
    """Members who have said yes to a network and not taken it back."""
    wanted = select(consents.c.member).where(
        consents.c.network == network, consents.c.purpose == SHOWN, consents.c.withdrawn_at.is_(None)
    )
    return list((await tx.execute(wanted)).scalars())


async def renew(tx: Tx, member: str, network: str, values: Mapping[str, object]) -> None:
    """A standing yes goes on: until when, and how it was asked for again."""
    still = (consents.c.member == member) & (consents.c.network == network)
    await tx.execute(update(consents).where(still, consents.c.withdrawn_at.is_(None)).values(**values))


async def to_tell(tx: Tx, before: datetime, most: int) -> list[ConsentRow]:
    """Standing ones that end before this and about which nobody was asked, the soonest first."""
    soon = consents.c.ends_at < before, consents.c.told_at.is_(None)
    return await _standing(tx, soon, most)


async def over(tx: Tx, now: datetime, most: int) -> list[ConsentRow]:
    """Standing ones whose time is up."""
    return await _standing(tx, (consents.c.ends_at <= now,), most)


async def _standing(tx: Tx, which: tuple[ColumnElement[bool], ...], most: int) -> list[ConsentRow]:
    wanted = select(*_COLUMNS).where(consents.c.withdrawn_at.is_(None), *which)
    ordered = wanted.order_by(consents.c.ends_at, consents.c.id).limit(most)
    return [ConsentRow(*row) for row in await tx.execute(ordered)]


async def take_back(tx: Tx, member: str, network: str, now: datetime) -> None:
    """Every standing yes of a member to a network ends now."""
    still = (consents.c.member == member) & (consents.c.network == network)
    await tx.execute(
        update(consents).where(still, consents.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    )


async def end_all(tx: Tx, network: str, now: datetime) -> None:
    """The link is severed: every yes to that network ends."""
    still = (consents.c.network == network) & consents.c.withdrawn_at.is_(None)
    await tx.execute(update(consents).where(still).values(withdrawn_at=now))

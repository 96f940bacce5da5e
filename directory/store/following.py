"""Reading what changed for a search, in commit order, and the cards themselves: for the index in `door`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, func, select

from directory.store.database import Tx
from directory.store.finding_tables import decoys
from directory.store.following_tables import card_changes, card_turns
from directory.store.tables import cards, networks

KEPT = 20_000
"""Numbered turns that are kept: whoever missed more begins anew."""
AT_ONCE = 2_000
"""Cards that are read at a time."""


@dataclass(frozen=True, slots=True)
class FollowedCard:
    """One card as the index keeps it; `body` is JSON text as stored, `tags` are divided by spaces."""

    id: str
    origin: str
    member: str | None
    body: str
    tags: str
    number: int
    fresh_at: datetime
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class NetworkName:
    """What an answer says of a card's network."""

    id: str
    name: str
    home: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed up to `number`: cards by number, networks whose leases moved, persons. `names`: what
    networks are called, or which cards are decoys."""

    number: int
    cards: frozenset[int] = frozenset()
    leases: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    names: bool = False


async def latest(tx: Tx) -> int:
    """The number of the last turn that was committed; 0 before the first."""
    return await tx.scalar(select(func.max(card_turns.c.number))) or 0


async def reaches_back_to(tx: Tx, number: int) -> bool:
    """Is everything after this number still kept, and was there such a number?"""
    row = (await tx.execute(select(func.min(card_turns.c.number), func.max(card_turns.c.number)))).one()
    first, last = row
    return number == 0 if first is None else first - 1 <= number <= last


async def since(tx: Tx, number: int) -> Changes:
    """Everything that was committed after this number."""
    wanted = (
        select(card_turns.c.number, card_changes.c.what)
        .join(card_changes, card_changes.c.turn == card_turns.c.turn)
        .where(card_turns.c.number > number)
    )
    rows = (await tx.execute(wanted)).all()
    kinds: dict[str, set[str]] = {"": set(), "~": set(), "#": set(), "@": set()}
    for _, what in rows:
        kind = what[:1] if what[:1] in "~#@" else ""
        kinds[kind].add(what[len(kind) :])
    last = max((row.number for row in rows), default=number)
    return Changes(
        last, frozenset(map(int, kinds[""])), frozenset(kinds["~"]), frozenset(kinds["#"]), bool(kinds["@"])
    )


async def prune(tx: Tx, number: int) -> None:
    """Forget what was numbered long before `number`."""
    old = (
        delete(card_turns).where(card_turns.c.number <= number - KEPT).returning(card_turns.c.turn).cte("old")
    )
    await tx.execute(delete(card_changes).where(card_changes.c.turn.in_(select(old.c.turn))))


_CARD = (
    cards.c.id,
    cards.c.origin,
    cards.c.member,
    cast(cards.c.body, String).label("body"),
    func.array_to_string(cards.c.tags, " ").label("tags"),  # as one text: a list costs much more to read
    cards.c.number,
    cards.c.fresh_at,
    cards.c.lease_until,
)


async def numbered(tx: Tx, numbers: Collection[int]) -> list[FollowedCard]:
    """The cards of these numbers, as far as they are there."""
    return [_card(row) for row in await tx.execute(select(*_CARD).where(cards.c.number.in_(numbers)))]


async def every_card(tx: Tx) -> AsyncIterator[list[FollowedCard]]:
    """All cards by rising number, some at a time."""
    wanted = select(*_CARD).order_by(cards.c.number).execution_options(yield_per=AT_ONCE)
    found = await tx.stream(wanted)
    async for rows in found.partitions(AT_ONCE):
        yield [_card(row) for row in rows]


async def leases(tx: Tx, network: str) -> list[tuple[int, datetime | None]]:
    """(number, until when) of everything a linked network has here."""
    wanted = select(cards.c.number, cards.c.lease_until).where(cards.c.origin == network)
    return [(row.number, row.lease_until) for row in await tx.execute(wanted)]


async def number_of(tx: Tx, member: str) -> int | None:
    """The number of a member's own card."""
    return await tx.scalar(select(cards.c.number).where(cards.c.member == member))


async def decoyed(tx: Tx) -> list[str]:
    """Cards that stand for nobody."""
    return list(await tx.scalars(select(decoys.c.card)))


async def names(tx: Tx) -> list[NetworkName]:
    """Every network that cards may come from."""
    wanted = select(networks.c.id, networks.c.name, networks.c.home, networks.c.state)
    return [
        NetworkName(row.id, row.name, row.home, row.state == "active") for row in await tx.execute(wanted)
    ]


def _card(row: Any) -> FollowedCard:
    return FollowedCard(*row)

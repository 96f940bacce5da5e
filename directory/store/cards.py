"""Rows of cards: our own, one a member, and those of linked networks, held under a lease."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.core.cards import Body
from directory.store.database import Tx
from directory.store.tables import cards, holdings

NOT_OFFERED = -1
"""Version of a withdrawn card that its home has not offered again."""


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card. `member` is None for a card of a linked network, `lease_until` for one of our own."""

    id: str
    origin: str
    member: str | None
    kind: str
    body: Body
    fresh_at: datetime
    lease_until: datetime | None


_COLUMNS = [cards.c[name] for name in CardRow.__dataclass_fields__]


async def load(tx: Tx, card: str) -> CardRow | None:
    """One card, or None."""
    row = (await tx.execute(select(*_COLUMNS).where(cards.c.id == card))).one_or_none()
    return None if row is None else CardRow(*row)


async def of_member(tx: Tx, member: str) -> CardRow | None:
    """The home card of a member, if there is one."""
    row = (await tx.execute(select(*_COLUMNS).where(cards.c.member == member))).one_or_none()
    return None if row is None else CardRow(*row)


async def put_home(tx: Tx, row: CardRow, tags: Sequence[str], *, new: bool) -> None:
    """Write a member's `new` home card, or replace it; its version grows when it says something else."""
    values: dict[str, Any] = {
        "kind": row.kind,
        "body": row.body,
        "tags": list(tags),
        "fresh_at": row.fresh_at,
        "version": cards.c.version + 1,
    }
    differs = (cards.c.body != row.body) | (cards.c.fresh_at != row.fresh_at)
    if not new:
        await tx.execute(update(cards).where(cards.c.member == row.member, differs).values(values))
        return
    # Each insert takes a number, also one that meets a row: numbers are for new cards only.
    first = {**values, "version": 1, "id": row.id, "origin": row.origin, "member": row.member}
    write = insert(cards).values(first)
    await tx.execute(write.on_conflict_do_update(index_elements=["member"], set_=values, where=differs))


async def drop_home(tx: Tx, member: str) -> None:
    """A member has no card any more."""
    await tx.execute(delete(cards).where(cards.c.member == member))


async def withdraw_held(tx: Tx, network: str, ids: Collection[str], now: datetime) -> None:
    """Delete a linked network's cards; the ledger keeps that they were held, and they never come back."""
    await tx.execute(delete(cards).where(cards.c.origin == network, cards.c.id.in_(ids)))
    rows = [
        {
            "card": card,
            "network": network,
            "state": "withdrawn",
            "version": NOT_OFFERED,
            "since": now,
            "withdrawn_at": now,
        }
        for card in sorted(ids)
    ]
    if rows:
        gone = insert(holdings).values(rows)
        await tx.execute(
            gone.on_conflict_do_update(
                index_elements=["card"],
                set_={
                    "state": "withdrawn",
                    "version": NOT_OFFERED,
                    "withdrawn_at": func.coalesce(holdings.c.withdrawn_at, now),
                },
                where=holdings.c.network == network,
            )
        )


async def hide_held(tx: Tx, network: str, ids: Collection[str]) -> None:
    """A linked network's cards that nobody may find now. The ledger still holds them as given."""
    await tx.execute(delete(cards).where(cards.c.origin == network, cards.c.id.in_(ids)))


async def is_withdrawn(tx: Tx, network: str, card: str) -> bool:
    """Was this card of a linked network taken back?"""
    wanted = select(holdings.c.card).where(
        holdings.c.card == card, holdings.c.network == network, holdings.c.state == "withdrawn"
    )
    return (await tx.execute(wanted)).first() is not None


async def withdraw_all_held(tx: Tx, network: str, now: datetime) -> None:
    """Delete every card of a linked network."""
    await tx.execute(delete(cards).where(cards.c.origin == network))
    held = (holdings.c.network == network) & (holdings.c.state == "held")
    gone = {"state": "withdrawn", "version": NOT_OFFERED, "withdrawn_at": now}
    await tx.execute(update(holdings).where(held).values(gone))


async def doubt_held(tx: Tx, network: str) -> None:
    """The network began its cards anew: each one is in doubt until it is repeated."""
    theirs = holdings.c.network == network
    held = theirs & (holdings.c.state == "held")
    await tx.execute(update(holdings).where(held).values(unsure=True))
    offered = theirs & (holdings.c.state == "withdrawn") & (holdings.c.version != NOT_OFFERED)
    await tx.execute(update(holdings).where(offered).values(version=NOT_OFFERED))


async def drop_doubtful(tx: Tx, network: str) -> list[str]:
    """Delete the cards that the network did not repeat; which. They may come back."""
    doubtful = (holdings.c.network == network) & (holdings.c.state == "held") & holdings.c.unsure
    gone = await tx.execute(delete(holdings).where(doubtful).returning(holdings.c.card))
    ids = sorted(gone.scalars())
    if ids:
        await tx.execute(delete(cards).where(cards.c.origin == network, cards.c.id.in_(ids)))
    return ids


async def held_versions(tx: Tx, network: str) -> list[tuple[str, int]]:
    """(card, its home's version) of what is here, and of what its home offered after it was withdrawn."""
    wanted = select(holdings.c.card, holdings.c.version).join(
        cards, (cards.c.id == holdings.c.card) & (cards.c.origin == network), isouter=True
    )
    here = (holdings.c.state == "held") & cards.c.id.is_not(None)
    offered = (holdings.c.state == "withdrawn") & (holdings.c.version != NOT_OFFERED)
    found = await tx.execute(wanted.where(holdings.c.network == network, here | offered))
    return [(row.card, row.version) for row in found]


async def renew(tx: Tx, network: str, until: datetime) -> None:
    """A checkpoint came: every card of that network lives on until then."""
    await tx.execute(update(cards).where(cards.c.origin == network).values(lease_until=until))


async def leases(tx: Tx, network: str) -> tuple[int, datetime | None]:
    """How many cards of a network are held, and when the first lease of them ends."""
    wanted = select(func.count(), func.min(cards.c.lease_until)).where(cards.c.origin == network)
    count, until = (await tx.execute(wanted)).one()
    return count, until


async def drop_expired(tx: Tx, before: datetime) -> int:
    """Delete cards whose lease ended before `before`; how many."""
    gone = await tx.execute(delete(cards).where(cards.c.lease_until < before))
    return gone.rowcount

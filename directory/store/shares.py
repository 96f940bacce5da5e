"""Rows of the sharing ledger: which card each linked network was given, and what it confirmed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.tables import holdings, members, shares

DIRTY, SHARED, WITHDRAWING, WITHDRAWN = "dirty", "shared", "withdrawing", "withdrawn"


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One card for one network. `digest` is of the body last sent, None when nothing was sent yet."""

    card: str
    network: str
    member: str | None
    state: str
    version: int
    digest: bytes | None
    shared_at: datetime | None
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_confirmed_at: datetime | None
    sent_seq: int | None


_COLUMNS = [shares.c[name] for name in ShareRow.__dataclass_fields__]


async def of_member(tx: Tx, member: str) -> list[ShareRow]:
    """Every share of a member, withdrawn ones too."""
    wanted = select(*_COLUMNS).where(shares.c.member == member).order_by(shares.c.network, shares.c.card)
    return [ShareRow(*row) for row in await tx.execute(wanted)]


async def by_card(tx: Tx, network: str, card: str) -> ShareRow | None:
    """The share a linked network knows by this id, if it still has it."""
    wanted = select(*_COLUMNS).where(
        shares.c.card == card, shares.c.network == network, shares.c.state.in_((DIRTY, SHARED))
    )
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else ShareRow(*row)


async def begin(tx: Tx, card: str, network: str, member: str) -> None:
    """This member's card is to be given to the network."""
    row = insert(shares).values(card=card, network=network, member=member, state=DIRTY)
    await tx.execute(row.on_conflict_do_nothing())


async def mark(tx: Tx, card: str, state: str, *, newer: bool = False) -> None:
    """Set the state of one share; `newer` counts its version up."""
    values = {"state": state, "version": shares.c.version + 1} if newer else {"state": state}
    await tx.execute(update(shares).where(shares.c.card == card).values(values))


async def forget_unsent(tx: Tx, card: str) -> None:
    """Nothing of it ever crossed: no trace needed."""
    await tx.execute(delete(shares).where(shares.c.card == card, shares.c.shared_at.is_(None)))


async def unsent(tx: Tx, network: str, state: str, most: int) -> list[ShareRow]:
    """Shares in a state in which something must be sent, locked until the sending is written down."""
    wanted = select(*_COLUMNS).where(shares.c.network == network, shares.c.state == state)
    rows = await tx.execute(wanted.order_by(shares.c.card).limit(most).with_for_update(skip_locked=True))
    return [ShareRow(*row) for row in rows]


async def set_sent(tx: Tx, card: str, digest: bytes, seq: int, now: datetime) -> None:
    """The card went out in this envelope; an older confirmation does not count for it."""
    values = {"state": SHARED, "digest": digest, "sent_seq": seq, "shared_at": now, "confirmed_at": None}
    await tx.execute(update(shares).where(shares.c.card == card, shares.c.state == DIRTY).values(values))


async def set_withdrawn(tx: Tx, cards: Collection[str], seq: int, now: datetime) -> None:
    """The withdrawals went out in this envelope."""
    mine = shares.c.card.in_(cards) & (shares.c.state == WITHDRAWING)
    await tx.execute(
        update(shares)
        .where(mine)
        .values(state=WITHDRAWN, sent_seq=seq, withdrawn_at=func.coalesce(shares.c.withdrawn_at, now))
    )


async def confirm(tx: Tx, network: str, seq: int, now: datetime) -> None:
    """The network applied everything up to this envelope of the cards stream."""
    upto = (shares.c.network == network) & (shares.c.sent_seq <= seq)
    given = upto & shares.c.confirmed_at.is_(None) & (shares.c.state == SHARED)
    await tx.execute(update(shares).where(given).values(confirmed_at=now))
    gone = upto & shares.c.withdrawal_confirmed_at.is_(None) & (shares.c.state == WITHDRAWN)
    await tx.execute(update(shares).where(gone).values(withdrawal_confirmed_at=now))


async def oldest_unconfirmed(tx: Tx, network: str) -> datetime | None:
    """When the oldest withdrawal went out that the network has not confirmed; None when there is none."""
    open_ones = shares.c.withdrawal_confirmed_at.is_(None) & shares.c.withdrawn_at.is_not(None)
    gone = shares.c.state.in_((WITHDRAWING, WITHDRAWN)) & open_ones
    wanted = select(func.min(shares.c.withdrawn_at)).where(shares.c.network == network, gone)
    found: datetime | None = (await tx.execute(wanted)).scalar_one_or_none()
    return found


async def all_dirty(tx: Tx, network: str) -> None:
    """Send everything again: cards that are shared, and withdrawals nobody confirmed."""
    mine = shares.c.network == network
    again = {"sent_seq": None, "confirmed_at": None}
    await tx.execute(update(shares).where(mine, shares.c.state == SHARED).values(state=DIRTY, **again))
    unsure = (shares.c.state == WITHDRAWN) & shares.c.withdrawal_confirmed_at.is_(None)
    await tx.execute(update(shares).where(mine, unsure).values(state=WITHDRAWING, sent_seq=None))


async def end_all(tx: Tx, network: str, now: datetime) -> None:
    """The link is severed: nothing more can be told; the ledger shows what was never confirmed gone."""
    open_ones = (shares.c.network == network) & (shares.c.state != WITHDRAWN)
    await tx.execute(delete(shares).where(open_ones, shares.c.shared_at.is_(None)))
    await tx.execute(update(shares).where(open_ones).values(state=WITHDRAWN, withdrawn_at=now))


async def forget_member(tx: Tx, member: str) -> None:
    """The member is erased: what was confirmed gone stays in the ledger without a name."""
    gone = (shares.c.member == member) & shares.c.withdrawal_confirmed_at.is_not(None)
    await tx.execute(update(shares).where(gone).values(member=None))


async def counts(tx: Tx, network: str) -> dict[str, int]:
    """How many cards a network was given, by state, and how many of the states it has confirmed."""
    wanted = select(
        shares.c.state,
        func.count().label("rows"),
        func.count(func.coalesce(shares.c.withdrawal_confirmed_at, shares.c.confirmed_at)).label("confirmed"),
    ).where(shares.c.network == network)
    found: dict[str, int] = {}
    for row in await tx.execute(wanted.group_by(shares.c.state)):
        found[row.state] = row.rows
        found[f"{row.state}-confirmed"] = row.confirmed
    return found


@dataclass(frozen=True, slots=True)
class NamedShare:
    """A share with the public name of an organisation or bot; a person is never named in a ledger."""

    share: ShareRow
    kind: str | None
    title: str | None


async def ledger(tx: Tx, network: str, most: int) -> list[NamedShare]:
    """What a network was given, the newest movement first."""
    moved = func.greatest(shares.c.shared_at, shares.c.withdrawn_at)
    wanted = (
        select(*_COLUMNS, members.c.kind, members.c.title)
        .join(members, members.c.id == shares.c.member, isouter=True)
        .where(shares.c.network == network)
        .order_by(moved.desc().nulls_first(), shares.c.card)
        .limit(most)
    )
    return [NamedShare(ShareRow(*row[:-2]), row.kind, row.title) for row in await tx.execute(wanted)]


@dataclass(frozen=True, slots=True)
class Held:
    """That a card of a linked network was or is here. Not a word of what it said."""

    card: str
    state: str
    since: datetime
    withdrawn_at: datetime | None


async def held(tx: Tx, network: str, most: int) -> list[Held]:
    """Cards of a network that are or were here, the newest movement first."""
    columns = [holdings.c[name] for name in Held.__dataclass_fields__]
    moved = func.coalesce(holdings.c.withdrawn_at, holdings.c.since)
    wanted = select(*columns).where(holdings.c.network == network)
    rows = await tx.execute(wanted.order_by(moved.desc(), holdings.c.card).limit(most))
    return [Held(*row) for row in rows]


async def members_at(tx: Tx, network: str) -> list[str]:
    """Members of whom a network was, or is about to be, given a card."""
    wanted = select(shares.c.member).where(
        shares.c.network == network, shares.c.state.in_((DIRTY, SHARED)), shares.c.member.is_not(None)
    )
    return list((await tx.execute(wanted.order_by(shares.c.member))).scalars())


async def to_renew(tx: Tx, network: str) -> list[tuple[str, int]]:
    """(card, version) of everything a network was sent: what a checkpoint counts."""
    wanted = select(shares.c.card, shares.c.version).where(
        shares.c.network == network, shares.c.state == SHARED
    )
    return [(row.card, row.version) for row in await tx.execute(wanted.order_by(shares.c.card))]

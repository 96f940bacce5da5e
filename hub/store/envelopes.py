"""Rows of envelopes, and of the head of each stream in each direction.

Heads: for direction `out`, `seq` is the last number we gave and `confirmed_seq` the last one the peer
confirmed; for direction `in`, `seq` is the last one applied here and `confirmed_seq` the last one we
confirmed. Envelopes have direction `out`, `in`, or `held` (arrived early, waiting for what is before them).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.guarded import Guard
from hub.store.tables import envelopes, heads

START = bytes(32)
"""What `prev` names before the first envelope of an epoch."""


@dataclass(frozen=True, slots=True)
class HeadRow:
    """Where one stream stands in one direction."""

    epoch: int
    seq: int
    hash: bytes
    confirmed_seq: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One envelope as it is kept. `signed` is None once what it carried was withdrawn."""

    network: str
    direction: str
    stream: str
    epoch: int
    seq: int
    type: str
    hash: bytes
    signed: bytes | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of what we sent on one stream a peer has not confirmed, and since when."""

    stream: str
    count: int
    oldest: datetime


def _place(network: str, direction: str, stream: str, epoch: int, seq: int, digest: bytes) -> str:
    return f"{network}|{direction}|{stream}|{epoch}|{seq}|{digest.hex()}"


async def head(tx: Tx, network: str, stream: str, direction: str) -> HeadRow:
    """The head of one stream, locked until the transaction ends; at the start when nothing was sent."""
    statement = (
        select(heads.c.epoch, heads.c.seq, heads.c.hash, heads.c.confirmed_seq)
        .where(heads.c.network == network, heads.c.stream == stream, heads.c.direction == direction)
        .with_for_update()
    )
    row = (await tx.execute(statement)).one_or_none()
    if row is None:
        fresh = insert(heads).values(network=network, stream=stream, direction=direction, hash=START)
        await tx.execute(fresh.on_conflict_do_nothing())
        row = (await tx.execute(statement)).one()
    return HeadRow(*row)


async def move_head(tx: Tx, network: str, stream: str, direction: str, **columns: object) -> None:
    """Write columns of a head."""
    await tx.execute(
        update(heads)
        .where(heads.c.network == network, heads.c.stream == stream, heads.c.direction == direction)
        .values(**columns)
    )


async def keep(tx: Tx, guard: Guard, kept: Kept, *, cards: Sequence[str] = (), now: datetime) -> None:
    """Keep one envelope's exact signed bytes, sealed. Keeping the same one twice changes nothing."""
    place = _place(kept.network, kept.direction, kept.stream, kept.epoch, kept.seq, kept.hash)
    sealed = (
        None if kept.signed is None else guard.seal("envelopes", "guarded", place, kept.signed, watch=True)
    )
    statement = insert(envelopes).values(
        network=kept.network,
        direction=kept.direction,
        stream=kept.stream,
        epoch=kept.epoch,
        seq=kept.seq,
        type=kept.type,
        hash=kept.hash,
        guarded=sealed,
        cards=list(cards),
        at=now,
    )
    await tx.execute(statement.on_conflict_do_nothing())


async def between(
    tx: Tx, guard: Guard, network: str, direction: str, stream: str, epoch: int, first: int, last: int
) -> tuple[Kept, ...]:
    """Kept envelopes `first` to `last` of one stream, in order."""
    statement = (
        select(envelopes)
        .where(
            envelopes.c.network == network,
            envelopes.c.direction == direction,
            envelopes.c.stream == stream,
            envelopes.c.epoch == epoch,
            envelopes.c.seq.between(first, last),
        )
        .order_by(envelopes.c.seq, envelopes.c.id)
    )
    found = []
    for row in await tx.execute(statement):
        place = _place(network, direction, stream, epoch, row.seq, row.hash)
        signed = (
            None
            if row.guarded is None
            else guard.open("envelopes", "guarded", place, row.guarded, watch=True)
        )
        found.append(Kept(network, direction, stream, epoch, row.seq, row.type, row.hash, signed))
    return tuple(found)


async def hash_at(
    tx: Tx, network: str, stream: str, epoch: int, seq: int, *, directions: Sequence[str] = ("in", "held")
) -> bytes | None:
    """The hash of the envelope kept at this place (applied or held; or sent), if there is one."""
    statement = select(envelopes.c.hash).where(
        envelopes.c.network == network,
        envelopes.c.direction.in_(list(directions)),
        envelopes.c.stream == stream,
        envelopes.c.epoch == epoch,
        envelopes.c.seq == seq,
    )
    first = statement.order_by(envelopes.c.direction.desc(), envelopes.c.id).limit(1)
    return (await tx.execute(first)).scalar_one_or_none()


async def oldest_kept(tx: Tx, network: str, stream: str, epoch: int) -> int:
    """The lowest number of our own from which on everything of this epoch can be sent again."""
    statement = select(func.max(envelopes.c.seq)).where(
        envelopes.c.network == network,
        envelopes.c.direction == "out",
        envelopes.c.stream == stream,
        envelopes.c.epoch == epoch,
        envelopes.c.guarded.is_(None),
    )
    emptied: int | None = (await tx.execute(statement)).scalar_one_or_none()
    return (emptied or 0) + 1


async def count_held(tx: Tx, network: str, stream: str) -> int:
    """How many envelopes of a stream arrived early and wait."""
    statement = select(func.count()).where(
        envelopes.c.network == network, envelopes.c.direction == "held", envelopes.c.stream == stream
    )
    return (await tx.execute(statement)).scalar_one()


async def drop_held(tx: Tx, network: str, stream: str, epoch: int, up_to: int) -> None:
    """Forget what was held up to a number: it was applied, or belongs to an older epoch."""
    await tx.execute(
        delete(envelopes).where(
            envelopes.c.network == network,
            envelopes.c.direction == "held",
            envelopes.c.stream == stream,
            (envelopes.c.epoch < epoch) | ((envelopes.c.epoch == epoch) & (envelopes.c.seq <= up_to)),
        )
    )


async def confirm(tx: Tx, network: str, stream: str, epoch: int, up_to: int, now: datetime) -> int:
    """The peer applied everything up to `up_to`; how many envelopes that newly confirms.

    Confirmed card envelopes are emptied: nobody will ever ask for them again.
    """
    mine = (
        envelopes.c.network == network,
        envelopes.c.direction == "out",
        envelopes.c.stream == stream,
        envelopes.c.epoch == epoch,
        envelopes.c.seq <= up_to,
    )
    done = await tx.execute(
        update(envelopes).where(*mine, envelopes.c.confirmed_at.is_(None)).values(confirmed_at=now)
    )
    if stream == "cards":
        await tx.execute(update(envelopes).where(*mine).values(guarded=None))
    return done.rowcount


async def empty_cards(tx: Tx, network: str, cards: Sequence[str]) -> None:
    """Empty every received envelope that carried one of these cards, or talk about people at all."""
    await tx.execute(
        update(envelopes)
        .where(
            envelopes.c.network == network,
            envelopes.c.direction == "in",
            envelopes.c.cards.overlap(list(cards)),
        )
        .values(guarded=None)
    )


async def empty_talk(tx: Tx, network: str, types: Iterable[str]) -> None:
    """Empty received envelopes of these types: what they said was applied where it belongs."""
    await tx.execute(
        update(envelopes)
        .where(
            envelopes.c.network == network, envelopes.c.direction == "in", envelopes.c.type.in_(sorted(types))
        )
        .values(guarded=None)
    )


async def forget_before(tx: Tx, network: str, when: datetime) -> None:
    """Empty applied and confirmed envelopes older than `when`; their numbers and hashes stay."""
    done = (envelopes.c.direction == "in") | envelopes.c.confirmed_at.is_not(None)
    old = (envelopes.c.network == network) & (envelopes.c.at < when) & envelopes.c.guarded.is_not(None)
    await tx.execute(update(envelopes).where(old, done).values(guarded=None))


async def unconfirmed(tx: Tx, network: str, *, but: Iterable[str] = ()) -> tuple[Waiting, ...]:
    """What the peer has not confirmed, by stream, without the types in `but`."""
    statement = (
        select(envelopes.c.stream, func.count(), func.min(envelopes.c.at))
        .where(
            envelopes.c.network == network,
            envelopes.c.direction == "out",
            envelopes.c.confirmed_at.is_(None),
            envelopes.c.type.not_in(sorted(but)),
        )
        .group_by(envelopes.c.stream)
        .order_by(envelopes.c.stream)
    )
    return tuple(Waiting(*row) for row in await tx.execute(statement))


async def any_unconfirmed(tx: Tx, kind: str) -> bool:
    """Is there a peer that has not confirmed what we sent of this type?"""
    statement = select(envelopes.c.id).where(
        envelopes.c.direction == "out", envelopes.c.type == kind, envelopes.c.confirmed_at.is_(None)
    )
    return (await tx.execute(statement.limit(1))).first() is not None


async def last_sent_at(tx: Tx, network: str, stream: str) -> datetime | None:
    """When we last wrote an envelope on this stream."""
    statement = select(func.max(envelopes.c.at)).where(
        envelopes.c.network == network, envelopes.c.direction == "out", envelopes.c.stream == stream
    )
    found: datetime | None = (await tx.execute(statement)).scalar_one_or_none()
    return found


async def forget(tx: Tx, network: str) -> None:
    """Forget all envelopes and heads of a severed link."""
    await tx.execute(delete(envelopes).where(envelopes.c.network == network))
    await tx.execute(delete(heads).where(heads.c.network == network))

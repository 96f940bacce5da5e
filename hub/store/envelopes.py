"""Rows of envelopes, and of the head of each stream in each direction.

Heads: for direction `out`, `seq` is the last number we gave and `confirmed_seq` the last one the peer
confirmed; for direction `in`, `seq` is the last one applied here and `confirmed_seq` the last one we
confirmed. Envelopes have direction `out`, `in`, `held` (arrived early, waiting for what is before them) or
`next` (to be sent, not numbered yet because somebody else was at the link).

Whoever writes here holds the link's row, except to leave something as `next`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.guarded import Guard
from hub.store.tables import due, envelopes, heads

WHEN_OPENED = "when-opened"
"""Kind of the due row of an envelope that waits for records; ref `<network>:<stream>:<epoch>:<seq>`."""
START = bytes(32)
"""What `prev` names before the first envelope of an epoch."""


@dataclass(frozen=True, slots=True)
class HeadRow:
    """Where one stream stands in one direction. `unsure`: nobody knows yet whether it is the newest head."""

    epoch: int
    seq: int
    hash: bytes
    confirmed_seq: int
    unsure: bool


_HEAD = [heads.c[name] for name in HeadRow.__dataclass_fields__]


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


def place_of(network: str, direction: str, stream: str, epoch: int, seq: int, digest: bytes) -> str:
    """Under which name an envelope's bytes are sealed."""
    return f"{network}|{direction}|{stream}|{epoch}|{seq}|{digest.hex()}"


async def begin(tx: Tx, network: str, streams: Iterable[str]) -> None:
    """Heads of a new link: nothing was sent or applied yet."""
    rows = [
        {"network": network, "stream": stream, "direction": direction, "hash": START}
        for stream in streams
        for direction in ("in", "out")
    ]
    await tx.execute(insert(heads).values(rows).on_conflict_do_nothing())


async def both_heads(tx: Tx, network: str, stream: str) -> tuple[HeadRow, HeadRow]:
    """(out, in): where one stream stands."""
    wanted = select(heads.c.direction, *_HEAD).where(heads.c.network == network, heads.c.stream == stream)
    found = {row[0]: HeadRow(*row[1:]) for row in await tx.execute(wanted)}
    return found["out"], found["in"]


async def all_heads(tx: Tx, network: str, direction: str) -> dict[str, HeadRow]:
    """By stream: where each stands in one direction."""
    wanted = select(heads.c.stream, *_HEAD).where(heads.c.network == network, heads.c.direction == direction)
    return {row[0]: HeadRow(*row[1:]) for row in await tx.execute(wanted)}


async def doubt(tx: Tx, network: str) -> None:
    """A start: this may be a backup, and numbers after ours may be given out."""
    mine = (heads.c.network == network) & (heads.c.direction == "out")
    await tx.execute(update(heads).where(mine).values(unsure=True))


async def in_doubt(tx: Tx, network: str) -> bool:
    """Is one of our heads in doubt?"""
    wanted = select(heads.c.stream).where(
        heads.c.network == network, heads.c.direction == "out", heads.c.unsure
    )
    return (await tx.execute(wanted.limit(1))).first() is not None


async def move_head(tx: Tx, network: str, stream: str, direction: str, **columns: object) -> None:
    """Write columns of a head."""
    await tx.execute(
        update(heads)
        .where(heads.c.network == network, heads.c.stream == stream, heads.c.direction == direction)
        .values(**columns)
    )


async def keep(tx: Tx, guard: Guard, kept: Kept, *, cards: Sequence[str] = (), now: datetime) -> bool:
    """Keep one envelope's exact signed bytes, sealed. Keeping the same one twice changes nothing: False."""
    place = place_of(kept.network, kept.direction, kept.stream, kept.epoch, kept.seq, kept.hash)
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
    written = statement.on_conflict_do_nothing().returning(envelopes.c.id)
    return (await tx.execute(written)).first() is not None


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
        place = place_of(network, direction, stream, epoch, row.seq, row.hash)
        signed = (
            None
            if row.guarded is None
            else guard.open("envelopes", "guarded", place, row.guarded, watch=True)
        )
        found.append(Kept(network, direction, stream, epoch, row.seq, row.type, row.hash, signed))
    return tuple(found)


async def newest(tx: Tx, guard: Guard, network: str, stream: str, epoch: int, kind: str) -> Kept | None:
    """The last envelope of this type that we sent in this epoch."""
    mine = {"network": network, "direction": "out", "stream": stream, "epoch": epoch, "type": kind}
    same = [envelopes.c[name] == value for name, value in mine.items()]
    wanted = select(envelopes.c.seq).where(*same).order_by(envelopes.c.seq.desc()).limit(1)
    seq = (await tx.execute(wanted)).scalar_one_or_none()
    found = await between(tx, guard, network, "out", stream, epoch, seq, seq) if seq is not None else ()
    return found[0] if found else None


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


async def known_at(tx: Tx, network: str, stream: str, epoch: int, seq: int) -> tuple[bytes | None, int]:
    """(hash kept under this number, applied or held; how many envelopes of the stream wait for a gap)."""
    mine = (envelopes.c.network == network) & (envelopes.c.stream == stream)
    early = mine & (envelopes.c.direction == "held")
    here = mine & envelopes.c.direction.in_(("in", "held")) & (envelopes.c.epoch == epoch)
    kept = select(envelopes.c.hash).where(here, envelopes.c.seq == seq)
    one = kept.order_by(envelopes.c.direction.desc(), envelopes.c.id).limit(1).scalar_subquery()
    waiting = select(func.count()).where(early).scalar_subquery()
    hashed, count = (await tx.execute(select(one, waiting))).one()
    return hashed, count


async def highest_held(tx: Tx, network: str) -> dict[str, tuple[int, int]]:
    """By stream: the latest (epoch, seq) that arrived and waits for a gap."""
    wanted = (
        select(envelopes.c.stream, envelopes.c.epoch, func.max(envelopes.c.seq))
        .where(envelopes.c.network == network, envelopes.c.direction == "held")
        .group_by(envelopes.c.stream, envelopes.c.epoch)
        .order_by(envelopes.c.epoch)
    )
    return {stream: (epoch, seq) for stream, epoch, seq in await tx.execute(wanted)}


async def count_of_type(tx: Tx, network: str, stream: str, epoch: int, kind: str) -> int:
    """How many envelopes of one type were applied in this epoch."""
    statement = select(func.count()).where(
        envelopes.c.network == network,
        envelopes.c.direction == "in",
        envelopes.c.stream == stream,
        envelopes.c.epoch == epoch,
        envelopes.c.type == kind,
    )
    return (await tx.execute(statement)).scalar_one()


async def close_epoch(tx: Tx, network: str, stream: str, epoch: int) -> None:
    """Our stream begins anew: nothing of this epoch is ever sent again. Numbers and hashes stay."""
    await tx.execute(
        update(envelopes)
        .where(
            envelopes.c.network == network,
            envelopes.c.direction == "out",
            envelopes.c.stream == stream,
            envelopes.c.epoch == epoch,
        )
        .values(guarded=None)
    )


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
    emptied: dict[str, object] = {"guarded": None} if stream == "cards" else {}
    done = await tx.execute(
        update(envelopes)
        .where(
            envelopes.c.network == network,
            envelopes.c.direction == "out",
            envelopes.c.stream == stream,
            envelopes.c.epoch == epoch,
            envelopes.c.seq <= up_to,
            envelopes.c.confirmed_at.is_(None),
        )
        .values(confirmed_at=now, **emptied)
    )
    return done.rowcount


async def empty_cards(tx: Tx, network: str, cards: Sequence[str]) -> None:
    """Empty every received envelope that carried one of these cards, or a request from one."""
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
    """Empty what peers confirmed, and what was neither applied here nor waits to be, of these types."""
    ref = func.concat_ws(":", envelopes.c.network, envelopes.c.stream, envelopes.c.epoch, envelopes.c.seq)
    waits = select(due.c.ref).where(due.c.kind == WHEN_OPENED, due.c.ref == ref).exists()
    done = envelopes.c.confirmed_at.is_not(None) | ((envelopes.c.direction == "in") & ~waits)
    about = (envelopes.c.network == network) & envelopes.c.type.in_(sorted(types))
    await tx.execute(update(envelopes).where(about, done).values(guarded=None))


async def empty(tx: Tx, network: str, stream: str, epoch: int, seq: int) -> None:
    """Empty one received envelope: what it said was applied where it belongs."""
    await tx.execute(
        update(envelopes)
        .where(
            envelopes.c.network == network,
            envelopes.c.direction == "in",
            envelopes.c.stream == stream,
            envelopes.c.epoch == epoch,
            envelopes.c.seq == seq,
        )
        .values(guarded=None)
    )


async def forget_before(tx: Tx, network: str, when: datetime) -> None:
    """Empty applied and confirmed envelopes older than `when`; their numbers and hashes stay."""
    done = (envelopes.c.direction == "in") | envelopes.c.confirmed_at.is_not(None)
    old = (envelopes.c.network == network) & (envelopes.c.at < when) & envelopes.c.guarded.is_not(None)
    await tx.execute(update(envelopes).where(old, done).values(guarded=None))


def _open() -> ColumnElement[bool]:
    """Sent and not confirmed, in an epoch that goes on: what one left open was said again in the next."""
    current = (
        (heads.c.network == envelopes.c.network)
        & (heads.c.stream == envelopes.c.stream)
        & (heads.c.direction == "out")
        & (heads.c.epoch == envelopes.c.epoch)
    )
    goes_on = select(heads.c.network).where(current).exists()
    return (envelopes.c.direction == "out") & envelopes.c.confirmed_at.is_(None) & goes_on


async def unconfirmed(tx: Tx, network: str, *, but: Iterable[str] = ()) -> tuple[Waiting, ...]:
    """What the peer has not confirmed, by stream, without the types in `but`."""
    statement = (
        select(envelopes.c.stream, func.count(), func.min(envelopes.c.at))
        .where(envelopes.c.network == network, _open(), envelopes.c.type.not_in(sorted(but)))
        .group_by(envelopes.c.stream)
        .order_by(envelopes.c.stream)
    )
    return tuple(Waiting(*row) for row in await tx.execute(statement))


async def any_unconfirmed(tx: Tx, kind: str) -> bool:
    """Is there a peer that has not confirmed what we sent of this type?"""
    statement = select(envelopes.c.id).where(envelopes.c.type == kind, _open())
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

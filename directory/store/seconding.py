"""Rows of what needs two people, and of custodians with the codes of their sheets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.core.two_person import State
from directory.store.database import Tx
from directory.store.deciding_tables import custodian_codes, custodians, second_asks


@dataclass(frozen=True, slots=True)
class AskRow:
    """One wish. `network`: a linked network asks; `asked_network`: whom we asked. `guarded`: watch ring."""

    id: str
    act: str
    about: str | None
    asker: str | None
    network: str | None
    asked_network: str | None
    peer_ref: str | None
    state: str
    second: str | None
    guarded: bytes
    asked_at: datetime
    ends_at: datetime
    answered_at: datetime | None = None


_ASK = [second_asks.c[name] for name in AskRow.__dataclass_fields__]
_OPEN = second_asks.c.state == State.OPEN.value


async def add(tx: Tx, row: AskRow) -> None:
    """Write a wish down."""
    values = {name: getattr(row, name) for name in AskRow.__dataclass_fields__}
    await tx.execute(insert(second_asks).values(**values))


async def load(tx: Tx, ask: str) -> AskRow | None:
    """One wish, locked."""
    row = (await tx.execute(select(*_ASK).where(second_asks.c.id == ask).with_for_update())).one_or_none()
    return None if row is None else AskRow(*row)


async def by_ref(tx: Tx, ref: str, *, asked: str | None = None, network: str | None = None) -> AskRow | None:
    """The wish two networks share: the one we asked `asked` for, or the one `network` asks of us."""
    ours = second_asks.c.network.is_(None) & (second_asks.c.asked_network == asked)
    side = ours if network is None else second_asks.c.network == network
    wanted = select(*_ASK).where(second_asks.c.peer_ref == ref, side).with_for_update()
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else AskRow(*row)


async def open_about(tx: Tx, act: str, about: str | None, now: datetime) -> tuple[AskRow, ...]:
    """Our own wishes of this kind about this member that still run, the oldest first, locked."""
    return await _about(tx, State.OPEN, act, about, now)


async def agreed_about(tx: Tx, act: str, about: str | None, now: datetime) -> tuple[AskRow, ...]:
    """The same that a second agreed to and nobody has done yet."""
    return await _about(tx, State.AGREED, act, about, now)


async def _about(tx: Tx, state: State, act: str, about: str | None, now: datetime) -> tuple[AskRow, ...]:
    same = second_asks.c.act == act, second_asks.c.about.is_not_distinct_from(about)
    ours = second_asks.c.state == state.value, second_asks.c.network.is_(None)
    wanted = select(*_ASK).where(*ours, *same, second_asks.c.ends_at > now)
    rows = await tx.execute(wanted.order_by(second_asks.c.asked_at, second_asks.c.id).with_for_update())
    return tuple(AskRow(*row) for row in rows)


async def all_open(tx: Tx, now: datetime) -> tuple[AskRow, ...]:
    """Everything that waits for a second person, the newest first."""
    wanted = select(*_ASK).where(_OPEN, second_asks.c.ends_at > now)
    rows = await tx.execute(wanted.order_by(second_asks.c.asked_at.desc(), second_asks.c.id))
    return tuple(AskRow(*row) for row in rows)


async def count_recent(tx: Tx, network: str, now: datetime) -> int:
    """How many wishes of a linked network are not past their time, answered ones included."""
    theirs = second_asks.c.network == network, second_asks.c.ends_at > now
    return await tx.scalar(select(func.count()).where(*theirs)) or 0


async def change(tx: Tx, ask: str, **values: object) -> None:
    """Change a wish."""
    await tx.execute(update(second_asks).where(second_asks.c.id == ask).values(**values))


async def forget_before(tx: Tx, before: datetime) -> None:
    """Delete wishes that ended before this."""
    await tx.execute(delete(second_asks).where(second_asks.c.ends_at < before))


@dataclass(frozen=True, slots=True)
class CustodianRow:
    """A member, or somebody outside whose name lies in `guarded` (watch ring); `left`: unused codes."""

    id: str
    member: str | None
    guarded: bytes | None
    since: datetime
    left: int = 0


async def add_custodian(tx: Tx, row: CustodianRow, digests: Collection[bytes] = ()) -> None:
    """Name one, with the digests of their sheet's codes."""
    await tx.execute(
        insert(custodians)
        .values(id=row.id, member=row.member, guarded=row.guarded, since=row.since)
        .on_conflict_do_nothing()
    )
    for digest in digests:
        await tx.execute(insert(custodian_codes).values(digest=digest, custodian=row.id))


async def all_custodians(tx: Tx) -> tuple[CustodianRow, ...]:
    """Everybody named, the first first."""
    unused = (
        select(func.count())
        .where(custodian_codes.c.custodian == custodians.c.id, custodian_codes.c.used_at.is_(None))
        .scalar_subquery()
    )
    wanted = select(custodians.c.id, custodians.c.member, custodians.c.guarded, custodians.c.since, unused)
    rows = await tx.execute(wanted.order_by(custodians.c.since, custodians.c.id))
    return tuple(CustodianRow(*row) for row in rows)


async def reseal_custodian(tx: Tx, custodian: str, guarded: bytes | None) -> None:
    """Keep something else about somebody outside."""
    await tx.execute(update(custodians).where(custodians.c.id == custodian).values(guarded=guarded))


async def is_custodian(tx: Tx, member: str) -> bool:
    """Was this member named?"""
    found = await tx.execute(select(custodians.c.id).where(custodians.c.member == member))
    return found.first() is not None


async def end_custodian(tx: Tx, custodian: str) -> bool:
    """Their codes end with them."""
    return (await tx.execute(delete(custodians).where(custodians.c.id == custodian))).rowcount == 1


async def end_member(tx: Tx, member: str) -> int:
    """A member is custodian no more."""
    return (await tx.execute(delete(custodians).where(custodians.c.member == member))).rowcount


async def use_code(tx: Tx, digest: bytes, now: datetime) -> str | None:
    """Use one code of a sheet up; whose it was. One caller gets it."""
    mine = custodian_codes.c.digest == digest, custodian_codes.c.used_at.is_(None)
    used = update(custodian_codes).where(*mine).values(used_at=now).returning(custodian_codes.c.custodian)
    found: str | None = await tx.scalar(used)
    return found

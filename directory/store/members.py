"""Rows of members. No judgment here: who may ask is decided by callers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.recall import UNKNOWN, keep, recalled
from directory.store.tables import members, networks

LIVE = ("joining", "waiting", "active", "frozen")
"""States of members who have a handle and may be spoken with."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member as stored. `guarded` is still sealed."""

    id: str
    kind: str
    state: str
    handle: str | None
    title: str | None
    locale: str
    country: str | None
    works_in: tuple[str, ...]
    issues: tuple[str, ...]
    languages: tuple[str, ...]
    offers: tuple[str, ...]
    acronym: str | None
    website: str | None
    source: str | None
    purpose: str | None
    matrix_id: str | None
    fingerprint: str | None
    guarded: bytes | None
    since: datetime
    confirmed_at: datetime | None
    voice: bool = False
    dormant_at: datetime | None = None

    @property
    def name(self) -> str:
        """What it is called where it may be named at all."""
        return self.title or self.handle or ""


_LISTS = ("works_in", "issues", "languages", "offers")
COLUMNS = [members.c[name] for name in MemberRow.__dataclass_fields__]


def member_row(row: Sequence[Any]) -> MemberRow:
    """A stored row as a frozen value; it begins with COLUMNS, and what else it holds is left out."""
    fields: dict[str, Any] = dict(zip(MemberRow.__dataclass_fields__, row, strict=False))
    for name in _LISTS:
        fields[name] = tuple(fields[name])
    return MemberRow(**fields)


async def load(tx: Tx, member: str, *, lock: bool = False) -> MemberRow | None:
    """One member, or None. `lock` keeps others from changing the row until this transaction ends."""
    known = UNKNOWN if lock else recalled(tx, "members", member)
    if known is not UNKNOWN:
        kept: MemberRow | None = known
        return kept
    wanted = select(*COLUMNS).where(members.c.id == member)
    row = (await tx.execute(wanted.with_for_update(key_share=True) if lock else wanted)).one_or_none()
    found = None if row is None else member_row(row)
    keep(tx, "members", member, found)
    return found


async def last_heard(tx: Tx, member: str) -> datetime | None:
    """When a member was last heard of, on any lane; None when never."""
    found = await tx.execute(select(members.c.last_heard_at).where(members.c.id == member))
    at: datetime | None = found.scalar_one_or_none()
    return at


async def load_many(
    tx: Tx, *, states: Collection[str], kinds: Collection[str] = (), after: str = "", first: int = 50
) -> list[MemberRow]:
    """Members in these states by id, `first` at a time after the id `after`."""
    wanted = select(*COLUMNS).where(members.c.state.in_(states), members.c.id > after)
    if kinds:
        wanted = wanted.where(members.c.kind.in_(kinds))
    rows = await tx.execute(wanted.order_by(members.c.id).limit(first))
    return [member_row(row) for row in rows]


async def insert_member(tx: Tx, values: Mapping[str, object]) -> None:
    """A new row; `id`, `kind`, `state` and `since` must be among the values."""
    await tx.execute(insert(members).values(**values))


async def change(tx: Tx, member: str, values: Mapping[str, object]) -> None:
    """Set these columns of one member."""
    if values:
        await tx.execute(update(members).where(members.c.id == member).values(**values))


async def with_handle(tx: Tx, handle_key: str) -> MemberRow | None:
    """Who goes by this handle, as it is compared (core/handles.py)."""
    row = (await tx.execute(select(*COLUMNS).where(members.c.handle_key == handle_key))).one_or_none()
    return None if row is None else member_row(row)


async def with_handle_shown(tx: Tx, handle_key: str, condition: ColumnElement[bool]) -> str | None:
    """The active person with this handle, when a rule's condition lets them be seen."""
    wanted = select(members.c.id).where(
        members.c.handle_key == handle_key,
        members.c.kind == "person",
        members.c.state == "active",
        condition,
    )
    return await tx.scalar(wanted)


async def delete(tx: Tx, member: str) -> None:
    """Remove a member and everything that hangs on the row."""
    await tx.execute(sql_delete(members).where(members.c.id == member))


async def delete_unconfirmed(tx: Tx, before: datetime) -> None:
    """Remove newcomers who came in before `before` and whom nobody confirmed."""
    unconfirmed = members.c.state.in_(("joining", "waiting")) & (members.c.since < before)
    await tx.execute(sql_delete(members).where(unconfirmed))


async def heard(tx: Tx, member: str, now: datetime) -> None:
    """A member was heard from; keeps the later of the two times."""
    await tx.execute(
        update(members)
        .where(members.c.id == member)
        .values(last_heard_at=func.greatest(func.coalesce(members.c.last_heard_at, now), now))
    )


_A_PERSON = (members.c.kind == "person") & (members.c.state == "active")


async def to_ask_still(tx: Tx, before: datetime, most: int) -> list[str]:
    """Active people who last said before this that their card holds, and were not asked since."""
    unasked = members.c.still_asked_at.is_(None) & members.c.dormant_at.is_(None)
    wanted = select(members.c.id).where(_A_PERSON, unasked, members.c.confirmed_at < before)
    return list((await tx.execute(wanted.order_by(members.c.confirmed_at).limit(most))).scalars())


async def to_rest(tx: Tx, before: datetime, most: int) -> list[str]:
    """Active people who were asked before this and have not answered."""
    asked = members.c.still_asked_at < before, members.c.dormant_at.is_(None)
    wanted = select(members.c.id).where(_A_PERSON, *asked)
    return list((await tx.execute(wanted.order_by(members.c.still_asked_at).limit(most))).scalars())


async def network_name(tx: Tx, network: str) -> str:
    """The public name of a network, "" when it is unknown."""
    return await tx.scalar(select(networks.c.name).where(networks.c.id == network)) or ""


async def of_source(tx: Tx, source_key: str) -> str | None:
    """The entry that came from this source under this key: an import's row, or one of our own bots."""
    return await tx.scalar(select(members.c.id).where(members.c.source_key == source_key))

"""Rows of verifiers: what is kept instead of a word, and how often somebody was wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.tables import verifiers, word_tries


async def verifiers_of(tx: Tx, member: str) -> dict[str, bytes]:
    """Kind (word, sms …) to verifier of one member."""
    found = await tx.execute(
        select(verifiers.c.kind, verifiers.c.verifier).where(verifiers.c.member == member)
    )
    return {row.kind: row.verifier for row in found}


async def set_verifier(tx: Tx, member: str, kind: str, verifier: bytes, now: datetime) -> None:
    """Write or replace one verifier."""
    row = insert(verifiers).values(member=member, kind=kind, verifier=verifier, since=now)
    changed = {"verifier": verifier, "since": now}
    await tx.execute(row.on_conflict_do_update(index_elements=["member", "kind"], set_=changed))


async def wrong_tries(tx: Tx, member: str, lane: str) -> tuple[int, datetime] | None:
    """How often a wrong word was given for a member on a lane in a row, and since when; locks the row."""
    found = select(word_tries.c.tries, word_tries.c.since).where(
        word_tries.c.member == member, word_tries.c.lane == lane
    )
    row = (await tx.execute(found.with_for_update())).one_or_none()
    return None if row is None else (row.tries, row.since)


async def set_wrong_tries(tx: Tx, member: str, lane: str, tries: int, since: datetime) -> None:
    """Write down how often a wrong word was given in a row, and since when."""
    row = insert(word_tries).values(member=member, lane=lane, tries=tries, since=since)
    changed = {"tries": tries, "since": since}
    await tx.execute(row.on_conflict_do_update(index_elements=["member", "lane"], set_=changed))


async def forget_wrong_tries(tx: Tx, member: str, lane: str) -> None:
    """The right word was given."""
    await tx.execute(delete(word_tries).where(word_tries.c.member == member, word_tries.c.lane == lane))

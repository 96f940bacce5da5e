"""Rows of verifiers: what is kept instead of a word, how often somebody was wrong, and words given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import given_words, verifiers, word_tries


@dataclass(frozen=True, slots=True)
class GivenRow:
    """That a member gave their word. `pressed`: it was the phrase for danger."""

    id: str
    member: str
    pressed: bool
    at: datetime


async def verifiers_of(tx: Tx, member: str) -> dict[str, bytes]:
    """Kind (word, second, sms) to verifier of one member."""
    found = await tx.execute(
        select(verifiers.c.kind, verifiers.c.verifier).where(verifiers.c.member == member)
    )
    return {row.kind: row.verifier for row in found}


async def set_verifiers(tx: Tx, member: str, kept: Mapping[str, bytes], now: datetime) -> None:
    """Write or replace verifiers, always all with the same time: which of them is new is told by nothing."""
    for kind, verifier in kept.items():
        row = insert(verifiers).values(member=member, kind=kind, verifier=verifier, since=now)
        changed = {"verifier": verifier, "since": now}
        await tx.execute(row.on_conflict_do_update(index_elements=["member", "kind"], set_=changed))


async def wrong_tries(tx: Tx, who: bytes, lane: str) -> tuple[int, datetime] | None:
    """How often a wrong word was given on a lane in a row, and since when; locks the row."""
    found = select(word_tries.c.tries, word_tries.c.since).where(
        word_tries.c.who == who, word_tries.c.lane == lane
    )
    row = (await tx.execute(found.with_for_update())).one_or_none()
    return None if row is None else (row.tries, row.since)


async def set_wrong_tries(tx: Tx, who: bytes, lane: str, tries: int, since: datetime) -> None:
    """Write down how often a wrong word was given in a row, and since when."""
    row = insert(word_tries).values(who=who, lane=lane, tries=tries, since=since)
    changed = {"tries": tries, "since": since}
    await tx.execute(row.on_conflict_do_update(index_elements=["who", "lane"], set_=changed))


async def forget_wrong_tries(tx: Tx, who: bytes, lane: str) -> None:
    """The right word was given."""
    await tx.execute(delete(word_tries).where(word_tries.c.who == who, word_tries.c.lane == lane))


async def forget_before(tx: Tx, tries: datetime, given: datetime) -> None:
    """Forget wrong tries and given words older than these times."""
    await tx.execute(delete(word_tries).where(word_tries.c.since < tries))
    await tx.execute(delete(given_words).where(given_words.c.at < given))


async def note_given(tx: Tx, guard: Guard, row: GivenRow) -> None:
    """Write down that a word was given; the same bytes but for the sealed ones, whichever it was."""
    sealed = guard.seal_fields("given_words", row.id, {"pressed": row.pressed}, watch=True)
    values = {"id": row.id, "member": row.member, "guarded": sealed, "at": row.at}
    await tx.execute(insert(given_words).values(**values))


async def given(tx: Tx, guard: Guard, name: str | None) -> GivenRow | None:
    """One word that was given; None when nothing of this name is kept."""
    found = select(given_words).where(given_words.c.id == (name or ""))
    row = (await tx.execute(found)).one_or_none()
    if row is None:
        return None
    pressed = guard.open_fields("given_words", row.id, row.guarded, watch=True)["pressed"] is True
    return GivenRow(row.id, row.member, pressed, row.at)

"""Rows of verifiers: what is kept instead of a word, how often somebody was wrong, and words given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from directory.core.word_places import Places, begun
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import given_words, verifiers, word_tries


@dataclass(frozen=True, slots=True)
class GivenRow:
    """That a member gave their word, and which of their secrets it was (its place)."""

    id: str
    member: str
    place: int
    at: datetime

    @property
    def pressed(self) -> bool:
        """It was a phrase for danger, or what was chosen with one."""
        return self.place > 0


NOBODY = begun(bytes(16), bytes(32), lambda: bytes(32))


async def places_of(tx: Tx, guard: Guard, member: str) -> Places | None:
    """What is kept of one member's secrets; None when they chose no word. As much work for nobody."""
    found = select(verifiers.c.guarded).where(verifiers.c.member == member)
    sealed = (await tx.execute(found)).scalar_one_or_none()
    places = _opened(guard, member, sealed or _sealed(guard, member, NOBODY))
    return places if sealed else None


async def set_places(tx: Tx, guard: Guard, member: str, places: Places, now: datetime) -> None:
    """Write or replace them, always all: neither the row nor two of its states tell which of them is new."""
    changed = {"guarded": _sealed(guard, member, places), "since": now}
    row = insert(verifiers).values(member=member, **changed)
    await tx.execute(row.on_conflict_do_update(index_elements=["member"], set_=changed))


def _sealed(guard: Guard, member: str, places: Places) -> bytes:
    return guard.seal("verifiers", "guarded", member, msgspec.json.encode(places), watch=True)


def _opened(guard: Guard, member: str, sealed: bytes) -> Places:
    return msgspec.json.decode(guard.open("verifiers", "guarded", member, sealed, watch=True), type=Places)


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
    sealed = guard.seal_fields("given_words", row.id, {"place": row.place}, watch=True)
    values = {"id": row.id, "member": row.member, "guarded": sealed, "at": row.at}
    await tx.execute(insert(given_words).values(**values))


async def given(tx: Tx, guard: Guard, name: str | None) -> GivenRow | None:
    """One word that was given; None when nothing of this name is kept."""
    found = select(given_words).where(given_words.c.id == (name or ""))
    row = (await tx.execute(found)).one_or_none()
    if row is None:
        return None
    place = guard.open_fields("given_words", row.id, row.guarded, watch=True)["place"]
    return GivenRow(row.id, row.member, place if isinstance(place, int) else 1, row.at)

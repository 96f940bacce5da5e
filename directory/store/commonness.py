"""How common each tag is, as PostgreSQL counted it when it last looked at the cards; nobody counts for it.

Kept with the connection for some minutes: it decides how a search walks, never what it answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from directory.core.walking import Counts
from directory.store.database import Tx
from directory.store.tables import cards

_KEY = "ayni commonness"
KEPT = timedelta(minutes=5)
NEWEST_KEPT = timedelta(seconds=20)
"""A thousand cards that came meanwhile are found all the same (core/walking.py)."""
UNKNOWN = 0.05
"""The share of a tag nobody has counted yet."""

_STATED = text(
    "select most_common_elems::text::text[], most_common_elem_freqs from pg_stats"
    " where schemaname = current_schema() and tablename = 'cards' and attname = 'tags'"
)
_NEWEST = select(func.max(cards.c.number))
_MORE = 3
"""The list of shares ends with the least, the greatest, and that of nulls."""


@dataclass(slots=True)
class _Kept:
    """What a connection remembers."""

    counts: Counts
    stated_at: datetime
    newest_at: datetime


async def counts(tx: Tx, now: datetime) -> Counts:
    """What `stretches` needs to know."""
    kept: _Kept | None = tx.info.get(_KEY)
    if kept is None or not timedelta(0) <= now - kept.stated_at < KEPT:
        share, other = await _stated(tx)
        newest = await tx.scalar(_NEWEST) or 0
        kept = tx.info[_KEY] = _Kept(Counts(newest, share, other), now, now)
    elif not timedelta(0) <= now - kept.newest_at < NEWEST_KEPT:
        newest = await tx.scalar(_NEWEST) or 0
        kept.counts, kept.newest_at = replace(kept.counts, newest=newest), now
    return kept.counts


async def _stated(tx: Tx) -> tuple[dict[str, float], float]:
    row = (await tx.execute(_STATED)).one_or_none()
    if row is None or row[0] is None:
        return {}, UNKNOWN
    shares = list(row[1])
    return dict(zip(row[0], shares[:-_MORE], strict=True)), shares[-_MORE]

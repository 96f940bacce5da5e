"""How common each tag is, as PostgreSQL counted it when it last looked at the cards; nobody counts for it.

Kept with the connection for some minutes: it decides how a search walks, never what it answers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from directory.core.walking import Counts
from directory.store.database import Tx
from directory.store.tables import cards

_KEY = "ayni commonness"
KEPT = timedelta(minutes=5)
UNKNOWN = 0.05
"""The share of a tag nobody has counted yet."""

_STATED = text(
    "select most_common_elems::text::text[], most_common_elem_freqs from pg_stats"
    " where schemaname = current_schema() and tablename = 'cards' and attname = 'tags'"
)
_NEWEST = select(func.max(cards.c.number))
_MORE = 3
"""The list of shares ends with the least, the greatest, and that of nulls."""


async def counts(tx: Tx, now: datetime) -> Counts:
    """What `stretches` needs to know. `newest` is always new."""
    newest = await tx.scalar(_NEWEST) or 0
    kept = tx.info.get(_KEY)
    if kept is None or not timedelta(0) <= now - kept[0] < KEPT:
        kept = tx.info[_KEY] = (now, await _stated(tx))
    share, other = kept[1]
    return Counts(newest, share, other)


async def _stated(tx: Tx) -> tuple[dict[str, float], float]:
    row = (await tx.execute(_STATED)).one_or_none()
    if row is None or row[0] is None:
        return {}, UNKNOWN
    shares = list(row[1])
    return dict(zip(row[0], shares[:-_MORE], strict=True)), shares[-_MORE]

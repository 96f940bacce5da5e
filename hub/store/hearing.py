"""When the bot's ear was open: what a homeserver that was away, or a hub that was down, kept from us."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from bots import silence
from bots.core.silence import DEAF_AFTER, Heard
from directory.store.database import Tx
from directory.turn import Turn
from hub.effects import BOT
from hub.store import due
from hub.store.tables import gaps, positions

SYNC = "sync"
KEPT = timedelta(days=2)
DEAF_AT_MOST = timedelta(hours=2)
"""So long our own deafness explains that others are silent."""


async def last_heard(tx: Tx, account: str) -> datetime | None:
    """When this account last had an answer of its homeserver; None before the first."""
    mine = (positions.c.account == account) & (positions.c.scope == SYNC)
    found: datetime | None = (await tx.execute(select(positions.c.at).where(mine))).scalar_one_or_none()
    return found


async def heard(tx: Tx, account: str, before: datetime | None, now: datetime) -> None:
    """It had one now. After a time without, the gap is kept and whoever was held is asked once more."""
    if before is None or now - before <= DEAF_AFTER:
        return
    await tx.execute(delete(gaps).where(gaps.c.account == account, gaps.c.until < now - KEPT))
    row = insert(gaps).values(account=account, since=before, until=now)
    await tx.execute(row.on_conflict_do_update(index_elements=["account", "since"], set_={"until": now}))
    if account == BOT:
        await due.put(tx, silence.BACK, account, now)


async def open_since(tx: Tx, account: str, now: datetime) -> datetime | None:
    """Since when this account hears again, after the last time it did not; `now` while it does not. None
    when it was never deaf, or for so long now that this explains nothing any more."""
    last = await last_heard(tx, account)
    if last is not None and now - last > DEAF_AFTER:
        return now if now - last < DEAF_AT_MOST else None
    mine = (gaps.c.account == account) & (gaps.c.until <= now)
    found: datetime | None = (await tx.execute(select(func.max(gaps.c.until)).where(mine))).scalar_one()
    return found


async def heard_lately(turn: Turn) -> Heard:
    """What check-ins ask before silence is taken for silence (bots/hearing.py)."""
    found = await turn.tx.execute(
        select(gaps.c.since, gaps.c.until).where(gaps.c.account == BOT, gaps.c.until > turn.now - KEPT)
    )
    spans = tuple((row.since, row.until) for row in found)
    return Heard(await last_heard(turn.tx, BOT), spans)

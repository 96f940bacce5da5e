"""What linked hubs asked this one to watch for: one row a network, replaced by each packet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.guarded import Guard
from hub.store.tables import watched


@dataclass(frozen=True, slots=True)
class Watched:
    """`times` in milliseconds; `contacts` are still sealed to our key. `told_at`: people were told."""

    network: str
    times: tuple[int, ...]
    contacts: tuple[str, ...]
    told_at: datetime | None


async def keep(
    tx: Tx, guard: Guard, network: str, times: tuple[int, ...], contacts: tuple[str, ...], now: datetime
) -> None:
    """The newest packet counts, and nobody was told because of it yet."""
    fields = {"times": list(times), "contacts": list(contacts)}
    values = {"guarded": guard.seal_fields("watched", network, fields, watch=True), "at": now}
    row = insert(watched).values(network=network, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["network"], set_={**values, "told_at": None}))


async def of(tx: Tx, guard: Guard, network: str) -> Watched | None:
    """What is watched for a network, locked for this transaction."""
    wanted = select(watched).where(watched.c.network == network).with_for_update()
    row = (await tx.execute(wanted)).one_or_none()
    if row is None:
        return None
    fields = guard.open_fields("watched", network, row.guarded, watch=True)
    times, contacts = fields["times"], fields["contacts"]
    assert isinstance(times, list)
    assert isinstance(contacts, list)
    return Watched(network, tuple(map(int, times)), tuple(map(str, contacts)), row.told_at)


async def told(tx: Tx, network: str, now: datetime) -> None:
    """People were told, once for this silence."""
    await tx.execute(update(watched).where(watched.c.network == network).values(told_at=now))


async def forget(tx: Tx, network: str) -> None:
    """The link has ended."""
    await tx.execute(delete(watched).where(watched.c.network == network))

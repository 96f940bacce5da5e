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
    """`times` in milliseconds; `contacts` are still sealed to our key. `told_at`: people were told.
    `woken_at`: when somebody here was woken for this network the last time; `always`: a coordinator wants to
    be woken however often."""

    network: str
    times: tuple[int, ...]
    contacts: tuple[str, ...]
    told_at: datetime | None
    woken_at: datetime | None
    always: bool


@dataclass(frozen=True, slots=True)
class Wakefulness:
    """How one network is watched for. `told_at`: it is silent now, and people were told then."""

    network: str
    told_at: datetime | None
    always: bool


async def keep(
    tx: Tx, guard: Guard, network: str, times: tuple[int, ...], contacts: tuple[str, ...], now: datetime
) -> None:
    """The newest packet counts, and nobody was told because of it yet. When people were woken stays known."""
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
    shown = (tuple(map(int, times)), tuple(map(str, contacts)))
    return Watched(network, *shown, row.told_at, row.woken_at, row.always)


async def told(tx: Tx, network: str, now: datetime, *, woken: bool) -> None:
    """People were told, once for this silence; `woken`: with a ring."""
    values = {"told_at": now} | ({"woken_at": now} if woken else {})
    await tx.execute(update(watched).where(watched.c.network == network).values(values))


async def every(tx: Tx) -> tuple[Wakefulness, ...]:
    """How each network is watched for that asked for it."""
    wanted = select(watched.c.network, watched.c.told_at, watched.c.always).order_by(watched.c.network)
    return tuple(Wakefulness(*row) for row in await tx.execute(wanted))


async def wake_always(tx: Tx, network: str, always: bool) -> bool:
    """Be woken for this network however often, or once a day; False when nobody watches for it."""
    change = update(watched).where(watched.c.network == network).values(always=always)
    return (await tx.execute(change.returning(watched.c.network))).first() is not None


async def forget(tx: Tx, network: str) -> None:
    """The link has ended."""
    await tx.execute(delete(watched).where(watched.c.network == network))

"""Rows of what members chose: who may see which field."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.core.audiences import NOBODY, Audience, Setting
from directory.store.database import Tx
from directory.store.tables import audiences


async def chosen(tx: Tx, member: str) -> dict[str, Setting]:
    """Field to audience, for the fields where the member chose one. A word nobody knows is nobody."""
    found = await tx.execute(
        select(audiences.c.field, audiences.c.audience, audiences.c.networks).where(
            audiences.c.member == member
        )
    )
    return {row.field: _setting(row.audience, row.networks) for row in found}


async def choose(tx: Tx, member: str, field: str, setting: Setting) -> None:
    """Write down the audience of one field."""
    values = {"audience": setting.audience.value, "networks": sorted(setting.networks)}
    row = insert(audiences).values(member=member, field=field, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["member", "field"], set_=values))


async def unchoose(tx: Tx, member: str, field: str) -> None:
    """Back to the default."""
    await tx.execute(delete(audiences).where(audiences.c.member == member, audiences.c.field == field))


async def drop_network(tx: Tx, member: str, network: str) -> None:
    """Take a network out of every audience that named it; a list that ends empty becomes "my network"."""
    named = (audiences.c.member == member) & audiences.c.networks.contains([network])
    await tx.execute(
        update(audiences).where(named).values(networks=func.array_remove(audiences.c.networks, network))
    )
    emptied = (
        (audiences.c.member == member)
        & (audiences.c.audience == Audience.NAMED.value)
        & (func.cardinality(audiences.c.networks) == 0)
    )
    await tx.execute(update(audiences).where(emptied).values(audience=Audience.NETWORK.value))


def _setting(word: str, networks: list[str]) -> Setting:
    try:
        return Setting(Audience(word), frozenset(networks))
    except ValueError:
        return NOBODY

"""Who answers check-ins for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bots.store.tables import proxies
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import members


@dataclass(frozen=True, slots=True)
class Proxy:
    """`how`: in which way the person said yes, as it was written down."""

    member: str
    handle: str
    proxy: str
    state: str
    how: str
    since: datetime


async def put(tx: Tx, guard: Guard, member: str, proxy: str, state: str, how: str, now: datetime) -> None:
    """Ask, or write down a yes."""
    sealed = guard.seal_fields("proxies", f"{member}|{proxy}", {"how": how}, watch=True)
    row = insert(proxies).values(member=member, proxy=proxy, state=state, guarded=sealed, since=now)
    again = {"state": state, "guarded": sealed, "since": now}
    await tx.execute(row.on_conflict_do_update(index_elements=["member", "proxy"], set_=again))


async def end(tx: Tx, member: str, proxy: str) -> bool:
    """Not any more; False when it never was."""
    mine = (proxies.c.member == member) & (proxies.c.proxy == proxy)
    return (await tx.execute(proxies.delete().where(mine))).rowcount == 1


async def of_proxy(tx: Tx, guard: Guard, proxy: str) -> tuple[Proxy, ...]:
    """Everybody this member answers for, or asked to."""
    return await _several(tx, guard, proxies.c.proxy == proxy)


async def of_member(tx: Tx, guard: Guard, member: str) -> tuple[Proxy, ...]:
    """Everybody who answers for this member, or asked to; the handle is the member's own."""
    return await _several(tx, guard, proxies.c.member == member)


async def _several(tx: Tx, guard: Guard, which: object) -> tuple[Proxy, ...]:
    found = await tx.execute(
        select(proxies, members.c.handle)
        .join(members, members.c.id == proxies.c.member)
        .where(which)  # type: ignore[arg-type]
        .order_by(proxies.c.since, proxies.c.member)
    )
    return tuple(
        Proxy(
            row.member,
            row.handle or "",
            row.proxy,
            row.state,
            str(
                guard.open_fields("proxies", f"{row.member}|{row.proxy}", row.guarded, watch=True).get(
                    "how", ""
                )
            ),
            row.since,
        )
        for row in found
    )

"""Rows of communities and of what waits for those who speak for them. No judgment here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.community_tables import communities, community_answers, community_wishes
from directory.store.database import Tx
from directory.store.tables import members, spokespersons


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """How one community decides; `guarded` is still sealed."""

    member: str
    needed: int
    guarded: bytes


@dataclass(frozen=True, slots=True)
class WishRow:
    """One wish, still sealed."""

    id: str
    community: str
    act: str
    asker: str | None
    needed: int
    state: str
    guarded: bytes
    asked_at: datetime
    ends_at: datetime


_OF_COMMUNITY = [communities.c[name] for name in CommunityRow.__dataclass_fields__]
_OF_WISH = [community_wishes.c[name] for name in WishRow.__dataclass_fields__]
_OPEN = community_wishes.c.state == "open"


async def load(tx: Tx, community: str) -> CommunityRow | None:
    """How it decides, or None."""
    row = (await tx.execute(select(*_OF_COMMUNITY).where(communities.c.member == community))).one_or_none()
    return None if row is None else CommunityRow(*row)


async def put(tx: Tx, row: CommunityRow) -> None:
    """Write down how it decides, in place of what was there."""
    values = {"needed": row.needed, "guarded": row.guarded}
    write = insert(communities).values(member=row.member, **values)
    await tx.execute(write.on_conflict_do_update(index_elements=["member"], set_=values))


async def add_wish(tx: Tx, row: WishRow) -> None:
    """A new wish."""
    await tx.execute(
        insert(community_wishes).values(**{name: getattr(row, name) for name in WishRow.__dataclass_fields__})
    )


async def wish(tx: Tx, id: str) -> WishRow | None:
    """One wish, locked."""
    wanted = select(*_OF_WISH).where(community_wishes.c.id == id).with_for_update()
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else WishRow(*row)


async def open_wishes(tx: Tx, community: str, now: datetime) -> list[WishRow]:
    """What waits, the oldest first, locked."""
    theirs = community_wishes.c.community == community, _OPEN, community_wishes.c.ends_at > now
    wanted = select(*_OF_WISH).where(*theirs).with_for_update()
    return [
        WishRow(*row)
        for row in await tx.execute(wanted.order_by(community_wishes.c.asked_at, community_wishes.c.id))
    ]


async def change_wish(tx: Tx, id: str, values: Mapping[str, object]) -> None:
    """Set these columns of one wish."""
    await tx.execute(update(community_wishes).where(community_wishes.c.id == id).values(**values))


async def end_wishes(tx: Tx, community: str) -> None:
    """Nothing waits any more."""
    theirs = community_wishes.c.community == community, _OPEN
    await tx.execute(update(community_wishes).where(*theirs).values(state="over"))


async def forget_wishes_before(tx: Tx, before: datetime) -> None:
    """Wishes whose time ended before are deleted."""
    await tx.execute(delete(community_wishes).where(community_wishes.c.ends_at < before))


async def say_yes(tx: Tx, wish: str, member: str, now: datetime) -> None:
    """Somebody agrees; saying it twice changes nothing."""
    row = insert(community_answers).values(wish=wish, member=member, at=now)
    await tx.execute(row.on_conflict_do_nothing())


async def agreed(tx: Tx, wish: str) -> frozenset[str]:
    """Who of those who speak for it now, and are here, said yes."""
    wanted = (
        select(community_answers.c.member)
        .join(community_wishes, community_wishes.c.id == community_answers.c.wish)
        .join(
            spokespersons,
            (spokespersons.c.member == community_answers.c.member)
            & (spokespersons.c.organisation == community_wishes.c.community),
        )
        .join(members, members.c.id == community_answers.c.member)
        .where(community_answers.c.wish == wish, members.c.state == "active")
    )
    return frozenset((await tx.execute(wanted)).scalars())


async def step_down(tx: Tx, community: str, member: str) -> None:
    """Somebody speaks for it no more."""
    theirs = spokespersons.c.organisation == community, spokespersons.c.member == member
    await tx.execute(delete(spokespersons).where(*theirs))


async def too_few(tx: Tx, fewest: int) -> list[str]:
    """Communities that are shown although fewer than `fewest` people who are here speak for them."""
    here = (
        select(spokespersons.c.organisation, func.count().label("count"))
        .join(members, (members.c.id == spokespersons.c.member) & (members.c.state == "active"))
        .group_by(spokespersons.c.organisation)
        .subquery()
    )
    wanted = (
        select(members.c.id)
        .join(here, here.c.organisation == members.c.id, isouter=True)
        .where(
            members.c.kind == "community",
            members.c.state == "active",
            func.coalesce(here.c.count, 0) < fewest,
        )
    )
    return list((await tx.execute(wanted.order_by(members.c.id))).scalars())

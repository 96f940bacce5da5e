"""Rows of what was shown on whose behalf, by keyed digests, and who invited whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Integer, LargeBinary, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from directory.store import database
from directory.store.database import Tx
from directory.store.finding_tables import budgets
from directory.store.tables import join_codes, members

_TAKEN = func.unnest(
    bindparam("who", type_=ARRAY(LargeBinary)),
    bindparam("since", type_=ARRAY(DateTime(timezone=True))),
    bindparam("used", type_=ARRAY(Integer)),
).table_valued("who", "since", "used", name="taken")
_NEW = insert(budgets).from_select(["who", "since", "used"], select(_TAKEN.render_derived()))
_USE = _NEW.on_conflict_do_update(
    index_elements=["who", "since"], set_={"used": budgets.c.used + _NEW.excluded.used}
)
_THEIRS = (budgets.c.who == func.any(bindparam("whose", type_=ARRAY(LargeBinary)))) & (
    budgets.c.since > bindparam("since", type_=DateTime(timezone=True))
)
_USED = select(budgets.c.who, func.sum(budgets.c.used)).where(_THEIRS).group_by(budgets.c.who)
_USED_LIGHTLY = _USED.add_columns(func.set_config("synchronous_commit", "off", True))


@dataclass(frozen=True, slots=True)
class Invited:
    """Who let somebody in, and how many others came the same way; how many of these a while ago."""

    by: str
    all: int
    settled: int


async def use(tx: Tx, amounts: Mapping[tuple[bytes, datetime], int]) -> None:
    """Write down what was taken by whom in a stretch, or (below 0) what of it was given back. Whoever takes
    of the same in the same stretch waits until the end of this transaction."""
    ordered = sorted(amounts)
    given = {"who": [who for who, _ in ordered], "since": [since for _, since in ordered]}
    await tx.execute(_USE, {**given, "used": [amounts[key] for key in ordered]})


async def used(
    tx: Tx, whose: Collection[bytes], since: datetime, *, lightly: bool = False
) -> dict[bytes, int]:
    """How much was used in stretches that began after `since`. `lightly`: the transaction writes nothing
    else that matters, so nobody has to wait until the disk has it; whatever is promised in it all the same
    (hub/effects.py) makes it wait again."""
    if lightly:
        database.lightly(tx)
    rows = await tx.execute(_USED_LIGHTLY if lightly else _USED, {"whose": sorted(whose), "since": since})
    return {bytes(row[0]): int(row[1]) for row in rows}


async def forget_before(tx: Tx, before: datetime) -> None:
    """What does not count any more."""
    await tx.execute(delete(budgets).where(budgets.c.since < before))


async def invited(tx: Tx, member: str, settled_since: datetime) -> Invited | None:
    """By whose code somebody first came in; None when it was the machine's technician or nobody."""
    mine = (join_codes.c.member == member) & join_codes.c.used_at.is_not(None)
    first = select(join_codes.c.inviter).where(mine).order_by(join_codes.c.used_at, join_codes.c.id).limit(1)
    by = first.cte("first")
    theirs = join_codes.alias("theirs")
    came = theirs.outerjoin(members, members.c.id == theirs.c.member)
    counted = (
        select(
            by.c.inviter,
            func.count(members.c.id.distinct()),
            func.count(members.c.id.distinct()).filter(members.c.since < settled_since),
        )
        .select_from(by.join(came, theirs.c.inviter == by.c.inviter))
        .where(theirs.c.used_at.is_not(None))
        .group_by(by.c.inviter)
    )
    row = (await tx.execute(counted)).one_or_none()
    return None if row is None else Invited(*row)

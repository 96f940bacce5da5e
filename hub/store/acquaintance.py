"""Everything about several people who speak at the same moment, read in two statements instead of eight each.

What is read goes into the transaction's recall (directory/store/recall.py), where the ordinary look-ups find
it. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import DateTime, LargeBinary, Text, any_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from bots.store import conversations
from bots.store.tables import conversations as talks
from directory.store.bindings import keep_known
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.members import COLUMNS, member_row
from directory.store.recall import keep
from directory.store.tables import bindings, members, roles

HEARD_EVERY = timedelta(minutes=1)
_ROLES = select(func.array_agg(roles.c.role)).where(roles.c.member == members.c.id).scalar_subquery()
_EVERYTHING = (
    select(
        *COLUMNS,
        bindings.c.matrix_digest,
        bindings.c.guarded.label("binding"),
        bindings.c.suspended_at,
        _ROLES.label("roles"),
        talks.c.question,
        talks.c.asked_at,
        talks.c.guarded.label("talk"),
    )
    .join(bindings, bindings.c.member == members.c.id)
    .outerjoin(talks, talks.c.member == members.c.id)
    .where(bindings.c.matrix_digest == any_(bindparam("digests", type_=ARRAY(LargeBinary))))
)
_LAST = members.c.last_heard_at
_HEARD = (
    update(members)
    .where(members.c.id == any_(bindparam("who", type_=ARRAY(Text))))
    .where(or_(_LAST.is_(None), bindparam("before", type_=DateTime(timezone=True)) > _LAST))
    .values(last_heard_at=bindparam("now", type_=DateTime(timezone=True)))
)


async def meet(tx: Tx, guard: Guard, accounts: Collection[str]) -> None:
    """Read members, roles, bindings and open questions of these Matrix accounts."""
    digests = [guard.digest("matrix-id", account) for account in accounts]
    for row in await tx.execute(_EVERYTHING, {"digests": digests}):
        keep(tx, "members", row.id, member_row(row))
        keep(tx, "roles", row.id, frozenset(row.roles or ()))
        keep_known(tx, row.matrix_digest, row.id, row.binding, row.suspended_at)
        talk = conversations.opened(guard, row.id, row.question, row.asked_at, row.talk)
        keep(tx, "conversations", row.id, talk)


async def heard(tx: Tx, who: Collection[str], now: datetime) -> None:
    """These members were heard from; written at most once a minute each."""
    await tx.execute(_HEARD, {"who": sorted(who), "before": now - HEARD_EVERY, "now": now})

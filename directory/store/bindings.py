"""Which Matrix account belongs to which member: looked up by digest, kept sealed under the Watch ring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.recall import UNKNOWN, keep, recalled
from directory.store.tables import bindings


async def bind(tx: Tx, member: str, digest: bytes, guarded: bytes, now: datetime) -> None:
    """Write or replace the binding of a member to a Matrix account."""
    row = insert(bindings).values(member=member, matrix_digest=digest, guarded=guarded, since=now)
    changed = {"matrix_digest": digest, "guarded": guarded, "since": now, "suspended_at": None}
    await tx.execute(row.on_conflict_do_update(index_elements=["member"], set_=changed))


async def bound_to(tx: Tx, digest: bytes) -> str | None:
    """The member bound to a Matrix account, by the digest of its id."""
    known = recalled(tx, "bindings", digest)
    if known is not UNKNOWN:
        who: str | None = known
        return who
    return await tx.scalar(select(bindings.c.member).where(bindings.c.matrix_digest == digest))


async def binding_of(tx: Tx, member: str) -> bytes | None:
    """The sealed binding (watch ring: matrix_id, master_key, room, proof) of a member."""
    known = recalled(tx, "bindings", member)
    if known is not UNKNOWN:
        sealed: bytes | None = known[0]
        return sealed
    return await tx.scalar(select(bindings.c.guarded).where(bindings.c.member == member))


async def unbind(tx: Tx, member: str) -> None:
    """Forget which Matrix account a member has."""
    await tx.execute(delete(bindings).where(bindings.c.member == member))


def keep_known(tx: Tx, digest: bytes, member: str, guarded: bytes, suspended_at: datetime | None) -> None:
    """A binding that was read together with others (see recall.py)."""
    keep(tx, "bindings", digest, member)
    keep(tx, "bindings", member, (guarded, suspended_at))

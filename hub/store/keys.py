"""Rows of the hub's own keys and documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update

from directory.store.database import Tx
from directory.store.guarded import Guard
from hub.store.tables import hub_keys


@dataclass(frozen=True, slots=True)
class HubKey:
    """One key of this hub. `private` opens under the Watch ring, a root key only under the Archive ring.

    `statement` is the canonical text in which a longer-lived key vouches for this one (for purpose
    `document`: the document itself), and is public. `id` is 32 hex digits.
    """

    id: str
    purpose: str
    public: bytes
    private: bytes = field(repr=False)
    statement: bytes
    valid_from: datetime
    valid_until: datetime
    retired_at: datetime | None = None


def _watch(purpose: str) -> bool:
    return purpose != "root"


async def add(tx: Tx, guard: Guard, key: HubKey) -> None:
    """Keep one key, its private half sealed."""
    secrets = {"private": key.private.hex(), "statement": key.statement.hex()}
    await tx.execute(
        hub_keys.insert().values(
            id=key.id,
            purpose=key.purpose,
            public=key.public,
            guarded=guard.seal_fields("hub_keys", key.id, secrets, watch=_watch(key.purpose)),
            valid_from=key.valid_from,
            valid_until=key.valid_until,
            retired_at=key.retired_at,
        )
    )


async def of_purpose(tx: Tx, guard: Guard, purpose: str) -> tuple[HubKey, ...]:
    """All keys of a purpose that are still kept, the one that is valid longest first."""
    statement = (
        select(hub_keys)
        .where(hub_keys.c.purpose == purpose)
        .order_by(hub_keys.c.valid_until.desc(), hub_keys.c.valid_from.desc(), hub_keys.c.id)
    )
    found = []
    for row in await tx.execute(statement):
        opened = guard.open_fields("hub_keys", row.id, row.guarded, watch=_watch(purpose))
        found.append(
            HubKey(
                row.id,
                row.purpose,
                row.public,
                bytes.fromhex(str(opened["private"])),
                bytes.fromhex(str(opened["statement"])),
                row.valid_from,
                row.valid_until,
                row.retired_at,
            )
        )
    return tuple(found)


def in_use_first(kept: tuple[HubKey, ...]) -> tuple[HubKey, ...]:
    """Operating keys: the one that signs, then those that follow it once peers know them, then older ones.

    The one that signs is the oldest that was not retired: a peer who has not heard of its successor must go
    on believing us.
    """
    living = sorted((key for key in kept if key.retired_at is None), key=lambda key: key.valid_until)
    return (*living, *(key for key in kept if key.retired_at is not None))


async def signing_seed(tx: Tx, guard: Guard) -> bytes:
    """The private half of the operating key that signs now."""
    return in_use_first(await of_purpose(tx, guard, "operating"))[0].private


async def retire(tx: Tx, purpose: str, *, but: str, at: datetime) -> None:
    """From `at` on the key with id `but` is the one of its purpose in use."""
    await tx.execute(
        update(hub_keys)
        .where(hub_keys.c.purpose == purpose, hub_keys.c.id != but, hub_keys.c.retired_at.is_(None))
        .values(retired_at=at)
    )


async def forget(tx: Tx, key: str) -> None:
    """Delete a private half nobody needs any more: what was sealed to it can never be opened again."""
    await tx.execute(delete(hub_keys).where(hub_keys.c.id == key))

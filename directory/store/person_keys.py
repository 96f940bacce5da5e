"""Which slot holds whose key. The keys themselves lie outside the database (hub/custody/slots.py)."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import members, person_keys


async def slot_for(tx: Tx, guard: Guard, member: str) -> int:
    """The slot of a member's own key, made the first time. Raises HubSealed when it would have to be made."""
    held = select(person_keys.c.slot).where(person_keys.c.member == member)
    slot: int | None = await tx.scalar(held)
    if slot is not None:
        return slot
    fresh = insert(person_keys).values(member=member).on_conflict_do_nothing().returning(person_keys.c.slot)
    made: int | None = await tx.scalar(fresh)
    if made is None:  # somebody else was faster
        return int((await tx.execute(held)).scalar_one())
    guard.new_person(made)
    return made


async def orphans(tx: Tx, *, most: int = 100) -> list[int]:
    """Slots of people who are no members any more, each locked for who destroys it."""
    gone = ~select(members.c.id).where(members.c.id == person_keys.c.member).exists()
    wanted = select(person_keys.c.slot).where(gone).limit(most).with_for_update(skip_locked=True)
    return list((await tx.execute(wanted)).scalars())


async def forget(tx: Tx, slot: int) -> None:
    """The key of this slot was destroyed."""
    await tx.execute(delete(person_keys).where(person_keys.c.slot == slot))

"""Rows of outside contacts and of what was asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.gathered_tables import outside_asks, outside_contacts
from directory.store.tables import members

MOST = 100


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact; `handle` is its keeper's, who can do nothing here when they `left`."""

    id: str
    keeper: str
    may_ask: str
    guarded: bytes
    since: datetime
    confirmed_at: datetime
    handle: str
    left: bool


@dataclass(frozen=True, slots=True)
class AskRow:
    """One ask; `handle` is the asker's, None once they are gone."""

    id: str
    contact: str
    asker: str | None
    state: str
    guarded: bytes
    asked_at: datetime
    settled_at: datetime | None
    handle: str | None


_OF_CONTACT = [
    outside_contacts.c[name] for name in ContactRow.__dataclass_fields__ if name not in ("handle", "left")
]
_KEEPER = (members.c.handle, (members.c.state != "active").label("left"))
_OF_ASK = [outside_asks.c[name] for name in AskRow.__dataclass_fields__ if name != "handle"]
_CONTACT = select(*_OF_CONTACT, *_KEEPER).join(members, members.c.id == outside_contacts.c.keeper)
_ASK = select(*[*_OF_ASK, members.c.handle]).join(members, members.c.id == outside_asks.c.asker, isouter=True)


async def load(tx: Tx, id: str) -> ContactRow | None:
    """One contact, or None."""
    row = (await tx.execute(_CONTACT.where(outside_contacts.c.id == id))).one_or_none()
    return None if row is None else _contact(row)


def _contact(row: Row[*tuple[Any, ...]]) -> ContactRow:
    return ContactRow(**row._mapping)


async def every(tx: Tx) -> list[ContactRow]:
    """All of them, the oldest first; a network has dozens."""
    wanted = _CONTACT.order_by(outside_contacts.c.since, outside_contacts.c.id).limit(MOST)
    return [_contact(row) for row in await tx.execute(wanted)]


async def kept_by(tx: Tx, member: str) -> int:
    """How many contacts this member keeps."""
    counted = select(func.count()).where(outside_contacts.c.keeper == member)
    return int(await tx.scalar(counted) or 0)


async def add(tx: Tx, values: Mapping[str, object]) -> None:
    """A new contact."""
    await tx.execute(insert(outside_contacts).values(**values))


async def change(tx: Tx, id: str, values: Mapping[str, object]) -> None:
    """Set these columns of one contact."""
    await tx.execute(update(outside_contacts).where(outside_contacts.c.id == id).values(**values))


async def forget(tx: Tx, id: str) -> None:
    """The contact and all that was asked of it."""
    await tx.execute(delete(outside_contacts).where(outside_contacts.c.id == id))


async def unconfirmed(tx: Tx, before: datetime) -> list[ContactRow]:
    """Contacts of which nobody said since then that they still hold."""
    wanted = _CONTACT.where(outside_contacts.c.confirmed_at < before).limit(MOST)
    return [_contact(row) for row in await tx.execute(wanted)]


async def add_ask(tx: Tx, values: Mapping[str, object]) -> None:
    """Something is asked of a contact."""
    await tx.execute(insert(outside_asks).values(**values))


async def load_ask(tx: Tx, id: str) -> AskRow | None:
    """One ask, locked."""
    wanted = _ASK.where(outside_asks.c.id == id).with_for_update(of=outside_asks)
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else AskRow(*row)


async def change_ask(tx: Tx, id: str, values: Mapping[str, object]) -> None:
    """Set these columns of one ask."""
    await tx.execute(update(outside_asks).where(outside_asks.c.id == id).values(**values))


async def asks(tx: Tx, contact: str, most: int) -> list[AskRow]:
    """What was asked of a contact, the newest first."""
    wanted = _ASK.where(outside_asks.c.contact == contact).order_by(outside_asks.c.asked_at.desc())
    return [AskRow(*row) for row in await tx.execute(wanted.limit(most))]


async def open_of(tx: Tx, asker: str) -> int:
    """How many asks of somebody wait for a keeper."""
    wanted = select(outside_asks.c.id).where(outside_asks.c.asker == asker, outside_asks.c.state == "asked")
    return len((await tx.execute(wanted.limit(MOST))).all())

"""Rows of people whom a list names and who have not said yes: sealed, and erased after a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, delete, func, select, text, update

from directory.store.copying import copy_in
from directory.store.database import Tx
from directory.store.gathered_tables import noted_people

_staged = Table(
    "staged_people",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("guarded", LargeBinary, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
_COUNT = text("""
select count(distinct key) from staged_people s
where not exists (select from noted_people n where n.key = s.key)
""")
_SETTLE = text("""
insert into noted_people (id, key, guarded, noted_at)
select distinct on (key) id, key, guarded, :now from staged_people order by key, id
on conflict (key) do nothing
""")


@dataclass(frozen=True, slots=True)
class NotedRow:
    """One person who is only noted. `code` is the id of the code made for them."""

    id: str
    code: str | None
    guarded: bytes
    noted_at: datetime


_COLUMNS = [noted_people.c[name] for name in NotedRow.__dataclass_fields__]


async def begin(tx: Tx) -> None:
    """Make the temporary table."""
    await tx.run_sync(_staged.create)


async def ready(tx: Tx) -> bool:
    """Is anybody put aside in this transaction?"""
    return (await tx.execute(text("SELECT to_regclass('pg_temp.staged_people')"))).scalar_one() is not None


async def stage(tx: Tx, rows: Iterable[tuple[str, bytes, bytes]]) -> None:
    """Put (id, key, sealed) aside until the whole table is judged."""
    await copy_in(tx, _staged, ["id", "key", "guarded"], rows)


async def fresh(tx: Tx) -> int:
    """How many of them are not noted yet."""
    return int((await tx.execute(_COUNT)).scalar_one())


async def settle(tx: Tx, now: datetime) -> None:
    """Note those that are not yet."""
    await tx.execute(_SETTLE, {"now": now})


async def page(tx: Tx, after: str, most: int) -> list[NotedRow]:
    """Noted people in the order of their ids, which say nothing."""
    wanted = select(*_COLUMNS).where(noted_people.c.id > after).order_by(noted_people.c.id).limit(most)
    return [NotedRow(*row) for row in await tx.execute(wanted)]


async def load(tx: Tx, id: str) -> NotedRow | None:
    """One, locked."""
    wanted = select(*_COLUMNS).where(noted_people.c.id == id).with_for_update()
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else NotedRow(*row)


async def of_code(tx: Tx, code: str) -> NotedRow | None:
    """The one a code was made for, locked."""
    wanted = select(*_COLUMNS).where(noted_people.c.code == code).with_for_update()
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else NotedRow(*row)


async def give_code(tx: Tx, id: str, code: str) -> None:
    """This code is theirs; an earlier one is only a code from now on."""
    await tx.execute(update(noted_people).where(noted_people.c.id == id).values(code=code))


async def forget(tx: Tx, id: str) -> None:
    """They came in, or are not to be noted."""
    await tx.execute(delete(noted_people).where(noted_people.c.id == id))


async def forget_before(tx: Tx, moment: datetime) -> None:
    """Whoever did not answer is erased."""
    await tx.execute(delete(noted_people).where(noted_people.c.noted_at < moment))


async def count(tx: Tx) -> int:
    """How many wait: for whoever may read the list of them."""
    return int((await tx.execute(select(func.count()).select_from(noted_people))).scalar_one())

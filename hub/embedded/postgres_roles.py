"""The roles and databases on our PostgreSQL: each role opens its own databases and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection, sql


@dataclass(frozen=True, slots=True)
class Base:
    """One database and the role that owns it. Synapse insists on sorting by bytes (`bytewise`)."""

    name: str
    owner: str
    bytewise: bool = False


BASES = (Base("ayni", "ayni"), Base("synapse", "synapse", bytewise=True))


async def arrange(url: str, bases: Sequence[Base], passwords: Mapping[str, str]) -> None:
    """Make what is missing and set the passwords; repeatable. `url` is the superuser's."""
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        for role, password in passwords.items():
            await _role(db, role, password)
        await _close_to_others(db, ("postgres", "template1"))
        for base in bases:
            await _base(db, base)


async def _role(db: AsyncConnection, role: str, password: str) -> None:
    name = sql.Identifier(role)
    known = await db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    if not await known.fetchone():
        await db.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    # Hashed here: the password itself never travels in a statement.
    hashed = db.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    await db.execute(
        sql.SQL("ALTER ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            name, sql.Literal(hashed)
        )
    )


async def _base(db: AsyncConnection, base: Base) -> None:
    known = await db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (base.name,))
    if not await known.fetchone():
        locale = "LOCALE_PROVIDER libc LOCALE 'C'" if base.bytewise else ""
        await db.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' {}").format(
                sql.Identifier(base.name), sql.Identifier(base.owner), sql.SQL(locale)
            )
        )
    await _close_to_others(db, (base.name,))


async def _close_to_others(db: AsyncConnection, names: Sequence[str]) -> None:
    for name in names:
        await db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))

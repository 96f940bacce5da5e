"""Everything by which somebody can come in or act here, ended at once: for off-boarding, loss and freeze."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, select, update

from directory.store.database import Tx
from directory.store.tables import join_codes, login_links, sessions, spokespersons, tokens


async def end_sign_ins(tx: Tx, member: str, now: datetime) -> int:
    """End every sign-in of a member; how many were open."""
    return await _end(tx, sessions, sessions.c.member == member, sessions.c.expires_at > now, ended_at=now)


async def open_sign_ins(tx: Tx, member: str, now: datetime) -> list[tuple[bytes, datetime, datetime]]:
    """(digest, since, until) of every open sign-in of a member, the newest first."""
    wanted = select(sessions.c.digest, sessions.c.since, sessions.c.expires_at).where(
        sessions.c.member == member, sessions.c.ended_at.is_(None), sessions.c.expires_at > now
    )
    return [(row[0], row[1], row[2]) for row in await tx.execute(wanted.order_by(sessions.c.since.desc()))]


async def end_named(tx: Tx, member: str, name: str, now: datetime) -> int:
    """End the sign-in of a member whose digest begins with these hex digits; how many that were."""
    begins = func.encode(sessions.c.digest, "hex").startswith(name, autoescape=True)
    mine = (sessions.c.member == member) & (begins if len(name) == 12 else (sessions.c.digest == b""))
    return await _end(tx, sessions, mine, sessions.c.expires_at > now, ended_at=now)


async def add_login_link(tx: Tx, digest: bytes, member: str, expires_at: datetime) -> None:
    """Remember that whoever shows this code may read as `member` once."""
    row = {"digest": digest, "member": member, "expires_at": expires_at}
    await tx.execute(login_links.insert().values(row))


async def end_login_links(tx: Tx, member: str, now: datetime) -> int:
    """Use up every login link made for a member."""
    mine = login_links.c.member == member
    return await _end(tx, login_links, mine, login_links.c.expires_at > now, used_at=now)


async def end_tokens(tx: Tx, maker: str, now: datetime) -> int:
    """Revoke every token a member made."""
    return await _end(tx, tokens, tokens.c.maker == maker, tokens.c.expires_at > now, revoked_at=now)


async def end_codes(tx: Tx, inviter: str, now: datetime) -> int:
    """End every code a member made that nobody has used."""
    mine = join_codes.c.inviter == inviter
    return await _end(tx, join_codes, mine, join_codes.c.expires_at > now, used_at=now)


async def stop_speaking(tx: Tx, member: str) -> int:
    """A member speaks for no organisation any more."""
    done = await tx.execute(delete(spokespersons).where(spokespersons.c.member == member))
    return done.rowcount


async def _end(
    tx: Tx, table: Table, mine: ColumnElement[bool], still: ColumnElement[bool], **ended: datetime
) -> int:
    (column,) = ended
    done = await tx.execute(update(table).where(mine, still, table.c[column].is_(None)).values(**ended))
    return done.rowcount

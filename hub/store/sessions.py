"""Rows behind a page: one-time login links and the sessions they open; codes only as keyed digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.tables import login_links, sessions


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One open session. `digest` names it; the code in the person's cookie is stored nowhere."""

    digest: bytes
    member: str
    locale: str
    since: datetime
    expires_at: datetime
    word_at: datetime | None
    given: str | None = None


async def take_login_link(tx: Tx, digest: bytes, now: datetime) -> str | None:
    """Use a login link up; the member it was for, or None when it is unknown, used or too old."""
    statement = (
        update(login_links)
        .where(
            login_links.c.digest == digest,
            login_links.c.used_at.is_(None),
            login_links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(login_links.c.member)
    )
    found: str | None = (await tx.execute(statement)).scalar_one_or_none()
    return found


async def add_session(tx: Tx, row: SessionRow) -> None:
    """Open a session."""
    await tx.execute(
        insert(sessions).values(
            digest=row.digest,
            member=row.member,
            locale=row.locale,
            since=row.since,
            expires_at=row.expires_at,
            word_at=row.word_at,
            given=row.given,
        )
    )


COLUMNS = (
    sessions.c.digest,
    sessions.c.member,
    sessions.c.locale,
    sessions.c.since,
    sessions.c.expires_at,
    sessions.c.word_at,
    sessions.c.given,
)


async def session(tx: Tx, digest: bytes, now: datetime) -> SessionRow | None:
    """The open session of that digest, if there is one at this moment."""
    statement = select(*COLUMNS).where(
        sessions.c.digest == digest, sessions.c.ended_at.is_(None), sessions.c.expires_at > now
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else SessionRow(*row)


async def whose(tx: Tx, digest: bytes) -> str | None:
    """Whose session that was, also when its time is over; None for one that was ended."""
    mine = sessions.c.digest == digest, sessions.c.ended_at.is_(None)
    return (await tx.execute(select(sessions.c.member).where(*mine))).scalar_one_or_none()


async def note_word(tx: Tx, digest: bytes, given: str, now: datetime, *, expires_at: datetime) -> None:
    """The member gave their word on this page: remember when and as what; the session lives on."""
    known = {"word_at": now, "given": given, "expires_at": expires_at}
    await tx.execute(update(sessions).where(sessions.c.digest == digest).values(**known))


async def set_locale(tx: Tx, digest: bytes, locale: str) -> None:
    """Show this session in another language from now on."""
    await tx.execute(update(sessions).where(sessions.c.digest == digest).values(locale=locale))


async def end_session(tx: Tx, member: str, digest: bytes, now: datetime) -> bool:
    """End one session of this member; False when there was none open."""
    statement = (
        update(sessions)
        .where(sessions.c.digest == digest, sessions.c.member == member, sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return (await tx.execute(statement)).rowcount == 1


async def end_sessions(tx: Tx, member: str, now: datetime) -> int:
    """End every session of a member (lost phone, freeze, off-boarding) and every unused login link."""
    await tx.execute(
        update(login_links)
        .where(login_links.c.member == member, login_links.c.used_at.is_(None))
        .values(used_at=now)
    )
    statement = (
        update(sessions)
        .where(sessions.c.member == member, sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return (await tx.execute(statement)).rowcount

"""Tokens for machines: a label, what they may do, until when; the secret only as a keyed digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.tables import tokens


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as an administrator sees it: never its secret."""

    id: str
    label: str
    scopes: frozenset[str]
    since: datetime
    expires_at: datetime
    revoked_at: datetime | None
    maker: str | None = None


COLUMNS = (
    tokens.c.id,
    tokens.c.label,
    tokens.c.scopes,
    tokens.c.since,
    tokens.c.expires_at,
    tokens.c.revoked_at,
    tokens.c.maker,
)


async def add_token(tx: Tx, row: TokenRow, digest: bytes) -> None:
    """Remember a new token by the digest of its secret."""
    await tx.execute(
        insert(tokens).values(
            id=row.id,
            digest=digest,
            label=row.label,
            scopes=sorted(row.scopes),
            since=row.since,
            expires_at=row.expires_at,
            maker=row.maker,
        )
    )


async def token(tx: Tx, digest: bytes, now: datetime) -> TokenRow | None:
    """The token of that digest while it is neither expired nor revoked."""
    statement = select(*COLUMNS).where(
        tokens.c.digest == digest, tokens.c.revoked_at.is_(None), tokens.c.expires_at > now
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _row(*row)


async def all_tokens(tx: Tx) -> tuple[TokenRow, ...]:
    """Every token ever made here, newest first."""
    return tuple(_row(*row) for row in await tx.execute(select(*COLUMNS).order_by(tokens.c.since.desc())))


async def revoke_token(tx: Tx, token_id: str, now: datetime) -> bool:
    """End a token; False when there was none that still worked."""
    statement = (
        update(tokens).where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return (await tx.execute(statement)).rowcount == 1


def _row(
    token_id: str,
    label: str,
    scopes: list[str],
    since: datetime,
    expires_at: datetime,
    revoked_at: datetime | None,
    maker: str | None,
) -> TokenRow:
    return TokenRow(token_id, label, frozenset(scopes), since, expires_at, revoked_at, maker)

"""Rows of invitation codes and of lobbies, where somebody unknown may try a code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.core.two_person import Grant
from directory.store.database import Tx
from directory.store.tables import expected_accounts, join_codes, lobbies, members, verifiers


@dataclass(frozen=True, slots=True)
class CodeRow:
    """What a code was made for."""

    id: str
    inviter: str | None
    organisation: str | None
    roles: tuple[str, ...]
    locale: str | None
    member: str | None = None
    """Who uses it up; set beforehand when it lets a member back in."""


_CODE = [join_codes.c[name] for name in CodeRow.__dataclass_fields__]


async def add_code(
    tx: Tx,
    row: CodeRow,
    *,
    digest: bytes,
    spoken: bytes,
    expires_at: datetime,
) -> None:
    """Write a code down, and the words said with it, by their digests only."""
    await tx.execute(
        insert(join_codes).values(
            id=row.id,
            digest=digest,
            spoken=spoken,
            inviter=row.inviter,
            organisation=row.organisation,
            roles=list(row.roles),
            locale=row.locale,
            member=row.member,
            expires_at=expires_at,
        )
    )


async def open_code(tx: Tx, digest: bytes, now: datetime) -> tuple[CodeRow, bytes, int] | None:
    """An unused code that has not ended, locked, with the digest of its words and the wrong ones so far."""
    found = select(*_CODE, join_codes.c.spoken, join_codes.c.tries).where(
        join_codes.c.digest == digest, join_codes.c.used_at.is_(None), join_codes.c.expires_at > now
    )
    row = (await tx.execute(found.with_for_update())).one_or_none()
    return None if row is None else (_code(row[:-2]), row.spoken, row.tries)


async def came_by(tx: Tx, inviter: str, since: datetime, now: datetime) -> int:
    """How many codes of somebody are open, or let somebody in after `since`."""
    open_ones = join_codes.c.used_at.is_(None) & (join_codes.c.expires_at > now)
    mine = (join_codes.c.inviter == inviter) & (open_ones | (join_codes.c.used_at > since))
    return await tx.scalar(select(func.count()).where(mine)) or 0


async def use_code(tx: Tx, code: str, member: str, now: datetime) -> None:
    """Use a code up, for this member; its lock is held."""
    await tx.execute(update(join_codes).where(join_codes.c.id == code).values(used_at=now, member=member))


async def wrong_words(tx: Tx, code: str, tries: int, ended_at: datetime | None) -> None:
    """The right code with wrong words; with `ended_at` it ends unused."""
    await tx.execute(update(join_codes).where(join_codes.c.id == code).values(tries=tries, used_at=ended_at))


async def expect_account(tx: Tx, digest: bytes, member: str, expires_at: datetime, made: int) -> None:
    """The account of this digest was made for this member, who will write from it; only the newest counts."""
    await tx.execute(delete(expected_accounts).where(expected_accounts.c.member == member))
    values = {"matrix_digest": digest, "member": member, "expires_at": expires_at, "made": made}
    await tx.execute(insert(expected_accounts).values(**values))


async def accounts_one_by_one(tx: Tx, member: str) -> None:
    """Another request of this member for an account waits until this transaction ends."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"chat account of {member}"))))


async def accounts_made(tx: Tx) -> int:
    """How many were made that nobody has written from yet."""
    return await tx.scalar(select(func.coalesce(func.sum(expected_accounts.c.made), 0))) or 0


async def expected(tx: Tx, digest: bytes, now: datetime) -> str | None:
    """Whom an account was made for, while that is open."""
    mine = expected_accounts.c.matrix_digest == digest, expected_accounts.c.expires_at > now
    return await tx.scalar(select(expected_accounts.c.member).where(*mine).with_for_update())


async def account_of(tx: Tx, member: str) -> tuple[datetime, int] | None:
    """Until when this member may write from an account made for them, and how many were; None without one."""
    wanted = select(expected_accounts.c.expires_at, expected_accounts.c.made)
    row = (await tx.execute(wanted.where(expected_accounts.c.member == member))).one_or_none()
    return None if row is None else (row.expires_at, row.made)


async def no_longer_expected(tx: Tx, member: str) -> None:
    """They wrote, or need not any more."""
    await tx.execute(delete(expected_accounts).where(expected_accounts.c.member == member))


async def somebody_expected(tx: Tx, now: datetime) -> bool:
    """Is there a code that somebody may still come in with?"""
    open_codes = select(join_codes.c.id).where(join_codes.c.used_at.is_(None), join_codes.c.expires_at > now)
    return (await tx.execute(open_codes.limit(1))).first() is not None


async def code_of(tx: Tx, member: str) -> CodeRow | None:
    """The code a member came in with."""
    first_used = select(*_CODE).where(join_codes.c.member == member).order_by(join_codes.c.used_at.asc())
    row = (await tx.execute(first_used.limit(1))).one_or_none()
    return None if row is None else _code(row)


async def let_back_in(tx: Tx, since: datetime, *, most_tries: int) -> dict[str, list[Grant]]:
    """Who came back since then by a code of one person, with no word from before it to prove that it is still
    them. `most_tries`: a code with so many wrong words has ended without being used."""
    words, codes = verifiers.c, join_codes.c
    wanted = (
        select(codes.member, codes.inviter, codes.used_at)
        .join(members, (members.c.id == codes.member) & (members.c.since < codes.used_at))
        .join(verifiers, words.member == codes.member)
        .where(codes.used_at > since, codes.inviter.is_not(None), codes.tries < most_tries)
        .where(words.since >= codes.used_at)
    )
    found: dict[str, list[Grant]] = {}
    for member, inviter, at in await tx.execute(wanted):
        found.setdefault(member, []).append(Grant(inviter, at))
    return found


async def forget_codes(tx: Tx, before: datetime) -> None:
    """Delete codes that ended before `before` unused, or were used by somebody who is gone."""
    await tx.execute(
        delete(join_codes).where(join_codes.c.expires_at < before, join_codes.c.member.is_(None))
    )


async def forget_expected(tx: Tx, before: datetime) -> None:
    """Delete what nobody wrote from in time."""
    await tx.execute(delete(expected_accounts).where(expected_accounts.c.expires_at < before))


async def lobby(tx: Tx, digest: bytes, now: datetime) -> tuple[int, datetime]:
    """(wrong tries so far, since when) for an unknown account; begins one at first sight, and locks it."""
    await tx.execute(insert(lobbies).values(matrix_digest=digest, since=now).on_conflict_do_nothing())
    found = select(lobbies.c.tries, lobbies.c.since).where(lobbies.c.matrix_digest == digest)
    tries, since = (await tx.execute(found.with_for_update())).one()
    return tries, since


async def set_lobby(tx: Tx, digest: bytes, *, tries: int, since: datetime) -> None:
    """Write down how often an unknown account was wrong, and since when."""
    await tx.execute(
        update(lobbies).where(lobbies.c.matrix_digest == digest).values(tries=tries, since=since)
    )


async def leave_lobby(tx: Tx, digest: bytes) -> None:
    """The account is known now."""
    await tx.execute(delete(lobbies).where(lobbies.c.matrix_digest == digest))


async def forget_lobbies(tx: Tx, before: datetime) -> None:
    """Delete lobbies nobody came back to since `before`."""
    await tx.execute(delete(lobbies).where(lobbies.c.since < before))


def _code(row: Collection[object]) -> CodeRow:
    id_, inviter, organisation, roles, locale, member = row
    return CodeRow(
        str(id_), _text(inviter), _text(organisation), tuple(_words(roles)), _text(locale), _text(member)
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list | tuple) else []

"""Who is at the door: login links, sessions, the member's word, and machine tokens.

A login link opens a *reading* session of 30 minutes; the member's word, good for five minutes, is asked
before anything privileged. Codes are 128 bits and stored as keyed digests. An unknown handle costs the
same work and gets the same answer as a wrong word.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from directory import members, words
from directory.core.viewer import Lane, Viewer
from directory.store.guarded import Guard
from directory.turn import Turn
from hub.api.stamps import stamp
from hub.store import sessions as store

READING_LASTS = timedelta(minutes=30)
SESSION_LASTS = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with an open session. `code` is what their cookie holds."""

    viewer: Viewer
    session: store.SessionRow
    code: str
    word_fresh: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened; `code` goes into the cookie and nowhere else."""

    code: str
    member: str


async def open_link(turn: Turn, code: str) -> Opened | None:
    """Use a login link up. None for an unknown, used or expired code alike."""
    member = await store.take_login_link(turn.tx, turn.guard.digest("login-link", code), turn.now)
    return None if member is None else await _open(turn, member)


async def log_in(turn: Turn, handle: str, word: str, before: str = "") -> Opened | None:
    """Open a session by handle and word. None for an unknown handle and for a wrong word alike.

    `before` is the code of a session that this browser had, which may be over since.
    """
    known = await store.whose(turn.tx, turn.guard.digest("session", before)) if before else None
    said = await words.who_says(turn, handle, word, known or "")
    return None if said is None else await _open(turn, *said)


async def _open(turn: Turn, member: str, given: words.Given | None = None) -> Opened | None:
    viewer = await members.viewer_of_member(turn.tx, member, Lane.PAGE)
    if viewer is None:
        return None
    code = stamp(turn.guard, "session", turn.ids())
    lasts = READING_LASTS if given is None else SESSION_LASTS
    row = store.SessionRow(
        digest=turn.guard.digest("session", code),
        member=member,
        locale=viewer.locale,
        since=turn.now,
        expires_at=turn.now + lasts,
        word_at=None if given is None else turn.now,
        given=None if given is None else given.id,
    )
    await store.add_session(turn.tx, row)
    return Opened(code, member)


async def begin(turn: Turn, member: str) -> Opened | None:
    """Open a session for somebody who just came in with a code on this page."""
    return await _open(turn, member)


async def known(turn: Turn, code: str) -> Known | None:
    """Whose open session this code is; None for anything else, and for a member who may not act now."""
    row = await store.session(turn.tx, turn.guard.digest("session", code), turn.now)
    if row is None:
        return None
    viewer = await members.viewer_of_member(turn.tx, row.member, Lane.PAGE)
    if viewer is None:
        return None
    given = await words.given(turn, row.given or "")
    seen = replace(viewer, word_at=row.word_at, given_as=given.place if given is not None else 0)
    return Known(seen, row, code, seen.gave_word(turn.now), turn.now)


async def give_word(turn: Turn, who: Known, word: str) -> Known | None:
    """Check the member's word; when it is right, privileged acts are open for five minutes."""
    given = await words.check_word(turn, who.session.member, word)
    if given is None:
        return None
    lasts = turn.now + SESSION_LASTS
    await store.note_word(turn.tx, who.session.digest, given.id, turn.now, expires_at=lasts)
    return replace(who, viewer=words.sure(replace(turn, viewer=who.viewer), given).viewer, word_fresh=True)


async def log_out(turn: Turn, who: Known) -> None:
    """End this session."""
    await store.end_session(turn.tx, who.session.member, who.session.digest, turn.now)


def form_mark(guard: Guard, code: str, path: str) -> str:
    """What a form on `path` must send back: bound to the session (or, before one, to a cookie of its own)."""
    return guard.digest("form", f"{code}|{path}").hex()[:32]


def same_mark(left: str, right: str) -> bool:
    """Compare two marks in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())

"""Coming in to the pages by a link that works once, and where somebody is signed in: for themselves, and for
those who look after the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import audit, members
from directory.core.rules import may
from directory.refusals import NotYours
from directory.store import ways_in
from directory.turn import Turn

LINK_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One open sign-in. `name` ends it and opens nothing."""

    name: str
    since: datetime
    expires_at: datetime


def name_of(digest: bytes) -> str:
    """A short name for the sign-in of this digest."""
    return digest.hex()[:12]


async def link(turn: Turn, member: str) -> str:
    """A one-time code for `/in/<code>`, 128 bits: opens one reading session of `member` within the hour. For
    callers who have judged already."""
    code = turn.ids()
    digest = turn.guard.digest("login-link", code)
    await ways_in.add_login_link(turn.tx, digest, member, turn.now + LINK_LASTS)
    return code


async def my_link(turn: Turn) -> str:
    """The same for the viewer. Earlier ones end with it: only the newest opens. Raises NotYours."""
    member = turn.viewer.member
    if member is None or not may("act:my-link", turn.viewer):
        raise NotYours
    await ways_in.end_login_links(turn.tx, member, turn.now)
    return await link(turn, member)


async def mine(turn: Turn) -> tuple[SignIn, ...]:
    """Everywhere the viewer is signed in now, the newest first."""
    return await _of(turn, turn.viewer.member or "")


async def end(turn: Turn, name: str) -> None:
    """End one of the viewer's own. Raises NotYours."""
    if not await ways_in.end_named(turn.tx, turn.viewer.member or "", name, turn.now):
        raise NotYours


async def of_member(turn: Turn, handle: str) -> tuple[SignIn, ...]:
    """Where a member is signed in, for those who look after the network. Raises NotYours."""
    member = await _member(turn, handle)
    await audit.looked(turn, "read-sign-ins", member)
    return await _of(turn, member)


async def end_all(turn: Turn, handle: str) -> int:
    """End every sign-in and link of a member; how many were open. Raises NotYours.

    It needs no word: it lowers nothing, and the member signs in again.
    """
    member = await _member(turn, handle)
    ended = await ways_in.end_sign_ins(turn.tx, member, turn.now)
    await ways_in.end_login_links(turn.tx, member, turn.now)
    await audit.note(turn, "sign-ins-ended", member, before=str(ended))
    return ended


async def _of(turn: Turn, member: str) -> tuple[SignIn, ...]:
    found = await ways_in.open_sign_ins(turn.tx, member, turn.now)
    return tuple(SignIn(name_of(digest), since, until) for digest, since, until in found)


async def _member(turn: Turn, handle: str) -> str:
    row = await members.known_by(turn, handle)
    if row is None or not may("act:sign-ins-of", turn.viewer):
        raise NotYours
    return row.id

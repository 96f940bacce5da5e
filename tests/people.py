"""Build people the way they come in: a code from the technician, a lobby, a profile, a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory import joining, members
from directory.core.viewer import Lane, Role, Viewer

if TYPE_CHECKING:
    from conftest import Desk


def matrix_id(handle: str) -> str:
    """The account a test person uses."""
    return f"@{handle.lower()}:example.org"


async def seen_as(desk: Desk, member: str, *, lane: Lane = Lane.CHAT, word: bool = False) -> Viewer:
    """A member as a viewer; `word` when they have just given it."""
    async with desk.turn() as turn:
        viewer = await members.viewer_of_member(turn.tx, member, lane, word_at=desk.clock() if word else None)
    assert viewer is not None
    return viewer


async def a_newcomer(
    desk: Desk, handle: str, *, code: str | None = None, account: str | None = None, **profile: object
) -> str:
    """Somebody who has given a code and answered the first questions, and now waits."""
    if code is None:
        async with desk.turn() as turn:
            code = (await joining.invite(turn)).code
    async with desk.turn(Viewer(Lane.CHAT)) as turn:
        entered = await joining.enter(
            turn,
            matrix_id=account or matrix_id(handle),
            master_key="key",
            room=f"!{account or handle}:example.org",
            code=code,
        )
    assert isinstance(entered, joining.Entered)
    async with desk.turn(await seen_as(desk, entered.member)) as turn:
        await joining.profile(turn, entered.member, handle=handle, **profile)
        assert await joining.finish(turn, entered.member) == "waiting"
    return entered.member


async def a_member(
    desk: Desk,
    handle: str,
    *,
    roles: frozenset[Role] = frozenset(),
    organisation: str | None = None,
    **profile: object,
) -> str:
    """A confirmed member with these roles and this profile; the id."""
    async with desk.turn() as turn:
        code = (await joining.invite(turn, roles=roles, organisation=organisation)).code
    member = await a_newcomer(desk, handle, code=code, **profile)
    async with desk.turn() as turn:
        await joining.confirm(turn, member)
    return member

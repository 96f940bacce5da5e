"""Build people the way they come in: a code from the technician, a lobby, a profile, a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory import cards, joining, members, sharing
from directory.core.effects import CardChanged
from directory.core.viewer import Lane, Role, Viewer
from directory.store import members as rows
from directory.store.tables import networks

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


async def settle(desk: Desk) -> None:
    """Do what hub/effects.py does with CardChanged: rewrite the cards of everybody whose card changed."""
    for change in desk.heard(CardChanged):
        async with desk.turn() as turn:
            await cards.refresh(turn, change.member)


async def a_linked_network(
    desk: Desk,
    name: str,
    *,
    shares: tuple[str, ...] = ("person", "organisation", "bot"),
    state: str = "active",
) -> str:
    """A network this hub has a link to; the id."""
    network = name.lower() + "f" * (64 - len(name))
    async with desk.turn() as turn:
        row = networks.insert().values(id=network, name=name, state=state, since=desk.clock())
        await turn.tx.execute(row)
        await sharing.network_linked(turn, network, shares)
    return network


async def an_organisation(desk: Desk, title: str, **fields: object) -> str:
    """An organisation listed from public sources, with its card; the id."""
    async with desk.turn() as turn:
        organisation = turn.ids()
        values = {"kind": "organisation", "state": "listed", "title": title, "source": "a public list"}
        await rows.insert_member(turn.tx, {**values, "id": organisation, "since": turn.now, **fields})
        await cards.refresh(turn, organisation)
    return organisation


def a_card(number: int, title: str, **fields: object) -> dict[str, object]:
    """A card as a linked network would send it."""
    empty = {"kind": "organisation", "acronym": None, "country": None, "regions": [], "issues": []}
    rest = {"languages": [], "offers": [], "website": None, "listed_publicly": False, "purpose": None}
    return {"id": f"{number:032x}", "title": title, "confirmed_at": 1_700_000_000, **empty, **rest, **fields}

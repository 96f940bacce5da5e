"""Build people the way they come in: a code from the technician, a lobby, a profile, a yes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from conftest import Clock, Desk, only_tables

from bots import later
from directory import cards, consent, introductions, joining, members, sharing
from directory.core.effects import CardChanged, DueAt, Post, Stream, Tell
from directory.core.handles import handle_key
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.store import members as rows
from directory.store import roles as held
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.store.tables import networks
from hub.chance import chance


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
            code = (await joining.invite(turn)).typed
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
        comes_as = roles - {Role.ADMINISTRATOR}
        code = (await joining.invite(turn, roles=comes_as, organisation=organisation)).typed
    member = await a_newcomer(desk, handle, code=code, **profile)
    async with desk.turn() as turn:
        await joining.confirm(turn, member)
        await held.give_roles(turn.tx, member, roles & {Role.ADMINISTRATOR}, turn.now)  # else two people do
    return member


async def someone(desk: Desk, handle: str, *roles: Role) -> str:
    """A member for tests to which it does not matter how they came in; the id. No card, no account."""
    async with desk.turn() as turn:
        member = turn.ids()
        values = {"id": member, "kind": "person", "state": "active", "handle": handle, "since": turn.now}
        await rows.insert_member(turn.tx, {**values, "handle_key": handle_key(handle)})
        await held.give_roles(turn.tx, member, roles, turn.now)
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


async def later_on(desk: Desk) -> None:
    """Do what is due now of what people asked for to be done later."""
    for due in desk.heard(DueAt):
        if due.kind == later.DUE and due.at <= desk.clock():
            async with desk.turn(Viewer(Lane.CLOCK)) as turn:
                await later.on_due(turn, due.ref)


def heard_by(desk: Desk, member: str) -> list[str]:
    """What one member was told, in English, the oldest first."""
    return [render(tell.text, "en") for tell in desk.heard(Tell) if tell.member == member]


async def shown_to(desk: Desk, member: str, network: str) -> None:
    """The member says yes to being shown to a network, having given their word."""
    async with desk.turn(await seen_as(desk, member, word=True)) as turn:
        await consent.say_yes(turn, network, "chat")
    await settle(desk)


@dataclass
class Wire:
    """Carries what two hubs would post to each other, in order, as hub/federation does."""

    one: Desk
    other: Desk
    names: dict[str, Desk] = field(default_factory=dict)
    seq: int = 0

    def __post_init__(self) -> None:
        self.names = {self.one.home: self.one, self.other.home: self.other}

    async def carry(self) -> None:
        """Everything pending, both ways, with receipts; then nothing is pending."""
        for here, there in ((self.one, self.other), (self.other, self.one)):
            await settle(here)
            await self._cards(here, there)
            posts, here.recorded[:] = here.heard(Post), [e for e in here.recorded if not isinstance(e, Post)]
            for post in posts:
                peer = Viewer(Lane.PEER, network=here.home)
                async with there.turn(peer) as turn:
                    receive = {
                        "introduction": introductions.receive_request,
                        "decision": introductions.receive_decision,
                    }[post.type]
                    await receive(turn, here.home, post.body)

    async def _cards(self, here: Desk, there: Desk) -> None:
        async with here.turn() as turn:
            batch = await sharing.pending(turn, there.home)
            self.seq += 1
            await sharing.sent(turn, there.home, self.seq, bodies=batch.bodies, withdrawn=batch.withdrawn)
        async with there.turn(Viewer(Lane.PEER, network=here.home)) as turn:
            await sharing.apply_tombstone(turn, here.home, batch.withdrawn)
            until = there.clock() + timedelta(days=7)
            await sharing.apply_cards(turn, here.home, batch.bodies, until=until)
        async with here.turn() as turn:
            await sharing.confirmed(turn, there.home, Stream.CARDS, self.seq)


async def link(one: Desk, other: Desk) -> Wire:
    """Two hubs that know each other, sharing people, organisations and bots."""
    for here, there, name in ((one, other, "Rafiki"), (other, one, "Red Ayni")):
        async with here.turn() as turn:
            row = networks.insert().values(id=there.home, name=name, state="active", since=here.clock())
            await turn.tx.execute(row)
            await sharing.network_linked(turn, there.home, ("person", "organisation", "bot"))
    return Wire(one, other)


@asynccontextmanager
async def away_desk(
    fresh_database: Callable[..., AbstractAsyncContextManager[str]], clock: Clock
) -> AsyncIterator[Desk]:
    """A second hub with its own database and keys, for what crosses a link."""
    home = "away" + "0" * 60
    async with fresh_database(only_tables) as url:
        database = Database(url)
        async with database.transaction() as tx:
            await tx.execute(networks.insert().values(id=home, name="Rafiki", home=True, since=clock()))
        guard = Guard(RingKey("w1", chance(32)), RingKey("a1", chance(32)), chance)
        yield Desk(database, guard, clock, home=home)
        await database.close()

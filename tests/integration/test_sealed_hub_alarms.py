"""A power cut at three in the morning, nobody there: alarms and check-ins run, records wait for people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import conftest
import msgspec
import pytest
from bots_stage import Stage, a_person, in_circle
from conftest import Clock, only_tables
from doors import a_door
from people import matrix_id, seen_as
from sqlalchemy import text
from terminal import Terminal, a_folder
from two_hubs import AHub, Neighbours

from bots.dispatch import hear
from bots.said import Form, Said
from directory import cards, consent, introductions, members, profiles
from directory.core.effects import Post, Stream
from directory.core.viewer import Lane, Role, Viewer
from directory.store import cards as home_cards
from directory.store import shares
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from hub import handlers
from hub.chance import chance
from hub.custody import Kind, begin, handing, open_rings, rings
from hub.custody.rings import Begun
from hub.due import DuePump
from hub.federation.lanes import room as room_lane
from hub.node import Node, open_node
from hub.store import rooms

ALARM = {
    "id": "b" * 32,
    "kind_of_help": "alarm",
    "severity": "high",
    "raised_at": 1_795_000_000_000,
    "country": "GT",
    "language": "en",
}


@dataclass
class Night:
    """A linked hub that came up again with nobody there, and what it had before."""

    node: Node
    terminal: Terminal
    begun: Begun
    clock: Clock
    peer: AHub
    people: dict[str, str]
    card: str
    """How the peer knows Ixchel."""

    async def hears(self, who: str, body: str) -> None:
        """A member writes to the bot."""
        said = Said(f"!{who}:example.org", matrix_id(who), Form.WORDS, body, True, "key", self.clock())
        async with self.node.turn(Viewer(Lane.CHAT)) as turn:
            viewer = await members.viewer_of(
                turn.tx, turn.guard, matrix_id=said.sender, lane=Lane.CHAT, now=turn.now
            )
            assert viewer is not None
            await hear(self.node.desk, replace(turn, viewer=viewer), said, viewer)

    async def told(self, who: str) -> list[str]:
        """What lies ready for somebody's phone, the oldest first."""
        statement = (
            "select l.id, l.content from letters l join rooms r on r.id = l.room"
            " where r.ref = :member and r.purpose = 'direct' order by l.place"
        )
        async with self.node.turn(Viewer(Lane.CLOCK)) as turn:
            found = await turn.tx.execute(text(statement), {"member": self.people[who]})
            opened = [turn.guard.open("letters", "content", row.id, row.content, watch=True) for row in found]
        return [str(msgspec.json.decode(letter)["body"]) for letter in opened]

    async def passes(self, **by: float) -> None:
        """Time passes, and what falls due fires as `care` fires it."""
        pump = DuePump(self.node.turn, handlers.due_handlers(self.node), self.clock)
        end = self.clock.now + timedelta(**by)
        while self.clock.now < end:
            self.clock.move(seconds=30)
            await pump.fire_all()

    async def receives(self) -> None:
        """What the peer sent arrives at our envoy."""
        inbox = handlers.inbox(self.node)
        for event in await self.peer.outgoing():
            async with self.node.turn(Viewer(Lane.PEER)) as turn:
                room = await rooms.by_matrix(turn.tx, turn.guard, event.room)
                wire = room_lane.from_content(event.content)
                assert room is not None
                assert wire is not None
                await inbox.receive(turn, str(room.ref), wire)


@asynccontextmanager
async def a_founded_hub(url: str, guard: Guard, clock: Clock, envoy: str, name: str) -> AsyncIterator[AHub]:
    database = Database(url)
    hub = AHub(envoy, database, guard, clock)
    await hub.found(name)
    yield hub
    await database.close()


async def people_of(hub: AHub, peer: AHub, clock: Clock) -> tuple[dict[str, str], str]:
    """Ixchel with her circle and her records, known to the peer; a coordinator; the card the peer has."""
    desk = conftest.Desk(hub.database, hub.guard, clock, home=hub.home)
    stage = Stage(desk)
    people = {"Rosa": await a_person(stage, "Rosa"), "Ana": await a_person(stage, "Ana", Role.COORDINATOR)}
    ixchel = people["Ixchel"] = await a_person(stage, "Ixchel")
    await in_circle(stage, "Ixchel", "Rosa")
    async with hub.turn(await seen_as(desk, ixchel, word=True)) as turn:
        await profiles.change(turn, ixchel, {"city": "Cobán"})

        await consent.say_yes(turn, peer.home, "chat")
        await cards.refresh(turn, ixchel)
        (share,) = await shares.of_member(turn.tx, ixchel)
        home = await home_cards.of_member(turn.tx, ixchel)
    assert home is not None
    async with hub.turn(await seen_as(desk, people["Rosa"])) as turn:
        await introductions.ask(turn, home.id, "We walk the same valley.")
    return people, share.card


@pytest.fixture
async def night(
    tmp_path: Path,
    clock: Clock,
    fresh_database: Callable[..., AbstractAsyncContextManager[str]],
) -> AsyncIterator[Night]:
    """Yesterday the hub was open; since the power came back it runs without the key to its records."""
    keys = tmp_path / "hub" / "keys"
    begun = begin(keys, chance, Kind.SHEETS)
    assert begun is not None
    async with fresh_database(only_tables) as here, fresh_database(only_tables) as there:
        terminal = a_folder(tmp_path / "hub", here)
        guard = open_rings(keys, chance)
        rings.unseal(guard, keys, begun.archive)
        other = Guard(RingKey("w9", chance(32)), RingKey("a9", chance(32)), chance)
        async with (
            a_founded_hub(here, guard, clock, "@envoy:here.example", "Red Ayni") as hub,
            a_founded_hub(there, other, clock, "@envoy:there.example", "Réseau") as peer,
        ):
            await Neighbours(hub, peer, clock).link()
            people, card = await people_of(hub, peer, clock)
            with pytest.MonkeyPatch.context() as patch:
                for name, value in terminal.settings.items():
                    patch.setenv(name, value)
                node = await open_node(terminal.data, clock=clock, part="care")
            assert node.guard.sealed
            yield Night(node, terminal, begun, clock, peer, people, card)
            await node.close()


async def test_a_call_for_help_in_chat_reaches_the_circle(night: Night) -> None:
    await night.hears("Ixchel", "alarm they are at the gate")
    await night.passes(minutes=1)
    assert any("Ixchel" in body and "at the gate" in body for body in await night.told("Rosa"))
    await night.hears("Rosa", "1")
    assert any("Rosa" in body for body in await night.told("Ixchel"))


async def test_a_check_in_that_was_missed_reaches_circle_and_coordinators(night: Night) -> None:
    await night.hears("Ixchel", "check-in in 30 min")
    await night.passes(minutes=45)
    assert any("Ixchel did not answer a check-in" in body for body in await night.told("Rosa"))
    assert any("Ixchel did not answer" in body for body in await night.told("Ana"))


async def test_who_asks_for_records_in_chat_hears_that_the_hub_is_being_opened(night: Night) -> None:
    await night.hears("Ixchel", "requests")
    assert "being opened" in (await night.told("Ixchel"))[-1]


async def test_a_linked_networks_alarm_is_heard_and_its_other_requests_wait_for_the_records(
    night: Night,
) -> None:
    body = {
        "id": "a" * 32,
        "to_card": night.card,
        "from_card": {"handle": "Awa", "kind": "person"},
        "purpose": "We both work on rivers.",
        "expires_at": int(night.clock.now.timestamp() * 1000) + 86_400_000,
    }
    async with night.peer.turn() as turn:
        await turn.record(Post(night.node.home, Stream.WORK, "introduction", body))
        await turn.record(Post(night.node.home, Stream.URGENT, "alarm", ALARM))
    await night.receives()
    await night.passes(minutes=2)
    assert any("Réseau" in body for body in await night.told("Ana"))
    assert not any("rivers" in body for body in await night.told("Ixchel"))
    rings.unseal(night.node.guard, night.terminal.data / "keys", night.begun.archive)
    await night.passes(minutes=6)
    assert sum("rivers" in body for body in await night.told("Ixchel")) == 1


async def test_two_sheets_at_the_terminal_open_the_pages_without_a_restart(night: Night) -> None:
    keys = night.terminal.data / "keys"
    papers = [night.terminal.data / f"paper-{sheet.number}" for sheet in night.begun.sheets]
    for paper, sheet in zip(papers, night.begun.sheets, strict=True):
        rings.write_secret(paper, sheet.text("Red Ayni"))
    desk = conftest.Desk(night.node.database, night.node.guard, night.clock, home=night.node.home)
    serving = [
        asyncio.create_task(handing.answering(night.node.guard, night.terminal.data, role))
        for role in ("care", "door")
    ]
    async with a_door(desk) as door:
        session = await door.session(night.people["Ixchel"])
        _, answer = await door.ask("MyCard", {"audience": "network"}, session=session)
        assert answer["errors"][0]["extensions"]["code"] == "BEING_OPENED"
        wrong = await night.terminal.ayni("unseal", "--sheet", str(papers[0]), "--sheet", str(papers[0]))
        assert wrong.code == 2
        assert wrong.said("Sheet 1 was given twice", "Alarms go on")
        opened = await night.terminal.ayni("unseal", "--sheet", str(papers[2]), "--sheet", str(papers[0]))
        assert opened.said("The records are open: care, door.")
        _, answer = await door.ask("MyCard", {"audience": "network"}, session=session)
        assert "errors" not in answer
        assert "Cobán" in str(answer["data"]["myCard"])
        started_later = open_rings(keys, chance)
        assert await handing.join(started_later, night.terminal.data)
    for each in serving:
        each.cancel()
    await asyncio.gather(*serving, return_exceptions=True)
    secret = night.begun.archive.key
    for file in night.terminal.data.rglob("*"):
        if file.is_file():
            assert secret not in file.read_bytes(), file

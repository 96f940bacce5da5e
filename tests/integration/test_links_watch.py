"""A hub that is gone: the linked one that watches for it tells its coordinators, and never about whom."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from conftest import Clock
from people import a_member
from sqlalchemy import text
from text_gateway import a_gateway
from two_hubs import AHub, Neighbours
from two_hubs import pair as pair

from bots.store import wakers
from bots.store.wakers import Waking
from directory.core.effects import DueAt
from directory.core.viewer import Role
from hub.due import DuePump
from hub.federation import links, parts, watching
from hub.federation.core.agreement import Cover, Hours
from hub.letters import LetterPump
from hub.texting.lane import ACCOUNT, TextLane

ALWAYS = Cover(hours=(Hours(days=(1, 2, 3, 4, 5, 6, 7)),))
NUMBER = "+50255550123"
COORDINATOR = frozenset({Role.COORDINATOR})


async def a_watch(pair: Neighbours) -> None:
    """B answers A's calls; Ana coordinates A and has a number; a check-in is due there in fifty minutes."""
    await pair.introduce()
    await pair.compare()
    for hub in (pair.a, pair.b):
        hub.due = DuePump(hub.turn, parts.due_handlers(hub.poster, texts=True), hub.clock)
    ana = await a_member(pair.a, "Ana", roles=COORDINATOR)
    await a_member(pair.b, "Noor", roles=COORDINATOR)
    async with pair.a.turn() as turn:
        await wakers.keep(turn.tx, turn.guard, ana, Waking("sms", NUMBER), turn.now)
        await turn.record(DueAt("check-in", "somebody", turn.now + timedelta(minutes=50)))
    pair.a.due = DuePump(pair.a.turn, {**parts.due_handlers(pair.a.poster), "check-in": _kept}, pair.a.clock)
    await pair.agree(links.Terms(their_cover=ALWAYS))


async def _kept(_turn: object, _ref: str) -> None:
    """The home does what it has to."""


async def passes(hub: AHub, clock: Clock, minutes: int) -> None:
    """Time passes for one hub only; the other is dead."""
    for _ in range(minutes):
        clock.move(minutes=1)
        await hub.due.fire_all()


def silences(hub: AHub) -> int:
    """How often coordinators were woken because the other hub fell silent."""
    return sum(told.wakes and told.text.message == watching.OURS.message for told in hub.told)


async def texts(hub: AHub, clock: Clock) -> list[str]:
    """What phones show once the letters to them were sent through a gateway."""
    async with a_gateway("webhook", clock) as gateway:
        pump = LetterPump(
            ACCOUNT, hub.database, hub.guard, TextLane([gateway.settings], clock), clock, anywhere=True
        )
        await pump._round()
        await pump.finish()
        assert {str(order["to"]) for order in gateway.sent.values()} <= {NUMBER}
        return [str(order["text"]) for order in gateway.sent.values()]


async def test_hub_a_killed_whole_and_its_coordinators_hear_of_it_from_the_peer(
    pair: Neighbours, clock: Clock
) -> None:
    await a_watch(pair)
    await passes(pair.b, clock, 45)
    assert not silences(pair.b), "silence alone wakes nobody"
    await passes(pair.b, clock, 20)
    assert silences(pair.b) == 1, "its own coordinators are woken"
    said = await texts(pair.b, clock)
    assert said == ["Your service does not answer, and something was due. Please look after your people now."]
    rooms = await pair.b.rows("select purpose, state from rooms where account = 'bot'")
    assert ("watch", "wanted") in rooms
    await passes(pair.b, clock, 120)
    assert silences(pair.b) == 1, "once for one silence"


async def test_a_hub_that_lives_is_not_told_of_and_nothing_of_people_is_in_what_it_sends(
    pair: Neighbours, clock: Clock
) -> None:
    await a_watch(pair)
    for _ in range(9):
        await pair.settle(seconds=600)
    assert not silences(pair.b)
    everything = await pair.b.everything()
    assert "Ana" not in everything
    assert NUMBER not in everything
    kept = await pair.b.rows("select guarded from watched where network = :n", n=pair.a.home)
    fields = pair.b.guard.open_fields("watched", pair.a.home, kept[0][0], watch=True)  # type: ignore[arg-type]
    assert NUMBER not in msgspec.json.encode(fields).decode(), "sealed until it is needed"


async def test_a_hub_that_comes_back_is_said_to_be_heard_again(pair: Neighbours, clock: Clock) -> None:
    await a_watch(pair)
    await passes(pair.b, clock, 70)
    await pair.settle(seconds=4000)
    assert "The hub of {name} is heard again." in [told.text.message for told in pair.b.told]


async def test_who_promised_nothing_is_told_nothing(pair: Neighbours) -> None:
    await pair.link()
    await pair.settle(seconds=30)
    async with pair.b.turn() as turn:
        assert (await turn.tx.execute(text("select count(*) from watched"))).scalar_one() == 0

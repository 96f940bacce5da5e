"""A hub that is gone: the linked one that watches for it tells its coordinators, and never about whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest
from conftest import Clock
from people import a_member
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from text_gateway import a_gateway
from two_hubs import AHub, Neighbours
from two_hubs import pair as pair

from bots.store import wakers
from bots.store.wakers import Waking
from directory.core.effects import DueAt, Post, Stream, Urgency
from directory.core.viewer import Role
from hub.due import DuePump
from hub.federation import links, parts, watching
from hub.federation.core.agreement import Cover, Hours
from hub.federation.core.shapes import millis
from hub.letters import LetterBox, LetterPump, NeverAccepted, TryLater
from hub.store import hearing
from hub.store import links as rows
from hub.store.tables import positions
from hub.texting.lane import ACCOUNT, TextLane, to_content

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


async def hears(hub: AHub) -> None:
    """The envoy had an answer of its homeserver now."""
    async with hub.turn() as turn:
        before = await hearing.last_heard(turn.tx, "envoy")
        values = {"account": "envoy", "scope": hearing.SYNC, "guarded": b"", "at": turn.now}
        row = insert(positions).values(**values)
        await turn.tx.execute(
            row.on_conflict_do_update(index_elements=["account", "scope"], set_={"at": turn.now})
        )
        await hearing.heard(turn.tx, "envoy", before, turn.now)


async def test_a_hub_that_was_off_itself_wakes_nobody_before_it_could_hear_the_others(
    pair: Neighbours, clock: Clock
) -> None:
    """Else every start after a power cut would call the coordinators of all linked networks."""
    await a_watch(pair)
    await hears(pair.b)
    clock.move(hours=3)
    await pair.b.start()
    await pair.b.due.fire_all()
    assert not silences(pair.b), "before its homeserver answered"
    told = []
    for _ in range(22):
        await hears(pair.b)
        await pair.b.due.fire_all()
        told.append(silences(pair.b))
        clock.move(minutes=1)
    assert told[19] == 0, "nor a moment after"
    assert told[21] == 1, "the twin: whoever is still silent then has its people told"


async def test_our_own_deafness_explains_silence_for_two_hours_and_no_longer(
    pair: Neighbours, clock: Clock
) -> None:
    await a_watch(pair)
    await hears(pair.b)
    for minutes, told in ((100, 0), (50, 1)):
        for _ in range(minutes // 10):
            clock.move(minutes=10)
            await pair.b.due.fire_all()
        assert silences(pair.b) == told


async def test_our_own_people_read_it_when_there_is_no_way_to_the_others(
    pair: Neighbours, clock: Clock
) -> None:
    await a_watch(pair)
    kept = "update watched set guarded = :g returning network"
    fields = {"times": [millis(clock() + timedelta(minutes=50))], "contacts": ["bm90aGluZw=="]}
    sealed = pair.b.guard.seal_fields("watched", pair.a.home, fields, watch=True)
    assert await pair.b.rows(kept, g=sealed)
    clock.move(minutes=70)
    await pair.b.due.fire_all()
    assert not silences(pair.b), "it is not said that they are being told"
    assert [told.text.message for told in pair.b.told][-1] == watching.OURS_ALONE.message


class Refuses:
    """A gateway that takes no message for one number."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.sent: list[str] = []

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        if content["to"] == self.number:
            raise TryLater
        self.sent.append(str(content["to"]))
        return tx_id

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        return None


async def test_a_number_that_no_gateway_takes_keeps_nobody_else_from_being_told(
    pair: Neighbours, clock: Clock
) -> None:
    await pair.introduce()
    numbers = (NUMBER, "+50255550124")
    async with pair.b.turn() as turn:
        room = str((await rows.of(turn.tx, turn.guard, pair.a.home)).room)  # type: ignore[union-attr]
        for number in numbers:
            said = to_content(number, "Please look after your people now.", turn.now)
            await LetterBox(turn.guard).write(
                turn.tx, letter_id=turn.ids(), room=room, account=ACCOUNT, urgency=Urgency.ALARM,
                event_type="org.ayni.text", content=said, now=turn.now,
            )  # fmt: skip
    refuses = Refuses(NUMBER)
    pump = LetterPump(ACCOUNT, pair.b.database, pair.b.guard, refuses, clock, anywhere=True)
    for _ in range(2):
        await pump._round()
        await pump.finish()
    assert refuses.sent == [numbers[1]]


async def test_a_text_that_no_gateway_took_for_hours_is_not_sent_the_day_after(clock: Clock) -> None:
    said = to_content(NUMBER, "Please look after your people now.", clock())
    async with a_gateway("webhook", clock) as gateway:
        lane = TextLane([gateway.settings], clock)
        clock.move(hours=5)
        assert await lane.send("", "", said, "1" * 32) == "1" * 32
        clock.move(hours=2)
        with pytest.raises(NeverAccepted):
            await lane.send("", "", said, "2" * 32)


async def test_who_promised_nothing_is_told_nothing_and_is_woken_by_nobody(
    pair: Neighbours, clock: Clock
) -> None:
    """Whatever a peer sends all the same before it falls silent."""
    await pair.link()
    await pair.settle(seconds=30)
    async with pair.b.turn() as turn:
        assert (await turn.tx.execute(text("select count(*) from watched"))).scalar_one() == 0
    await a_member(pair.b, "Noor", roles=COORDINATOR)
    body = {"due": [{"id": "d" * 32, "due_at": millis(clock() + timedelta(minutes=30))}], "contacts": []}
    async with pair.a.turn() as turn:
        await turn.record(Post(pair.b.home, Stream.URGENT, "watch", body))
    await pair.settle(seconds=2)
    clock.move(minutes=70)
    await pair.b.due.fire_all()
    assert not silences(pair.b)
    assert watching.OURS_ALONE.message not in [told.text.message for told in pair.b.told]
    assert not await pair.b.rows("select 1 from watched")

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
from directory.core.viewer import Lane, Role, Viewer
from directory.crypto import SIZE_CLASSES
from directory.refusals import NotYours
from hub.due import DuePump
from hub.federation import links, parts, wakefulness, watching
from hub.federation.core.agreement import Cover, Hours
from hub.federation.core.shapes import millis
from hub.federation.core.watch import packed
from hub.letters import LetterBox, LetterPump, NeverAccepted, TryLater
from hub.store import due, envelopes, hearing
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
    ana = await a_member(pair.a, "AnaXochitl77", roles=COORDINATOR)
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
    assert "AnaXochitl77" not in everything
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
    begins, quarters = packed([clock() + timedelta(minutes=30)], clock())
    body = {"begins": millis(begins), "quarters": quarters, "contacts": ["A" * 747 + "="] * 2}
    async with pair.a.turn() as turn:
        await turn.record(Post(pair.b.home, Stream.URGENT, "watch", body))
    await pair.settle(seconds=2)
    clock.move(minutes=70)
    await pair.b.due.fire_all()
    assert not silences(pair.b)
    assert watching.OURS_ALONE.message not in [told.text.message for told in pair.b.told]
    assert not await pair.b.rows("select 1 from watched")


async def packets(hub: AHub, other: AHub) -> list[int]:
    """How long each signed packet is that this hub sent, the oldest first."""
    async with hub.turn() as turn:
        out, _ = await envelopes.both_heads(turn.tx, other.home, Stream.URGENT)
        every = await envelopes.between(
            turn.tx, hub.guard, other.home, "out", Stream.URGENT, out.epoch, 1, out.seq
        )
    return [len(each.signed or b"") for each in every if each.type == "watch"]


async def goes_on(hub: AHub, alarm: str, minutes: int) -> None:
    """An alarm begins there, or takes its next step."""
    async with hub.turn() as turn:
        await turn.record(DueAt("alarm", alarm, turn.now + timedelta(minutes=minutes)))


async def a_quiet_watch(pair: Neighbours) -> None:
    """B answers A's calls, both have somebody who coordinates, and nothing is due anywhere."""
    await pair.introduce()
    await pair.compare()
    for hub in (pair.a, pair.b):
        handlers = parts.due_handlers(hub.poster, texts=True)
        hub.due = DuePump(hub.turn, {**handlers, "alarm": _kept}, hub.clock)
        await a_member(hub, "Ana", roles=COORDINATOR)
    await pair.agree(links.Terms(their_cover=ALWAYS))
    await pair.settle(seconds=30)


async def test_an_alarm_that_begins_between_two_packets_is_known_at_once_and_hides_among_them(
    pair: Neighbours, clock: Clock
) -> None:
    await a_quiet_watch(pair)
    async with pair.a.turn() as turn:
        await due.put(turn.tx, "watch", pair.b.home, turn.now + timedelta(minutes=55))
    before = len(await packets(pair.a, pair.b))
    await goes_on(pair.a, "one", 3)
    await pair.settle(seconds=3)
    assert len(await packets(pair.a, pair.b)) == before + 1
    for alarm in ("one", "two", "three"):
        await goes_on(pair.a, alarm, 5)
        await pair.settle(seconds=60)
    sizes = await packets(pair.a, pair.b)
    assert len(sizes) == before + 1, "more alarms and more steps cause no more packets"
    classes = {min(each for each in SIZE_CLASSES if each >= size) for size in sizes}
    assert classes == {4096}, "nor longer ones than a quiet hub sends"
    assert not silences(pair.b)
    await passes(pair.b, clock, 40)
    assert silences(pair.b) == 1, "then the hub is gone in the midst of it"


async def falls_silent(pair: Neighbours, clock: Clock) -> tuple[int, int]:
    """A says that something is due soon and is not heard for an hour: how often B woke, and told, for it."""
    before = silences(pair.b), len(pair.b.told)
    await goes_on(pair.a, "another", 16)
    await pair.settle(seconds=3)
    clock.move(minutes=60)
    await pair.b.due.fire_all()
    said = [told for told in pair.b.told[before[1] :] if told.text.message != watching.BACK.message]
    return sum(told.wakes for told in said), len(said)


async def test_a_network_that_falls_silent_again_and_again_wakes_people_once_a_day_and_is_shown_each_time(
    pair: Neighbours, clock: Clock
) -> None:
    await a_quiet_watch(pair)
    assert await falls_silent(pair, clock) == (1, 1)
    assert [await falls_silent(pair, clock) for _ in range(2)] == [(0, 1), (0, 1)]
    async with pair.b.turn() as turn:
        shown = await wakefulness.silent(turn)
        assert [(one.network, one.always) for one in shown] == [(pair.a.home, False)]
        await wakefulness.wake_for(turn, pair.a.home, True)
    assert await falls_silent(pair, clock) == (1, 1), "a coordinator wants to be woken however often"
    async with pair.b.turn() as turn:
        await wakefulness.wake_for(turn, pair.a.home, False)
    clock.move(hours=24)
    assert await falls_silent(pair, clock) == (1, 1), "and the next day anyway"


async def test_only_those_who_look_after_a_network_say_how_often_they_are_woken(pair: Neighbours) -> None:
    await a_quiet_watch(pair)
    await pair.settle(seconds=5)
    for viewer in (Viewer(Lane.CHAT, "m" * 32), Viewer(Lane.PAGE)):
        async with pair.b.turn(viewer) as turn:
            for ask in (wakefulness.silent(turn), wakefulness.wake_for(turn, pair.a.home, True)):
                with pytest.raises(NotYours):
                    await ask
    async with pair.b.turn(Viewer(Lane.CHAT, "m" * 32, COORDINATOR)) as turn:
        with pytest.raises(NotYours):
            await wakefulness.wake_for(turn, "n" * 32, True)

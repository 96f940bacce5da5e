"""A letter arrives once; alarms overtake everything; a slow room holds up nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from conftest import Clock, Desk

from directory.core.effects import Urgency
from hub.chance import random_id
from hub.letters import LetterBox, LetterPump, NeverAccepted, TryLater
from hub.store import letters as rows
from hub.store import rooms


class Homeserver:
    """Keeps what it is sent, once per transaction id, and can be slow, away or refusing for chosen rooms."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.seen: set[str] = set()
        self.made: set[str] = set()
        self.slow: dict[str, asyncio.Event] = {}
        self.trouble: dict[str, Exception] = {}
        self.news = asyncio.Condition()

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        if matrix_room in self.slow:
            await self.slow[matrix_room].wait()
        if trouble := self.trouble.pop(matrix_room, None):
            raise trouble
        if tx_id not in self.seen:
            self.seen.add(tx_id)
            self.made.add(tx_id)
            self.heard.append((matrix_room, str(content["body"])))
        async with self.news:
            self.news.notify_all()
        return f"$event-{tx_id}"

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        return f"$event-{tx_id}" if tx_id in self.made else None

    def forget(self) -> None:
        """A day later transaction ids mean nothing any more; the room still holds its events."""
        self.seen.clear()

    async def until(self, count: int) -> None:
        async with self.news:
            await self.news.wait_for(lambda: len(self.heard) >= count)


class Post:
    """One account's letters: writes them, and runs the pump."""

    def __init__(self, desk: Desk, server: Homeserver) -> None:
        self.desk, self.server = desk, server
        self.box = LetterBox(desk.guard)
        self.pump = LetterPump("bot", desk.database, desk.guard, server, desk.clock)

    async def room(self, name: str) -> str:
        async with self.desk.turn() as turn:
            return await rooms.known(
                turn.tx,
                turn.guard,
                room=random_id(),
                account="bot",
                purpose="direct",
                ref=None,
                matrix=name,
                now=turn.now,
            )

    async def write(self, room: str, body: str, urgency: Urgency = Urgency.NOTE) -> str:
        letter = random_id()
        async with self.desk.turn() as turn:
            await self.box.write(
                turn.tx,
                letter_id=letter,
                room=room,
                account="bot",
                urgency=urgency,
                event_type="m.room.message",
                content={"body": body},
                now=turn.now,
            )
        self.pump.wake.set()
        return letter


async def ended(running: asyncio.Task[None]) -> None:
    """Stop the pump and wait until it has let go of its connections."""
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def server() -> Homeserver:
    return Homeserver()


@pytest.fixture
def post(desk: Desk, server: Homeserver) -> Post:
    return Post(desk, server)


async def test_letters_of_one_room_arrive_in_order_and_an_alarm_overtakes_them(
    post: Post, server: Homeserver
) -> None:
    room = await post.room("!one:test")
    for body in ("first", "second"):
        await post.write(room, body)
    await post.write(room, "help", Urgency.ALARM)
    running = asyncio.create_task(post.pump.run())
    await server.until(3)
    await ended(running)
    assert [body for _, body in server.heard] == ["help", "first", "second"]


async def test_a_room_that_hangs_holds_up_nobody_else(post: Post, server: Homeserver) -> None:
    slow, quick = await post.room("!slow:test"), await post.room("!quick:test")
    server.slow["!slow:test"] = asyncio.Event()
    await post.write(slow, "stuck")
    await post.write(quick, "through")
    running = asyncio.create_task(post.pump.run())
    await server.until(1)
    assert server.heard == [("!quick:test", "through")]
    server.slow["!slow:test"].set()
    await server.until(2)
    await ended(running)


async def test_a_letter_sent_before_a_kill_is_not_heard_twice(
    post: Post, server: Homeserver, desk: Desk
) -> None:
    """The row still says waiting, since the kill came between the send and the commit."""
    room = await post.room("!one:test")
    letter = await post.write(room, "once")
    await server.send("!one:test", "m.room.message", {"body": "once"}, letter)
    running = asyncio.create_task(post.pump.run())
    await post.write(room, "next")
    await server.until(2)
    await ended(running)
    assert [body for _, body in server.heard] == ["once", "next"]


async def test_a_busy_homeserver_is_given_the_time_it_asked_for(
    post: Post, server: Homeserver, desk: Desk, clock: Clock
) -> None:
    room = await post.room("!one:test")
    server.trouble["!one:test"] = TryLater(timedelta(seconds=30))
    await post.write(room, "patient")
    await post.pump._round()
    await post.pump.finish()
    async with desk.turn() as turn:
        assert await rows.earliest(turn.tx, "bot") == clock.now + timedelta(seconds=30)
    clock.move(seconds=30)
    await post.pump._round()
    await server.until(1)


async def test_a_letter_refused_for_good_is_closed_and_the_next_one_goes(
    post: Post, server: Homeserver, desk: Desk
) -> None:
    room = await post.room("!one:test")
    server.trouble["!one:test"] = NeverAccepted()
    await post.write(room, "refused")
    await post.write(room, "welcome")
    running = asyncio.create_task(post.pump.run())
    await server.until(1)
    await ended(running)
    assert server.heard == [("!one:test", "welcome")]


async def test_what_a_letter_said_is_gone_from_the_database_once_it_is_sent(
    post: Post, server: Homeserver, desk: Desk
) -> None:
    room = await post.room("!one:test")
    await post.write(room, "secret of the valley")
    await post.pump._round()
    await post.pump.finish()
    async with desk.turn() as turn:
        assert await rows.count_waiting(turn.tx, "bot") == 0
        content = (await turn.tx.exec_driver_sql("select content, event_id from letters")).one()
    assert content.content is None
    assert content.event_id is not None


async def test_a_letter_sent_before_a_kill_is_looked_for_in_its_room_when_it_is_found_a_day_later(
    post: Post, server: Homeserver, clock: Clock
) -> None:
    """By then the homeserver has forgotten the transaction; one that never went out still does."""
    room = await post.room("!one:test")
    letter = await post.write(room, "once")
    await server.send("!one:test", "m.room.message", {"body": "once"}, letter)
    server.forget()
    other = await post.room("!two:test")
    await post.write(other, "never sent yet")
    clock.move(hours=25)
    await post.pump._round()
    await post.pump.finish()
    assert server.heard == [("!one:test", "once"), ("!two:test", "never sent yet")]

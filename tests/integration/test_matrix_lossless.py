"""Nothing lost and nothing twice: bursts, cut timelines, restarts, replays, keys that come late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from conftest import only_tables
from fixtures_embedded import Pair
from matrix_parts import Bot, People, a_burst, a_login, listening, together, utc_now

from bots.said import Form
from hub.chance import random_id
from hub.matrix.inbound import Doubt
from hub.matrix.person import Person
from hub.matrix.rooms import Purpose
from hub.matrix.wire import path
from hub.store.crypto_rows import PostgresRows
from hub.store.ownership import owned


@pytest.fixture
async def people() -> AsyncIterator[People]:
    here = People()
    yield here
    await here.close()


@pytest.fixture
async def ana(homeservers: Pair, people: People) -> Person:
    return await people.a_person(homeservers.b)


async def test_a_burst_with_16_in_flight_arrives_whole_and_once_though_timelines_are_cut(
    homeservers: Pair, ana: Person
) -> None:
    """With 208 of them: tests/proof/test_matrix_burst.py."""
    async with listening(await a_login(homeservers.a), timeline_limit=5) as bot:
        await a_burst(bot, ana, each=4)


async def test_of_two_people_who_talk_at_once_each_is_heard_in_order(
    homeservers: Pair, people: People, ana: Person
) -> None:
    bea = await people.a_person(homeservers.a)
    async with listening(await a_login(homeservers.a)) as bot:
        room = await bot.account.create_room(Purpose.GROUP, [ana.user_id, bea.user_id])
        await asyncio.gather(ana.accept(), bea.accept())
        await bot.ear.joined(room, ana.user_id)
        await bot.ear.joined(room, bea.user_id)

        async def talk(person: Person) -> None:
            for number in range(10):
                await person.say(room, f"{number}")

        await asyncio.gather(talk(ana), talk(bea))
        inbound = [await bot.ear.next(30) for _ in range(20)]
        for person in (ana, bea):
            heard = [one.body for one in inbound if one.sender == person.user_id]
            assert heard == [f"{number}" for number in range(10)]


async def test_what_was_said_while_the_bot_was_away_is_heard_when_it_comes_back(
    homeservers: Pair, ana: Person
) -> None:
    login = await a_login(homeservers.a)
    async with listening(login, timeline_limit=5) as bot:
        room = await together(bot, ana)
        await ana.say(room, "before")
        assert (await bot.ear.next()).body == "before"
    for number in range(12):
        await ana.say(room, f"{number}")
    async with listening(login, timeline_limit=5) as bot:
        heard = [(await bot.ear.next_that(lambda one: one.body != "before")).body for _ in range(12)]
        assert heard == [f"{number}" for number in range(12)]


async def test_the_bot_goes_on_after_a_crash_from_its_rows_in_postgresql(
    homeservers: Pair, ana: Person, fresh_database: Callable[..., AbstractAsyncContextManager[str]]
) -> None:
    async with fresh_database(only_tables) as url:
        async with owned(url, "bot", clock=utc_now) as owner:
            login = await a_login(homeservers.a, PostgresRows(url, "bot", owner.fence))
            async with listening(login, crash=True) as bot:
                room = await together(bot, ana)
                await ana.say(room, "one")
                assert (await bot.ear.next()).trusted
                await bot.say(room, "hello")
                await ana.hear()
        await ana.say(room, "two")  # with the same room key as before the crash
        async with owned(url, "bot", clock=utc_now) as owner:
            login.rows = rows = PostgresRows(url, "bot", owner.fence)
            async with listening(login) as bot:
                inbound = await bot.ear.next()
                assert (inbound.body, inbound.trusted) == ("two", True)
                await bot.say(room, "still here")
                assert (await ana.hear()).body == "still here"
            rows.close()
        await _no_names_in(url, [ana.user_id, bot.user_id, room, ana.device_id, "localhost"])


async def _no_names_in(url: str, names: list[str]) -> None:
    """Nobody who reads the rows learns who talks with whom."""
    import psycopg

    async with await psycopg.AsyncConnection.connect(url) as db:
        rows = await (await db.execute("SELECT shelf, key, value FROM crypto_rows")).fetchall()
    everything = b"".join(shelf.encode() + key + value for shelf, key, value in rows)
    assert len(rows) > 5
    assert [name for name in names if name.encode() in everything] == []


async def test_a_ciphertext_sent_again_under_a_new_event_id_shows_the_same_place_in_the_ratchet(
    homeservers: Pair, ana: Person
) -> None:
    login = await a_login(homeservers.a)
    async with listening(login) as bot:
        room = await together(bot, ana)
        event = await ana.say(room, "cancel")
        first = await bot.ear.next()
    raw = await ana._wire.get(path("rooms", room, "event", event))
    await ana._wire.put(path("rooms", room, "send", "m.room.encrypted", random_id()), raw["content"])
    async with listening(login) as bot:
        again = await bot.ear.next_that(lambda one: one.event_id != first.event_id)
        assert again.ratchet == first.ratchet
        await ana.say(room, "another")
        assert (await bot.ear.next()).ratchet != first.ratchet


async def test_a_message_without_a_key_is_told_as_unreadable_and_read_when_the_key_comes(
    homeservers: Pair, ana: Person
) -> None:
    async with listening(await a_login(homeservers.a), grace=timedelta(seconds=0.5)) as bot:
        room = await together(bot, ana)
        send_key = await _say_without_key(ana, bot, room, "help")
        inbound = await bot.ear.next()
        assert (inbound.form, inbound.doubt, inbound.body) == (Form.UNREADABLE, Doubt.UNREADABLE, "")
        assert inbound.sender == ana.user_id
        await send_key()
        late = await bot.ear.next()
        assert (late.event_id, late.body, late.trusted) == (inbound.event_id, "help", True)


async def test_a_message_without_a_key_outlives_a_restart(homeservers: Pair, ana: Person) -> None:
    login = await a_login(homeservers.a)
    async with listening(login, grace=timedelta(seconds=0.3)) as bot:
        room = await together(bot, ana)
        send_key = await _say_without_key(ana, bot, room, "help")
        assert (await bot.ear.next()).form is Form.UNREADABLE
    await send_key()
    async with listening(login) as bot:
        assert (await bot.ear.next()).body == "help"


async def test_a_key_that_comes_a_moment_late_is_no_reason_to_ask_again(
    homeservers: Pair, ana: Person
) -> None:
    async with listening(await a_login(homeservers.a), grace=timedelta(seconds=20)) as bot:
        room = await together(bot, ana)
        send_key = await _say_without_key(ana, bot, room, "help")
        await send_key()
        inbound = await bot.ear.next()
        assert (inbound.body, inbound.trusted) == ("help", True)


async def _say_without_key(person: Person, bot: Bot, room: str, body: str) -> Callable[[], Any]:
    """An app that sends its room key after the message, as federation sometimes makes it look."""
    await person.say(room, "hello")
    await bot.ear.next()
    olm = person.client.olm
    olm.create_outbound_group_session(room)
    session = olm.outbound_group_sessions[room]
    key = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": room,
        "session_id": session.id,
        "session_key": session.session_key,
    }
    session.mark_as_shared()
    inner = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": body}}
    content = olm.group_encrypt(room, inner)
    await person._wire.put(path("rooms", room, "send", "m.room.encrypted", random_id()), content)

    async def send_key() -> None:
        (device,) = olm.device_store.active_user_devices(bot.user_id)
        sealed = olm._olm_encrypt(olm.session_store.get(device.curve25519), device, "m.room_key", key)
        messages = {"messages": {device.user_id: {device.device_id: sealed}}}
        await person._wire.put(path("sendToDevice", "m.room.encrypted", random_id()), messages)

    return send_key


async def test_a_bot_that_lost_its_sessions_with_a_device_begins_a_new_one_by_itself(
    homeservers: Pair, ana: Person
) -> None:
    login = await a_login(homeservers.a)
    async with listening(login) as bot:
        room = await together(bot, ana)
        await ana.say(room, "one")
        await bot.ear.next()
    for key, _ in list(login.rows.iterate("olm")):
        login.rows.delete("olm", key)
    ana.client.invalidate_outbound_session(room)
    async with listening(login, grace=timedelta(seconds=0.3)) as bot:
        await ana.say(room, "two")
        lost = await bot.ear.next_that(lambda one: one.body != "one")
        assert (lost.form, lost.sender) == (Form.UNREADABLE, ana.user_id)
        own_key = bot.account._olm.account.identity_keys["curve25519"]
        sessions = ana.client.olm.session_store
        await ana._listening.until(lambda: len(sessions[own_key]) > 1, 15)
        ana.client.invalidate_outbound_session(room)
        await ana.say(room, "three")
        found = await bot.ear.next_that(lambda one: one.form is Form.WORDS and one.body != "one")
        assert (found.body, found.trusted) == ("three", True)

"""A homeserver that is away at the wrong moment: nothing is encrypted for nobody, neither by a bot nor by an
app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fixtures_embedded import Pair
from matrix_parts import Bot, People, a_login, listening, together
from matrix_proxy import Proxy, Twist

from hub.chance import chance, random_id
from hub.lane import MatrixLane
from hub.letters import TryLater
from hub.matrix.answers import OtherServerAway
from hub.matrix.person import Person
from hub.matrix.rooms import Purpose

NOTICE = {"msgtype": "m.notice", "body": "for all of you", "m.mentions": {}}


def without(user: str, *places: str) -> tuple[Twist, list[str]]:
    """What a homeserver answers while another one is away, and the messages sent meanwhile."""
    sent: list[str] = []

    def away(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        if "/send/" in path:
            sent.append(path)
        if path.endswith(places):
            for part in ("device_keys", "master_keys", "self_signing_keys", "one_time_keys"):
                answer.get(part, {}).pop(user, None)
            answer["failures"] = {user.partition(":")[2]: {"status": 503, "message": "Not ready for retry"}}
        return answer

    return away, sent


@pytest.fixture
async def people() -> AsyncIterator[People]:
    here = People()
    yield here
    await here.close()


@pytest.fixture
async def proxy(homeservers: Pair) -> AsyncIterator[Proxy]:
    async with Proxy(homeservers.a.url).running() as proxy:
        yield proxy


@pytest.fixture
async def bot(homeservers: Pair, proxy: Proxy) -> AsyncIterator[Bot]:
    login = await a_login(homeservers.a)
    login.url = proxy.url
    async with listening(login) as bot:
        yield bot


@pytest.mark.parametrize("place", ["/keys/query", "/keys/claim"])
async def test_a_letter_waits_while_the_devices_of_its_reader_cannot_be_asked_for(
    place: str, proxy: Proxy, bot: Bot, people: People, homeservers: Pair
) -> None:
    ana = await people.a_person(homeservers.b)
    proxy.twist, sent = without(ana.user_id, place)
    room = await bot.account.create_direct(ana.user_id)
    lane, letter = MatrixLane(bot.account), random_id()
    for _ in range(2):
        with pytest.raises(TryLater):
            await lane.send(room, "m.room.message", NOTICE, letter)
    assert sent == []
    proxy.twist = lambda method, path, answer: answer
    await lane.send(room, "m.room.message", NOTICE, letter)
    await ana.accept(inviter=bot.user_id)
    assert (await ana.hear()).body == "for all of you"


async def test_a_letter_for_several_is_not_sent_past_the_one_whose_homeserver_is_away(
    proxy: Proxy, bot: Bot, people: People, homeservers: Pair
) -> None:
    ana, bea = await people.a_person(homeservers.b), await people.a_person(homeservers.a)
    room = await bot.account.create_room(Purpose.GROUP, [ana.user_id, bea.user_id])
    for person in (ana, bea):
        await person.accept(inviter=bot.user_id)
        await bot.ear.joined(room, person.user_id)
    proxy.twist, sent = without(ana.user_id, "/keys/query")
    letter = random_id()
    with pytest.raises(OtherServerAway):
        await bot.account.send(room, "m.room.message", NOTICE, letter)
    assert sent == []
    proxy.twist = lambda method, path, answer: answer
    await bot.account.send(room, "m.room.message", NOTICE, letter)
    assert [(await person.hear()).body for person in (ana, bea)] == ["for all of you"] * 2


async def test_whoever_is_known_is_written_to_though_a_newer_phone_cannot_be_asked_for(
    proxy: Proxy, bot: Bot, people: People, homeservers: Pair
) -> None:
    ana = await people.a_person(homeservers.b)
    room = await together(bot, ana)
    await bot.say(room, "one")
    proxy.twist, _ = without(ana.user_id, "/keys/query")
    bot.account._devices.changed([ana.user_id])
    await bot.say(room, "two")
    assert [(await ana.hear()).body for _ in range(2)] == ["one", "two"]


@pytest.mark.parametrize("place", ["/keys/query", "/keys/claim"])
async def test_an_app_says_nothing_for_nobody_either(
    place: str, proxy: Proxy, homeservers: Pair, people: People
) -> None:
    made = await homeservers.a.a_person("ana")
    async with listening(await a_login(homeservers.b)) as bot:
        from hub.matrix.rows import MemoryRows, Shelves, sealing

        shelves = Shelves(MemoryRows(), sealing(chance(32), account="person", kid="p", chance=chance))
        ana = Person(proxy.url, made, shelves, chance)
        await ana.start(password=None)
        try:
            proxy.twist, sent = without(bot.user_id, place)
            room = await ana.create_direct(bot.user_id)
            with pytest.raises(OtherServerAway):
                await ana.say(room, "help")
            assert sent == []
            proxy.twist = lambda method, path, answer: answer
            await ana.say(room, "help")
            heard = await bot.ear.next()
            assert (heard.body, heard.trusted) == ("help", True)
        finally:
            await ana.close()

"""Clients that are not ours and leave out devices their owner did not sign: they and the bot understand each
other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from fixtures_embedded import Pair, eventually
from matrix_parts import Bot, Login, a_login, listening
from strict_clients import StrictClient, a_client

from hub.chance import random_id
from hub.matrix.hearing import Compared
from hub.matrix.wire import path

KINDS = ("js", "py")


@dataclass
class Word:
    """The hub's word in these tests: who is bound, and to which key."""

    masters: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, frozenset[str]] = field(default_factory=dict)

    async def master_key(self, user_id: str) -> str | None:
        return self.masters.get(user_id)

    async def readers(self, room_id: str) -> frozenset[str] | None:
        return self.rooms.get(room_id)

    async def bind(self, bot: Bot, user: str, room: str) -> None:
        master = (await bot.account.identity(user)).master
        assert master is not None
        self.masters[user], self.rooms[room] = master, frozenset({user})


@pytest.fixture
def word() -> Word:
    return Word()


@pytest.fixture
async def bot(homeservers: Pair, word: Word) -> AsyncIterator[Bot]:
    async with listening(await a_login(homeservers.a), bindings=word) as bot:
        yield bot


async def meet(bot: Bot, client: StrictClient) -> str:
    room = await bot.account.create_direct(client.user)
    assert await client.accept_invitation(bot.user_id) == room
    await bot.ear.joined(room, client.user)
    return room


@pytest.mark.parametrize("kind", KINDS)
async def test_they_exchange_messages_from_the_first_one(kind: str, homeservers: Pair, bot: Bot) -> None:
    async with a_client(kind, homeservers.b) as client:
        room = await bot.account.create_direct(client.user)
        await bot.say(room, "the first")
        await client.accept_invitation(bot.user_id)
        first = await client.message()
        assert (first["body"], first["encrypted"], first["hidden"]) == ("the first", True, False)
        await client.order("say", room=room, body="and mine")
        inbound = await bot.ear.next()
        assert (inbound.body, inbound.trusted, inbound.doubt) == ("and mine", True, None)
        await bot.say(room, "good")
        assert (await client.message())["body"] == "good"


@pytest.mark.parametrize("kind", KINDS)
async def test_when_the_person_writes_first_the_bot_reads_it(kind: str, homeservers: Pair, bot: Bot) -> None:
    async with a_client(kind, homeservers.b) as client:
        room = await client.order("direct", user=bot.user_id)
        await client.order("say", room=room, body="hello")
        inbound = await bot.ear.next()
        assert (inbound.body, inbound.trusted) == ("hello", True)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_bot_nobody_signed_is_given_no_key_and_its_twin_is(kind: str, homeservers: Pair) -> None:
    login = await a_login(homeservers.a)
    unsigned = login.account()
    await unsigned._keys.upkeep()
    async with a_client(kind, homeservers.a) as client:
        shown = await client.order("devices", user=login.user_id)
        assert shown == [{"device": login.device_id, "signed": False}]
        await unsigned.close()
        async with listening(login) as bot:
            room = await meet(bot, client)
            assert (await client.order("devices", user=login.user_id))[0]["signed"] is True
            await client.order("say", room=room, body="now")
            assert (await bot.ear.next()).body == "now"


async def test_signing_again_after_the_signatures_were_lost_is_enough(homeservers: Pair) -> None:
    login = await a_login(homeservers.a)
    async with a_client("js", homeservers.a) as client, listening(login) as bot:
        room = await meet(bot, client)
        await bot.account.prepare()
        await bot.say(room, "still me")
        assert (await client.message())["body"] == "still me"


async def compare(client: StrictClient, bot: Bot, name: str) -> None:
    """Both show the same seven pictures, and the person says so."""
    shown = await client.event("pictures", lambda one: one["name"] == name)
    seen = await bot.ear.seen.take(lambda one: one.user == client.user, 20)
    from bots.pictures import PICTURES

    assert [PICTURES[number][0] for number in seen.numbers] == shown["pictures"]
    await client.order("same", name=name)
    await client.event("comparing", lambda one: one["phase"] == "Done")
    assert await bot.ear.outcomes.take(lambda _: True, 20) == (client.user, Compared.SAME)


async def marked_as_checked(client: StrictClient, bot: Bot) -> None:
    async def checked() -> object:
        return await client.order("trust", user=bot.user_id)

    await eventually(checked)


async def trusted_both_ways(client: StrictClient, bot: Bot, login: Login) -> None:
    """Their app marks the bot as checked; the bot's owner key signed theirs."""
    await marked_as_checked(client, bot)
    wire = bot.account._wire
    answer = await wire.post(path("keys", "query"), {"device_keys": {client.user: [], bot.user_id: []}})
    ours = answer["user_signing_keys"][bot.user_id]["keys"]
    signatures = answer["master_keys"][client.user]["signatures"]
    assert set(signatures[bot.user_id]) == set(ours)


async def test_they_compare_pictures_in_the_room_when_the_person_begins(
    homeservers: Pair, bot: Bot, word: Word
) -> None:
    async with a_client("js", homeservers.a) as client:
        room = await meet(bot, client)
        await word.bind(bot, client.user, room)
        name = await client.order("compareInRoom", user=bot.user_id, room=room)
        await client.event("comparing", lambda one: one["phase"] == "Ready")
        await client.order("begin", name=name)
        await compare(client, bot, name)
        await trusted_both_ways(client, bot, bot.login)


async def test_they_compare_pictures_in_the_room_when_the_bot_begins(
    homeservers: Pair, bot: Bot, word: Word
) -> None:
    async with a_client("js", homeservers.a) as client:
        room = await meet(bot, client)
        await word.bind(bot, client.user, room)
        request = {
            "msgtype": "m.key.verification.request",
            "body": "Shall we compare?",
            "methods": ["m.sas.v1"],
            "to": client.user,
        }
        name = await bot.account.send(room, "m.room.message", request, random_id())
        await client.event("comparing", lambda one: one["phase"] == "Requested")
        await client.order("accept", name=name)
        await compare(client, bot, name)
        await trusted_both_ways(client, bot, bot.login)


async def test_they_compare_pictures_by_device_when_the_person_begins(
    homeservers: Pair, bot: Bot, word: Word
) -> None:
    async with a_client("js", homeservers.b) as client:
        room = await meet(bot, client)
        await word.bind(bot, client.user, room)
        name = await client.order("compareByDevice", user=bot.user_id, device=bot.login.device_id)
        await client.event("comparing", lambda one: one["phase"] == "Ready")
        await client.order("begin", name=name)
        await compare(client, bot, name)
        await marked_as_checked(client, bot)


async def test_they_compare_pictures_by_device_when_the_bot_begins(
    homeservers: Pair, bot: Bot, word: Word
) -> None:
    async with a_client("js", homeservers.b) as client:
        room = await meet(bot, client)
        await word.bind(bot, client.user, room)
        await bot.account.compare_by_device(client.user)
        asked = await client.event("comparing", lambda one: one["phase"] == "Requested")
        await client.order("accept", name=asked["name"])
        await compare(client, bot, asked["name"])
        await marked_as_checked(client, bot)


async def test_other_pictures_end_it_and_nobody_is_signed(homeservers: Pair, bot: Bot, word: Word) -> None:
    async with a_client("js", homeservers.a) as client:
        room = await meet(bot, client)
        await word.bind(bot, client.user, room)
        name = await client.order("compareInRoom", user=bot.user_id, room=room)
        await client.event("comparing", lambda one: one["phase"] == "Ready")
        await client.order("begin", name=name)
        await client.event("pictures")
        await client.order("different", name=name)
        assert await bot.ear.outcomes.take(lambda _: True, 20) == (client.user, Compared.DIFFERENT)
        assert await client.order("trust", user=bot.user_id) is False
        await client.order("say", room=room, body="help")
        assert (await bot.ear.next()).trusted


async def test_somebody_nobody_bound_is_not_compared_with_but_heard(homeservers: Pair, bot: Bot) -> None:
    async with a_client("js", homeservers.a) as client:
        room = await meet(bot, client)
        await client.order("compareInRoom", user=bot.user_id, room=room)
        asked = await bot.ear.next()
        assert (asked.form.value, asked.body) == ("other", "")
        await client.order("say", room=room, body="hello")
        assert (await bot.ear.next()).body == "hello"

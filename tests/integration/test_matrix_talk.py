"""A bot and people with strict apps talk across two real homeservers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from fixtures_embedded import Pair
from matrix_parts import Bot, Ear, People, a_login, listening, together

from bots.said import Form
from hub.chance import random_id
from hub.matrix.answers import NotPrivate
from hub.matrix.inbound import Doubt
from hub.matrix.person import Person
from hub.matrix.roomkeys import NobodyCanRead
from hub.matrix.rooms import Purpose
from hub.matrix.wire import path
from hub.matrix.words import message

ORDERS = "m.room.message"


@pytest.fixture
async def people() -> AsyncIterator[People]:
    here = People()
    yield here
    await here.close()


@pytest.fixture
async def bot(homeservers: Pair) -> AsyncIterator[Bot]:
    async with listening(await a_login(homeservers.a)) as bot:
        yield bot


@pytest.fixture
async def ana(homeservers: Pair, people: People) -> Person:
    return await people.a_person(homeservers.b)


async def test_a_strict_app_hears_the_bot_from_the_first_word_though_it_was_said_before_she_came(
    bot: Bot, ana: Person
) -> None:
    room = await bot.account.create_direct(ana.user_id, reason="hola")
    await bot.account.send(room, ORDERS, message("first words", wakes=ana.user_id), random_id())
    invitation = await ana.accept()
    heard = await ana.hear()
    assert (invitation.reason, invitation.direct) == ("hola", True)
    assert (heard.body, heard.encrypted, heard.verified, heard.wakes) == ("first words", True, True, True)


async def test_the_bot_trusts_the_first_word_of_a_person_who_opens_the_room(bot: Bot, ana: Person) -> None:
    room = await ana.create_direct(bot.user_id, reason="code 17")
    await ana.until_joined(room, bot.user_id)
    await ana.say(room, "hello")
    inbound = await bot.ear.next()
    assert (inbound.body, inbound.form, inbound.trusted) == ("hello", Form.WORDS, True)
    assert inbound.master_key == (await bot.account.identity(ana.user_id)).master
    assert (await bot.ear.invites.take(lambda _: True, 1)).reason == "code 17"


async def test_what_was_said_between_the_invitation_and_the_bots_coming_is_heard(
    homeservers: Pair, ana: Person
) -> None:
    async with listening(await a_login(homeservers.a), Ear(welcome=False)) as bot:
        room = await ana.create_direct(bot.user_id)
        await bot.ear.invites.take(lambda _: True, 60)
        await ana.say(room, "help")
        await bot.account.join(room, via=[homeservers.b.name])
        inbound = await bot.ear.next()
        assert (inbound.body, inbound.trusted) == ("help", True)


async def test_a_quiet_notice_rings_no_phone(bot: Bot, ana: Person) -> None:
    room = await together(bot, ana)
    await bot.account.send(room, ORDERS, message("for later"), random_id())
    assert not (await ana.hear()).wakes


async def test_an_unsigned_device_of_a_member_gets_no_key_and_its_words_are_not_trusted_but_arrive(
    homeservers: Pair, people: People, bot: Bot, ana: Person
) -> None:
    rogue = await people.a_person(homeservers.b, like=ana, signed=False, strict=False)
    room = await together(bot, ana)
    await rogue._listening.until(lambda: room in rogue.client.rooms, 10)
    await bot.say(room, "for her eyes")
    assert (await ana.hear()).body == "for her eyes"
    await rogue._listening.until(lambda: len(rogue._listening._locked) == 1, 10)
    assert rogue.heard.all() == []

    await rogue.say(room, "help")
    inbound = await bot.ear.next()
    assert (inbound.sender, inbound.trusted, inbound.doubt) == (ana.user_id, False, Doubt.UNSIGNED)
    assert inbound.body == "help"

    await ana.say(room, "this is me")
    assert (await bot.ear.next()).trusted


async def test_a_second_device_that_its_owner_signed_reads_and_is_trusted(
    homeservers: Pair, people: People, bot: Bot, ana: Person
) -> None:
    room = await together(bot, ana)
    await bot.say(room, "one")
    await ana.hear()
    tablet = await people.a_person(homeservers.b, like=ana, seeds=ana.seeds)
    await tablet.say(room, "from my tablet")
    assert (await bot.ear.next()).trusted
    await bot.say(room, "two")
    assert (await tablet.hear()).body == "two"


async def test_whoever_is_bound_to_another_master_key_gets_no_key_and_no_trust(
    homeservers: Pair, ana: Person
) -> None:
    class Bound:
        master: str | None = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

        async def master_key(self, user_id: str) -> str | None:
            return self.master

        async def readers(self, room_id: str) -> frozenset[str] | None:
            return None

    bound = Bound()
    async with listening(await a_login(homeservers.a), bindings=bound) as bot:
        room = await together(bot, ana)
        with pytest.raises(NobodyCanRead):
            await bot.say(room, "not for strangers")
        await ana.say(room, "it is me")
        assert (await bot.ear.next()).doubt is Doubt.OTHER_IDENTITY

        bound.master = (await bot.account.identity(ana.user_id)).master
        await bot.say(room, "welcome back")  # at once: the answer to who was bound may overtake `rebound`
        assert (await ana.hear()).body == "welcome back"
        await ana.say(room, "thanks")
        assert (await bot.ear.next()).trusted


async def test_a_link_room_carries_custom_events_in_the_open_and_refuses_words_for_people(
    homeservers: Pair, bot: Bot
) -> None:
    async with listening(await a_login(homeservers.b)) as other:
        room = await bot.account.create_room(Purpose.LINK, [other.user_id], reason="one-time code")
        assert (await other.ear.invites.take(lambda _: True, 60)).reason == "one-time code"
        await bot.ear.joined(room, other.user_id)
        await bot.account.send(room, "org.ayni.envelope", {"e": "c2VhbGVk"}, random_id())
        inbound = await other.ear.next()
        assert (inbound.event_type, inbound.content, inbound.trusted) == (
            "org.ayni.envelope",
            {"e": "c2VhbGVk"},
            False,
        )
        await other.account.send(room, "org.ayni.envelope", {"e": "YmFjaw"}, random_id())
        assert (await bot.ear.next()).content == {"e": "YmFjaw"}
        with pytest.raises(NotPrivate):
            await bot.say(room, "anybody can read this")


async def test_an_invitation_nobody_answers_stays_open_and_tells_nothing(
    homeservers: Pair, ana: Person
) -> None:
    async with listening(await a_login(homeservers.a), Ear(welcome=False)) as bot:
        room = await ana.create_direct(bot.user_id, reason="who are you?")
        await bot.ear.invites.take(lambda _: True, 60)
        members = await ana._wire.get(path("rooms", room, "members"))
        states = {event["state_key"]: event["content"]["membership"] for event in members["chunk"]}
        assert states[bot.user_id] == "invite"
        await bot.account.join(room, via=[ana.user_id.partition(":")[2]])
        await ana.until_joined(room, bot.user_id)


async def test_the_same_transaction_twice_is_one_message_and_can_be_found_again(
    bot: Bot, ana: Person
) -> None:
    room = await together(bot, ana)
    first = await bot.account.send(room, ORDERS, message("once"), "letter-1")
    assert await bot.account.send(room, ORDERS, message("once"), "letter-1") == first
    assert await bot.account.find(room, "letter-1") == first
    assert await bot.account.find(room, "letter-2") is None
    await bot.say(room, "next")
    assert [(await ana.hear()).body, (await ana.hear()).body] == ["once", "next"]


async def test_members_are_seen_kicked_and_a_new_key_keeps_out_who_left(
    homeservers: Pair, people: People, bot: Bot, ana: Person
) -> None:
    bea = await people.a_person(homeservers.a)
    room = await bot.account.create_room(
        Purpose.GROUP, [ana.user_id, bea.user_id], additional_creators=[ana.user_id]
    )
    await asyncio.gather(ana.accept(), bea.accept())
    await bot.ear.joined(room, ana.user_id)
    await bot.ear.joined(room, bea.user_id)
    event = await bot.say(room, "both")
    assert [(await ana.hear()).body, (await bea.hear()).body] == ["both", "both"]
    assert await bot.account.cannot_read(room) == frozenset()
    assert re.fullmatch(r"[A-Z2-9]{2}-[A-Z2-9]{2}", str(ana.client.rooms[room].name))  # names nobody
    await bot.account.redact(room, event, random_id())
    await bot.account.kick(room, bea.user_id)
    await bot.say(room, "only ana")
    await ana.wait_for(lambda heard: heard.body == "only ana")
    assert (await bot.account.members(room)).joined == {bot.user_id, ana.user_id}
    assert [heard for heard in bea.heard.all() if heard.body] == []
    await bot.account.leave(room)
    await ana._listening.until(lambda: bot.user_id not in ana.client.rooms[room].users, 10)

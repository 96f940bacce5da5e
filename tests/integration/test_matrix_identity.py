"""Bots stand behind their own device; people come back on the same one; a yes to an invitation outlives a
crash.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fixtures_embedded import Pair
from matrix_parts import KEY, Ear, Login, People, a_login, listening, together

from hub.chance import chance, random_id
from hub.matrix.answers import Refused, SignedOut
from hub.matrix.crosssign import OtherIdentity
from hub.matrix.person import Person
from hub.matrix.rows import MemoryRows, Shelves, sealing
from hub.matrix.wire import path


@pytest.fixture
async def people() -> AsyncIterator[People]:
    here = People()
    yield here
    await here.close()


async def test_signing_is_repeatable_and_shows_the_same_fingerprints(homeservers: Pair) -> None:
    login = await a_login(homeservers.a)
    first = login.account()
    prints = await first.prepare()
    await first.close()
    second = login.account()
    assert await second.prepare() == prints
    identity = await second.identity(login.user_id)
    assert identity.master == prints.master
    assert [(device.device_id, device.ed25519) for device in identity.signed()] == [
        (login.device_id, prints.ed25519)
    ]
    await second.close()


async def test_an_identity_that_is_not_ours_is_refused_and_replaced_only_on_purpose_with_the_password(
    homeservers: Pair, people: People
) -> None:
    password = random_id()
    made = await homeservers.a.admin.register(f"bot-{random_id()[:8]}", password)
    login = Login(homeservers.a.url, made.user_id, made.device_id, made.token, MemoryRows())
    old = login.account()
    before = await old.prepare()
    await old.close()

    seeds = Shelves(login.rows, sealing(KEY, account="bot", kid="w1", chance=chance))
    seeds.delete("identity", "seeds")
    account = login.account()
    with pytest.raises(OtherIdentity):
        await account.prepare(password=password)
    with pytest.raises(Refused):
        await account.prepare(reset=True)
    after = await account.prepare(reset=True, password=password)
    assert after.master != before.master
    assert [device.device_id for device in (await account.identity(login.user_id)).signed()] == [
        login.device_id
    ]
    await account.close()


async def test_a_person_comes_back_on_the_same_device_and_goes_on_reading(
    homeservers: Pair, people: People, tmp_path: Path
) -> None:
    name, password, key = f"person-{random_id()[:8]}", random_id(), chance(32)
    await homeservers.b.admin.register(name, password)

    async def enter() -> Person:
        return await Person.enter(
            homeservers.b.url, name, password, chance=chance, file=tmp_path / "app", file_key=key
        )

    async with listening(await a_login(homeservers.a)) as bot:
        ana = await enter()
        room = await together(bot, ana)
        await bot.say(room, "one")
        assert (await ana.hear()).body == "one"
        await ana.close()
        await bot.say(room, "two")

        again = await enter()
        assert again.device_id == ana.device_id
        assert (await again.hear()).body == "two"
        await again.say(room, "here I am")
        assert (await bot.ear.next()).trusted
        await again.close()
        assert name.encode() not in (tmp_path / "app").read_bytes()


async def test_a_yes_to_an_invitation_is_carried_out_after_a_crash(homeservers: Pair, people: People) -> None:
    ana = await people.a_person(homeservers.b)
    login = await a_login(homeservers.a)
    async with listening(login, Ear(welcome=False)) as bot:
        room = await ana.create_direct(bot.user_id)
        await bot.ear.invites.take(lambda _: True, 60)
    shelves = Shelves(login.rows, sealing(KEY, account="bot", kid="w1", chance=chance))
    shelves.put("joins", room, f"{room} {homeservers.b.name}".encode())
    async with listening(login):
        await ana.until_joined(room, login.user_id)


async def test_a_login_the_homeserver_does_not_know_ends_the_listening_with_a_sentence(
    homeservers: Pair,
) -> None:
    login = await a_login(homeservers.a)
    account = login.account()
    await account.prepare()
    await account._wire.post(path("logout"), {})
    with pytest.raises(SignedOut, match="no longer knows"):
        await account.listen(Ear())
    await account.close()

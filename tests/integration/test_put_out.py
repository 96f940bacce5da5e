"""On a real homeserver: what bots wrote is gone, the person is out of the room and signed out everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fixtures_embedded import Pair
from matrix_parts import Bot, People, a_login, listening

from hub import putting_out
from hub.accounts import Accounts
from hub.chance import chance, random_id
from hub.lane import MatrixLane
from hub.letters import NeverAccepted
from hub.matrix.answers import MatrixTrouble
from hub.matrix.gaps import own_events
from hub.matrix.words import message


@pytest.fixture
async def people() -> AsyncIterator[People]:
    here = People()
    yield here
    await here.close()


@pytest.fixture
async def bot(homeservers: Pair) -> AsyncIterator[Bot]:
    async with listening(await a_login(homeservers.a)) as bot:
        yield bot


async def test_a_held_person_is_put_out_and_signed_out_and_may_be_asked_in_again(
    bot: Bot, people: People, homeservers: Pair
) -> None:
    ana = await people.a_person(homeservers.a)
    secret = homeservers.a.part.registration_secret
    accounts = Accounts(homeservers.a.url, lambda: secret, chance)
    lane = MatrixLane(bot.account, None, putting_out.SigningOut(accounts, chance))
    room = await bot.account.create_direct(ana.user_id)
    for words in ("first", "second"):
        await lane.send(room, "m.room.message", message(words, wakes=None), random_id())
    await ana.accept()
    wire = bot.account._wire
    assert len(await own_events(wire, room, bot.user_id)) == 2
    user = {"user": ana.user_id}
    for kind in (putting_out.EMPTY, putting_out.EMPTY, putting_out.OUT, putting_out.SIGN_OUT):
        await lane.send(room, kind, user, random_id())
    assert await own_events(wire, room, bot.user_id) == []
    assert ana.user_id not in (await bot.account.members_now(room)).joined
    with pytest.raises(MatrixTrouble):
        await ana.create_direct(bot.user_id)
    await lane.send(room, putting_out.ASK_IN, user, random_id())
    assert ana.user_id in (await bot.account.members_now(room)).invited


async def test_an_account_elsewhere_is_put_out_and_its_devices_are_not_ours_to_end(
    bot: Bot, people: People, homeservers: Pair
) -> None:
    far = await people.a_person(homeservers.b)
    secret = homeservers.a.part.registration_secret
    signing_out = putting_out.SigningOut(Accounts(homeservers.a.url, lambda: secret, chance), chance)
    assert await signing_out(far.user_id, bot.user_id) is False
    lane = MatrixLane(bot.account, None, signing_out)
    theirs = await far.create_direct(bot.user_id)
    await far.until_joined(theirs, bot.user_id)
    with pytest.raises(NeverAccepted):
        await lane.send(theirs, putting_out.OUT, {"user": far.user_id}, random_id())

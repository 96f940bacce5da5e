"""The account that the page made, a real app that signs in with it, and the live ear that binds its owner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bots_stage import Stage
from doors import a_door
from fixtures_embedded import Pair, Server
from matrix_parts import a_login

from bots.store import conversations
from directory import bot_entries, introductions, joining, members
from directory.bot_entries import BotEntry
from directory.core.effects import CardChanged, Effect
from directory.core.viewer import Lane, Viewer
from directory.turn import Turn
from hub.accounts import Accounts
from hub.api import sessions
from hub.care import KnownMasters
from hub.chance import chance, random_id
from hub.ear import BotEar
from hub.effects import Recorder
from hub.lane import MatrixLane
from hub.letters import LetterBox, LetterPump
from hub.matrix.account import BotAccount
from hub.matrix.person import Person
from hub.recordings import KeptRecordings
from hub.rooming import RoomMaker

if TYPE_CHECKING:
    from conftest import Desk

WORD = "blue kettle"


async def _nothing(*_: object) -> None:
    """Envelopes and cards are not looked at here."""


@dataclass
class LiveBot:
    """The members' bot as `care` runs it, on a test's database."""

    desk: Desk
    account: BotAccount | None = None
    pump: LetterPump | None = None

    @asynccontextmanager
    async def turns(self, viewer: Viewer) -> AsyncIterator[Turn]:
        recorder = Recorder(LetterBox(self.desk.guard), _nothing, _nothing, conversations.remember)
        async with self.desk.database.transaction() as tx:

            async def record(effect: Effect) -> None:
                if not isinstance(effect, CardChanged):
                    await recorder.record(turn, effect)

            desk = self.desk
            turn = Turn(tx, viewer, desk.clock(), record, random_id, desk.guard, desk.home)
            yield turn
        if self.pump is not None:
            self.pump.wake.set()


@asynccontextmanager
async def a_live_bot(desk: Desk, server: Server) -> AsyncIterator[LiveBot]:
    bot = LiveBot(desk)
    masters: Any = KnownMasters(SimpleNamespace(turn=bot.turns))  # type: ignore[arg-type]
    bot.account = account = (await a_login(server)).account(bindings=masters)
    lane = MatrixLane(account, KeptRecordings(bot.turns))
    began = monotonic()
    bot.pump = LetterPump(
        "bot", desk.database, desk.guard, lane, lambda: desk.clock() + timedelta(seconds=monotonic() - began)
    )
    maker = RoomMaker("bot", account, bot.turns, introductions.met)
    ear = BotEar(Stage(desk).desk, bot.turns, account, maker)
    await account.prepare()
    tasks = [asyncio.create_task(one) for one in (account.listen(ear), bot.pump.run())]
    try:
        yield bot
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await account.close()


async def _by_page(desk: Desk, server: Server) -> tuple[str, str, str]:
    """Somebody comes in with a browser and has an account made: member, account, password."""
    accounts = Accounts(server.part.client_url, lambda: server.part.registration_secret, chance)
    async with desk.turn() as turn:
        code = (await joining.invite(turn)).typed
        await bot_entries.enter(turn, BotEntry("Ayni", "Answers members.", "@ayni:example.org", "h4Zk"))
        entered = await joining.enter_by_page(turn, code, "en")
    assert entered is not None
    async with a_door(desk) as door:
        object.__setattr__(door.runner, "office", replace(door.runner.office, accounts=accounts))
        await door.set_word(entered.member, WORD)
        session = await door.session(entered.member)
        async with desk.turn(Viewer(Lane.PAGE)) as turn:
            known = await sessions.known(turn, session)
            assert known is not None
            assert await sessions.give_word(turn, known, WORD) is not None
        _, answer = await door.ask("MakeChatAccount", {"input": {}}, session=session)
    assert not answer["data"]["makeChatAccount"]["errors"], answer
    made = answer["data"]["makeChatAccount"]
    return entered.member, made["account"]["matrixId"], made["account"]["password"]


async def _enter(server: Server, account: str, password: str, **how: Any) -> Person:
    return await Person.enter(server.part.client_url, account, password, chance=chance, **how)


async def _bound(desk: Desk, member: str) -> tuple[str | None, str | None]:
    async with desk.turn() as turn:
        account = await members.matrix_id_of(turn.tx, desk.guard, member)
        return account, await members.master_key_of(turn.tx, desk.guard, member)


async def test_she_signs_in_with_the_password_of_the_page_is_bound_and_comes_back_with_new_keys(
    desk: Desk, homeservers: Pair
) -> None:
    member, account, password = await _by_page(desk, homeservers.a)
    async with a_live_bot(desk, homeservers.a) as bot:
        assert bot.account is not None
        phone = await _enter(homeservers.a, account, password)
        room = await phone.create_direct(bot.account.user_id)
        await phone.until_joined(room, bot.account.user_id)
        await phone.say(room, "join")
        heard = await phone.hear()
        assert heard.body.startswith("Good. I write to you here from now on.")
        assert heard.encrypted and heard.verified
        first = (await bot.account.identity(account)).master
        assert await _bound(desk, member) == (account, first)
        await phone.close()

        async with desk.turn() as turn:
            row = await members.standing(turn.tx, member)
            assert row is not None
            code = (await joining.code_back(turn, member)).typed
        newer = await _enter(homeservers.a, account, password, reset=True)
        await newer.say(room, f"join {code}")
        heard = await newer.wait_for(lambda one: one.body.startswith("Welcome back"))
        assert heard.encrypted and heard.verified
        second = (await bot.account.identity(account)).master
        assert second != first
        assert await _bound(desk, member) == (account, second)
        await newer.close()


async def test_a_device_that_she_did_not_sign_binds_nobody(desk: Desk, homeservers: Pair) -> None:
    member, account, password = await _by_page(desk, homeservers.a)
    async with a_live_bot(desk, homeservers.a) as bot:
        assert bot.account is not None
        thief = await _enter(homeservers.a, account, password, signed=False, strict=False)
        room = await thief.create_direct(bot.account.user_id)
        await thief.until_joined(room, bot.account.user_id)
        await thief.say(room, "join")
        await thief.close()
        phone = await _enter(homeservers.a, account, password)
        theirs = await phone.create_direct(bot.account.user_id)
        await phone.until_joined(theirs, bot.account.user_id)
        assert await _bound(desk, member) == (None, None), "what the thief wrote came first, and binds nobody"
        await phone.say(theirs, "join")
        assert (await phone.hear(room=theirs)).body.startswith("Good. I write to you here")
        assert (await _bound(desk, member))[0] == account
        await phone.close()

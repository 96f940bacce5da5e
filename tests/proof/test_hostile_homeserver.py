"""A homeserver that lies in every way we know, and a store that was tampered with: no key to anybody who is
not bound, nothing plain, no order she did not give; and after each lie she and the bot understand each other.

What the bot hands out is read where it leaves it: a proxy in front of a real Synapse sees every request.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from fixtures_embedded import Pair
from hostile_scripts import SCRIPTS, Script, other_seeds
from matrix_parts import Bot, Ear, Login, People, a_login, listening, together
from matrix_proxy import Proxy

from bots.said import Form
from directory import crypto
from hub.matrix.answers import MatrixTrouble
from hub.matrix.crosssign import Seeds
from hub.matrix.inbox import NothingCame
from hub.matrix.person import Person
from hub.matrix.rows import MemoryRows
from hub.matrix.wire import path
from hub.trouble import Trouble

FLIPS = 12


@dataclass
class Hub:
    """The hub's word: Ana is bound to her key, and her room is read by her alone."""

    masters: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, frozenset[str]] = field(default_factory=dict)

    async def master_key(self, user_id: str) -> str | None:
        return self.masters.get(user_id)

    async def readers(self, room_id: str) -> frozenset[str] | None:
        return self.rooms.get(room_id)


@dataclass
class Scene:
    """The bot behind the proxy; Ana, who is bound; Eve, who is not; what left the bot for whom."""

    proxy: Proxy
    hub: Hub
    login: Login
    bot: Bot
    person: Person
    attacker: Person
    room: str
    rogue: dict[str, Any] = field(default_factory=dict)
    eves_device: dict[str, Any] = field(default_factory=dict)
    eves_keys: dict[str, Any] = field(default_factory=dict)
    eves_one_time: dict[str, Any] = field(default_factory=dict)
    seeds: Seeds = field(default_factory=other_seeds)
    hers: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    given_away: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    handled: set[tuple[str, str, int]] = field(default_factory=set)
    orders: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**9)))
    swallow: bool = False

    @property
    def ana(self) -> str:
        return self.person.user_id

    @property
    def device(self) -> str:
        return self.person.device_id

    @property
    def eve(self) -> str:
        return self.attacker.user_id

    @property
    def bot_id(self) -> str:
        return self.login.user_id

    @property
    def eves_curve(self) -> str:
        return str(self.eves_device["keys"]["curve25519:" + self.eves_device["device_id"]])

    @property
    def eves_ed(self) -> str:
        return str(self.eves_device["keys"]["ed25519:" + self.eves_device["device_id"]])

    def event(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """An event the homeserver makes up in her name."""
        number = next(self.numbers)
        base = {"event_id": f"$made-up-{number}", "sender": self.ana, "origin_server_ts": 1_795_000_000_000}
        return base | {"type": kind, "content": content}

    def watch(self, method: str, where: str, body: bytes) -> dict[str, Any] | None:
        """Read what leaves the bot. A store that was tampered with may change nothing out there."""
        if "/sendToDevice/m.room.encrypted/" in where:
            for user, devices in json.loads(body)["messages"].items():
                for device, content in devices.items():
                    away = set(content.get("ciphertext", {})) - {self.hers}
                    if user != self.ana or away:
                        self.given_away.append(f"{user} {device}")
        if "/send/" in where and "/send/m.room.encrypted/" not in where and "/rooms/" in where:
            self.plain.append(where)
        if not self.swallow or method == "GET" or where.endswith(("/keys/query", "/keys/claim")):
            return None
        number = next(self.numbers)
        return {"event_id": f"$swallowed-{number}", "one_time_key_counts": {"signed_curve25519": 50}}

    def lie(self, script: Script | None) -> None:
        """From now on the homeserver lies like this; None: the truth, and that her keys may be new."""
        announced = [script is not None]

        def twist(_method: str, where: str, answer: Any) -> Any:
            if not isinstance(answer, dict):
                return answer
            if where.endswith("/sync") and "next_batch" in answer and not announced[0]:
                announced[0] = True
                answer.setdefault("device_lists", {}).setdefault("changed", []).append(self.ana)
            if script is None:
                return answer
            return script(self, where, answer) or answer

        self.proxy.twist = twist

    def count(self, ear: Ear) -> None:
        """What the hub would act on: each place in a ratchet once, as hub/store/heard.py sees to."""
        for inbound in ear.order:
            if not inbound.trusted or inbound.form is not Form.WORDS or inbound.ratchet is None:
                continue
            place = (inbound.room, inbound.ratchet.session_id, inbound.ratchet.index)
            if place not in self.handled:
                self.handled.add(place)
                if inbound.sender == self.eve and inbound.room == self.kept["eves room"]:
                    continue  # her own words in her own room, under her own name
                if inbound.sender != self.ana or inbound.body not in self.said:
                    self.orders.append(f"{inbound.sender}: {inbound.body}")
                self.said.discard(inbound.body)
        ear.order.clear()

    async def say(self) -> str:
        """She gives an order."""
        words = f"order {next(self.numbers)}"
        self.said.add(words)
        await self.person.say(self.room, words)
        return words

    async def answer(self, bot: Bot) -> str:
        """The bot says something for her only; a refusal of its own is as good."""
        words = f"for her {next(self.numbers)}"
        with suppress(MatrixTrouble):
            await bot.say(self.room, words)
        return words

    async def answer_from(self, bot: Bot) -> None:
        """The same from a bot whose store was tampered with: it may also break."""
        with suppress(Trouble, ValueError, KeyError, crypto.CannotOpen):
            async with asyncio.timeout(10):
                await bot.say(self.room, f"for her {next(self.numbers)}")

    async def attacker_speaks(self) -> None:
        """Eve orders something in a room of her own with the bot, to be put into Ana's mouth."""
        await self.attacker.say(self.kept["eves room"], "order of eve")

    async def usual(self, bot: Bot) -> None:
        """She orders, the bot hears it as hers; it answers, she reads it."""
        words = await self.say()
        await bot.ear.heard.take(lambda one: one.body == words and one.trusted, 30)

        async def answered() -> None:
            while True:
                reply = await self.answer(bot)
                with suppress(NothingCame):
                    await self.person.wait_for(lambda heard, reply=reply: heard.body == reply, 2)
                    return

        async with asyncio.timeout(30):
            await answered()


@pytest.fixture
async def scene(homeservers: Pair) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        people = People()
        stack.push_async_callback(people.close)
        person, attacker = await people.a_person(homeservers.a), await people.a_person(homeservers.a)
        proxy = await stack.enter_async_context(Proxy(homeservers.a.url).running())
        hub, login = Hub(), await a_login(homeservers.a)
        login.url = proxy.url
        bot = await stack.enter_async_context(listening(login, bindings=hub, grace=timedelta(seconds=1)))
        room = await together(bot, person)
        scene = Scene(proxy, hub, login, bot, person, attacker, room)
        await lay_out(scene, people, homeservers)
        proxy.watch = scene.watch
        await scene.usual(bot)
        scene.count(bot.ear)
        yield scene


async def lay_out(scene: Scene, people: People, homeservers: Pair) -> None:
    """Bind her, and let the attacker have all that is real: a rogue login of hers, an account, a key."""
    rogue = await people.a_person(homeservers.a, like=scene.person, strict=False, signed=False)
    wire = scene.attacker._wire
    asked = {"device_keys": {scene.ana: [], scene.eve: []}}
    answer = await wire.post(path("keys", "query"), asked)
    hers = answer["device_keys"][scene.ana]
    scene.rogue = hers[rogue.device_id]
    scene.hers = hers[scene.device]["keys"][f"curve25519:{scene.device}"]
    scene.eves_device = answer["device_keys"][scene.eve][scene.attacker.device_id]
    scene.eves_keys = {part: answer[part][scene.eve] for part in ("master_keys", "self_signing_keys")}
    claim = {"one_time_keys": {scene.eve: {scene.attacker.device_id: "signed_curve25519"}}}
    claimed = await wire.post(path("keys", "claim"), claim)
    scene.eves_one_time = claimed["one_time_keys"][scene.eve][scene.attacker.device_id]
    scene.kept["eves room"] = await together(scene.bot, scene.attacker)
    master = (await scene.bot.account.identity(scene.ana)).master
    assert master is not None
    scene.hub.masters[scene.ana] = master
    scene.hub.rooms[scene.room] = frozenset({scene.ana})
    await scene.bot.account.rebound(scene.ana)


async def test_the_watch_sees_a_key_that_is_given_away(scene: Scene) -> None:
    """Without the hub's word on the room, an extra member would read along: this is what the word is for."""
    scene.hub.rooms.clear()
    scene.lie(SCRIPTS["an extra member in the list of members"])
    scene.bot.account._rooms.members_changed(scene.room)
    await scene.answer(scene.bot)
    assert scene.eve in {one.partition(" ")[0] for one in scene.given_away}


@pytest.mark.timeout(1500)
async def test_no_lie_of_the_homeserver_gives_away_a_word_or_makes_an_order(scene: Scene) -> None:
    assert len(SCRIPTS) >= 40
    for name, script in SCRIPTS.items():
        scene.lie(script)
        scene.bot.account._devices.changed([scene.ana])
        scene.bot.account._keys.forget(scene.room)  # the next message needs a new key for everybody
        scene.bot.account._rooms.members_changed(scene.room)
        await scene.say()
        await scene.answer(scene.bot)
        await scene.attacker_speaks()
        scene.lie(None)
        scene.bot.account._rooms.members_changed(scene.room)
        try:
            await scene.usual(scene.bot)
        except (NothingCame, TimeoutError) as lost:
            raise AssertionError(f"after {name!r} they do not understand each other") from lost
        scene.count(scene.bot.ear)
        bad = (scene.given_away, scene.plain, scene.orders)
        assert bad == ([], [], []), name
    print(f"\nscripts at the homeserver: {len(SCRIPTS)}; sends to unbound devices: 0; orders: 0; twins: all")


Rows = dict[tuple[str, bytes], bytes]


def tampered(true: Rows, older: Rows, other: Rows) -> Iterator[tuple[str, Rows]]:
    """The store as a thief or a bad restore would leave it: altered, swapped, another's, rolled back."""
    names = sorted(true)
    for number, name in enumerate(names):
        value, shelf = true[name], name[0]
        changes = {
            "cut": value[:-7],
            "empty": b"",
            "doubled": value + value,
            "of another row": true[names[(number + 1) % len(names)]],
        }
        for part in range(FLIPS):
            place = part * (len(value) - 1) // (FLIPS - 1)
            flipped = bytes([value[place] ^ (1 << part % 8)])
            changes[f"byte {part}/{FLIPS - 1} of its length"] = value[:place] + flipped + value[place + 1 :]
        same = [key for key in other if key[0] == shelf]
        if same:
            changes["of another account"] = other[sorted(same)[0]]
        if name in older and older[name] != value:
            changes["rolled back"] = older[name]
        for how, changed in changes.items():
            yield f"{shelf}: {how}", {**true, name: changed}
        yield f"{shelf}: gone", {key: row for key, row in true.items() if key != name}
    for shelf in sorted({name[0] for name in names}):
        yield f"{shelf}: all gone", {key: row for key, row in true.items() if key[0] != shelf}
        old = {key: row for key, row in older.items() if key[0] == shelf}
        yield f"{shelf}: all rolled back", {key: row for key, row in true.items() if key[0] != shelf} | old
        theirs = {key: row for key, row in other.items() if key[0] == shelf}
        yield (
            f"{shelf}: another account's",
            {key: row for key, row in true.items() if key[0] != shelf} | theirs,
        )
    yield "everything rolled back", dict(older)
    yield "everything of another account", dict(other)
    yield "everything gone", {}


@asynccontextmanager
async def started(scene: Scene, rows: Rows) -> AsyncIterator[Bot | None]:
    """The bot on this store, as far as it comes; None when it refuses to start."""
    store = MemoryRows()
    store._rows = dict(rows)
    login = replace(scene.login, rows=store, positions=type(scene.login.positions)())
    login.positions.position = scene.login.positions.position
    try:
        account = login.account(bindings=scene.hub, grace=timedelta(seconds=1))
        await account.prepare()
    except (Trouble, ValueError, crypto.CannotOpen):
        yield None
        return
    ear = Ear()
    task = asyncio.create_task(account.listen(ear))
    try:
        yield Bot(account, ear, login)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await account._wire.close()


@pytest.mark.timeout(1800)
async def test_no_tampered_store_gives_away_a_word_or_makes_an_order(homeservers: Pair, scene: Scene) -> None:
    older = dict(scene.login.rows._rows)  # type: ignore[attr-defined]
    async with listening(await a_login(homeservers.a)) as another:
        await together(another, scene.attacker)
        await scene.bot.account.close()
        other = dict(another.login.rows._rows)  # type: ignore[attr-defined]
    for _ in range(3):
        await scene.usual(scene.bot)
    await scene.bot.account._flush()
    scene.count(scene.bot.ear)
    true = dict(scene.login.rows._rows)  # type: ignore[attr-defined]
    cases, refused = list(tampered(true, older, other)), 0
    assert len(cases) >= 200, len(cases)
    for number, (name, rows) in enumerate(cases):
        scene.swallow = True
        words = await scene.say()
        async with started(scene, rows) as bot:
            if bot is None:
                refused += 1
            else:
                with suppress(NothingCame):
                    await bot.ear.heard.take(lambda one, words=words: one.body == words, 0.7)
                await scene.answer_from(bot)
                scene.count(bot.ear)
        scene.swallow = False
        assert (scene.given_away, scene.plain, scene.orders) == ([], [], []), name
        if number % 20 == 0:
            await scene.usual(scene.bot)
            scene.count(scene.bot.ear)
    await scene.usual(scene.bot)
    print(f"\nstores tampered with: {len(cases)}, refused at start: {refused}; unbound: 0; orders: 0")

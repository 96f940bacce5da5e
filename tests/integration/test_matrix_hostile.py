"""A homeserver that lies, hides and breaks: it may delay what people say, never change it."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fixtures_embedded import Pair, eventually
from matrix_parts import Bot, Ear, People, a_login, listening, together
from matrix_proxy import Proxy, timelines

from bots.said import Form
from hub.matrix.inbound import Doubt
from hub.matrix.person import Person
from hub.matrix.roomkeys import NobodyCanRead


@pytest.fixture
async def people() -> AsyncIterator[People]:
    here = People()
    yield here
    await here.close()


@pytest.fixture
async def ana(homeservers: Pair, people: People) -> Person:
    return await people.a_person(homeservers.a)


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


def rewriting(change: Any) -> Any:
    """A twist that changes each encrypted event of each timeline."""

    def twist(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        for events in timelines(answer) if path.endswith("/sync") else ():
            for event in events:
                if event["type"] == "m.room.encrypted":
                    change(event)
        return answer

    return twist


async def test_a_rewritten_sender_is_not_believed_and_the_true_one_is(
    proxy: Proxy, bot: Bot, ana: Person, people: People, homeservers: Pair
) -> None:
    bea = await people.a_person(homeservers.a)
    room = await together(bot, ana)
    await bot.account.identity(bea.user_id)
    proxy.twist = rewriting(lambda event: event.update(sender=bea.user_id))
    await ana.say(room, "cancel")
    forged = await bot.ear.next()
    assert (forged.sender, forged.trusted, forged.doubt) == (bea.user_id, False, Doubt.OTHER_DEVICE)
    proxy.twist = rewriting(lambda event: None)
    await ana.say(room, "cancel")
    assert (await bot.ear.next()).trusted


async def test_an_injected_relation_takes_authority_away(proxy: Proxy, bot: Bot, ana: Person) -> None:
    room = await together(bot, ana)
    relation = {"rel_type": "m.replace", "event_id": "$0"}
    proxy.twist = rewriting(lambda event: event["content"].update({"m.relates_to": relation}))
    await ana.say(room, "cancel")
    assert (await bot.ear.next()).form is Form.EDIT


async def test_a_changed_ciphertext_is_unreadable_and_reaches_the_hub_as_such(
    proxy: Proxy, bot: Bot, ana: Person
) -> None:
    room = await together(bot, ana)

    def damage(event: dict[str, Any]) -> None:
        text = event["content"]["ciphertext"]
        event["content"]["ciphertext"] = text[:40] + ("A" if text[40] != "A" else "B") + text[41:]

    proxy.twist = rewriting(damage)
    await ana.say(room, "help")
    inbound = await bot.ear.next()
    assert (inbound.form, inbound.sender, inbound.trusted) == (Form.UNREADABLE, ana.user_id, False)


async def test_an_event_left_out_of_sync_is_fetched_before_what_follows_it(
    proxy: Proxy, bot: Bot, ana: Person
) -> None:
    room = await together(bot, ana)
    hidden = asyncio.Event()

    def hide(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        for events in timelines(answer) if path.endswith("/sync") else ():
            rest = [event for event in events if event["type"] != "m.room.encrypted"]
            if len(rest) < len(events):
                hidden.set()
            events[:] = rest
        return answer

    proxy.twist = hide
    await ana.say(room, "help")
    await asyncio.wait_for(hidden.wait(), 15)
    proxy.twist = rewriting(lambda event: None)
    await ana.say(room, "please")
    assert [(await bot.ear.next()).body, (await bot.ear.next()).body] == ["help", "please"]


async def test_a_replay_under_a_new_event_id_shows_the_same_place_in_the_ratchet(
    proxy: Proxy, bot: Bot, ana: Person
) -> None:
    room = await together(bot, ana)

    def twice(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        for events in timelines(answer) if path.endswith("/sync") else ():
            for event in [one for one in events if one["type"] == "m.room.encrypted"]:
                events.append(copy.deepcopy(event) | {"event_id": event["event_id"] + "x"})
        return answer

    proxy.twist = twice
    await ana.say(room, "cancel")
    first, again = await bot.ear.next(), await bot.ear.next()
    assert first.event_id != again.event_id and first.ratchet == again.ratchet


async def test_a_device_the_homeserver_invents_gets_no_key(proxy: Proxy, bot: Bot, ana: Person) -> None:
    room = await together(bot, ana)
    spied: list[str] = []

    def spy(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        if path.endswith("/keys/query") and ana.user_id in answer.get("device_keys", {}):
            devices = answer["device_keys"][ana.user_id]
            fake = copy.deepcopy(devices[ana.device_id]) | {"device_id": "SPY"}
            fake["keys"] = {"ed25519:SPY": "A" * 43, "curve25519:SPY": "B" * 43}
            devices["SPY"] = fake
        if "/keys/claim" in path:
            spied.extend(answer.get("one_time_keys", {}).get(ana.user_id, {}))
        return answer

    proxy.twist = spy
    await bot.say(room, "for her only")
    assert (await ana.hear()).body == "for her only"
    identity = await bot.account.identity(ana.user_id)
    assert [device.device_id for device in identity.devices] == [ana.device_id]
    assert spied == [ana.device_id]


async def test_a_replaced_identity_is_seen_as_another_person(
    proxy: Proxy, bot: Bot, ana: Person, people: People, homeservers: Pair
) -> None:
    eve = await people.a_person(homeservers.a)
    room = await together(bot, ana)

    def strip(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        if path.endswith("/keys/query"):
            answer.get("self_signing_keys", {}).pop(ana.user_id, None)
        return answer

    proxy.twist = strip
    with pytest.raises(NobodyCanRead):
        await bot.say(room, "secret")
    await ana.say(room, "help")
    assert (await bot.ear.next()).doubt is Doubt.UNSIGNED
    assert (await bot.account.identity(eve.user_id)).signed() != ()


async def test_a_homeserver_that_goes_away_and_comes_back_costs_no_message(
    proxy: Proxy, bot: Bot, ana: Person
) -> None:
    room = await together(bot, ana)
    await ana.say(room, "before")
    assert (await bot.ear.next()).body == "before"
    proxy.cut = True
    await ana.say(room, "meanwhile")
    proxy.cut = False
    await ana.say(room, "after")
    assert [(await bot.ear.next()).body, (await bot.ear.next()).body] == ["meanwhile", "after"]


async def test_nonsense_from_the_homeserver_stops_nothing(proxy: Proxy, bot: Bot, ana: Person) -> None:
    room = await together(bot, ana)

    def nonsense(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        if not path.endswith("/sync") or "next_batch" not in answer:
            return answer
        junk = [7, {"type": "m.room.encrypted"}, {"sender": 1, "content": "x"}]
        answer.setdefault("to_device", {}).setdefault("events", []).extend(junk)
        answer["device_lists"] = {"changed": ["@nobody:nowhere", "", "x"], "left": [ana.user_id]}
        answer.setdefault("rooms", {})["invite"] = {"!x": {"invite_state": {"events": [1, {}]}}, "!y": 3}
        for events in timelines(answer):
            events.insert(0, {"type": "m.room.encrypted", "event_id": "$junk", "sender": ana.user_id})
            events.insert(0, {"content": {}})
        return answer

    proxy.twist = nonsense
    await ana.say(room, "help")
    inbound = await bot.ear.next_that(lambda one: one.form is Form.WORDS)
    assert (inbound.body, inbound.trusted) == ("help", True)


async def test_when_the_hub_fails_the_same_events_come_again(homeservers: Pair, ana: Person) -> None:
    class Failing(Ear):
        fails = True

        async def deliver(self, inbound: Any) -> None:
            if self.fails:
                raise RuntimeError("the hub is on fire")
            await super().deliver(inbound)

    login, ear = await a_login(homeservers.a), Failing()
    with pytest.raises(RuntimeError, match="on fire"):
        async with listening(login, ear) as bot:
            room = await together(bot, ana)
            await ana.say(room, "help")
            await ear.heard.take(lambda _: True, 2)
    ear.fails = False
    async with listening(login, ear):
        assert (await ear.next()).body == "help"


async def test_what_a_homeserver_held_back_is_seen_as_late_whatever_time_it_claims(
    proxy: Proxy, bot: Bot, ana: Person
) -> None:
    room = await together(bot, ana)
    await ana.say(room, "one")
    assert not (await bot.ear.next()).late
    held: list[dict[str, Any]] = []
    step = "hold"

    def hold(method: str, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        nonlocal step
        hidden = [event["event_id"] for event in held]
        if "/messages" in path:  # where the bot looks for what is missing between two places of a ratchet
            answer["chunk"] = [one for one in answer.get("chunk", []) if one["event_id"] not in hidden]
        for events in timelines(answer) if path.endswith("/sync") else ():
            said = [event for event in events if event["type"] == "m.room.encrypted"]
            if step == "hold" and said:
                held.extend(said)
                events[:] = [event for event in events if event not in said]
            elif step == "release" and said:
                events.append(held[-1] | {"origin_server_ts": said[-1]["origin_server_ts"] + 1})
                step = "done"
        return answer

    proxy.twist = hold
    await ana.say(room, "cancel luna azul")
    await eventually(lambda: _true(bool(held)))
    step = "wait"
    await ana.say(room, "two")
    assert (await bot.ear.next()).body == "two"
    step = "release"
    await ana.say(room, "three")
    three, released = await bot.ear.next(), await bot.ear.next()
    assert (three.body, three.late) == ("three", False)
    assert (released.body, released.late) == ("cancel luna azul", True)


async def _true(what: bool) -> bool:
    return what

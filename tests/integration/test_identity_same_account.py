"""Coming back with the same Matrix account: on a new phone, with the keys of before or with others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from people import matrix_id, seen_as

from bots import freezing
from bots.dispatch import hear
from bots.said import Form, Said
from directory import joining, members
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.store import bindings, safekeeping

if TYPE_CHECKING:
    from conftest import Desk

NEW, OLD = "another key", "key"


async def _village(desk: Desk) -> tuple[Stage, dict[str, str]]:
    stage = Stage(desk)
    people = {name: await a_person(stage, name) for name in ("Luz", "Mar", "Sol")}
    people["Cora"] = await a_person(stage, "Cora", Role.COORDINATOR)
    await in_circle(stage, "Luz", "Mar", "Sol")
    return stage, people


async def _code(stage: Stage, how: str) -> str:
    if how == "two vouchers":
        await stage.say("Mar", "vouch luz")
        return (await stage.say("Sol", "vouch luz"))[0].rpartition("join ")[2]
    await stage.say("Cora", "back luz")
    return (await stage.say("Cora", WORD))[0].rpartition("join ")[2]


async def _key_of(desk: Desk, member: str) -> str | None:
    async with desk.turn() as turn:
        return await members.master_key_of(turn.tx, desk.guard, member)


async def _closed(desk: Desk, member: str) -> bool:
    async with desk.turn() as turn:
        return await safekeeping.is_closed(turn.tx, member)


def _lobby(stage: Stage) -> list[str]:
    return [render(one.text, "en") for one in stage.lobby]


@pytest.mark.parametrize("how", ["two vouchers", "a coordinator and a call"])
@pytest.mark.parametrize("key", [OLD, NEW])
async def test_after_lost_she_comes_back_with_the_same_account(desk: Desk, how: str, key: str) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    await stage.say("Luz", "lost")
    code = await _code(stage, how)
    (welcome,) = await stage.say("Luz", f"join {code}", trusted=key == OLD, key=key)
    assert welcome.startswith("Welcome back")
    assert await _key_of(desk, luz) == key
    assert not await _closed(desk, luz)
    assert await stage.say("Luz", "status", key=key) == ["Nothing is open for you now."]
    assert any("Another device speaks for you now" in told for told in _lobby(stage)), "her room hears it"
    for name in ("Mar", "Sol", "Cora"):
        assert "Luz writes from another device now" in (await stage.heard_by(people[name]))[-1]


async def test_with_the_keys_of_before_a_lost_phone_has_to_be_signed_out_first(desk: Desk) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    await stage.say("Luz", "lost")
    code = await _code(stage, "two vouchers")
    assert await stage.say("Luz", f"join {code}", alone=False) == []
    assert "Sign it out in your app" in _lobby(stage)[-1]
    assert await _closed(desk, luz)
    assert (await stage.say("Luz", f"join {code}"))[0].startswith("Welcome back"), "the code was kept"


async def test_with_other_keys_no_old_device_counts_so_none_has_to_be_signed_out(desk: Desk) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    await stage.say("Luz", "lost")
    code = await _code(stage, "two vouchers")
    await stage.say("Luz", f"join {code}", trusted=False, key=NEW, alone=False)
    assert await _key_of(desk, luz) == NEW


async def test_other_keys_without_lost_give_no_order_until_a_code_brings_them_in(desk: Desk) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    assert "circle" not in "".join(await stage.say("Luz", "circle Cora", trusted=False, key=NEW)).lower()
    code = await _code(stage, "a coordinator and a call")
    await stage.say("Luz", f"join {code}", trusted=False, key=NEW)
    assert await _key_of(desk, luz) == NEW


async def test_a_code_for_somebody_else_or_a_wrong_one_opens_nothing_and_people_still_hear_of_it(
    desk: Desk,
) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    await stage.say("Luz", "lost")
    async with desk.turn() as turn:
        others = [await joining.invite(turn), await joining.invite_back(turn, people["Mar"])]
    for typed in ("0000-0000-0000-0000-0000-0000-00 apple boat", *(one.typed for one in others)):
        await stage.say("Luz", f"join {typed}", trusted=False, key=NEW)
        assert "That does not fit" in _lobby(stage)[-1]
    assert await _closed(desk, luz)
    assert await _key_of(desk, luz) == OLD
    await stage.pass_time(minutes=3)
    assert any("Luz tried to reach us" in told for told in await stage.heard_by(people["Mar"])), "never lost"
    async with desk.turn() as turn:
        assert await joining.enter_by_page(turn, others[0].typed, "en") is not None, "not used up"


async def test_after_five_wrong_tries_there_is_silence_for_an_hour(desk: Desk) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    await stage.say("Luz", "lost")
    for _ in range(5):
        await stage.say("Luz", "join 0000-0000-0000-0000-0000-0000-00 apple boat")
    code, before = await _code(stage, "two vouchers"), len(stage.lobby)
    await stage.say("Luz", f"join {code}")
    assert len(stage.lobby) == before
    assert await _closed(desk, luz)
    await stage.pass_time(minutes=61)
    assert (await stage.say("Luz", f"join {code}"))[0].startswith("Welcome back")


async def test_a_device_nobody_signed_is_not_read_even_with_the_code(desk: Desk) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    await stage.say("Luz", "lost")
    code = await _code(stage, "two vouchers")
    said = Said("!r:x", matrix_id("Luz"), Form.WORDS, f"join {code}", False, NEW, desk.clock())
    async with stage.turn(Viewer(Lane.CHAT)) as turn:
        viewer = Viewer(Lane.CHAT, member=luz)
        await hear(stage.desk, replace(turn, viewer=viewer), said, viewer)
    assert await _closed(desk, luz)
    assert await _key_of(desk, luz) == OLD


async def test_a_code_from_before_she_was_held_back_opens_nothing(desk: Desk) -> None:
    stage, people = await _village(desk)
    luz = people["Luz"]
    async with desk.turn() as turn:
        code = (await joining.invite_back(turn, luz)).typed
    async with stage.turn(await seen_as(desk, people["Mar"])) as turn:
        await freezing.freeze(turn, "luz")
    for who in ("Luz", "Stranger"):
        await stage.say(who, f"join {code}", trusted=who != "Luz", key=NEW)
    assert await _closed(desk, luz)
    async with desk.turn() as turn:
        digest = desk.guard.digest("matrix-id", matrix_id("Stranger"))
        assert await bindings.bound_to(turn.tx, digest) is None

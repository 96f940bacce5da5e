"""FindAllies written by hand gives graphql-core's very bytes, for every role, and leaves the rest to it."""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from conftest import HOME, NOON, Desk
from doors import CONTRACT, a_door
from people import a_member, an_organisation, seen_as, settle
from random_directory import KINDS, PLACES, TONGUES, Directory
from sqlalchemy import select, text, update

from directory import budgets, search, vocabularies
from directory.core.cards import tags
from directory.core.decoys import mixed
from directory.core.viewer import Lane, Role, Viewer
from directory.store import decoys as rows
from directory.store.finding_tables import decoys_seen
from directory.store.guarded import Guard
from directory.store.tables import members
from hub.api import sessions
from hub.api.quick.allies import body
from hub.api.quick.serving import Quick
from hub.index.following import Follower

ROLES = [frozenset({role}) for role in Role if role is not Role.MEMBER]
SEEDS = int(os.environ.get("AYNI_SEEDS", "1"))
LOCALES = ("en", "es", "fr", "ar")
STRANGE: list[Any] = [
    {},
    {"question": None},
    {"question": {"issues": "torture"}},
    {"question": {"issues": [None]}},
    {"question": {"issues": [1]}},
    {"question": {"nonsense": ["x"]}},
    {"question": {"regions": ["nowhere at all"]}},
    {"question": {}, "first": None},
    {"question": {}, "first": 0},
    {"question": {}, "first": 51},
    {"question": {}, "first": True},
    {"question": {}, "first": 2.0},
    {"question": {}, "after": "damaged"},
    {"question": {"all": "yes"}},
    {"question": {}, "more": 1},
]
ODD: list[Any] = [{"question": {"kinds": ["ghost"]}}, {"question": {"languages": list(TONGUES) * 3}}]


def steady(guard: Guard) -> Guard:
    """Cursors are sealed with chance: here the same each time, so that bytes can be compared."""
    return replace(guard, chance=lambda size: b"\0" * size)


def some_variables(them: Directory) -> dict[str, Any]:
    """What a program may send for a random question."""
    question: dict[str, Any] = {"all": them.chance.choice((None, True, False))}
    for name, of in (("issues", them.issues), ("regions", PLACES), ("languages", TONGUES), ("kinds", KINDS)):
        question[name] = them.chance.choice((None, them.some(of, 2)))
    variables: dict[str, Any] = {
        "question": {key: said for key, said in question.items() if said is not None}
    }
    if them.chance.random() < 0.7:
        variables["first"] = them.chance.choice((1, 3, 20, 50))
    return variables


async def session_of(desk: Desk, member: str) -> str:
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        opened = await sessions.begin(turn, member)
    assert opened is not None
    return opened.code


def a_quick(desk: Desk, follower: Follower) -> Quick:
    purse = budgets.purse_at(desk.database.engine)
    return Quick(CONTRACT, desk.turn, follower, desk.guard, purse, desk.clock)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_every_role_gets_the_same_bytes(desk: Desk, seed: int) -> None:
    desk.guard = steady(desk.guard)
    them = Directory(random.Random(seed), HOME, NOON)
    async with desk.database.transaction() as tx:
        await them.begin(tx)
        await them.add(tx, 150)
        await tx.execute(update(members).values(handle=members.c.id, handle_key=members.c.id))
    follower = Follower(desk.database, time.monotonic)
    quick, by_hand, asked = a_quick(desk, follower), 0, 0
    async with a_door(desk) as door:
        for number, roles in enumerate([frozenset[Role](), *ROLES]):
            locale = LOCALES[number % len(LOCALES)]
            who = await a_member(desk, f"Luz{number}", roles=roles, locale=locale, country="GT")
            code = await session_of(desk, who)
            await follower.follow()
            async with desk.turn(Viewer(Lane.PAGE)) as turn:
                await quick.visitors.learn(turn, code)
            for variables in (*STRANGE, *ODD, *(some_variables(them) for _ in range(12))):
                await follower.follow()
                visitor = quick.visitors.known(code, desk.clock())
                assert visitor is not None
                theirs = await door.runner.run("FindAllies", variables, visitor.viewer)
                ours = quick.answer(visitor, variables)
                asked += 1
                if ours is not None:
                    by_hand += 1
                    whole = {**theirs, "extensions": {"requestId": "r"}}
                    assert body(ours, "r") == msgspec.json.encode(whole)
        door.troubles.clear()
    assert by_hand > asked / 5


async def test_strange_questions_are_left_to_graphql(desk: Desk) -> None:
    follower = Follower(desk.database, time.monotonic)
    await an_organisation(desk, "Pueblos", works_in=["GT"], issues=["torture"])
    code = await session_of(desk, await a_member(desk, "Luz"))
    quick = a_quick(desk, follower)
    await follower.follow()
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        await quick.visitors.learn(turn, code)
    visitor = quick.visitors.known(code, desk.clock())
    assert visitor is not None
    assert [variables for variables in STRANGE if quick.answer(visitor, variables) is not None] == []
    assert quick.answer(visitor, {"question": {"issues": ["torture"]}}) is not None


async def test_an_ended_session_or_a_freeze_counts_within_the_time_a_reading_is_sure(desk: Desk) -> None:
    now = [100.0]
    follower = Follower(desk.database, lambda: now[0])
    luz = await a_member(desk, "Luz")
    code = await session_of(desk, luz)
    quick = a_quick(desk, follower)
    await follower.follow()
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        await quick.visitors.learn(turn, code)
    assert quick.visitors.known(code, desk.clock()) is not None
    async with desk.database.transaction() as tx:
        await tx.execute(text("update members set state = 'frozen'"))

    now[0] += 0.21
    assert quick.visitors.known(code, desk.clock()) is None, "nothing was read: nobody is known"
    await follower.follow()
    assert quick.visitors.known(code, desk.clock()) is None, "the freeze was read"


async def test_a_page_with_a_decoy_is_answered_by_hand_and_written_down_all_the_same(desk: Desk) -> None:
    follower = Follower(desk.database, time.monotonic)
    for number in range(4):
        await a_member(desk, f"Nura{number}", country="GT", issues=["torture"])
    luz = await a_member(desk, "Luz")
    await settle(desk)
    async with desk.turn() as turn:
        card = mixed("d" * 32, await rows.some_people(turn.tx, 4), 1)
        known = tags(card, vocabularies.known())
        await rows.add(turn.tx, "d" * 32, HOME, card, known, turn.now, turn.now)
    code, quick = await session_of(desk, luz), a_quick(desk, follower)
    async with desk.turn(await seen_as(desk, luz)) as turn:
        await search.find_allies(turn, search.Question())  # something is leased
    await follower.follow()
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        await quick.visitors.learn(turn, code)
    visitor = quick.visitors.known(code, desk.clock())
    assert visitor is not None
    answer = quick.answer(visitor, {"question": {}})
    assert answer is not None and b"d" * 32 in answer
    await asyncio.gather(*quick.telling)
    async with desk.turn() as turn:
        assert await turn.tx.scalar(select(decoys_seen.c.card)) == "d" * 32


async def test_the_door_answers_by_hand_and_counts_it(desk: Desk) -> None:
    follower = Follower(desk.database, time.monotonic)
    await an_organisation(desk, "Pueblos", works_in=["GT"], issues=["torture"])
    luz = await a_member(desk, "Luz")
    quick = a_quick(desk, follower)
    url = desk.database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    following = asyncio.create_task(follower.run(url))
    async with a_door(desk, quick=quick) as door:
        session = await door.session(luz)
        await asyncio.sleep(0)
        asked = {"question": {"issues": ["torture"]}}
        first = await door.ask("FindAllies", asked, session=session)
        again = await door.ask("FindAllies", asked, session=session)
        wrong = await door.ask("FindAllies", {"question": {"issues": [1]}}, session=session)
        stranger = await door.ask("FindAllies", asked)
    following.cancel()
    assert first[0] == again[0] == 200 and first[1]["data"] == again[1]["data"]
    assert [edge["node"]["title"] for edge in first[1]["data"]["findAllies"]["edges"]] == ["Pueblos"]
    assert wrong[1]["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert stranger[0] == 401

"""The owner of the bots' devices is killed, for real: its standby answers in under ten seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from care_stage import Cares, a_hub
from conftest import migrated
from fixtures_embedded import Pair
from matrix_parts import People

from directory.core.viewer import Role

TAKEOVER_S = 10.0


@pytest.fixture
async def cares(
    homeservers: Pair, fresh_database: Callable[..., AbstractAsyncContextManager[str]], tmp_path: Path
) -> AsyncIterator[Cares]:
    async with (
        fresh_database(migrated) as url,
        a_hub(tmp_path / "hub", url, homeservers.a, homeservers.a.url) as hub,
    ):
        yield hub


async def test_a_standby_answers_within_ten_seconds_of_a_kill(cares: Cares, homeservers: Pair) -> None:
    people = People()
    ana = await people.a_person(homeservers.b)
    room = await cares.enter(ana, "ana", Role.RESPONDER)
    await cares.start()
    assert await cares.owned() > 0
    await ana.until_joined(room, cares.bot)
    await cares.start()
    await ana.say(room, "duty on 61 m")
    await ana.wait_for(lambda heard: "61" in heard.body)
    before = await cares.owned()
    await cares.kill_owner()
    killed = asyncio.get_running_loop().time()
    await ana.say(room, "duty on 62 m")
    await ana.wait_for(lambda heard: "62" in heard.body, TAKEOVER_S)
    assert asyncio.get_running_loop().time() - killed < TAKEOVER_S
    assert await cares.owned() == before + 1
    assert [heard.body for heard in ana.heard.all()] == []
    await people.close()

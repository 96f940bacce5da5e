"""The key to the records is replaced while people are served; what is cut short is finished later."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import conftest
import pytest
from conftest import Clock
from fixtures_embedded import eventually
from people import a_member
from terminal import a_folder

from directory import profiles
from directory.core.viewer import Lane, Viewer
from directory.crypto import Cost
from directory.store import members as rows
from directory.store.guarded import Erased
from hub.chance import chance
from hub.custody import Kind, begin, daily, handing, locked, open_rings, rings, rotating
from hub.custody.rings import Begun
from hub.due import CLOCK
from hub.federation import identity
from hub.node import Node, open_node
from hub.store import keys as hub_keys
from hub.store.keys import HubKey

CHEAP = Cost(1, 8192)


@dataclass
class Served:
    """A hub with one member, served by a process of its own with the key in memory."""

    node: Node
    begun: Begun
    member: str

    @property
    def keys(self) -> Path:
        return self.node.data / "keys"

    async def reads(self, node: Node) -> object:
        """What the member's city is, as this process reads it."""
        async with node.turn(CLOCK) as turn:
            row = await rows.load(turn.tx, self.member)
            root = await hub_keys.of_purpose(turn.tx, turn.guard, identity.ROOT)
        assert row is not None
        assert root[0].private
        return node.guard.open_fields("members", self.member, row.guarded)["city"]


@pytest.fixture(params=[Kind.FILE, Kind.PASSPHRASE])
async def served(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: Clock,
    fresh_database: Callable[..., AbstractAsyncContextManager[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Served]:
    begun = begin(
        tmp_path / "hub" / "keys", chance, request.param, passphrase="four plain old words", cost=CHEAP
    )
    assert begun is not None
    async with fresh_database(conftest.with_tables) as url:
        for name, value in a_folder(tmp_path / "hub", url).settings.items():
            monkeypatch.setenv(name, value)
        node = await open_node(tmp_path / "hub", clock=clock, part="door", archive=begun.archive)
        desk = conftest.Desk(node.database, node.guard, clock, home=node.home)
        member = await a_member(desk, "Luz")
        async with desk.turn(Viewer(Lane.PAGE, member)) as turn:
            await profiles.change(turn, member, {"city": "Cobán"})
            until = turn.now + timedelta(days=9)
            root = HubKey(turn.ids(), identity.ROOT, b"p" * 32, b"s" * 32, b"", turn.now, until)
            await hub_keys.add(turn.tx, turn.guard, root)
        yield Served(node, begun, member)
        await node.close()


async def rotated(served: Served, *, first: bool = True) -> Begun | None:
    """What `ayni custody rotate` does, in a process of its own."""
    fresh = None
    archive = served.begun.archive
    if first:
        fresh = rotating.replace_key(
            served.keys, archive, chance, passphrase="five other words of dice", cost=CHEAP
        )
        archive = fresh.archive
    node = await open_node(served.node.data, part="custody", archive=archive)
    await rotating.finish(node, archive, lambda: 1_795_000_000)
    await node.close()
    return fresh


async def test_everything_is_read_during_and_after_and_the_old_key_opens_nothing(served: Served) -> None:
    serving = asyncio.create_task(handing.answering(served.node.guard, served.node.data, "door"))

    async def answers() -> bool:
        return handing.running(served.node.data) == ("door",)

    await eventually(answers)
    old = shutil.copy(served.keys / "slots", served.keys.parent / "old")
    fresh = await rotated(served)
    assert fresh is not None
    assert served.node.guard.archive == fresh.archive
    assert served.node.guard.earlier == ()
    assert await served.reads(served.node) == "Cobán"
    started_later = await open_node(served.node.data, part="care", archive=fresh.archive)
    assert await served.reads(started_later) == "Cobán"
    with pytest.raises(locked.WrongKey):
        rings.unseal(started_later.guard, served.keys, served.begun.archive)
    shutil.copy(old, served.keys / "slots")
    with pytest.raises(Erased):
        await served.reads(started_later)
    await started_later.close()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_a_rotation_cut_short_keeps_everything_readable_and_is_finished(served: Served) -> None:
    fresh = rotating.replace_key(
        served.keys, served.begun.archive, chance, passphrase="five other words of dice", cost=CHEAP
    )  # and here the power fails
    assert rotating.unfinished(served.keys)
    node = await open_node(served.node.data, part="door", archive=fresh.archive)
    assert await served.reads(node) == "Cobán"
    await rotating.finish(node, fresh.archive, lambda: 1_795_000_000)
    assert not rotating.unfinished(served.keys)
    assert await served.reads(node) == "Cobán"
    await node.close()


async def test_a_key_file_that_was_not_yet_put_in_place_is_put_there_at_the_next_start(
    tmp_path: Path,
) -> None:
    begun = begin(tmp_path, chance)
    assert begun is not None
    before = (tmp_path / "archive.key").read_bytes()
    fresh = rotating.replace_key(tmp_path, begun.archive, chance)
    (tmp_path / "archive.key").rename(tmp_path / "archive.next")
    (tmp_path / "archive.key").write_bytes(before)
    (tmp_path / "archive.key").chmod(0o600)
    assert open_rings(tmp_path, chance).archive == fresh.archive


async def test_each_day_people_get_a_new_epoch_and_not_before(served: Served, clock: Clock) -> None:
    guard, keys = served.node.guard, served.keys
    assert await daily.turn_when_due(guard, keys, clock())
    assert not await daily.turn_when_due(guard, keys, clock.move(hours=23))
    assert await daily.turn_when_due(guard, keys, clock.move(hours=2))
    assert await served.reads(served.node) == "Cobán"

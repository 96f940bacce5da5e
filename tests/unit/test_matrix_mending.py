"""What is said in a room while a homeserver is asked what came before is heard, whatever follows it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest

from hub.chance import chance
from hub.matrix.handled import Handled
from hub.matrix.mending import Cut, Mending
from hub.matrix.reading import Reading
from hub.matrix.rows import MemoryRows, Shelves, sealing

ROOM, BOT, ANA = "!room:a.org", "@bot:a.org", "@ana:b.org"


class Homeserver:
    """Answers what was before the cut when it is told to."""

    def __init__(self, *before: Mapping[str, Any]) -> None:
        self.before = before
        self.answers = asyncio.Event()

    async def get(self, _path: str, _query: object, *, within_s: float) -> Mapping[str, Any]:
        await self.answers.wait()
        return {"chunk": list(self.before)}


class Listener:
    """What a room's events are handed on to, in their order."""

    me = BOT

    def __init__(self, handled: Handled) -> None:
        self.heard: list[str] = []
        self._handled = handled

    def handled_already(self, room: str, raw: Mapping[str, Any]) -> bool:
        return raw["sender"] == BOT or self._handled.knows(room, raw["event_id"])

    async def take(self, _room: str, raw: Mapping[str, Any], _hearing: object) -> None:
        self.heard.append(raw["event_id"])


def event(name: str, follows: str, *, sender: str = ANA, depth: int, **more: object) -> dict[str, Any]:
    said = {"type": "m.room.message", "content": {"body": name}}
    return {"event_id": name, "prev_events": [follows], "sender": sender, "depth": depth, **said, **more}


def membership(name: str, follows: str, which: str, *, sender: str, depth: int) -> dict[str, Any]:
    more = {"type": "m.room.member", "state_key": BOT, "content": {"membership": which}}
    return event(name, follows, sender=sender, depth=depth, **more)


INVITE = membership("invite", "made", "invite", sender=ANA, depth=1)
JOIN = membership("join", "invite", "join", sender=BOT, depth=2)
ALARM = event("alarm", "join", depth=3)


@pytest.mark.parametrize(
    "next_one",
    [membership("join again", "alarm", "join", sender=BOT, depth=4), event("please", "alarm", depth=4)],
    ids=["we come in once more after a restart", "she writes a second line"],
)
async def test_a_call_right_after_we_came_into_a_room_is_heard_though_something_follows_it_at_once(
    next_one: dict[str, Any],
) -> None:
    shelves = Shelves(MemoryRows(), sealing(bytes(32), account="bot", kid="w1", chance=chance))
    handled, homeserver = Handled(shelves), Homeserver(INVITE)
    listener = Listener(handled)
    mending = Mending(cast(Any, homeserver), cast(Reading, listener), handled, shelves)
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        await mending.take(ROOM, [JOIN, ALARM], Cut("before", None), cast(Any, None), tasks)
        await mending.take(ROOM, [next_one], None, cast(Any, None), tasks)
        homeserver.answers.set()
    heard = [name for name in listener.heard if name != "invite"]
    assert heard == ["alarm", *(["please"] if next_one["sender"] == ANA else [])]


async def test_in_a_room_where_nothing_is_held_what_was_before_us_is_not_looked_for() -> None:
    shelves = Shelves(MemoryRows(), sealing(bytes(32), account="bot", kid="w1", chance=chance))
    handled = Handled(shelves)
    listener = Listener(handled)
    mending = Mending(cast(Any, Homeserver()), cast(Reading, listener), handled, shelves)
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        await mending.take(ROOM, [ALARM], None, cast(Any, None), tasks)
    assert listener.heard == ["alarm"]

"""2,000 encrypted commands in bursts across federation, while the bot's owner is killed ten times (kill -9),
a homeserver three times, and the wire between bot and homeserver is cut three times: each is answered exactly
once.

AYNI_FIRE=200 tries it with 200 commands and the kills in proportion. A lane is one person's room with the
bot. What each command asks for is different, so that an answer says which command it belongs to.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from care_stage import Cares, CutWire, Faults, a_hub
from fixtures_embedded import Pair, eventually
from matrix_parts import People
from nio import RoomSendResponse
from rich.console import Console
from rich.table import Table

from directory.core.viewer import Role
from hub.chance import random_id
from hub.matrix.person import Person

COMMANDS = int(os.environ.get("AYNI_FIRE", "2000"))
PEOPLE = 20
EACH = COMMANDS // PEOPLE
BURST = 5
MINUTES = [number for number in range(61, 1400) if number % 60][:EACH]
OWNERS, HOMESERVERS, CUTS = (max(1, round(most * COMMANDS / 2000)) for most in (10, 3, 3))
QUIET_S = 300.0


@dataclass
class LaneOf:
    """One person, their room with the bot, what they asked and what they were answered."""

    person: Person
    room: str
    said: list[int] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    others: list[str] = field(default_factory=list)

    async def say(self, minutes: int) -> None:
        """Until the homeserver has it; the same transaction id makes every repeat the same event."""
        content = {"msgtype": "m.text", "body": f"duty on {minutes} m"}
        tx_id = random_id()
        self.said.append(minutes)

        async def sent() -> bool:
            await self.person._listening.ready(self.room)
            answer = await self.person.client.room_send(self.room, "m.room.message", content, tx_id=tx_id)
            return isinstance(answer, RoomSendResponse)

        async def surely() -> bool:
            try:
                return await sent()
            except Exception:  # noqa: BLE001 — whatever a homeserver that is just being killed does to an app
                return False

        await eventually(surely, within=QUIET_S)

    def read(self) -> None:
        """Sort what came: an answer names its minutes."""
        for heard in self.person.heard.all():
            number = next((word for word in heard.body.split() if word.isdigit()), "")
            if heard.body.startswith("You are on duty") and number:
                self.answers[int(number)] += 1
            else:
                self.others.append(heard.body)
        self.person.heard.clear()

    @property
    def lost(self) -> list[int]:
        return [one for one in self.said if not self.answers[one]]

    @property
    def twice(self) -> list[int]:
        return [one for one, count in self.answers.items() if count > 1]


class Fire(Faults):
    """Takes turns in breaking things."""

    def plan(self) -> list[Callable[[], Awaitable[None]]]:
        """Everything that is to happen, spread over the bursts."""
        owners = [self.owner] * OWNERS
        others = [
            one
            for pair in zip([self.homeserver] * HOMESERVERS, [self.cut] * CUTS, strict=True)
            for one in pair
        ]
        every = max(1, len(owners) // max(1, len(others)))
        mixed: list[Callable[[], Awaitable[None]]] = []
        while owners or others:
            mixed += owners[:every]
            del owners[:every]
            mixed += others[:1]
            del others[:1]
        return mixed


async def _enter(cares: Cares, people: People, pair: Pair) -> list[LaneOf]:
    lanes = []
    for number in range(PEOPLE):
        person = await people.a_person(pair.b)
        lanes.append(LaneOf(person, await cares.enter(person, f"p{number}", Role.RESPONDER)))
    await cares.start()
    for lane in lanes:
        await lane.person.until_joined(lane.room, cares.bot, 120)
    await cares.start()
    return lanes


async def _burst(lane: LaneOf, minutes: list[int]) -> None:
    for one in minutes:
        await lane.say(one)


async def _all_answered(lanes: list[LaneOf]) -> None:
    async def answered() -> bool:
        for lane in lanes:
            lane.read()
        return not any(lane.lost for lane in lanes)

    with suppress(pytest.fail.Exception):  # the table says what is missing
        await eventually(answered, within=QUIET_S)


def _table(lanes: list[LaneOf], fire: Fire) -> Table:
    table = Table("lane", "commands", "answered", "lost", "twice", "other words", title="Commands under fire")
    for number, lane in enumerate(lanes):
        answered = sum(1 for one in lane.said if lane.answers[one])
        row = (len(lane.said), answered, len(lane.lost), len(lane.twice), len(lane.others))
        table.add_row(f"p{number}", *map(str, row))
    said, lost, twice = (
        sum(len(one) for one in column)
        for column in zip(*((lane.said, lane.lost, lane.twice) for lane in lanes), strict=True)
    )
    table.caption = f"{said} commands, {lost} lost, {twice} twice; {dict(fire.done)}"
    return table


async def test_each_command_is_answered_exactly_once(
    homeservers: Pair, fresh_database: Callable[[], AbstractAsyncContextManager[str]], tmp_path: Path
) -> None:
    people = People()
    wire = CutWire(homeservers.a.url)
    async with (
        fresh_database() as url,
        wire.running(),
        a_hub(tmp_path / "hub", url, homeservers.a, wire.url) as cares,
    ):
        lanes = await _enter(cares, people, homeservers)
        fire = Fire(cares, wire, homeservers)
        plan = fire.plan()
        bursts = [MINUTES[at : at + BURST] for at in range(0, EACH, BURST)]
        burning = asyncio.create_task(_burn(plan))
        for minutes in bursts:
            await asyncio.gather(*(_burst(lane, minutes) for lane in lanes))
        await burning
        await _all_answered(lanes)
        Console(width=110).print(_table(lanes, fire))
        Console(width=110).print(Counter(words for lane in lanes for words in lane.others).most_common(10))
        await people.close()
    assert fire.done == {"owner killed": OWNERS, "homeserver killed": HOMESERVERS, "wire cut": CUTS}
    assert [lane.lost for lane in lanes if lane.lost] == []
    assert [lane.twice for lane in lanes if lane.twice] == []
    assert [words for lane in lanes for words in lane.others] == []


async def _burn(plan: list[Callable[[], Awaitable[None]]]) -> None:
    for one in plan:
        await one()


if COMMANDS % PEOPLE:
    pytest.exit(f"AYNI_FIRE has to be a multiple of {PEOPLE}", returncode=2)

"""What is sealed to people stays with at least two: who left opens nothing, who is silent is named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import Clock, Desk
from people import a_member
from sqlalchemy import update

from directory.core.effects import TellRoles
from directory.core.viewer import Lane, Viewer
from directory.refusals import BadAnswer, NotYours
from directory.store import members as rows
from directory.store.tables import members
from hub import holding
from hub.chance import chance
from hub.custody import Kind, begin, rings, sheets
from hub.custody.locked import WrongKey, by_sheets
from hub.custody.rings import Begun
from hub.due import CLOCK

NAMES = ("Ana", "Luz", "Rosa")


@dataclass
class Papers:
    """Three sheets, each with a member, and the folder with the lock."""

    desk: Desk
    keys: Path
    begun: Begun
    people: dict[str, str] = field(default_factory=dict)

    async def look(self, *, days: float = 0) -> list[str]:
        """Time passes, the others are heard of, and what is due fires; what administrators are told."""
        self.desk.clock.move(days=days)
        self.desk.recorded.clear()
        async with self.desk.turn(CLOCK) as turn:
            await holding.on_due(self.keys, turn, holding.REF)
        return [str(tell.text) for tell in self.desk.heard(TellRoles)]

    async def heard_of(self, *names: str) -> None:
        async with self.desk.turn() as turn:
            for name in names:
                await turn.tx.execute(
                    update(members).where(members.c.id == self.people[name]).values(last_heard_at=turn.now)
                )

    async def becomes(self, name: str, state: str) -> None:
        async with self.desk.turn() as turn:
            await rows.change(turn.tx, self.people[name], {"state": state})

    def opens(self, one: int, other: int) -> bool:
        locked = rings.lock_of(self.keys)
        assert locked is not None
        try:
            return (
                by_sheets(locked, self.begun.sheets[one - 1], self.begun.sheets[other - 1])
                == self.begun.archive
            )
        except (WrongKey, sheets.SheetTaken):
            return False


@pytest.fixture
async def papers(desk: Desk, tmp_path: Path) -> AsyncIterator[Papers]:
    begun = begin(tmp_path / "keys", chance, Kind.SHEETS)
    assert begun is not None
    papers = Papers(desk, tmp_path / "keys", begun)
    for number, name in enumerate(NAMES, 1):
        papers.people[name] = await a_member(desk, name)
        async with desk.turn() as turn:
            await holding.give(turn, papers.keys, number, name)
    yield papers


async def test_the_sheet_of_somebody_who_left_opens_nothing_within_a_day_and_two_others_do(
    papers: Papers,
) -> None:
    await papers.heard_of(*NAMES)
    assert await papers.look() == []
    assert papers.opens(1, 3)
    await papers.becomes("Rosa", "left")
    (told,) = await papers.look(days=0.25)
    assert "Rosa left or is held back. Their recovery sheet opens nothing any more; two others do." in told
    assert papers.opens(1, 2)
    assert not papers.opens(1, 3)
    assert not papers.opens(2, 3)
    assert await papers.look(days=0.25) == [], "said once"


async def test_who_is_held_back_loses_the_sheet_but_never_the_last_two(papers: Papers, clock: Clock) -> None:
    await papers.heard_of(*NAMES)
    await papers.becomes("Rosa", "frozen")
    await papers.look()
    await papers.becomes("Luz", "frozen")
    told = await papers.look()
    assert any("Luz keeps a recovery sheet, and was not heard of" in text for text in told)
    assert papers.opens(1, 2), "otherwise nobody could ever open the records again"
    clock.move(days=1, hours=-clock.now.hour)
    assert any("Fewer than two who can open the records" in text for text in await papers.look())


async def test_who_is_silent_for_two_weeks_is_named_once_and_keeps_the_sheet(papers: Papers) -> None:
    await papers.heard_of(*NAMES)
    papers.desk.clock.move(days=13)
    await papers.heard_of("Ana", "Luz")
    assert await papers.look() == []
    (told,) = await papers.look(days=1.5)
    assert "Rosa keeps a recovery sheet" in told
    assert "ayni custody rotate" in told
    assert papers.opens(2, 3)
    await papers.heard_of("Rosa")
    assert await papers.look() == []
    papers.desk.clock.move(days=14)
    await papers.heard_of("Ana", "Luz")
    assert len(await papers.look()) == 1, "silent again is said again"


async def test_only_at_the_machine_and_only_for_sheets_and_people_that_are_there(papers: Papers) -> None:
    async with papers.desk.turn() as turn:
        with pytest.raises(BadAnswer):
            await holding.give(turn, papers.keys, 4, "Ana")
        with pytest.raises(BadAnswer):
            await holding.give(turn, papers.keys, 1, "nobody")
        kept = await holding.keepers(turn, papers.keys)
    assert [(each.what, each.name) for each in kept] == [
        ("sheet 1", "Ana"),
        ("sheet 2", "Luz"),
        ("sheet 3", "Rosa"),
    ]
    async with papers.desk.turn(Viewer(Lane.PAGE, papers.people["Ana"])) as turn:
        with pytest.raises(NotYours):
            await holding.give(turn, papers.keys, 1, "Ana")

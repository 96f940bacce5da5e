"""Nobody learns from the time of an answer whether somebody is there: hidden cards, and people in a place.

Measured at the service, where nothing in front of it hides a difference. AYNI_TIMING_PAIRS sets the size.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from people import a_card, a_linked_network, a_member, seen_as, settle
from sqlalchemy import select
from timing import BAR, measured, table

from directory import sharing, vocabularies
from directory.core.audiences import Audience
from directory.core.questions import Question
from directory.core.viewer import Viewer
from directory.refusals import NotYours
from directory.search import find_allies, look
from directory.showing import set_audience
from directory.store.tables import cards

if TYPE_CHECKING:
    from conftest import Desk

PAIRS = int(os.environ.get("AYNI_TIMING_PAIRS", "10000"))
HERE, THERE = "GT-14", "GT-16"
PEOPLE = 50


def asks(desk: Desk, viewer: Viewer, question: Question) -> Callable[[], Awaitable[object]]:
    async def ask() -> object:
        async with desk.turn(viewer) as turn:
            page = await find_allies(turn, question)
        return page.cards, page.next, str(page.advice)

    return ask


def opens(desk: Desk, viewer: Viewer, card: str) -> Callable[[], Awaitable[object]]:
    async def ask() -> object:
        async with desk.turn(viewer) as turn:
            with pytest.raises(NotYours) as refused:
                await look(turn, card)
        return str(refused.value)

    return ask


async def test_whether_somebody_with_a_marked_issue_is_in_a_place_does_not_show_in_time(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    known = vocabularies.known()
    marked = next(issue for issue in known.issues.keys() if known.issues.stigma(issue))  # noqa: SIM118
    for number in range(PEOPLE):
        member = await a_member(desk, f"Member{number}", country="GT", works_in=[HERE], issues=[marked])
        async with desk.turn(await seen_as(desk, member, word=True)) as turn:
            await set_audience(turn, "marked_issues", Audience.NETWORK)
            await set_audience(turn, "subdivision", Audience.NETWORK)
    await settle(desk)
    luz = await a_member(desk, "Luz", country="GT")
    viewer = await seen_as(desk, luz)
    ask = {place: Question(issues=(marked,), regions=(place,)) for place in (HERE, THERE)}
    found = await measured(
        "a marked issue: fifty / nobody in the place",
        asks(desk, viewer, ask[HERE]),
        asks(desk, viewer, ask[THERE]),
        PAIRS,
    )
    with capsys.disabled():
        print("\n" + table([found]))
    assert len({answer[:2] for answer in found.answers}) == 1  # type: ignore[index]
    assert found.auc <= BAR


async def test_a_hidden_card_and_one_that_is_not_there_take_the_same_time(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    kenya = await a_linked_network(desk, "Rafiki")
    async with desk.turn() as turn:
        held = [a_card(1, "Far ally", issues=["torture"], regions=["001"])]
        await sharing.apply_cards(turn, kenya, held, until=desk.clock() + timedelta(days=1))
        hidden = await turn.tx.scalar(select(cards.c.id).where(cards.c.origin == kenya))
    luz = await a_member(desk, "Luz")
    viewer = await seen_as(desk, luz)
    desk.clock.move(days=30)  # past its lease and the days of grace, and not tidied away yet
    found = await measured(
        "a card that is hidden / not there",
        opens(desk, viewer, str(hidden)),
        opens(desk, viewer, "f" * 32),
        PAIRS,
    )
    with capsys.disabled():
        print("\n" + table([found]))
    assert len(found.answers) == 1
    assert found.auc <= BAR

"""Twenty accounts that work together for a day learn next to nothing of a million cards, and are noticed.

They were invited by four people, use every way of asking there is (issue by place by language, no condition,
every page to its end, at every hour of a virtual day), and put together what they see. A member whom somebody
else invited searches forty times and opens sixty cards meanwhile, and meets no limit.
AYNI_PROOF_MEMBERS sets the size.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from directory_million import Made, make
from sqlalchemy import func, select, text

from directory import decoys, search
from directory.core.effects import TellRoles
from directory.core.questions import Question
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.search import ENOUGH, find_allies
from directory.store import decoys as decoy_rows
from directory.store.tables import cards

if TYPE_CHECKING:
    from conftest import Desk

MEMBERS = int(os.environ.get("AYNI_PROOF_MEMBERS", "1000000"))
ACCOUNTS, INVITERS, HOURS, TRIES = 20, 4, 24, 12
MOST_SHARE = 0.01
CLOCK = Viewer(Lane.CLOCK)


@dataclass
class Gathered:
    """What the twenty know together, and when the coordinators were first called."""

    people: set[str] = field(default_factory=set)
    pages: int = 0
    first_decoys: int = 0
    called_after: list[float] = field(default_factory=list)


def questions(made: Made, chances: random.Random) -> Iterator[Question]:
    """Everything that can be asked, the narrow and the wide, in no order."""
    while True:
        ask = Question(first=50)
        kind = chances.random()
        if kind < 0.6:
            ask = replace(ask, regions=(chances.choice(made.places),))
        if 0.2 < kind < 0.9:
            ask = replace(ask, issues=(chances.choice(made.issues),))
        if chances.random() < 0.3:
            ask = replace(ask, languages=(chances.choice(made.languages),))
        yield ask


async def _accounts(desk: Desk) -> list[str]:
    """Accounts 0 to 19 by four inviters, and one honest member by a fifth; all among the home members."""
    async with desk.turn() as turn:
        wanted = "select id from members where kind = 'person' order by id limit :n"
        found = list((await turn.tx.execute(text(wanted), {"n": ACCOUNTS + INVITERS + 2})).scalars())
        inviters, accounts = found[: INVITERS + 1], found[INVITERS + 1 :]
        rows = [
            {
                "id": f"code{place}",
                "digest": bytes([place]),
                "inviter": inviters[place % INVITERS],
                "member": one,
            }
            for place, one in enumerate(accounts)
        ]
        rows[-1]["inviter"] = inviters[INVITERS]
        await turn.tx.execute(
            text(
                "insert into join_codes (id, digest, spoken, inviter, member, used_at, expires_at)"
                " values (:id, :digest, :digest, :inviter, :member, :now, :now)"
            ),
            [{**row, "now": turn.now} for row in rows],
        )
    return accounts


def _as(member: str) -> Viewer:
    return Viewer(Lane.PAGE, member, frozenset({Role.MEMBER}))


async def _gather(desk: Desk, member: str, asked: Iterator[Question], found: Gathered) -> None:
    """One account in one hour: questions to the end of their pages, until nothing more is shown."""
    for _, question in zip(range(TRIES), asked, strict=False):
        after: str | None = None
        while True:
            before = len(desk.heard(TellRoles))
            began = desk.clock()
            async with desk.turn(_as(member)) as turn:
                page = await find_allies(turn, replace(question, after=after))
            found.pages += 1
            found.people |= {card.id for card in page.cards if card.kind == "person"}
            if len(desk.heard(TellRoles)) > before:
                found.called_after.append((desk.clock() - began).total_seconds())
            if page.advice is ENOUGH:
                return
            if page.next is None:
                break
            after = page.next


async def _honest(desk: Desk, member: str, made: Made, hour: int, seen: list[str]) -> None:
    """Forty searches of a page and sixty opened cards, between seven and eleven at night."""
    if not 7 <= hour < 23:
        return
    for number in range(3 if hour % 2 else 2):
        issue = made.issues[(hour * 3 + number) % 20]
        async with desk.turn(_as(member)) as turn:
            page = await find_allies(turn, Question(issues=(issue,), regions=("001",), first=12))
        assert page.advice is None and len(page.cards) == 12
        seen += [card.id for card in page.cards if card.kind == "person"]
        desk.clock.move(minutes=4)
    for card in seen[-4:]:
        async with desk.turn(_as(member)) as turn:
            assert (await search.look(turn, card)).id == card


async def _sow(desk: Desk) -> int:
    """Days of tidying, until there are as many decoys as there should be."""
    before = -1
    while True:
        async with desk.turn(CLOCK) as turn:
            await decoys.tend(turn)
            _, here = await decoy_rows.among_people(turn.tx)
        if here == before:
            return here
        before = here


@pytest.mark.timeout(1800)
async def test_twenty_who_work_together_see_next_to_nothing_and_are_noticed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    made = await make(desk.database, desk.home, members=MEMBERS, now=desk.clock())
    sown = await _sow(desk)
    *accounts, honest = await _accounts(desk)
    async with desk.turn() as turn:
        people = await turn.tx.scalar(select(func.count()).where(cards.c.kind == "person")) or 0
    found, honest_saw = Gathered(), list[str]()
    asked = questions(made, random.Random(5))
    start = desk.clock().replace(hour=0)
    for hour in range(HOURS):
        desk.clock.now = start + timedelta(hours=hour, minutes=5)
        await _honest(desk, honest, made, hour, honest_saw)
        for account in accounts[:ACCOUNTS]:
            await _gather(desk, account, asked, found)
    rung = [render(tell.text, "en") for tell in desk.heard(TellRoles) if tell.wakes]
    share = len(found.people) / people
    with capsys.disabled():
        print(f"\ncards of people: {people:,}; decoys among them: {sown}")
        print(
            f"20 accounts, 24 hours, {found.pages} pages: {len(found.people):,} people, {share:.2%} of them"
        )
        print(f"coordinators called by decoys: {len(rung)} times, the first within a second of the page")
        print(f"the honest member: {len(honest_saw)} cards of people on 40 pages, 60 opened, no limit met")
    assert len(found.people) <= MOST_SHARE * max(people, 0.8 * 1_000_000)  # a smaller run shows as many
    assert rung and max(found.called_after) <= 60
    name = await _name(desk, honest)
    assert not any(f"{name} was" in text for text in rung)


async def _name(desk: Desk, member: str) -> str:
    async with desk.turn() as turn:
        return str(await turn.tx.scalar(text("select handle from members where id = :id"), {"id": member}))

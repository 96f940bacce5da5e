"""Finding allies, over the real statement on a real database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from conftest import Desk
from people import a_card, a_linked_network, a_member, an_organisation, seen_as, settle
from sqlalchemy import ClauseElement, Executable, Select, text
from sqlalchemy.ext.compiler import compiles

from directory import sharing, vocabularies
from directory.core.questions import Asker, Question, plan
from directory.core.walking import stretches
from directory.languages import render
from directory.search import AllyPage, find_allies, look
from directory.store import search as store
from directory.store.commonness import counts
from directory.store.search import conditions, statement, values
from directory.store.tables import cards


async def asks(desk: Desk, member: str, question: Question) -> AllyPage:
    async with desk.turn(await seen_as(desk, member)) as turn:
        return await find_allies(turn, question)


def titles(page: AllyPage) -> list[str]:
    return [card.title for card in page.cards]


async def four_organisations(desk: Desk) -> None:
    await an_organisation(desk, "Pueblos", works_in=["GT"], issues=["land-and-territory"], languages=["es"])
    await an_organisation(desk, "Istmo", works_in=["013"], issues=["land-and-territory"], languages=["es"])
    await an_organisation(desk, "Earth", works_in=["001"], issues=["indigenous-peoples"], languages=["en"])
    await an_organisation(desk, "Savane", works_in=["011"], issues=["land-and-territory"], languages=["fr"])


async def test_the_nearest_ally_comes_first_and_each_says_why(desk: Desk) -> None:
    await four_organisations(desk)
    luz = await a_member(desk, "Luz", country="GT", languages=["es"], locale="es")
    question = Question(issues=("land-and-territory", "indigenous-peoples"), regions=("GT",))

    page = await asks(desk, luz, question)

    assert titles(page) == ["Pueblos", "Istmo", "Earth"]
    assert page.next is None and page.advice is None
    assert render(page.cards[0].why, "en") == "Works on Land and territory in Guatemala. Speaks Spanish."
    assert "Guatemala" in render(page.cards[0].why, "ar") or "غواتيمالا" in render(page.cards[0].why, "ar")


async def test_a_wide_place_finds_what_lies_within_it(desk: Desk) -> None:
    await four_organisations(desk)
    luz = await a_member(desk, "Luz")
    page = await asks(desk, luz, Question(issues=("land-and-territory",), regions=("019",)))
    assert set(titles(page)) == {"Pueblos", "Istmo"}


async def test_a_broad_issue_finds_narrower_work_and_not_the_other_way(desk: Desk) -> None:
    issues = vocabularies.known().issues
    every = issues.keys()
    narrow = next(key for key in every if len(issues.ancestors(key)) > 1 and not issues.stigma(key))
    broad = issues.ancestors(narrow)[1]
    await an_organisation(desk, "Narrow", works_in=["001"], issues=[narrow])
    await an_organisation(desk, "Broad", works_in=["001"], issues=[broad])
    luz = await a_member(desk, "Luz")
    assert set(titles(await asks(desk, luz, Question(issues=(broad,))))) == {"Narrow", "Broad"}
    assert titles(await asks(desk, luz, Question(issues=(narrow,)))) == ["Narrow"]


async def test_any_of_the_issues_or_every_one(desk: Desk) -> None:
    await an_organisation(desk, "Both", works_in=["001"], issues=["torture", "impunity"])
    await an_organisation(desk, "One", works_in=["001"], issues=["torture"])
    luz = await a_member(desk, "Luz")
    either = Question(issues=("torture", "impunity"))
    assert set(titles(await asks(desk, luz, either))) == {"Both", "One"}
    every = Question(issues=("torture", "impunity"), every=True)
    assert titles(await asks(desk, luz, every)) == ["Both"]


async def test_pages_follow_each_other_without_gap_or_repeat(desk: Desk) -> None:
    names = [f"Org {number:02}" for number in range(23)]
    for name in names:
        await an_organisation(desk, name, works_in=["KE"], issues=["torture"], confirmed_at=desk.clock())
    luz = await a_member(desk, "Luz")
    seen: list[str] = []
    question: Question | None = Question(issues=("torture",), first=5)
    while question is not None:
        page = await asks(desk, luz, question)
        seen += titles(page)
        question = Question(issues=("torture",), first=5, after=page.next) if page.next else None
    assert sorted(seen) == names


async def test_members_find_each_other_but_not_themselves(desk: Desk) -> None:
    luz = await a_member(desk, "Luz", country="GT", issues=["torture"])
    ana = await a_member(desk, "Ana", country="GT", issues=["torture"])
    await settle(desk)
    assert titles(await asks(desk, luz, Question(issues=("torture",)))) == ["Ana"]
    assert titles(await asks(desk, ana, Question(issues=("torture",)))) == ["Luz"]


async def test_cards_across_a_link_say_whose_they_are_and_grow_unconfirmed_and_vanish(desk: Desk) -> None:
    kenya = await a_linked_network(desk, "Rafiki")
    luz = await a_member(desk, "Luz")
    async with desk.turn() as turn:
        held = [a_card(1, "Far ally", issues=["torture"], regions=["001"])]
        assert await sharing.apply_cards(turn, kenya, held, until=desk.clock() + timedelta(days=1)) == 1
    question = Question(issues=("torture",))

    (card,) = (await asks(desk, luz, question)).cards
    assert (card.network_name, card.home, card.unconfirmed) == ("Rafiki", False, False)
    desk.clock.move(days=2)
    (card,) = (await asks(desk, luz, question)).cards
    assert card.unconfirmed
    desk.clock.move(days=3)
    assert (await asks(desk, luz, question)).cards == ()
    async with desk.turn() as turn:
        assert await sharing.drop_expired(turn) == 1


async def test_nothing_found_says_what_to_widen_and_offers_to_ask(desk: Desk) -> None:
    luz = await a_member(desk, "Luz")
    page = await asks(desk, luz, Question(issues=("torture",), regions=("GT",), languages=("es",)))
    assert page.cards == () and page.advice is not None
    assert render(page.advice, "en") == (
        "Nobody was found. Look in a wider place than Guatemala. Leave out one of the conditions. "
        "Or ask the coordinators: they may know somebody."
    )


async def test_a_card_opens_by_its_id(desk: Desk) -> None:
    await four_organisations(desk)
    luz = await a_member(desk, "Luz")
    page = await asks(desk, luz, Question(regions=("GT",), first=1))
    async with desk.turn(await seen_as(desk, luz)) as turn:
        assert (await look(turn, page.cards[0].id)).title == page.cards[0].title


async def test_postgres_answers_from_the_index_on_tags(desk: Desk) -> None:
    known = vocabularies.known()
    places, issues = known.regions.countries(), known.issues.keys()
    rows = [
        {
            "id": f"{number:032x}",
            "origin": desk.home,
            "kind": "organisation",
            "body": {"title": "x" * 600},
            "tags": [f"n:{issues[number % len(issues)]}", f"r:{places[number % len(places)]}", "r:001"],
            "fresh_at": desk.clock(),
        }
        for number in range(4000)
    ]
    wanted = plan(Question(issues=("torture",), regions=("GT",)), Asker(), known)
    async with desk.turn() as turn:
        await turn.tx.execute(cards.insert(), rows)
        await turn.tx.execute(text("ANALYZE cards"))
        where = tuple(stretches(wanted, await counts(turn.tx, turn.now), None))
        given = values(wanted, where, turn.now, turn.now, 91)
        explained = await turn.tx.execute(Explain(statement(len(conditions(wanted)))), given)
        found = json.dumps(explained.scalar_one())
    assert "ix_cards_tags" in found and "uq_cards_number" not in found


async def test_few_answers_and_many_are_found_in_the_same_order(desk: Desk) -> None:
    await four_organisations(desk)
    for number in range(30):
        await an_organisation(
            desk,
            f"Org {number}",
            works_in=[("GT", "013", "001", "KE")[number % 4]],
            issues=["land-and-territory"],
            languages=[("es", "en")[number % 2]],
        )
    known = vocabularies.known()
    question = Question(issues=("land-and-territory",), regions=("GT",))
    wanted = plan(question, Asker(country="GT", languages=("es",)), known)
    async with desk.turn() as turn:
        await turn.tx.execute(text("ANALYZE cards"))
        limits = {"now": turn.now, "leases_from": turn.now, "first": 7}
        pages, after = [], None
        while True:
            both_ways = []
            for rare in (True, False):
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(store, "is_rare", lambda *_, rare=rare: rare)
                    both_ways.append(await store.find(turn.tx, wanted, after=after, **limits))
            assert both_ways[0] == both_ways[1]
            pages.append(len(both_ways[0].hits))
            after = both_ways[0].next
            if after is None:
                break
    assert sum(pages) == 25 and len(pages) == 4


class Explain(Executable, ClauseElement):
    """EXPLAIN of a statement, with its values bound."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(Explain, "postgresql")
def _explain(element: Explain, compiler: Any, **more: Any) -> str:
    return "EXPLAIN (FORMAT JSON) " + compiler.process(element.statement, **more)

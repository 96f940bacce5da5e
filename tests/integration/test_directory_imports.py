"""Listing real public organisations, from the table as it came."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from conftest import Desk
from people import a_member, seen_as, settle
from sqlalchemy import func, select

from directory import imports, joining, members, noted, vocabularies
from directory.core.questions import Question
from directory.core.reading import FindingKind, Reading, read, read_rows
from directory.core.viewer import Role
from directory.imports import ImportReport
from directory.refusals import BadAnswer, NotYours
from directory.search import find_allies
from directory.store import members as member_rows
from directory.store import staging
from directory.store.gathered_tables import import_columns, noted_people
from directory.store.tables import cards, networks, shares
from directory.store.tables import imports as table
from directory.store.tables import members as people
from directory.tidying import tidy

SOURCE = "public list, November 2026"


async def lists(desk: Desk, reading: Reading, *, dry_run: bool = False, partly: bool = False) -> ImportReport:
    rows = (*reading.findings, *reading.people, *reading.rows)
    async with desk.turn() as turn:
        return await imports.import_table(turn, rows, source=SOURCE, dry_run=dry_run, partly=partly)


async def test_the_real_table_is_listed_once_and_twice_changes_nothing(
    desk: Desk, organisations: bytes
) -> None:
    reading = read(organisations, vocabularies.known())
    rehearsed = await lists(desk, reading, dry_run=True)
    async with desk.turn() as turn:
        assert await turn.tx.scalar(select(func.count()).select_from(people)) == 0

    first = await lists(desk, reading)
    desk.clock.move(days=1)
    second = await lists(desk, reading)

    assert replace(rehearsed, dry_run=False) == first
    assert first.added == len(reading.rows) and 45 <= first.added <= 52
    assert (second.added, second.changed, second.unchanged) == (0, 0, first.added)
    async with desk.turn() as turn:
        found = (await turn.tx.execute(select(people.c.kind, people.c.state, people.c.source))).all()
        assert {tuple(row) for row in found} == {("organisation", "listed", SOURCE)}
        assert await turn.tx.scalar(select(func.count()).select_from(table)) == 1


async def test_a_member_finds_them_and_each_says_that_it_is_only_listed(
    desk: Desk, organisations: bytes
) -> None:
    await lists(desk, read(organisations, vocabularies.known()))
    luz = await a_member(desk, "Luz", country="GT", languages=["es"])
    async with desk.turn(await seen_as(desk, luz)) as turn:
        page = await find_allies(turn, Question(issues=("land-and-territory",), regions=("GT",), first=50))
    assert len(page.cards) >= 4
    assert all(card.listed_publicly and card.confirmed_at == desk.clock() for card in page.cards)
    assert "GT" in page.cards[0].regions


async def test_a_change_in_the_table_changes_that_one_organisation(desk: Desk, organisations: bytes) -> None:
    reading = read(organisations, vocabularies.known())
    await lists(desk, reading)
    moved = replace(reading.rows[0], languages=("sw",))
    report = await lists(desk, replace(reading, rows=(moved, *reading.rows[1:])))
    assert (report.added, report.changed) == (0, 1)
    async with desk.turn() as turn:
        found = await turn.tx.execute(select(cards.c.body).where(cards.c.tags.contains(["l:sw"])))
        assert moved.name in {body["title"] for body in found.scalars()}


async def test_what_a_spokesperson_says_is_left_alone(desk: Desk, organisations: bytes) -> None:
    reading = read(organisations, vocabularies.known())
    await lists(desk, reading)
    async with desk.turn() as turn:
        wanted = select(people.c.id).where(people.c.title == reading.rows[0].name)
        organisation = await turn.tx.scalar(wanted)
    assert organisation is not None
    ana = await a_member(desk, "Ana")
    async with desk.turn() as turn:
        await members.take_over(turn, organisation, ana)
    await settle(desk)
    report = await lists(desk, replace(reading, rows=(replace(reading.rows[0], languages=("sw",)),)))
    assert (report.changed, report.unchanged) == (0, 1)
    (left,) = [one for one in report.findings if "speaks for it here" in one.text.message]
    assert left.line == reading.rows[0].line


async def test_members_import_nothing_and_coordinators_do(desk: Desk, organisations: bytes) -> None:
    reading = read(organisations, vocabularies.known())
    luz = await a_member(desk, "Luz")
    ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
    with pytest.raises(NotYours):
        async with desk.turn(await seen_as(desk, luz)) as turn:
            await imports.import_table(turn, reading.rows, source=SOURCE)
    async with desk.turn(await seen_as(desk, ana)) as turn:
        assert (await imports.import_table(turn, reading.rows, source=SOURCE)).added > 0


async def test_nothing_is_read_in_before_somebody_answers_for_a_column_about_people(desk: Desk) -> None:
    table = b"name,country,legal name\nBosque Vivo,Guatemala,Ana Maria Garcia\n"
    asked = await lists(desk, read(table, vocabularies.known()))
    assert (asked.taken, asked.added) == (False, 1)
    async with desk.turn() as turn:
        assert await turn.tx.scalar(select(func.count()).select_from(people)) == 0
        chosen = await imports.columns_of(turn, SOURCE, [("Legal Name", "")])
    answered = await lists(desk, read(table, vocabularies.known(), chosen))
    assert (answered.taken, answered.added) == (True, 1)
    async with desk.turn() as turn:
        assert await imports.columns_of(turn, SOURCE) == {"legal name": ""}
        with pytest.raises(BadAnswer):
            await imports.columns_of(turn, SOURCE, [("x", "phone")])


async def test_a_name_where_a_header_should_be_lies_nowhere_readable(desk: Desk) -> None:
    async with desk.turn() as turn:
        assert await imports.columns_of(turn, SOURCE, [("Ana Maria Garcia", "name")]) == {
            "ana maria garcia": "name"
        }
        (row,) = (await turn.tx.execute(select(import_columns))).all()
    assert "garcia" not in repr(row).lower()
    async with desk.turn() as turn:
        assert await imports.columns_of(turn, SOURCE, [("ana maria  garcia", "")]) == {"ana maria garcia": ""}


async def test_two_lines_about_one_organisation_become_one_however_far_apart(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 7)
    filler = "".join(f"Ally number {n * 7919},Kenya,https://ally{n}.example\n" for n in range(40))
    table = f"name,country,website\nBosque Vivo,Guatemala,\n{filler}Bosque  vivo,Guatemala,https://b.org\n"
    rows = read_rows(BytesIO(table.encode()), vocabularies.known())
    async with desk.turn() as turn:
        report = await imports.import_table(turn, rows, source=SOURCE)
    whole = read(table.encode(), vocabularies.known())
    assert report.added == len(whole.rows) == 41
    assert [f for f in report.findings if f.kind is FindingKind.MERGED] == [
        f for f in whole.findings if f.kind is FindingKind.MERGED
    ]
    async with desk.turn() as turn:
        wanted = select(people.c.website).where(people.c.title == "Bosque Vivo")
        assert await turn.tx.scalar(wanted) == "https://b.org"


async def test_what_changed_is_marked_for_linked_networks_and_new_ones_are_given(desk: Desk) -> None:
    async with desk.turn() as turn:
        linked = {"id": "elsewhere", "name": "Tejido", "home": False, "shares": ["organisation"]}
        await turn.tx.execute(networks.insert().values(**linked, since=turn.now))
    reading = read(b"name,country\nBosque Vivo,Guatemala\nRio Libre,Peru\n", vocabularies.known())
    await lists(desk, reading)
    async with desk.turn() as turn:
        await turn.tx.execute(shares.update().values(state="shared"))
    moved = replace(reading.rows[1], languages=("sw",))
    report = await lists(desk, replace(reading, rows=(reading.rows[0], moved)))
    assert report.changed == 1
    async with desk.turn() as turn:
        found = await turn.tx.execute(select(shares.c.state, shares.c.version).order_by(shares.c.state))
        assert [tuple(row) for row in found] == [("dirty", 2), ("shared", 1)]


async def test_a_thousand_imported_people_are_found_by_nobody_and_told_nothing(desk: Desk) -> None:
    header = "name,kind,country,issues,languages\n"
    table = header + "".join(f"ana{n},person,Guatemala,land,Spanish\n" for n in range(1000))
    reading = read(table.encode(), vocabularies.known(), people=True)
    report = await lists(desk, reading)
    again = await lists(desk, reading)
    assert (report.noted, again.noted) == (1000, 0)
    assert desk.recorded == []
    luz = await a_member(desk, "Luz", country="GT", languages=["es"])
    async with desk.turn(await seen_as(desk, luz)) as turn:
        page = await find_allies(turn, Question(regions=("GT",), first=50))
        assert [card.title for card in page.cards] in ([], ["Luz"])
        with pytest.raises(NotYours):
            await noted.waiting(turn)
    async with desk.turn() as turn:
        counted = await turn.tx.scalar(select(func.count()).select_from(people))
        rows = (await turn.tx.execute(select(noted_people.c.guarded))).scalars().all()
        assert counted == 1 and len(rows) == 1000 and not any(b"ana" in row for row in rows)
        assert len(await noted.waiting(turn)) == 50


async def test_a_noted_person_says_yes_by_coming_in_and_is_noted_no_more(desk: Desk) -> None:
    table = b"name,country,languages\nnube,Guatemala,Spanish\n"
    await lists(desk, read(table, vocabularies.known(), people=True))
    async with desk.turn() as turn:
        (one,) = await noted.waiting(turn)
        code = await noted.invite(turn, one.id)
    async with desk.turn() as turn:
        entered = await joining.redeem(turn, code.typed)
    assert entered is not None
    async with desk.turn() as turn:
        row = await member_rows.load(turn.tx, entered.member)
        assert row is not None
        assert (row.state, row.handle, row.country, row.languages) == ("joining", "nube", "GT", ("es",))
        assert await noted.waiting(turn) == ()
        assert await turn.tx.scalar(select(func.count()).select_from(cards)) == 0


async def test_whoever_is_noted_and_does_not_answer_is_erased_after_sixty_days(desk: Desk) -> None:
    await lists(desk, read(b"name\nnube\n", vocabularies.known(), people=True))
    desk.clock.move(days=59)
    async with desk.turn() as turn:
        await tidy(turn)
        assert len(await noted.waiting(turn)) == 1
    desk.clock.move(days=2)
    async with desk.turn() as turn:
        await tidy(turn)
        assert await noted.waiting(turn) == ()


async def test_a_table_of_people_lists_nobody_and_one_of_organisations_beside_it_does(desk: Desk) -> None:
    of_people = "first name,last name,phone,country\n" + "".join(
        f"Ana{number},García,+502 5555 {number:04},Guatemala\n" for number in range(1000)
    )
    reading = read(of_people.encode(), vocabularies.known())
    report = await lists(desk, reading)
    async with desk.turn() as turn:
        assert await turn.tx.scalar(select(func.count()).select_from(people)) == 0
        assert await turn.tx.scalar(select(func.count()).select_from(cards)) == 0
    assert report.added == 0 and desk.recorded == []
    plain = read(b"name,country\nBosque Vivo,Guatemala\n", vocabularies.known())
    assert (await lists(desk, plain)).added == 1


async def test_whatever_letters_stand_in_a_row_arrive_as_they_are(desk: Desk) -> None:
    odd = ['back\\slash "quoted" {a,b}', "tab\tnew\nline\r", "\\N", "NULL", "", "plain"]
    row = reading_of(odd[0]).rows[0]
    async with desk.turn() as turn:
        await staging.begin(turn.tx)
        kept = replace(row, name=odd[1], acronym=odd[2], works_in=tuple(odd), issues=(), website=None)
        await staging.keep(turn.tx, [(kept, "m", "c")], [(odd[0], kept.line)])
        found, by_name = await staging.sharing(turn.tx, [odd[0]])
    assert (by_name, found) == ({odd[0]: [kept.line]}, {kept.line: kept})


def reading_of(name: str) -> Reading:
    quoted = name.replace('"', '""')
    return read(f'name\n"{quoted}"\n'.encode(), vocabularies.known())

"""Workbooks and JSON lines as they come, and as somebody hostile makes them."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from directory.core.reading import FindingKind, Reading, read, sheets
from directory.core.reading.cells import LONGEST_CELL
from directory.core.reading.jsonlines import LONGEST_OBJECT
from directory.core.text import in_english
from directory.vocabulary import load

WORDS = load()


def workbook(*rows: tuple[Any, ...], others: int = 0) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for number in range(others):
        book.create_sheet(f"More {number}")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, **changed: bytes) -> bytes:
    """The same workbook with some parts replaced, named by how they end."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            other = next((body for end, body in changed.items() if name.endswith(f"{end}.xml")), None)
            new.writestr(name, old.read(name) if other is None else other)
    return out.getvalue()


def refusals(reading: Reading) -> list[str]:
    return [in_english(one.text) for one in reading.findings if one.kind is FindingKind.REFUSED]


def test_a_workbook_is_read_by_row_and_column_as_a_person_sees_it() -> None:
    data = workbook(
        ("List of allies",), (), ("Name", "Pays", "Issues", "Year"),
        ("Bosque Vivo", "Guatemala", "land and territory", 1998.0), ("", "Kenya", None, None), others=1,
    )  # fmt: skip
    reading = read(data, WORDS)
    (row,) = reading.rows
    assert (row.name, row.country, row.line) == ("Bosque Vivo", "GT", 4)
    assert [one.line for one in reading.findings if one.kind is FindingKind.REFUSED] == [5]
    assert (reading.encoding, reading.delimiter) == ("xlsx", "")
    assert any("Only the sheet" in in_english(one.text) for one in reading.findings)


def test_a_row_whose_last_cells_are_empty_is_an_ordinary_row() -> None:
    rows = (("List",), ("Name", "Country", "Website"), ("Bosque Vivo", "Guatemala", None), ("Selva", "Peru"))
    reading = read(workbook(*rows), WORDS)
    assert [row.name for row in reading.rows] == ["Bosque Vivo", "Selva"]
    assert not [one for one in reading.findings if one.line > 2]
    csv = read(b"Name,Country,Website\nSelva,Peru\n", WORDS)
    assert any("2 fields" in in_english(one.text) for one in csv.findings), "in CSV something is missing"


def test_formulas_are_not_run_and_a_ten_megabyte_cell_is_cut() -> None:
    data = workbook(("name", "country"), ("=HYPERLINK(1)", "Kenya"), ("A" * 32_000, "Peru"))
    long = b"<c t='inlineStr' r='A3'><is><t>" + b"B" * 10_000_000 + b"</t></is></c>"
    sheet = zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")
    start = sheet.index(b'<row r="3"')
    end = sheet.index(b"</row>", start)
    reading = read(repacked(data, sheet1=sheet[:start] + b'<row r="3">' + long + sheet[end:]), WORDS)
    assert all(len(row.name) <= LONGEST_CELL for row in reading.rows)
    assert any("longer than 200" in one for one in refusals(reading))
    assert not any("HYPERLINK" in row.name for row in reading.rows)


@pytest.mark.parametrize("size", ["MOST_UNPACKED", "MOST_WORDS"])
def test_what_unpacks_too_large_is_refused_before_it_is_unpacked(
    size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = repacked(workbook(("name",), ("A",)), styles=b" " * 3_000_000)
    assert len(bomb) < 20_000
    monkeypatch.setattr(sheets, size, 2_000_000)
    monkeypatch.setattr(sheets, "_opened", lambda _stream: pytest.fail("it was opened"))
    (refused,) = [one for one in refusals(read(bomb, WORDS)) if "far too large" in one]
    assert "CSV" in refused


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and nothing more",
        workbook(("name",), ("A",))[:-200],
        repacked(workbook(("name",), ("A",)), sheet1=b"<worksheet><sheetData><row r='x'>"),
        repacked(workbook(("name",), ("A",)), workbook=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        repacked(workbook(("name",), ("A",)), sheet1=b""),
    ],
)
def test_a_broken_workbook_is_one_sentence_and_no_row(data: bytes) -> None:
    reading = read(data, WORDS)
    assert reading.rows == () and any("cannot be read to its end" in one for one in refusals(reading))


def test_a_sheet_that_lies_about_its_rows_and_columns_ends() -> None:
    data = workbook(("name", "country"), ("Bosque Vivo", "Guatemala"))
    sheet = zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")
    far = b'<row r="999999999999"><c r="ZZZ999999999999" t="str"><v>x</v></c></row></sheetData>'
    lying = sheet.replace(b"</sheetData>", far).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    (row,) = read(repacked(data, sheet1=lying), WORDS).rows
    assert row.name == "Bosque Vivo"


def test_json_lines_name_their_columns_and_lists_have_several_values() -> None:
    said = [
        {"name": "Bosque Vivo", "country": "Guatemala", "issues": ["torture", "land and territory"]},
        {"name": "Río; Libre", "works in": ["Kenya", "Peru"], "country": None, "since": 1990, "x": {"y": 1}},
    ]
    reading = read("\n".join(json.dumps(one) for one in said).encode(), WORDS)
    one, two = reading.rows
    assert (one.country, set(one.issues)) == ("GT", {"torture", "land-and-territory"})
    assert (two.name, set(two.works_in), two.line) == ("Río; Libre", {"KE", "PE"}, 2)
    assert [column.field for column in reading.columns[:2]] == ["name", "country"]


@pytest.mark.parametrize(
    "line", ["[1, 2]", "not json", '{"name": ', '{"a":' * 5_000, '{"name": "' + "x" * LONGEST_OBJECT + '"}']
)
def test_a_line_that_is_no_object_is_refused_by_its_number(line: str) -> None:
    reading = read(f'{{"name": "Bosque Vivo"}}\n{line}\n'.encode(), WORDS)
    assert [row.name for row in reading.rows] == ["Bosque Vivo"]
    assert [one.line for one in reading.findings if one.kind is FindingKind.REFUSED] == [2]


def test_a_key_that_first_comes_late_is_said_and_not_read() -> None:
    lines = ['{"name": "A1"}'] * 600 + ['{"name": "Bosque Vivo", "country": "Kenya"}']
    reading = read("\n".join(lines).encode(), WORDS)
    assert reading.rows[-1].country is None
    assert any("first named here" in in_english(one.text) and one.line == 601 for one in reading.findings)

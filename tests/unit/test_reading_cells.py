"""Cells that are unknown, hidden, dangerous or about people: said with line, column and reason."""

import pytest

from directory.core.reading import FindingKind, read
from directory.core.reading.cells import clean, is_formula
from directory.core.reading.websites import website
from directory.core.text import in_english
from directory.vocabulary import load

WORDS = load()
HEADER = "name,acronym,country,works in,issues,languages,offers,website\n"


def read_line(line, header=HEADER):
    reading = read((header + line + "\n").encode(), WORDS)
    return (reading.rows[0] if reading.rows else None), reading.findings


def told(findings, column):
    return [(finding.kind, in_english(finding.text)) for finding in findings if finding.column == column]


@pytest.mark.parametrize(
    ("line", "column", "suggestion"),
    [
        ("A,,Guatemmala,,,,,", "country", "GT"),
        ("A,,Kenya,Qwertyland,,,,", "works in", None),
        ("A,,Kenya,,tortur,,,", "issues", "torture"),
        ("A,,Kenya,,stamp collecting,,,", "issues", None),
        ("A,,Kenya,,,Frensh,,", "languages", "fr"),
        ("A,,Kenya,,,,emergency grnts,", "offers", "emergency-grants"),
    ],
)
def test_unknown_values_are_left_out_and_said_with_a_suggestion(line, column, suggestion):
    _, findings = read_line(line)
    said = [finding for finding in findings if finding.column == column and finding.value]
    (finding,) = said
    assert finding.kind is FindingKind.NOT_PLACED and finding.line == 2
    near = [label.key for label in dict(finding.text.params).get("near", ())]
    assert (suggestion in near) if suggestion else not near


def test_known_values_beside_unknown_ones_are_kept():
    row, _ = read_line(
        "A,,Kenya,Kenya; Qwertyland; Uganda,torture; stamp collecting,English; Klingonese,visits,"
    )
    assert (row.works_in, row.issues, row.languages) == (("KE", "UG"), ("torture",), ("en",))


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("Kenya; Uganda", ("KE", "UG")),
        ('"Kenya, Uganda and Rwanda"', ("KE", "UG", "RW")),
        ('"Tanzania, United Republic of; Kenya"', ("TZ", "KE")),
        ('"Kenya\nUganda"', ("KE", "UG")),
        ("Kenya / Uganda", ("KE", "UG")),
        ("Kenya | Uganda", ("KE", "UG")),
        ("Bosnia and Herzegovina", ("BA",)),
        ("Trinidad & Tobago", ("TT",)),
        ("كينيا؛ أوغندا", ("KE", "UG")),
        ("México y Guatemala", ("MX", "GT")),
        ("Kenya; Kenya; KE", ("KE",)),
        ("Middle East; North Africa", ("145", "IR", "015")),
        ("Africa; Kenya", ("002",)),
    ],
)
def test_lists_are_parted_however_they_are_written(cell, meant):
    row, _ = read_line(f"A,,,{cell},,,,")
    assert row.works_in == meant


@pytest.mark.parametrize(
    ("cell", "kept"), [("Africa", None), ("Congo", None), ("Scotland", "GB"), ("Suisse", "CH")]
)
def test_a_country_is_one_country(cell, kept):
    row, findings = read_line(f"A,,{cell},World,,,,")
    assert row.country == kept
    assert told(findings, "country")[0][0] is (FindingKind.UNDERSTOOD if kept else FindingKind.NOT_PLACED)


def test_without_a_place_of_work_its_own_country_is_taken_and_said():
    row, findings = read_line("A,,Kenya,,torture,English,visits,")
    assert row.works_in == ("KE",)
    assert told(findings, "works in")[0][0] is FindingKind.UNDERSTOOD


@pytest.mark.parametrize(
    "formula", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3+cmd", '=HYPERLINK(""x"")']
)
def test_formulas_are_kept_as_text_and_said(formula):
    row, findings = read_line(f'"{formula}",,Kenya,,,,,')
    assert row.name[0] == formula[0]
    assert any(kind is FindingKind.QUESTIONED and "formula" in text for kind, text in told(findings, "name"))


@pytest.mark.parametrize("plain", ["A = B", "- a list item", "Group+", "-12", "3 = three", "e@mail"])
def test_what_no_spreadsheet_would_run_is_no_formula(plain):
    assert not is_formula(plain)


@pytest.mark.parametrize("hidden", ["\x00", "\u202e", "\u2066", "\u200f", "\ufeff", "\x07", "\u200b", "\x9f"])
def test_hidden_characters_are_taken_out_and_said(hidden):
    row, findings = read_line(f"Good{hidden} Group,,Kenya,,,,,")
    assert row.name == "Good Group"
    assert told(findings, "name")[0][0] is FindingKind.IGNORED


def test_letters_of_persian_and_accents_survive_cleaning():
    assert clean("می\u200cخواهم") == ("می\u200cخواهم", False)
    assert clean("Me\u0301xico\u00a0 DF") == ("México DF", False)


@pytest.mark.parametrize(
    "header",
    ["Phone", "e-mail", "Correo electrónico", "Téléphone", "passport number", "Date of birth", "Home address",
     "Apellidos", "first name", "رقم الهاتف", "legal name", "gender"],
)  # fmt: skip
def test_columns_about_people_are_questioned_and_nothing_of_them_is_kept(header):
    reading = read(f"name,{header}\nA Group,SECRET-Maria-123456789\n".encode(), WORDS)
    (asked,) = [finding for finding in reading.findings if finding.kind is FindingKind.ASKED]
    assert asked.column == header and asked.value == ""
    assert "SECRET" not in repr(reading)


def test_an_unknown_column_full_of_contact_details_is_questioned_too():
    lines = "".join(f"Group {n},someone{n}@example.org\n" for n in range(5))
    reading = read(f"name,notes\n{lines}".encode(), WORDS)
    assert [f.column for f in reading.findings if f.kind is FindingKind.ASKED] == ["notes"]
    assert "example.org" not in repr(reading)
    harmless = read(b"name,notes\nA Group,founded 1990\n", WORDS)
    assert [f for f in harmless.findings if f.kind is FindingKind.ASKED] == []


@pytest.mark.parametrize(
    "line",
    [
        "maria@example.org,,,,,,,",
        "+502 5555 1234,,,,,,,",
        ",,Kenya,,,,,",
        "?!,,Kenya,,,,,",
        f"{'x' * 300},,,,,,,",
    ],
)
def test_a_line_without_a_usable_name_is_refused_and_its_content_is_not_repeated(line):
    row, findings = read_line(line)
    assert row is None
    refused = [finding for finding in findings if finding.kind is FindingKind.REFUSED]
    assert len(refused) == 1 and refused[0].line == 2 and refused[0].value == ""


def test_people_are_refused_and_organisations_beside_them_are_taken():
    reading = read("name,type\nMaría,Person\nLópez,persona\nA Group,NGO\n".encode(), WORDS)
    assert [row.name for row in reading.rows] == ["A Group"]
    assert [f.line for f in reading.findings if f.kind is FindingKind.REFUSED] == [2, 3]
    assert "María" not in repr(reading) and "López" not in repr(reading)


def test_a_contact_detail_in_a_list_is_not_repeated_in_the_report():
    row, findings = read_line("A,,Kenya,Kenya,torture; call +254 700 123 456,English,visits,me@x.org")
    assert row.issues == ("torture",) and row.website is None
    assert "700" not in repr(findings) and "me@x" not in repr(findings)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("https://www.Example.org/", "https://www.example.org"),
        ("example.org", "https://example.org"),
        ("http://example.org/en?x=1#y", "http://example.org/en"),
        ("https://пример.рф", "https://пример.рф"),
        ("https://a.org https://b.org", "https://a.org"),
        ("javascript:alert(1)", None),
        ("ftp://example.org", None),
        ("https://user:pw@example.org", None),
        ("http://[::1", None),
        ("none yet", None),
        ("", None),
    ],
)
def test_web_addresses_are_made_equal_and_others_left_out(cell, kept):
    assert website(cell) == kept

"""Files as they come: encodings, delimiters, headers in four languages, and damage."""

import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.core.reading import Finding, FindingKind, OrganisationRow, read, read_rows
from directory.core.text import in_english
from directory.vocabulary import load

WORDS = load()
HEADER = "name,country,works in,issues,languages,offers,website\n"
CEREZO = "Comité Cerezo México,México,México,tortura,Español,visitas,https://comitecerezo.org\n"


def kinds(reading, kind):
    return [finding for finding in reading.findings if finding.kind is kind]


def only_row(reading):
    (row,) = reading.rows
    return row


@pytest.mark.parametrize(
    ("codec", "sure"),
    [
        ("utf-8", True),
        ("utf-8-sig", True),
        ("utf-16", True),
        ("utf-16-le", False),
        ("utf-16-be", False),
        ("cp1252", False),
        ("latin-1", False),
    ],
)
def test_every_usual_encoding_is_read_and_a_guess_is_said(codec, sure):
    reading = read((HEADER + CEREZO).encode(codec), WORDS)
    row = only_row(reading)
    assert (row.name, row.country, row.issues, row.languages) == (
        "Comité Cerezo México",
        "MX",
        ("torture",),
        ("es",),
    )
    assert bool(kinds(reading, FindingKind.QUESTIONED)) is not sure


@pytest.mark.parametrize(
    ("codec", "name", "language"),
    [
        ("cp1251", "Вясна Праваабарончы цэнтр", "русский"),
        ("cp1256", "مركز الخليج لحقوق الإنسان", "العربية"),
        ("koi8_r", "Правозащитный центр Мемориал", "русский"),
    ],
)
def test_old_encodings_of_other_scripts_are_recognised(codec, name, language):
    lines = "".join(f"{name} {n},,World,{language},{language},,\n" for n in range(20))
    reading = read((HEADER + lines).encode(codec), WORDS)
    assert reading.rows[0].name == f"{name} 0"


def test_a_utf8_file_with_some_old_lines_keeps_both():
    data = (HEADER + CEREZO + CEREZO.replace("comitecerezo", "otro").replace("Cerezo", "Otro")).encode()
    reading = read(
        data + "Señal,México,México,tortura,Español,visitas,https://senal.mx\n".encode("cp1252"), WORDS
    )
    assert [row.name for row in reading.rows] == ["Comité Cerezo México", "Comité Otro México", "Señal"]
    assert any(finding.line == 4 for finding in kinds(reading, FindingKind.QUESTIONED))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_is_found(delimiter, end):
    text = (HEADER + CEREZO).replace(",", delimiter).replace("\n", end)
    reading = read(text.encode(), WORDS)
    assert reading.delimiter == delimiter and only_row(reading).website == "https://comitecerezo.org"


def test_commas_part_columns_even_where_cells_are_full_of_semicolons(organisations):
    assert read(organisations, WORDS).delimiter == ","


def test_a_hint_for_spreadsheets_is_followed_and_not_read_as_a_row():
    reading = read(b"sep=;\nname;country\nA Group;Kenya\n", WORDS)
    assert reading.delimiter == ";" and only_row(reading).country == "KE"


@pytest.mark.parametrize(
    "header",
    [
        "Name,Country,Works_in,ISSUES,Languages,Offers,Website",
        "Nom de l'organisation,Pays,Zones d’intervention,Thématiques,Langues,Types d'aide,Site web",
        "Organización,País,Regiones,Temas,Idiomas,Apoyos,Página web",
        "اسم المنظمة,البلد,مناطق العمل,القضايا,اللغات,الخدمات,الموقع",
    ],
)
def test_headers_are_understood_in_four_languages(header):
    reading = read(f"{header}\n{CEREZO}".encode(), WORDS)
    assert only_row(reading).offers == ("visits",)
    assert not kinds(reading, FindingKind.NOT_PLACED) + kinds(reading, FindingKind.IGNORED)


def test_a_title_above_the_header_is_ignored_with_its_line():
    reading = read(f"Our allies,,,\n\nupdated 2026,,,\n{HEADER}{CEREZO}".encode(), WORDS)
    assert only_row(reading).line == 5
    assert [finding.line for finding in kinds(reading, FindingKind.IGNORED)] == [1, 3]


def test_missing_doubled_and_strange_columns_are_named():
    reading = read(b"name,Country,pays,mascot\nA Group,Kenya,Uganda,owl\n", WORDS)
    assert only_row(reading).country == "KE"
    assert [f.column for f in kinds(reading, FindingKind.IGNORED)] == ["pays", "mascot"]
    assert len(kinds(reading, FindingKind.NOT_PLACED)) == 5, "works in, issues, languages, offers, website"


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"a,b\n1,2\n", b"\x00" * 100, b"\xff\xfe", b"country,website\nKenya,x\n"]
)
def test_a_file_without_a_column_of_names_is_refused_in_a_sentence(data):
    reading = read(data, WORDS)
    assert reading.rows == ()
    assert len(kinds(reading, FindingKind.REFUSED)) == 1


def test_blank_lines_are_ignored_and_counted_as_one():
    reading = read((HEADER + CEREZO + "\n,,,,,,\n\n").encode(), WORDS)
    (blank,) = kinds(reading, FindingKind.IGNORED)
    assert blank.line == 3 and in_english(blank.text) == "3 empty lines."


def test_a_cell_of_ten_million_letters_is_cut_and_said():
    long = (
        HEADER
        + f'"{"x" * 10_000_000}",Kenya,,,,,\n'
        + f'A Group,Kenya,"{"torture;" * 1_000_000}",,,,\n'
        + CEREZO
    )
    tracemalloc.start()
    reading = read(long.encode(), WORDS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.name for row in reading.rows] == ["A Group", "Comité Cerezo México"]
    assert [finding.line for finding in kinds(reading, FindingKind.REFUSED)] == [2]
    assert any("too long" in in_english(finding.text) for finding in reading.findings)
    assert all(len(finding.value) <= 80 for finding in reading.findings)
    assert peak < 150 * 2**20


def test_a_quote_that_never_ends_costs_its_own_line_only():
    data = HEADER + '"The K Group,Kenya,,,,,\n' + CEREZO + 'B Group,Uganda,"two\nlines",,,,\n'
    reading = read(data.encode(), WORDS)
    assert [row.name for row in reading.rows] == ["The K Group", "Comité Cerezo México", "B Group"]
    assert [finding.line for finding in kinds(reading, FindingKind.QUESTIONED)] == [2]


def test_a_quote_within_a_cell_is_a_letter_like_any_other():
    reading = read((HEADER + 'The "K Group,Kenya,,,,,\n' + CEREZO).encode(), WORDS)
    assert [row.name for row in reading.rows] == ['The "K Group', "Comité Cerezo México"]


def test_cells_over_several_lines_are_one_cell():
    data = HEADER + '"Two\nLines",Kenya,"Kenya\nUganda",torture,,,\n'
    row = only_row(read(data.encode(), WORDS))
    assert row.name == "Two Lines" and row.works_in == ("KE", "UG") and row.line == 2


def test_lines_with_too_few_or_too_many_cells_are_taken_and_questioned():
    reading = read((HEADER + "Short,Kenya\n" + CEREZO.replace("\n", ",more,and more\n")).encode(), WORDS)
    assert len(reading.rows) == 2
    assert [finding.line for finding in kinds(reading, FindingKind.QUESTIONED)] == [2, 3]


def test_rows_stream_in_memory_that_does_not_grow():
    def peak(rows: int) -> int:
        body = "".join(
            f"Group {n},Kenya,World,torture; land,English,visits,https://g{n}.org\n" for n in range(rows)
        )
        stream = BytesIO((HEADER + body).encode())
        del body
        tracemalloc.start()
        count = sum(isinstance(found, OrganisationRow) for found in read_rows(stream, WORDS))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == rows
        return top

    peak(100)
    assert peak(3_000) < peak(1_000) + 2**20


@settings(deadline=None)
@given(st.binary(max_size=2_000))
def test_no_bytes_break_the_reader(data):
    for found in read_rows(BytesIO(data), WORDS):
        assert isinstance(found, OrganisationRow | Finding)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), max_size=9), max_size=6))
def test_no_cells_break_the_reader_and_none_comes_out_unseen(cells):
    body = "\n".join(",".join(row) for row in cells)
    reading = read((HEADER + body).encode("utf-8", "surrogatepass"), WORDS)
    for row in reading.rows:
        assert row.name and row.key and not set(row.name) & set("\x00\u202e\u2066\n")
        assert all(WORDS.issues.term(issue) for issue in row.issues)
        assert all(WORDS.regions.region(place) for place in row.works_in)

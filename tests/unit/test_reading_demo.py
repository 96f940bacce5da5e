"""The 52 real rows: what is understood, merged, questioned, and why."""

import pytest

from directory.core.reading import FindingKind, read
from directory.core.text import in_english
from directory.languages import render
from directory.vocabulary import load

WORDS = load()


@pytest.fixture(scope="module")
def reading(organisations):
    return read(organisations, WORDS)


def by_name(reading, name):
    return next(row for row in reading.rows if row.name == name)


def test_fifty_two_lines_are_fifty_one_organisations(reading):
    assert len(reading.rows) == 51
    assert (reading.encoding, reading.delimiter) == ("utf-8", ",")
    assert [column.field for column in reading.columns] == [
        "name",
        "acronym",
        "country",
        "works_in",
        "issues",
        "languages",
        "offers",
        "website",
    ]


def test_nothing_of_it_is_unknown_or_refused(reading):
    kinds = {finding.kind for finding in reading.findings}
    assert FindingKind.REFUSED not in kinds
    unplaced = [finding for finding in reading.findings if finding.kind is FindingKind.NOT_PLACED]
    assert [(finding.line, finding.column) for finding in unplaced] == [
        (5, "country"),
        (22, "country"),
        (42, "country"),
    ]
    assert all(
        row.works_in and row.issues and row.languages and row.offers and row.website for row in reading.rows
    )


def test_the_last_line_is_merged_into_defenddefenders_and_says_why(reading):
    row = by_name(reading, "East and Horn of Africa Human Rights Defenders Project")
    assert row.also_lines == (53,)
    assert row.country == "UG" and set(row.works_in) >= {"BI", "KE", "SD", "UG"} and "014" not in row.works_in
    (why,) = [finding for finding in reading.findings if finding.kind is FindingKind.MERGED]
    assert why.line == 53 and why.value == "Defend Defenders"
    assert "line 3" in in_english(why.text) and "website and name" in in_english(why.text)


@pytest.mark.parametrize(
    ("name", "field", "meant"),
    [
        ("Front Line Defenders", "works_in", ("001",)),
        ("Peace Brigades International", "country", "BE"),
        ("World Organisation Against Torture", "country", "CH"),
        ("Avocats Sans Frontières", "country", "BE"),
        ("Tanzania Human Rights Defenders Coalition", "country", "TZ"),
        ("Access Now", "country", None),
        ("Protection International", "languages", ("en", "es", "fr", "pt")),
        ("Reporters sans frontières", "languages", ("fr", "en", "es", "ar", "zh", "ru")),
        ("Suara Rakyat Malaysia", "languages", ("ms", "en", "zh")),
        ("KontraS", "issues", ("enforced-disappearance", "torture", "impunity", "papua")),
        ("Fondo de Acción Urgente de América Latina y el Caribe", "works_in", ("419",)),
        ("Viasna Human Rights Centre", "acronym", "Вясна"),
        ("ILGA World", "key", "web:ilga.org"),
        (
            "Unidad de Protección a Defensoras y Defensores de Derechos Humanos de Guatemala",
            "languages",
            ("es", "quc"),
        ),
    ],
)
def test_messy_cells_are_understood(reading, name, field, meant):
    assert getattr(by_name(reading, name), field) == meant


def test_what_was_read_as_something_else_is_said_once_for_each_value(reading):
    said = [(f.column, f.value) for f in reading.findings if f.kind is FindingKind.UNDERSTOOD]
    assert len(said) == len(set(said))
    assert {("works in", "World"), ("country", "Suisse"), ("country", "BE"), ("languages", "中文")} <= set(
        said
    )


def test_the_report_speaks_the_readers_language(reading):
    world = next(finding for finding in reading.findings if finding.value == "World")
    assert "The whole world" in render(world.text, "en")
    assert "Todo el mundo" in render(world.text, "es")


def test_reading_twice_gives_the_same_keys_and_no_two_rows_share_one(organisations, reading):
    again = read(organisations, WORDS)
    assert again == reading
    assert len({row.key for row in reading.rows}) == len(reading.rows)

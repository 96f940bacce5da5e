"""Lines about one organisation become one; organisations that only look alike stay two."""

import pytest

from directory.core.reading import FindingKind, read
from directory.vocabulary import load

WORDS = load()
HEADER = "name,acronym,country,works in,issues,languages,offers,website\n"


def read_lines(*lines):
    return read((HEADER + "\n".join(lines)).encode(), WORDS)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("DefendDefenders,,Uganda,,,,,https://a.org", "Defend Defenders,,Uganda,,,,,http://www.a.org/en"),
        ("Long Name of a Group,DefDef!!,Uganda,,,,,", "Defdef,,Uganda,,,,,"),
        ("Comité Cerezo México,,Mexico,,,,,", "comite cerezo mexico,,,,,,,"),
        ("The Centre for Rights,,Kenya,,,,,https://c.org", "Centre for Rights,,Kenya,,,,,"),
        ("Avocats Sans Frontières,ASF,Belgium,,,,,asf.be", "ASF,,Belgium,,,,,asf.be"),
        (
            "Human Rights Centre Viasna,,Belarus,,,,,spring96.org",
            "Human Rights Center Viasna,,Belarus,,,,,spring96.org",
        ),
    ],
)
def test_the_same_organisation_is_merged_with_a_reason(one, two):
    reading = read_lines(one, two)
    (row,) = reading.rows
    assert row.also_lines == (3,)
    (merged,) = [finding for finding in reading.findings if finding.kind is FindingKind.MERGED]
    assert merged.line == 3


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Human Rights Centre,,Kenya,,,,,", "Human Rights Centre,,Uganda,,,,,"),
        ("Amnesty Kenya,,Kenya,,,,,https://amnesty.org", "Amnesty Ghana,,Ghana,,,,,https://amnesty.org"),
        ("Alpha Group,AG,Kenya,,,,,https://alpha.org", "Another Gathering,AG,Kenya,,,,,https://another.org"),
        ("Group One,,Kenya,,,,,https://facebook.com/one", "Group Two,,Kenya,,,,,https://facebook.com/two"),
        ("Land Rights Now,,Kenya,,,,,https://lrn.org", "Land Rights Now,,Kenya,,,,,https://other.org"),
    ],
)
def test_organisations_that_only_look_alike_stay_two_with_two_keys(one, two):
    reading = read_lines(one, two)
    assert len({row.key for row in reading.rows}) == 2
    assert not [finding for finding in reading.findings if finding.kind is FindingKind.MERGED]


def test_a_name_or_a_website_that_is_shared_is_questioned():
    reading = read_lines("Amnesty Kenya,,Kenya,,,,,amnesty.org", "Amnesty Ghana,,Ghana,,,,,amnesty.org")
    assert [f.line for f in reading.findings if f.kind is FindingKind.QUESTIONED] == [3]
    reading = read_lines("Justice Watch Kenya,,Kenya,,,,,a.org", "Justice Watch Kenia,,Kenya,,,,,b.org")
    assert [f.line for f in reading.findings if f.kind is FindingKind.QUESTIONED] == [3]


def test_a_merged_row_keeps_the_first_lines_words_and_fills_its_gaps():
    reading = read_lines(
        "Defend Defenders,,,Kenya; Uganda,torture,English,visits,https://a.org",
        "DefendDefenders,DD,Uganda,East Africa; Sudan,land,French,training,https://a.org",
        "Defend Defenders,,,Nepal,land,,,a.org",
    )
    (row,) = reading.rows
    assert (row.name, row.acronym, row.country) == ("Defend Defenders", "DD", "UG")
    assert row.works_in == ("KE", "UG", "SD", "NP"), "East Africa only sums up Kenya and Uganda"
    assert row.issues == ("torture", "land-and-territory")
    assert (row.languages, row.offers, row.also_lines) == (("en", "fr"), ("visits", "training"), (3, 4))


def test_keys_do_not_change_with_order_of_lines_or_spelling_of_the_address():
    one, two = "A Group,,Kenya,,,,,https://www.a.org/about", "B Group,,Kenya,,,,,"
    forward, backward = read_lines(one, two), read_lines(two, one.replace("https://www.a.org/about", "A.ORG"))
    assert (
        {row.key for row in forward.rows}
        == {row.key for row in backward.rows}
        == {"web:a.org", "name:bgroup:KE"}
    )

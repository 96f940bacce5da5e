"""People are counted by country, broad issue and language, and by their tie to the network."""

from directory.core.reach import OTHER, UNSAID, Fact, Tie, tables
from directory.vocabulary import load

WORDS = load()


def row(table, key):
    return table.cells[table.rows.index(key)]


def test_each_person_is_counted_once_by_country_and_in_every_issue_and_language_they_listed():
    facts = [
        Fact(Tie.HERE, "GT-14", ("land-and-territory", "water"), ("es", "quc")),
        Fact(Tie.HERE, "GT", ("trans-rights",), ("es",)),
        Fact(Tie.CONTACTED, "KE", (), ("sw",)),
        Fact(Tie.NO_TIE, None, ("torture", "death-penalty"), ()),
    ]
    by_region, by_issue, by_language = tables(facts, WORDS)
    assert by_region.people == by_issue.people == (2, 1, 1)
    assert by_region.whole and not by_issue.whole
    assert row(by_region, "GT") == (2, 0, 0) and row(by_region, UNSAID) == (0, 0, 1)
    assert row(by_issue, "land-and-environment") == (1, 0, 0), "two narrower issues, one person"
    assert row(by_issue, "lgbti-rights") == (1, 0, 0) and row(by_issue, "life-and-liberty") == (0, 0, 1)
    assert row(by_issue, UNSAID) == (0, 1, 0)
    assert row(by_language, "es") == (2, 0, 0) and row(by_language, "sw") == (0, 1, 0)


def test_every_broad_issue_has_a_row_even_with_nobody_in_it_so_that_a_row_says_nothing():
    _, by_issue, by_language = tables([], WORDS)
    assert "lgbti-rights" in by_issue.rows and len(by_issue.rows) > 10
    assert by_language.rows == () and by_issue.listed and not by_language.listed


def test_unknown_keys_count_as_unsaid_and_wider_places_stand_for_themselves():
    by_region, by_issue, _ = tables([Fact(Tie.HERE, "ZZ", ("nothing",)), Fact(Tie.HERE, "014")], WORDS)
    assert row(by_region, UNSAID) == (1, 0, 0) and row(by_region, "014") == (1, 0, 0)
    assert row(by_issue, UNSAID) == (2, 0, 0)
    assert OTHER not in by_region.rows

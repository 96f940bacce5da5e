"""Issues and offers: one tree each, four languages, stigma marks that a network can add to but not lose."""

import csv
import re
from io import StringIO

import pytest

from directory.vocabulary import Term, WrongTerm, load
from directory.vocabulary.terms import read_terms

WORDS = load()
ISSUES, OFFERS = WORDS.issues, WORDS.offers
NEVER_SHOWN = re.compile(r"\b(operation|action|agent|target|cell)s?\b", re.IGNORECASE)


def test_the_issue_tree_is_large_enough_and_speaks_four_languages():
    assert len(ISSUES.keys()) >= 80
    for trees in (ISSUES, OFFERS):
        keys = trees.keys()
        for key in keys:
            labels = [trees.label(key, locale) for locale in ("en", "fr", "es", "ar")]
            assert all(labels) and re.search("[\u0600-\u06ff]", labels[3])
            assert len(labels[0]) <= 60 and not NEVER_SHOWN.search(labels[0])


def test_every_term_hangs_in_the_tree_and_cites_paragraphs_that_exist():
    for trees in (ISSUES, OFFERS):
        keys = trees.keys()
        for key in keys:
            line = trees.ancestors(key)
            assert line[0] == key and len(line) <= 3
            assert key in trees.within(line[-1])
            assert all(1 <= paragraph <= 118 for paragraph in trees.term(key).report)


def test_every_issue_and_offer_of_the_demo_file_is_understood(organisations):
    for row in csv.DictReader(StringIO(organisations.decode())):
        assert all(ISSUES.resolve(issue) for issue in row["issues"].split(";"))
        assert all(OFFERS.resolve(offer) for offer in row["offers"].split(";"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Land and Territory", "land-and-territory"),
        ("tierra y territorio", "land-and-territory"),
        ("LGBTQI+", "lgbti-rights"),
        ("droits des femmes", "womens-rights"),
        ("حرية التعبير", "freedom-of-expression"),
        ("EHRD", "environment"),
        ("Papua", "papua"),
        ("freedom-of-assembly", "freedom-of-assembly"),
    ],
)
def test_issues_are_understood_in_any_language(written, meant):
    assert ISSUES.resolve(written) == (meant,)


def test_unknown_issues_are_left_open_and_misspelt_ones_get_a_suggestion():
    assert ISSUES.resolve("stamp collecting") == ()
    assert ISSUES.suggest("tortur")[0] == "torture"
    assert OFFERS.suggest("emergency grnats")[0] == "emergency-grants"
    assert ISSUES.suggest("zzzz") == ()


@pytest.mark.parametrize(
    "marked", ["lgbti-rights", "trans-rights", "abortion", "sex-work", "hiv", "drug-policy", "no such issue"]
)
def test_stigmatised_issues_are_marked_and_what_is_unknown_counts_as_marked(marked):
    assert ISSUES.stigma(marked)


@pytest.mark.parametrize(
    "plain", ["land-and-territory", "torture", "womens-rights", "maternal-health", "gender"]
)
def test_other_issues_are_not_marked(plain):
    assert not ISSUES.stigma(plain)


def test_everything_narrower_than_a_marked_issue_is_marked_unless_said_otherwise():
    keys = ISSUES.keys()
    marked = {key for key in keys if ISSUES.stigma(key)}
    below = {key for key in keys if not marked.isdisjoint(ISSUES.ancestors(key))}
    assert below - marked == {"maternal-health"}


def test_a_network_adds_its_own_terms_below_shared_ones():
    own = Term(
        "own-quilombola", "people-of-african-descent", {"en": "Quilombola communities"}, ("quilombos",)
    )
    hidden = Term("own-house-of-mothers", "trans-rights", {"en": "House of mothers"})
    issues = ISSUES.extended([own, hidden])
    assert issues.resolve("Quilombos") == ("own-quilombola",)
    assert issues.ancestors("own-quilombola") == ("own-quilombola", "people-of-african-descent", "equality")
    assert issues.shared("own-quilombola") == "people-of-african-descent"
    assert issues.stigma("own-house-of-mothers") and not issues.stigma("own-quilombola")
    assert ISSUES.resolve("quilombos") == ()


@pytest.mark.parametrize(
    "wrong",
    [
        Term("quilombola", "equality", {"en": "Quilombola"}),
        Term("own-orphan", None, {"en": "Orphan"}),
        Term("own-lost", "nowhere", {"en": "Lost"}),
        Term("own-torture", "equality", {"en": "Torture"}),
    ],
)
def test_an_own_term_without_place_or_with_a_taken_name_is_refused(wrong):
    with pytest.raises(WrongTerm):
        ISSUES.extended([wrong])


def test_a_file_with_a_loop_is_refused(tmp_path):
    table = '[{0}]\nparent = "{1}"\nen = "{0}"\nfr = "{0}"\nes = "{0}"\nar = "{0}"\n'
    (tmp_path / "loop.toml").write_text(table.format("a", "b") + table.format("b", "a"))
    with pytest.raises(WrongTerm):
        read_terms(tmp_path / "loop.toml")

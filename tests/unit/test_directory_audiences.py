"""Who sees what, over directories by chance: filters and withdrawals only ever take away."""

from __future__ import annotations

from dataclasses import replace

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import vocabularies
from directory.core.audiences import DEFAULTS, Audience, Setting, admits, admits_network, setting_of, widens
from directory.core.cards import Body, Entry, home_body, shared_body, tags
from directory.core.questions import Asker, Question, plan
from directory.core.ranking import classes
from directory.core.relations import Relation

KNOWN = vocabularies.known()
NETWORKS = ("net1", "net2")
ISSUES = ("land-and-territory", "torture", "impunity", "trans-rights", "journalists")
PLACES = ("GT", "GT-14", "MX", "013", "001", "KE")
OFFERS, LANGUAGES = ("legal-aid", "hosting", "safe-houses"), ("es", "en", "sw")
RELATIONS = st.frozensets(st.sampled_from(list(Relation)))
SETTINGS = st.builds(
    Setting, st.sampled_from(list(Audience)), st.frozensets(st.sampled_from(NETWORKS)), st.just(True)
)


def some(keys: tuple[str, ...], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(keys), max_size=most, unique=True).map(tuple)


PLAIN = tuple(issue for issue in ISSUES if not KNOWN.issues.stigma(issue))
MARKED = tuple(issue for issue in ISSUES if KNOWN.issues.stigma(issue))
ENTRIES = st.builds(
    Entry,
    id=st.uuids().map(lambda one: one.hex),
    kind=st.sampled_from(["person", "person", "organisation", "community"]),
    state=st.sampled_from(["active", "active", "listed", "frozen", "waiting", "left"]),
    title=st.just("Somebody"),
    country=st.sampled_from(["GT", "MX", None]),
    works_in=some(PLACES),
    issues=some(PLAIN),
    marked_issues=some(MARKED or ("trans-rights",)),
    languages=some(LANGUAGES),
    offers=some(OFFERS),
    audiences=st.dictionaries(st.sampled_from(list(DEFAULTS)), SETTINGS, max_size=4),
)
DIRECTORIES = st.lists(ENTRIES, max_size=12, unique_by=lambda entry: entry.id)
QUESTIONS = st.builds(
    Question,
    issues=some(ISSUES),
    regions=some(PLACES, 2),
    languages=some(LANGUAGES, 2),
    offers=some(OFFERS, 2),
    kinds=some(("person", "organisation", "community"), 2),
    every=st.booleans(),
)


def bodies(directory: list[Entry], network: str = "", yes: frozenset[str] = frozenset()) -> list[Body]:
    """The cards that can be found: at home, or held by a linked network."""
    if not network:
        found = [home_body(entry, entry.id, KNOWN) for entry in directory]
    else:
        kinds = frozenset({"person", "organisation", "community"})
        found = [
            shared_body(entry, entry.id, network, KNOWN, said_yes=entry.id in yes, shares=kinds)
            for entry in directory
        ]
    return [body for body in found if body is not None]


def found(cards: list[Body], question: Question) -> set[str]:
    """What a search over these cards finds, as store/search.py and the index do."""
    wanted = plan(question, Asker(), KNOWN)
    if wanted.never:
        return set()
    shown = set()
    for body in cards:
        carried = set(tags(body, KNOWN))
        placed = any(
            all(carried & each for each in one.each_of) and not carried & one.none_of
            for one in classes(wanted)
        )
        if placed and all(carried & each for each in wanted.all_of):
            shown.add(str(body["id"]))
    return shown


@settings(max_examples=examples(20), deadline=None)
@given(DIRECTORIES, QUESTIONS, st.data())
def test_adding_a_filter_never_shows_more(
    directory: list[Entry], question: Question, data: st.DataObject
) -> None:
    cards = bodies(directory)
    before = found(cards, question)
    name = data.draw(st.sampled_from(["languages", "offers", "kinds", "regions", "issues"]))
    added = data.draw({"languages": some(LANGUAGES), "offers": some(OFFERS), "regions": some(PLACES)}.get(
        name, some(ISSUES if name == "issues" else ("person", "community"))
    ))  # fmt: skip
    if getattr(question, name) and not (name == "issues" and question.every):
        return  # within a kind it is “any of these”: more words find more
    stricter = replace(question, **{name: (*getattr(question, name), *added)})
    assert found(cards, stricter) <= before


@settings(max_examples=examples(20), deadline=None)
@given(DIRECTORIES, QUESTIONS, st.frozensets(st.integers(0, 11)), st.integers(0, 11))
def test_taking_back_a_yes_never_shows_more(
    directory: list[Entry], question: Question, willing: frozenset[int], taken: int
) -> None:
    yes = frozenset(entry.id for place, entry in enumerate(directory) if place in willing)
    fewer = yes - {entry.id for place, entry in enumerate(directory) if place == taken}
    for network in NETWORKS:
        before, after = bodies(directory, network, yes), bodies(directory, network, fewer)
        assert found(after, question) <= found(before, question)
        held = {str(body["id"]) for body in after}
        people = {entry.id for entry in directory if not entry.is_public}
        assert held & people <= fewer  # nothing of a person is anywhere without their own yes


@settings(max_examples=examples(20), deadline=None)
@given(DIRECTORIES, QUESTIONS, st.sampled_from(list(DEFAULTS)), SETTINGS)
def test_narrowing_a_field_never_shows_more(
    directory: list[Entry], question: Question, field: str, setting: Setting
) -> None:
    narrowed = [
        replace(entry, audiences={**entry.audiences, field: setting})
        if not widens(setting_of(field, entry.audiences), setting)
        else entry
        for entry in directory
    ]
    assert found(bodies(narrowed), question) <= found(bodies(directory), question)
    everybody = frozenset(entry.id for entry in directory)
    for network in NETWORKS:
        after, before = bodies(narrowed, network, everybody), bodies(directory, network, everybody)
        assert found(after, question) <= found(before, question)


@given(SETTINGS, SETTINGS, RELATIONS, st.sampled_from(NETWORKS), st.booleans())
def test_what_is_not_called_widening_shows_nobody_more(
    old: Setting, new: Setting, standing: frozenset[Relation], network: str, yes: bool
) -> None:
    if not widens(old, new):
        assert admits(old, standing) or not admits(new, standing)
        assert admits_network(old, network, said_yes=yes) or not admits_network(new, network, said_yes=yes)


@given(st.sampled_from(list(DEFAULTS)), RELATIONS)
def test_an_empty_audience_is_nobody_but_oneself(field: str, standing: frozenset[Relation]) -> None:
    nobody = Setting(Audience.NAMED, frozenset())
    assert admits(nobody, standing) == (Relation.SELF in standing)
    assert not any(admits_network(nobody, network, said_yes=True) for network in NETWORKS)
    assert not admits(setting_of("no such field", {}), standing - {Relation.SELF})


@settings(max_examples=examples(20), deadline=None)
@given(DIRECTORIES, st.sampled_from(["GT-14"]), st.sampled_from(MARKED or ("trans-rights",)))
def test_a_marked_issue_below_a_country_finds_nobody_whoever_is_there(
    directory: list[Entry], place: str, issue: str
) -> None:
    assert found(bodies(directory), Question(issues=(issue,), regions=(place,))) == set()

"""Rules and audiences, as pure functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.core.audiences import (
    DEFAULTS,
    NOBODY,
    Audience,
    Setting,
    admits,
    admits_network,
    setting_of,
    widens,
)
from directory.core.relations import Relation, Ties, relations
from directory.core.rules import RULES, Unguarded, check_coverage, may, verdict
from directory.core.verdicts import Verdict
from directory.core.viewer import Lane, Role, Viewer

SETTINGS = st.builds(Setting, st.sampled_from(Audience), st.frozensets(st.sampled_from("abc")), st.booleans())
STANDINGS = st.frozensets(st.sampled_from(Relation))
MEMBER = frozenset({Relation.ANYONE, Relation.JOINING, Relation.HOME})


def test_a_thing_without_a_rule_stops_the_start_and_names_itself() -> None:
    with pytest.raises(Unguarded, match=r"Card\.shoe_size, page:/nowhere"):
        check_coverage([*RULES, "page:/nowhere", "Card.shoe_size"])
    check_coverage(RULES)


def test_a_thing_without_a_rule_is_nobodys() -> None:
    with pytest.raises(Unguarded):
        verdict("Member.shoe_size", MEMBER)


def test_defaults_are_those_the_guide_promises() -> None:
    network = {field for field, setting in DEFAULTS.items() if setting.audience is Audience.NETWORK}
    assert network == {"handle", "languages", "offers", "country", "works_in", "issues"}
    introduced = {field for field, setting in DEFAULTS.items() if setting.audience is Audience.INTRODUCED}
    assert introduced == {"marked_issues", "subdivision", "city", "text", "organisation"}


@given(STANDINGS.filter(lambda standing: Relation.SELF not in standing))
def test_an_empty_audience_is_nobody(standing: frozenset[Relation]) -> None:
    for empty in (NOBODY, Setting(Audience.NAMED), setting_of("no such field", {})):
        assert not admits(empty, standing)
        assert not admits_network(empty, "a", said_yes=True)


@given(SETTINGS, st.sampled_from("abc"))
def test_nothing_crosses_without_a_yes_by_name(setting: Setting, network: str) -> None:
    assert not admits_network(setting, network, said_yes=False)


def test_a_yes_opens_defaults_and_never_what_was_narrowed() -> None:
    assert admits_network(DEFAULTS["issues"], "a", said_yes=True)
    assert not admits_network(Setting(Audience.NETWORK), "a", said_yes=True)
    assert not admits_network(DEFAULTS["city"], "a", said_yes=True)
    assert admits_network(Setting(Audience.NAMED, frozenset("a")), "a", said_yes=True)
    assert not admits_network(Setting(Audience.NAMED, frozenset("a")), "b", said_yes=True)


@given(SETTINGS, SETTINGS, STANDINGS, st.sampled_from("abc"))
def test_what_does_not_widen_never_shows_more(
    old: Setting, new: Setting, standing: frozenset[Relation], network: str
) -> None:
    if widens(old, new):
        return
    assert admits(old, standing) or not admits(new, standing)
    if admits_network(new, network, said_yes=True):
        assert admits_network(old, network, said_yes=True)


def test_relations_come_from_roles_lanes_and_rows() -> None:
    ana = Viewer(Lane.CHAT, "ana", frozenset({Role.MEMBER, Role.COORDINATOR}))
    assert relations(ana, Ties(owner="ana", inviter=True)) == MEMBER | {
        Relation.COORDINATOR,
        Relation.SELF,
        Relation.INVITER,
    }
    assert relations(Viewer(Lane.PEER, network="n")) == {Relation.ANYONE, Relation.PEER}
    assert relations(Viewer(Lane.CHAT)) == {Relation.ANYONE}


def test_a_stranger_may_nothing_and_a_newcomer_may_not_search() -> None:
    acts = [thing for thing in RULES if thing.startswith("act:")]
    assert [act for act in acts if may(act, Viewer(Lane.CHAT))] == []
    assert not may("act:find", Viewer(Lane.CHAT, "luz"))
    assert may("act:find", Viewer(Lane.CHAT, "luz", frozenset({Role.MEMBER})))


def test_a_hidden_field_is_veiled_not_refused_so_that_it_looks_left_empty() -> None:
    assert verdict("Member.city", MEMBER, DEFAULTS["city"]) is Verdict.VEIL
    assert verdict("Member.city", MEMBER | {Relation.INTRODUCED}, DEFAULTS["city"]) is Verdict.SHOW

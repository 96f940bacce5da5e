"""The rule table against the matrix people reviewed: no rule that stands there changes by accident."""

from __future__ import annotations

from dataclasses import replace

from rule_matrix import kept, line_of, standings

from directory.core.relations import Relation
from hub.api.rule_lines import ALL


def test_no_reviewed_rule_changed() -> None:
    reviewed = kept()
    changed = {thing for thing in reviewed.keys() & ALL.keys() if line_of(ALL[thing]) != reviewed[thing]}
    assert not changed, "review them, then: python tests/rule_matrix.py"
    assert len(reviewed.keys() & ALL.keys()) * len(list(standings())) >= 5_000


def test_the_opposite_of_each_rule_is_noticed() -> None:
    reviewed = kept()
    for thing in reviewed.keys() & ALL.keys():
        rule = ALL[thing]
        flipped = replace(
            rule, to=frozenset() if Relation.ANYONE in rule.to else frozenset({Relation.ANYONE})
        )
        assert line_of(flipped) != reviewed[thing], thing


def test_only_the_machine_and_those_who_hold_it_may_use_a_privilege() -> None:
    columns = [name for name, _ in standings()]
    for act in ("act:give-role", "act:off-board", "act:audit"):
        letters = dict(zip(columns, kept()[act], strict=True))
        may = {name.partition("+")[0] for name, letter in letters.items() if letter == "S"}
        assert may <= {"terminal", "administrator", "reviewer"}, act
    letters = dict(zip(columns, kept()["act:give-role"], strict=True))
    assert letters["administrator"] == "S" and letters["reviewer"] == letters["coordinator"] == "-"

"""The rules of the house, and the reader that answers in Python (DESIGN 4.8).

The table is core/rule_table.py; directory/store/rules_sql.py reads the same table and writes SQL. A thing
without a rule stops the server: every room gives `check_coverage` the names of all its things at start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from directory.core.audiences import NOBODY, Setting
from directory.core.relations import NO_TIES, Relation, Ties, relations
from directory.core.rule_table import RULES
from directory.core.verdicts import Rule, Verdict, judge
from directory.core.viewer import Viewer


class Unguarded(Exception):
    """These have no rule, so the hub does not start. Add each to directory/core/rule_table.py."""


def rule_for(thing: str, rules: Mapping[str, Rule] = RULES) -> Rule:
    """The rule of a thing. Raises Unguarded: what has no rule is nobody's."""
    try:
        return rules[thing]
    except KeyError:
        raise Unguarded(thing) from None


def verdict(thing: str, standing: frozenset[Relation], setting: Setting = NOBODY) -> Verdict:
    """What somebody in these relations gets of a thing; `setting` is the audience of the field it names."""
    return judge(rule_for(thing), standing, setting)


def may(thing: str, viewer: Viewer, ties: Ties = NO_TIES) -> bool:
    """May this viewer see or do the thing at all? For things that no member's audience decides."""
    return verdict(thing, relations(viewer, ties)) is Verdict.SHOW


def check_coverage(things: Iterable[str], rules: Mapping[str, Rule] = RULES) -> None:
    """Stop at start when something can be asked for that no rule speaks of. Raises Unguarded with names."""
    if strays := sorted(set(things) - rules.keys()):
        raise Unguarded(", ".join(strays))

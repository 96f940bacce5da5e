"""Who gets what, cell by cell: every thing of the rule table for every way to stand to it.

`python tests/rule_matrix.py` (with the repository on the path) rewrites tests/proof/rule_matrix.txt: a file
that people review, so that a rule never changes by accident. One line a thing, one letter a standing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from directory.core.audiences import NOBODY
from directory.core.relations import Relation, Ties, relations
from directory.core.verdicts import Rule, Verdict, judge
from directory.core.viewer import Lane, Role, Viewer

FILE = Path(__file__).parent / "proof" / "rule_matrix.txt"
LETTERS = {Verdict.SHOW: "S", Verdict.VEIL: "v", Verdict.REFUSE: "-"}

TIES: Mapping[str, Ties] = {
    "": Ties(),
    "self": Ties(owner="x"),
    "introduced": Ties(introduced=True),
    "spokesperson": Ties(spokesperson=True),
    "inviter": Ties(inviter=True),
    "circle": Ties(circle=True),
    "custodian": Ties(custodian=True),
}


def people() -> Mapping[str, frozenset[Role]]:
    """Members by what they hold: nothing yet (coming in, frozen), member, and member with one role."""
    held = {role.value: frozenset({Role.MEMBER, role}) for role in Role}
    return {"newcomer": frozenset(), **held}


def standings() -> Iterator[tuple[str, frozenset[Relation]]]:
    """(name, relations) of everybody who can ask: machines and strangers, and members with every tie."""
    yield "stranger", relations(Viewer(Lane.CHAT))
    for lane in (Lane.TERMINAL, Lane.TOKEN, Lane.PEER, Lane.CLOCK):
        yield lane.value, relations(Viewer(lane))
    for (name, roles), (tie, ties) in product(people().items(), TIES.items()):
        viewer = Viewer(Lane.PAGE, "x", roles)
        yield f"{name}+{tie}" if tie else name, relations(viewer, ties)


def line_of(rule: Rule) -> str:
    """One letter for each standing, in order."""
    return "".join(LETTERS[judge(rule, standing, NOBODY)] for _, standing in standings())


def matrix(rules: Mapping[str, Rule]) -> dict[str, str]:
    """Thing → its line."""
    return {thing: line_of(rules[thing]) for thing in sorted(rules)}


def kept() -> dict[str, str]:
    """The reviewed matrix."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
    return {line[0]: line[1] for line in pairs}


def write(rules: Mapping[str, Rule]) -> int:
    """Rewrite the file; how many cells it has."""
    names = ", ".join(name for name, _ in standings())
    head = f"# S shown or done, v shown empty, - as if it were not there. Columns: {names}\n"
    body = matrix(rules)
    FILE.write_text(head + "".join(f"{thing} {line}\n" for thing, line in body.items()), encoding="utf-8")
    return sum(map(len, body.values()))


if __name__ == "__main__":
    from hub.api.rule_lines import ALL

    sys.stdout.write(f"{write(ALL)} cells\n")

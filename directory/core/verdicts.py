"""What a rule is: who, in which relation to a thing, may see or do it, and what happens otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from directory.core.audiences import NOBODY, Setting, admits
from directory.core.relations import Relation


class Verdict(StrEnum):
    """SHOW it, VEIL it (null, as if left empty) or REFUSE (as if it were not there)."""

    SHOW = "show"
    VEIL = "veil"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Rule:
    """`to` always may; `audience` names the member's field whose audience decides for everybody else."""

    to: frozenset[Relation]
    audience: str | None = None
    otherwise: Verdict = Verdict.REFUSE


def judge(rule: Rule, standing: frozenset[Relation], setting: Setting = NOBODY) -> Verdict:
    """What a viewer who stands in these relations gets. `setting` is the audience of the field it names."""
    if not rule.to.isdisjoint(standing):
        return Verdict.SHOW
    if rule.audience is not None and admits(setting, standing):
        return Verdict.SHOW
    return rule.otherwise

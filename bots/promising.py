"""Writing down one check-in: whose, until when, who answers, and what they have in common with others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.core.alarms import Severity
from bots.core.checkins import CheckIn, prompt_lead
from bots.desk import Desk
from bots.store import checkins, circles, people
from bots.store.checkins import CheckInRow
from directory import members
from directory.core.effects import DueAt
from directory.store import bindings
from directory.turn import Turn

DUE = "check-in"
OPERATOR, HOMESERVER, REGION = "operator", "homeserver", "region"


@dataclass(frozen=True, slots=True)
class Manner:
    """How silence is to be taken. `high_risk`: never together with others, whatever happens."""

    severity: Severity = Severity.HIGH
    about: str = ""
    high_risk: bool = False


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose sign of life it is, and who answers for them when that is somebody else."""

    member: str
    by: str | None = None


async def make(
    desk: Desk, turn: Turn, whose: Whose, due_at: datetime, manner: Manner, series: str | None = None
) -> CheckInRow:
    """One check-in, with its reminder as a due time."""
    lead = prompt_lead(due_at - turn.now, timedelta(seconds=desk.times.prompt_before_s))
    row = CheckInRow(
        id=turn.ids(),
        member=whose.member,
        state=CheckIn.PLANNED,
        severity=manner.severity,
        prompt_before_s=int(lead.total_seconds()),
        action=None,
        due_at=due_at,
        about=manner.about,
        high_risk=manner.high_risk,
        series=series,
        by=whose.by,
        groups=tuple(digest_of(turn, kind, name) for kind, name in await shared(turn, whose)),
    )
    await checkins.add(turn.tx, turn.guard, row)
    await turn.record(DueAt(DUE, row.id, due_at - timedelta(seconds=row.prompt_before_s)))
    return row


async def shared(turn: Turn, whose: Whose) -> tuple[tuple[str, str], ...]:
    """What could fail for whoever answers together with others: (kind, name), the smallest first."""
    member = whose.by or whose.member
    plan = await circles.plan_of(turn.tx, turn.guard, member)
    person = await people.person(turn.tx, member)
    account = await members.matrix_id_of(turn.tx, turn.guard, member) if await _bound(turn, member) else None
    found = (
        (OPERATOR, plan.fields.get("operator", "").casefold().strip()),
        (HOMESERVER, (account or "").partition(":")[2]),
        (REGION, (person.country if person is not None else "") or ""),
    )
    return tuple((kind, name) for kind, name in found if name)


def digest_of(turn: Turn, kind: str, name: str) -> str:
    """A group as it is kept: the same for the same name, and saying nothing without this hub's key."""
    return turn.guard.digest("silence", f"{kind}:{name}").hex()[:32]


async def _bound(turn: Turn, member: str) -> bool:
    return await bindings.binding_of(turn.tx, member) is not None

"""Rows of the steps of a playbook that runs for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Row, select

from bots.store.tables import actions, playbook_steps
from directory.store.database import Tx
from directory.store.guarded import Guard

KIND = "playbook"
RUNNING, CLOSED = "running", "closed"


class Report(msgspec.Struct, frozen=True):
    """What somebody wrote about a step. `at` in ISO form; `source`: it was given as done, not as a note."""

    who: str
    text: str
    at: str
    source: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: open, taken by `holder`, or done; with what was reported."""

    key: str
    state: str
    holder: str | None
    reports: tuple[Report, ...]
    done_at: datetime | None


async def begin(tx: Tx, action: str, keys: Iterable[str]) -> None:
    """All steps, open."""
    await tx.execute(playbook_steps.insert(), [{"action": action, "key": key} for key in keys])


async def of_action(tx: Tx, guard: Guard, action: str) -> dict[str, StepRow]:
    """The steps of a run, by key."""
    found = select(playbook_steps).where(playbook_steps.c.action == action)
    return {row.key: _step(guard, action, row) for row in await tx.execute(found)}


async def change(tx: Tx, action: str, key: str, **columns: object) -> None:
    """Change columns of one step."""
    one = (playbook_steps.c.action == action) & (playbook_steps.c.key == key)
    await tx.execute(playbook_steps.update().where(one).values(**columns))


async def report(tx: Tx, guard: Guard, action: str, key: str, reports: tuple[Report, ...]) -> None:
    """What was reported about a step, sealed."""
    kept = {"reports": msgspec.to_builtins(reports)}
    sealed = guard.seal_fields("playbook_steps", f"{action} {key}", kept, watch=True)
    await change(tx, action, key, guarded=sealed)


async def running(tx: Tx) -> tuple[str, ...]:
    """The runs that are not closed, the newest first."""
    mine = actions.c.kind == KIND, actions.c.state == RUNNING
    found = await tx.execute(select(actions.c.id).where(*mine).order_by(actions.c.raised_at.desc()).limit(50))
    return tuple(found.scalars())


def _step(guard: Guard, action: str, row: Row[tuple[object, ...]]) -> StepRow:
    kept = guard.open_fields("playbook_steps", f"{action} {row.key}", row.guarded, watch=True)
    reports = msgspec.convert(kept.get("reports", ()), tuple[Report, ...])
    return StepRow(row.key, row.state, row.holder, reports, row.done_at)

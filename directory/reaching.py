"""Whom this network reaches (¶40, ¶64): dated releases of protected tables, and nothing else kept of them.

Two releases close together would show who came or left between them. So a release that shows any number is
followed by another only after ninety days; one that had to hide everything may be followed at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from directory import audit, vocabularies
from directory.core.disclosure import HIDDEN, K, ProtectedTable, Shown, protect_together
from directory.core.labels import Label, Named
from directory.core.reach import OTHER, TIES, UNSAID, Fact, Tie, tables
from directory.core.rules import may
from directory.core.text import Text, say, say_many
from directory.refusals import NotYours
from directory.store import reach as store
from directory.store.reach import Person
from directory.turn import Turn

NEXT_AFTER = timedelta(days=90)
IN_TOUCH_FOR = timedelta(days=180)
KINDS = frozenset({"contacted", "connected", "served"})
AT_ONCE = 1000

_TITLES = {
    "region": say("By country"),
    "issue": say("By issue"),
    "language": say("By language"),
}
_COLUMNS = {
    Tie.HERE: say("Tied to somebody here"),
    Tie.CONTACTED: say("Contacted in the last half year"),
    Tie.NO_TIE: say("No tie"),
}


@dataclass(frozen=True, slots=True)
class ReachRow:
    """A line of a table; None stands for "too few to show". `total` counts people."""

    label: Text
    cells: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class ReachTable:
    """`about` is region, issue or language; one cell of each row for each of `columns`."""

    about: str
    title: Text
    columns: tuple[Text, ...]
    rows: tuple[ReachRow, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """The newest release. `next_at` is the earliest time of the next one."""

    id: str
    made_at: datetime
    next_at: datetime
    sentences: tuple[Text, ...]
    tables: tuple[ReachTable, ...]


async def note(turn: Turn, member: str, kind: str) -> None:
    """A member was "contacted", "connected" or "served" now. Kept is only when it last was so."""
    if kind not in KINDS:
        raise ValueError(kind)
    await store.note(turn.tx, member, kind, turn.now)


async def release(turn: Turn) -> str:
    """Make the next release, or keep to the newest one when it is too early. Returns its id.

    Slow for many members: runs in a niced child. Raises NotYours; HubSealed while records are closed.
    """
    if not may("act:reach", turn.viewer):
        raise NotYours
    newest = await store.newest_release(turn.tx)
    if newest is not None and turn.now < _next_at(newest[1], newest[2]):
        return newest[0]
    facts = await _facts(turn)
    protected = protect_together(tables(facts, vocabularies.known()))
    made = turn.ids()
    await store.add_release(
        turn.tx, made, {"k": K, "tables": [_kept(table) for table in protected]}, turn.now
    )
    await audit.note(turn, "reach-made")
    return made


async def latest(turn: Turn) -> Release | None:
    """The newest release, the same for every reader until the next one. Raises NotYours."""
    if not may("act:read-reach", turn.viewer):
        raise NotYours
    await audit.looked(turn, "read-reach")
    newest = await store.newest_release(turn.tx)
    if newest is None:
        return None
    made, body, at = newest
    found = body["tables"]
    return Release(made, at, _next_at(body, at), _sentences(found), tuple(_table(table) for table in found))


async def _facts(turn: Turn) -> list[Fact]:
    facts: list[Fact] = []
    after = ""
    while some := await store.people(turn.tx, since=turn.now - IN_TOUCH_FOR, after=after, most=AT_ONCE):
        facts += [_fact(turn, person) for person in some]
        after = some[-1].id
    return facts


def _fact(turn: Turn, person: Person) -> Fact:
    kept = turn.guard.open_fields("members", person.id, person.guarded)
    marked = kept.get("marked_issues")
    issues = [*person.issues, *map(str, marked if isinstance(marked, list) else ())]
    tie = Tie.HERE if person.tied else Tie.CONTACTED if person.in_touch else Tie.NO_TIE
    region = person.country or next(iter(person.works_in), None)
    return Fact(tie, region, tuple(issues), tuple(person.languages))


# --- what is kept of a release: protected numbers only ------------------------------------------------------


def _kept(table: ProtectedTable) -> dict[str, Any]:
    lines = zip(table.rows, table.cells, table.row_totals, strict=True)
    return {
        "about": table.about,
        "rows": [
            {"key": key, "cells": [_number(cell) for cell in cells], "total": _number(total)}
            for key, cells, total in lines
        ],
        "people": [_number(cell) for cell in table.people],
        "total": _number(table.total),
    }


def _number(shown: Shown) -> int | None:
    return None if shown is HIDDEN or not isinstance(shown, int) else shown


def _next_at(body: Mapping[str, Any], made_at: datetime) -> datetime:
    shows = any(
        number is not None
        for table in body["tables"]
        for number in (
            table["total"],
            *table["people"],
            *(cell for row in table["rows"] for cell in (row["total"], *row["cells"])),
        )
    )
    return made_at + NEXT_AFTER if shows else made_at


def _sentences(found: list[dict[str, Any]]) -> tuple[Text, ...]:
    total = next((table["total"] for table in found if table["total"] is not None), None)
    if total is None:
        return (say("There are too few people here to show any number."),)
    return (say_many("{count} person is counted.", "{count} people are counted.", total),)


def _table(table: Mapping[str, Any]) -> ReachTable:
    about = str(table["about"])
    rows = tuple(
        ReachRow(_label(about, row["key"]), tuple(row["cells"]), row["total"]) for row in table["rows"]
    )
    return ReachTable(about, _TITLES[about], tuple(_COLUMNS[tie] for tie in TIES), rows)


def _label(about: str, key: str) -> Text:
    if key == UNSAID:
        return say("Did not say")
    if key == OTHER:
        return say("Others")
    known = vocabularies.known()
    trees: Mapping[str, Named] = {
        "region": known.regions,
        "issue": known.issues,
        "language": known.languages,
    }
    return say("{name}", name=Label(trees[about], key))

"""Imports asked for on the page: the file waits here, sealed, while a child reads it and says how far it is.

A trial keeps the file for a day, so that it is sent once; once what it says is kept, the file is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from directory.core.rules import may
from directory.core.text import say
from directory.core.viewer import Lane
from directory.refusals import BadAnswer, NotYours
from directory.store import import_runs as store
from directory.store.import_runs import DONE, FAILED, WAITING, WORKING, RunRow
from directory.turn import Turn

Plain = Mapping[str, object]
MOST_BEGUN = 3
"""How often a table is begun; a machine may be switched off meanwhile."""


@dataclass(frozen=True, slots=True)
class Run:
    """`wish` is what was asked for, `report` what came of it (hub/importing.py knows their fields); `report`
    is None while it is worked on, and after it failed."""

    id: str
    state: str
    progress: str
    wish: Plain
    report: Plain | None
    file: bytes | None = None


async def begin(turn: Turn, file: bytes, wish: Plain) -> str:
    """Put a file in the row of those to be read; the id of the run. Raises NotYours."""
    if not may("act:import", turn.viewer):
        raise NotYours
    id = turn.ids()
    sealed = turn.guard.seal("import_runs", "file", id, file)
    guarded = turn.guard.seal_fields("import_runs", id, {"wish": wish})
    await store.add(turn.tx, RunRow(id, turn.viewer.member, WAITING, "", sealed, guarded, turn.now))
    return id


async def again(turn: Turn, id: str, wish: Plain) -> None:
    """Read the same file once more, or keep it now. Raises NotYours, BadAnswer when the file is gone."""
    row = await _own(turn, id)
    if row.file is None or row.state not in (DONE, FAILED):
        raise BadAnswer(say("This file is no longer here. Please choose it again."), field="file")
    guarded = turn.guard.seal_fields("import_runs", id, {"wish": wish})
    await store.change(turn.tx, id, state=WAITING, progress="", guarded=guarded)


async def look(turn: Turn, id: str) -> Run:
    """How far it is. Raises NotYours for anybody else's."""
    return _opened(turn, await _own(turn, id), whole=False)


async def next_one(turn: Turn) -> Run | None:
    """The next one to work on, with its file; it is worked on from now on. One over which its readers
    died again and again has failed: the others do not wait behind it."""
    _only_the_machine(turn)
    while (row := await store.next_one(turn.tx)) is not None:
        said = turn.guard.open_fields("import_runs", row.id, row.guarded)
        begun = int(str(said.get("begun", 0))) + 1
        state = WORKING if begun <= MOST_BEGUN else FAILED
        guarded = turn.guard.seal_fields("import_runs", row.id, {**said, "begun": begun})
        await store.change(turn.tx, row.id, state=state, progress="", guarded=guarded)
        if state == WORKING:
            return _opened(turn, row, whole=True)
    return None


async def progressed(turn: Turn, id: str, text: str) -> None:
    """A word on how far it is."""
    _only_the_machine(turn)
    await store.change(turn.tx, id, progress=text)


async def ended(turn: Turn, run: Run, report: Plain | None, *, kept: bool) -> None:
    """What came of it; None: it failed. What was kept is not needed here any more."""
    _only_the_machine(turn)
    guarded = turn.guard.seal_fields("import_runs", run.id, {"wish": run.wish, "report": report})
    gone = {"file": None} if kept else {}
    state = FAILED if report is None else DONE
    await store.change(turn.tx, run.id, state=state, progress="", guarded=guarded, **gone)


async def _own(turn: Turn, id: str) -> RunRow:
    row = await store.load(turn.tx, id)
    if row is None or row.asker != turn.viewer.member or not may("act:import", turn.viewer):
        raise NotYours
    return row


def _opened(turn: Turn, row: RunRow, *, whole: bool) -> Run:
    said = turn.guard.open_fields("import_runs", row.id, row.guarded)
    file = turn.guard.open("import_runs", "file", row.id, row.file) if whole and row.file else None
    wish, report = said.get("wish"), said.get("report")
    return Run(
        row.id,
        row.state,
        row.progress,
        wish if isinstance(wish, dict) else {},
        report if isinstance(report, dict) else None,
        file,
    )


def _only_the_machine(turn: Turn) -> None:
    if turn.viewer.lane not in (Lane.CLOCK, Lane.TERMINAL):
        raise NotYours

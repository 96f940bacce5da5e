"""The child that hub/importing.py starts: reads a table on standard input, imports it, and reports."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from directory import import_runs, vocabularies
from directory.core.reading import Column, Finding
from directory.core.reading.headers import ABOUT
from directory.core.reading.reader import table_rows
from directory.core.reading.tables import open_table
from directory.core.text import Text
from directory.core.viewer import Lane, Role, Viewer
from directory.import_runs import Run
from directory.imports import columns_of, import_table
from directory.languages import render
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from directory.vocabulary.fold import fold
from hub import log
from hub.data_folder import settings_of
from hub.embedded.reserve import Reserve
from hub.importing import ColumnRead, Remark, Report, Said, Wish
from hub.node import Node, open_node
from hub.trouble import NoDatabase, Trouble


class KeptForAlarms(Trouble):
    """Of the disk {percent} % are free, and that is kept for alarms. Free some space, then import again."""


TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))


async def work(data: Path, wish: Wish) -> None:
    """The child's side: read standard input, import, report. Raises NoDatabase, and what `open_node` does."""
    check_room(data, wish)
    table = _seekable(sys.stdin.buffer)
    async with _node(data) as node, node.turn(replace(TECHNICIAN, member=wish.by)) as turn:
        report = await imported(turn, table, wish, partial(_tell_progress, wish.locale))
    _tell(report=report)


async def work_on_runs(data: Path) -> None:
    """Read every table that waits on the page (directory/import_runs.py), one after the other."""
    async with _node(data) as node:
        await read_waiting(node.turn, partial(check_room, data))


@asynccontextmanager
async def _node(data: Path) -> AsyncIterator[Node]:
    """Raises NoDatabase whenever the database is away, at the opening too."""
    try:
        node = await open_node(data, part="work")
        try:
            yield node
        finally:
            await node.close()
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None


Begin = Callable[[Viewer], AbstractAsyncContextManager[Turn]]


async def read_waiting(begin: Begin, check: Callable[[Wish], None]) -> None:
    """Read what waits. `check` raises KeptForAlarms when there is no room for it. A table that cannot be read
    for whatever reason has failed, and those behind it are read."""
    while True:
        async with begin(TECHNICIAN) as turn:
            run = await import_runs.next_one(turn)
        if run is None:
            return
        try:
            await _read(begin, run, msgspec.convert(run.wish, type=Wish), check)
        except Exception as why:  # noqa: BLE001 — its asker is told, and the next one is read
            if not isinstance(why, KeptForAlarms):
                log.trouble("a table could not be read", error=type(why).__name__)
            async with begin(TECHNICIAN) as turn:
                await import_runs.ended(turn, run, None, kept=False)


async def _read(begin: Begin, run: Run, wish: Wish, check: Callable[[Wish], None]) -> None:
    """In one transaction with its report: what was kept is never told as lost, nor the other way round."""
    check(wish)

    async def tell(text: Text) -> None:
        async with begin(TECHNICIAN) as turn:
            await import_runs.progressed(turn, run.id, render(text, wish.locale))

    async with begin(replace(TECHNICIAN, member=wish.by)) as turn:
        async with asyncio.TaskGroup() as telling:
            said = partial(_soon, telling, tell)
            report = await imported(turn, BytesIO(run.file or b""), wish, said)
        await import_runs.ended(turn, run, msgspec.to_builtins(report), kept=report.kept)


def check_room(data: Path, wish: Wish) -> None:
    """Is there room for more than alarms? Raises KeptForAlarms."""
    reserve = Reserve(data, size_mib=settings_of(data).disk.reserve_mib)
    if not wish.trial and not (reserve.held and reserve.room_for(urgent=False)):
        raise KeptForAlarms(percent=round(reserve.free_fraction() * 100))


async def imported(
    turn: Turn, table: BinaryIO, wish: Wish, told: Callable[[Text], None] = lambda _text: None
) -> Report:
    """Keep what stands in a table, or say what would be kept, and report it in the wish's language."""
    chosen = await columns_of(turn, wish.source, wish.columns)
    opened = open_table(table, chosen)
    rows = table_rows(opened, vocabularies.known(), people=wish.people)
    done = await import_table(
        turn, rows, source=wish.source, dry_run=wish.trial, partly=wish.partial, told=told
    )
    return Report(
        rows=done.rows,
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
        refused=done.refused,
        kept=done.taken and not wish.trial,
        encoding=opened.encoding.codec,
        delimiter=opened.delimiter,
        remarks=tuple(_remarks(done.findings, wish.locale)),
        takes=done.taken,
        noted=done.noted,
        more=done.more,
        columns=tuple(_column(one, chosen, wish.locale) for one in opened.columns),
    )


def _soon(
    telling: asyncio.TaskGroup, tell: Callable[[Text], Coroutine[None, None, None]], text: Text
) -> None:
    telling.create_task(tell(text))


def _column(column: Column, chosen: Mapping[str, str], locale: str) -> ColumnRead:
    field = column.field if column.field is not None else chosen.get(fold(column.header))
    about = render(ABOUT[column.about], locale) if column.about else ""
    return ColumnRead(column.header, field, about)


def _seekable(stream: BinaryIO) -> BinaryIO:
    """The file itself, or what came through a pipe."""
    return stream if stream.seekable() else BytesIO(stream.read())


def _remarks(findings: Iterable[Finding], locale: str) -> Iterator[Remark]:
    for finding in sorted(findings, key=lambda one: one.line):
        text = render(finding.text, locale)
        yield Remark(finding.line, finding.column, str(finding.kind), finding.value, text)


def _tell_progress(locale: str, text: Text) -> None:
    _tell(progress=render(text, locale))


def _tell(*, progress: str | None = None, report: Report | None = None) -> None:
    said = Said(progress=progress, report=report)
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()

"""The child that hub/importing.py starts: reads a table on standard input, imports it, and reports."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from directory import vocabularies
from directory.core.reading import Finding, FindingKind, Reading, read
from directory.core.text import Text, say
from directory.core.viewer import Lane, Role, Viewer
from directory.imports import import_organisations
from directory.languages import render
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from hub.embedded.reserve import Reserve
from hub.importing import Remark, Report, Said, Wish
from hub.node import open_node, settings_of
from hub.trouble import NoDatabase, Trouble


class KeptForAlarms(Trouble):
    """Of the disk {percent} % are free, and that is kept for alarms. Free some space, then import again."""


TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))


async def work(data: Path, wish: Wish) -> None:
    """The child's side: read standard input, import, report. Raises NoDatabase, and what `open_node` does."""
    table = sys.stdin.buffer.read()
    _tell(progress=say("Reading {kib} KiB", kib=(len(table) + 1023) // 1024), locale=wish.locale)
    reserve = Reserve(data, size_mib=settings_of(data).disk.reserve_mib)
    if not wish.trial and not (reserve.held and reserve.room_for(urgent=False)):
        raise KeptForAlarms(percent=round(reserve.free_fraction() * 100))
    reading = read(table, vocabularies.known())
    _tell(progress=say("Comparing {count} organisations", count=len(reading.rows)), locale=wish.locale)
    try:
        report = await _import(data, reading, wish)
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None
    _tell(report=report)


async def _import(data: Path, reading: Reading, wish: Wish) -> Report:
    node = await open_node(data, part="work")
    try:
        async with node.turn(replace(TECHNICIAN, member=wish.by)) as turn:
            return await imported(turn, reading, wish)
    finally:
        await node.close()


async def imported(turn: Turn, reading: Reading, wish: Wish) -> Report:
    """Keep what was read, or say what would be kept, and report it in the wish's language."""
    refused = sum(finding.kind is FindingKind.REFUSED for finding in reading.findings)
    takes = refused == 0 or wish.partial
    trial = wish.trial or not takes
    done = await import_organisations(turn, reading, source=wish.source, dry_run=trial, partly=True)
    return Report(
        rows=len(reading.rows),
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
        refused=refused,
        kept=not trial,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        remarks=tuple(_remarks(done.findings, wish.locale)),
        takes=takes,
    )


def _remarks(findings: Iterable[Finding], locale: str) -> Iterator[Remark]:
    for finding in sorted(findings, key=lambda one: one.line):
        text = render(finding.text, locale)
        yield Remark(finding.line, finding.column, str(finding.kind), finding.value, text)


def _tell(*, progress: Text | None = None, report: Report | None = None, locale: str = "en") -> None:
    said = Said(progress=None if progress is None else render(progress, locale), report=report)
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()

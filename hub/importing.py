"""Import organisations from a table, in a niced child of its own: reading one takes seconds of CPU.

Whoever starts the child has judged who asks: the child acts as the technician at this machine. It gets the
file's bytes on standard input and answers with JSON lines on standard output: how far it is, then the report.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from directory.core.reading import Finding, FindingKind, Reading, read
from directory.core.text import Text, say
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.store.database import DATABASE_GONE
from hub.jobs import NICENESS
from hub.trouble import NoDatabase, Trouble

MOST = 64 << 20
"""Bytes. A table of every organisation we know of has about 2 MiB; reading takes ten times its size."""

TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))


class TooLarge(Trouble):
    """This file has more than {most} MiB; no table of organisations is that large. Split it into several."""

    exit_code = 2
    needs_person = True


class ImportEnded(Trouble):
    """The import ended early, and nothing of it was kept. {why}"""


class Remark(msgspec.Struct, frozen=True):
    """One finding in the reader's language; see directory/core/reading/findings.py for the fields."""

    line: int
    column: str
    kind: str
    value: str
    text: str


class Report(msgspec.Struct, frozen=True):
    """What came of a table. `kept` is False after a trial, or when `refused` lines stopped it."""

    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int
    kept: bool
    encoding: str
    delimiter: str
    remarks: tuple[Remark, ...]


class _Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line from the child."""

    progress: str | None = None
    report: Report | None = None


class Wish(msgspec.Struct, frozen=True):
    """How to import: `source` is the public name of where the table comes from. A trial writes nothing;
    `partial` takes the lines that can be taken although others are refused."""

    source: str
    trial: bool = False
    partial: bool = False
    locale: str = "en"


async def in_child(data: Path, table: bytes, wish: Wish, *, progress: Callable[[str], None]) -> Report:
    """Import `table` in a child of its own, and wait for its report.

    Raises TooLarge, ImportEnded. When the waiting is cancelled the child ends and nothing is kept.
    """
    if len(table) > MOST:
        raise TooLarge(most=MOST >> 20)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub.work", "import", msgspec.json.encode(wish).decode()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 28,
        env={**os.environ, "AYNI_DATA": str(data)},
        start_new_session=True,  # Ctrl-C reaches only us, and we end it
        preexec_fn=lambda: os.nice(NICENESS) and None,
    )
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_hand_over(child, table))
            errors = group.create_task(_all(child.stderr))
            report = await _listen(child, progress)
        if await child.wait() != 0 or report is None:
            raise ImportEnded(why=_last_line(errors.result()))
        return report
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def _hand_over(child: asyncio.subprocess.Process, table: bytes) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(table)
        await child.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):  # it ended early, and says why on its standard error
        return
    finally:
        child.stdin.close()


async def _all(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None
    return await stream.read()


async def _listen(child: asyncio.subprocess.Process, progress: Callable[[str], None]) -> Report | None:
    assert child.stdout is not None
    report = None
    while line := await child.stdout.readline():
        said = msgspec.json.decode(line, type=_Said)
        if said.progress is not None:
            progress(said.progress)
        report = said.report or report
    return report


def _last_line(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


async def work(data: Path, wish: Wish) -> None:
    """The child's side: read standard input, import, report. Raises NoDatabase, and what `open_node` does."""
    from directory import vocabularies

    table = sys.stdin.buffer.read()
    _tell(progress=say("Reading {kib} KiB", kib=(len(table) + 1023) // 1024), locale=wish.locale)
    reading = read(table, vocabularies.known())
    _tell(progress=say("Comparing {count} organisations", count=len(reading.rows)), locale=wish.locale)
    try:
        report = await _import(data, reading, wish)
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None
    _tell(report=report)


async def _import(data: Path, reading: Reading, wish: Wish) -> Report:
    from directory.imports import import_organisations
    from hub.node import open_node

    refused = sum(finding.kind is FindingKind.REFUSED for finding in reading.findings)
    trial = wish.trial or (refused > 0 and not wish.partial)
    node = await open_node(data, part="work")
    try:
        async with node.turn(TECHNICIAN) as turn:
            done = await import_organisations(turn, reading, source=wish.source, dry_run=trial, partly=True)
    finally:
        await node.close()
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
    )


def _remarks(findings: Iterable[Finding], locale: str) -> Iterator[Remark]:
    for finding in sorted(findings, key=lambda one: one.line):
        text = render(finding.text, locale)
        yield Remark(finding.line, finding.column, str(finding.kind), finding.value, text)


def _tell(*, progress: Text | None = None, report: Report | None = None, locale: str = "en") -> None:
    said = _Said(progress=None if progress is None else render(progress, locale), report=report)
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()

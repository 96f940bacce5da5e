"""Import organisations from a table, in a niced child of its own (hub/importing_work.py): reading takes CPU.

Whoever starts the child has judged who asks: the child acts as the technician at this machine. It gets the
file's bytes on standard input and answers with JSON lines on standard output: how far it is, then the report.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from hub.trouble import Trouble

MOST = 2 << 30
"""Bytes. A table of a million organisations has about 200 MiB; it is read line by line."""

NICENESS = 10


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


class ColumnRead(msgspec.Struct, frozen=True):
    """A column of the table: `field` is what it was read as, None when it is not read, "" when somebody said
    so; `about` says what of people it seems to hold."""

    header: str
    field: str | None
    about: str = ""


class Report(msgspec.Struct, frozen=True):
    """What came of a table. `kept` is False after a trial, or when `refused` lines or a question stopped it.
    `noted` are people who wait for their own yes; `more` remarks were only counted."""

    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int
    kept: bool
    encoding: str
    delimiter: str
    remarks: tuple[Remark, ...]
    takes: bool = True
    """False when refused lines or a question stop all of it, in earnest or in a trial."""
    noted: int = 0
    more: int = 0
    columns: tuple[ColumnRead, ...] = ()


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line from the child."""

    progress: str | None = None
    report: Report | None = None


class Wish(msgspec.Struct, frozen=True):
    """How to import: `source` is the public name of where the table comes from. A trial writes nothing;
    `partial` takes the lines that can be taken although others are refused. `by` is the member who asked,
    None for the technician: the log names them."""

    source: str
    trial: bool = False
    partial: bool = False
    locale: str = "en"
    by: str | None = None
    people: bool = False
    """Note people as well; without a column `kind`, every line is one."""
    columns: tuple[tuple[str, str], ...] = ()
    """(header, field) as somebody says now; kept for this source."""


async def in_child(
    data: Path, table: bytes | BinaryIO, wish: Wish, *, progress: Callable[[str], None]
) -> Report:
    """Import `table`, bytes or an open file, in a child of its own, and wait for its report.

    Raises TooLarge, ImportEnded. When the waiting is cancelled the child ends and nothing is kept.
    """
    size = len(table) if isinstance(table, bytes) else os.fstat(table.fileno()).st_size
    if size > MOST:
        raise TooLarge(most=MOST >> 20)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub.work", "import", msgspec.json.encode(wish).decode()),
        stdin=asyncio.subprocess.PIPE if isinstance(table, bytes) else table,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 28,
        env={**os.environ, "AYNI_DATA": str(data)},
        start_new_session=True,  # Ctrl-C reaches only us, and we end it
        preexec_fn=lambda: os.nice(NICENESS) and None,
    )
    try:
        async with asyncio.TaskGroup() as group:
            if isinstance(table, bytes):
                group.create_task(_hand_over(child, table))
            errors = group.create_task(_all(child.stderr))
            report = await _listen(child, progress)
        if await child.wait() != 0 or report is None:
            ended = ImportEnded(why=_last_line(errors.result()))
            ended.exit_code = child.returncode or 1
            raise ended
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
        said = msgspec.json.decode(line, type=Said)
        if said.progress is not None:
            progress(said.progress)
        report = said.report or report
    return report


def _last_line(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""

"""Import organisations from a table, in a niced child of its own (hub/importing_work.py): reading takes CPU.

Whoever starts the child has judged who asks: the child acts as the technician at this machine. It gets the
file's bytes on standard input and answers with JSON lines on standard output: how far it is, then the report.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from hub.background import working
from hub.trouble import Trouble

MOST = 2 << 30
"""Bytes. A table of a million organisations has about 200 MiB; it is read line by line."""

LONGEST_LINE = 1 << 28
"""Bytes: a report with many remarks is one line."""


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
    arguments = ["import", msgspec.json.encode(wish).decode()]
    with _memory(table) as asked, _memory(b"") as complaints:
        async with _pipe() as (said, out):
            handles = (asked.fileno(), out.fileno(), complaints.fileno())
            async with working(arguments, data, handles) as work:
                out.close()
                report = await _listen(said, progress)
                code = await work.ended()
        if code != 0 or report is None:
            ended = ImportEnded(why=_last_line(complaints))
            ended.exit_code = code or 1
            raise ended
        return report


@contextmanager
def _memory(table: bytes | BinaryIO) -> Iterator[BinaryIO]:
    """An open file as it is; bytes as a file that exists in memory only."""
    if not isinstance(table, bytes):
        yield table
        return
    with os.fdopen(os.memfd_create("ayni"), "w+b") as file:
        file.write(table)
        file.seek(0)
        yield file


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[asyncio.StreamReader, BinaryIO]]:
    """Both ends of a pipe: one to read lines from, one to give away."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as near, os.fdopen(writing, "wb") as far:
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), near
        )
        try:
            yield reader, far
        finally:
            transport.close()


async def _listen(said: asyncio.StreamReader, progress: Callable[[str], None]) -> Report | None:
    report = None
    while line := await said.readline():
        heard = msgspec.json.decode(line, type=Said)
        if heard.progress is not None:
            progress(heard.progress)
        report = heard.report or report
    return report


def _last_line(complaints: BinaryIO) -> str:
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""

"""From a stream of bytes to a table whose columns are known: form, encoding, delimiter, header line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from directory.core.reading.cells import clean
from directory.core.reading.decoding import HEAD, Encoding, Line, find_encoding, lines
from directory.core.reading.findings import Finding, FindingKind, shown
from directory.core.reading.headers import (
    NOTHING_SAID,
    Choices,
    Headers,
    fields_in,
    is_header,
    understand_headers,
)
from directory.core.reading.jsonlines import json_records
from directory.core.reading.records import Record, records, split
from directory.core.reading.rows import Column
from directory.core.reading.sheets import ZIP, sheet_records
from directory.core.text import say

DELIMITERS = (",", ";", "\t", "|")
WORKBOOK = Encoding("xlsx", True)
FIRST_LINES = 12
"""Where the header has to be; a title and a date often stand above it."""


@dataclass(frozen=True, slots=True)
class Table:
    """`headers` is None when no line names the columns; then `columns` has the first line that has several
    cells, so that somebody can say what they are. `records` are those below the header line."""

    encoding: Encoding
    delimiter: str
    headers: Headers | None
    findings: list[Finding]
    records: Iterator[Record | Finding]
    columns: tuple[Column, ...] = ()


def open_table(stream: BinaryIO, chosen: Choices = NOTHING_SAID) -> Table:
    """Finds out how a table is written; `stream` must be seekable and stands at its beginning. `chosen` is
    what somebody said of its columns."""
    start = stream.tell()
    head = stream.read(HEAD)
    stream.seek(start)
    if head.startswith(ZIP):
        return _table(WORKBOOK, "", [], sheet_records(stream), chosen)
    encoding = find_encoding(head)
    findings = [] if encoding.sure else [_guessed(encoding)]
    first = _first_lines(head, encoding)
    if first and first[0].lstrip().startswith(("{", "[")):
        return _table(encoding, "", findings, json_records(lines(stream, encoding.codec)), chosen)
    delimiter = _delimiter(first, chosen)
    rows = records(_without_hint(lines(stream, encoding.codec)), delimiter)
    return _table(encoding, delimiter, findings, rows, chosen)


def _table(
    encoding: Encoding,
    delimiter: str,
    findings: list[Finding],
    rows: Iterator[Record] | Iterator[Record | Finding],
    chosen: Choices,
) -> Table:
    found = _find_headers(rows, chosen)
    columns = found.headers.columns if found.headers else found.columns
    named = found.headers if found.headers and "name" in found.headers.place else None
    return Table(encoding, delimiter, named, [*findings, *found.findings], rows, columns)


def _first_lines(head: bytes, encoding: Encoding) -> list[str]:
    cut = head[: len(head) // 4 * 4] if len(head) == HEAD else head
    found: list[str] = []
    for line in lines(BytesIO(cut), encoding.codec):
        if line.text.strip():
            found.append(line.text[:10_000])
        if len(found) >= FIRST_LINES:
            break
    return found


def _delimiter(first: list[str], chosen: Choices) -> str:
    """What a line "sep=;" says, else what names most columns, else what parts the lines most evenly."""
    hint = first[0].strip().lower() if first else ""
    if hint.startswith("sep=") and len(hint) == 5 and hint[4] in DELIMITERS:
        return hint[4]

    def worth(delimiter: str) -> tuple[int, int]:
        parted = [split(line, delimiter) for line in first]
        widths = [len(cells) for cells in parted]
        even = min(widths, default=0) if min(widths, default=0) > 1 else 0
        return max((fields_in(cells, chosen) for cells in parted), default=0), even

    return max(DELIMITERS, key=worth)


def _without_hint(source: Iterator[Line]) -> Iterator[Line]:
    for line in source:
        hint = line.number == 1 and line.text.strip().lower()[:4] == "sep=" and len(line.text.strip()) <= 5
        yield Line(line.number, "") if hint else line


@dataclass(frozen=True, slots=True)
class _Found:
    """`columns` is filled where no headers are."""

    headers: Headers | None
    findings: list[Finding]
    columns: tuple[Column, ...] = ()


def _find_headers(rows: Iterator[Record] | Iterator[Record | Finding], chosen: Choices) -> _Found:
    """The header line among the first ones; what stands above it is ignored, and said so."""
    above: list[Finding] = []
    seen = 0
    columns: tuple[Column, ...] = ()
    for record in rows:
        if isinstance(record, Finding):
            above.append(record)
            continue
        cells = [clean(cell)[0] for cell in record.cells]
        if is_header(cells, chosen):
            headers, findings = understand_headers(cells, record.line, chosen)
            return _Found(headers, [*above, *findings])
        if any(cells):
            seen += 1
            if not columns and cells[1:]:
                columns = understand_headers(cells, record.line, chosen)[0].columns
            text = say("This stands above the line that names the columns; it is not read.")
            above.append(Finding(record.line, "", FindingKind.IGNORED, shown(" ".join(cells)), text))
        if seen >= FIRST_LINES:
            break
    text = say("No line names the columns. The first line should be like: name, country, works in, issues.")
    return _Found(None, [*above, Finding(0, "", FindingKind.REFUSED, "", text)], columns)


def _guessed(encoding: Encoding) -> Finding:
    text = say(
        "The file does not say how its letters are written; it was read as {encoding}. "
        "Please check the accents, or save it as UTF-8.",
        encoding=encoding.codec,
    )
    return Finding(0, "", FindingKind.QUESTIONED, "", text)

"""From a stream of bytes to a table whose columns are known: encoding, delimiter, header line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from directory.core.reading.cells import clean
from directory.core.reading.decoding import HEAD, Encoding, Line, find_encoding, lines
from directory.core.reading.findings import Finding, FindingKind, shown
from directory.core.reading.headers import Headers, fields_in, is_header, understand_headers
from directory.core.reading.records import Record, records, split
from directory.core.text import say

DELIMITERS = (",", ";", "\t", "|")
FIRST_LINES = 12
"""Where the header has to be; a title and a date often stand above it."""


@dataclass(frozen=True, slots=True)
class Table:
    """`headers` is None when no line names the columns; `records` are those below the header line."""

    encoding: Encoding
    delimiter: str
    headers: Headers | None
    findings: list[Finding]
    records: Iterator[Record]


def open_table(stream: BinaryIO) -> Table:
    """Finds out how a table is written; `stream` must be seekable and stands at its beginning."""
    start = stream.tell()
    head = stream.read(HEAD)
    stream.seek(start)
    encoding = find_encoding(head)
    first = _first_lines(head, encoding)
    delimiter = _delimiter(first)
    source = lines(stream, encoding.codec)
    findings = [] if encoding.sure else [_guessed(encoding)]
    rows = records(_without_hint(source), delimiter)
    headers, above = _find_headers(rows)
    return Table(encoding, delimiter, headers[0] if headers else None, [*findings, *above], rows)


def _first_lines(head: bytes, encoding: Encoding) -> list[str]:
    cut = head[: len(head) // 4 * 4] if len(head) == HEAD else head
    found: list[str] = []
    for line in lines(BytesIO(cut), encoding.codec):
        if line.text.strip():
            found.append(line.text[:10_000])
        if len(found) >= FIRST_LINES:
            break
    return found


def _delimiter(first: list[str]) -> str:
    """What a line "sep=;" says, else what names most columns, else what parts the lines most evenly."""
    hint = first[0].strip().lower() if first else ""
    if hint.startswith("sep=") and len(hint) == 5 and hint[4] in DELIMITERS:
        return hint[4]

    def worth(delimiter: str) -> tuple[int, int]:
        parted = [split(line, delimiter) for line in first]
        widths = [len(cells) for cells in parted]
        even = min(widths, default=0) if min(widths, default=0) > 1 else 0
        return max((fields_in(cells) for cells in parted), default=0), even

    return max(DELIMITERS, key=worth)


def _without_hint(source: Iterator[Line]) -> Iterator[Line]:
    for line in source:
        hint = line.number == 1 and line.text.strip().lower()[:4] == "sep=" and len(line.text.strip()) <= 5
        yield Line(line.number, "") if hint else line


def _find_headers(rows: Iterator[Record]) -> tuple[tuple[Headers] | None, list[Finding]]:
    """The header line among the first ones; what stands above it is ignored, and said so."""
    above: list[Finding] = []
    seen = 0
    for record in rows:
        cells = [clean(cell)[0] for cell in record.cells]
        if is_header(cells):
            headers, findings = understand_headers(cells, record.line)
            return (headers,) if "name" in headers.place else None, [*above, *findings]
        if any(cells):
            seen += 1
            text = say("This stands above the line that names the columns; it is not read.")
            above.append(Finding(record.line, "", FindingKind.IGNORED, shown(" ".join(cells)), text))
        if seen >= FIRST_LINES:
            break
    text = say("No line names the columns. The first line should be like: name, country, works in, issues.")
    return None, [Finding(0, "", FindingKind.REFUSED, "", text)]


def _guessed(encoding: Encoding) -> Finding:
    text = say(
        "The file does not say how its letters are written; it was read as {encoding}. "
        "Please check the accents, or save it as UTF-8.",
        encoding=encoding.codec,
    )
    return Finding(0, "", FindingKind.QUESTIONED, "", text)

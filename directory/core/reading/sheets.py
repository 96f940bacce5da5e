"""Workbooks (XLSX): the rows of the first visible sheet, read one after the other.

A workbook is a ZIP of XML: how large it is unpacked is known, and bounded, before anything is unpacked.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from directory.core.reading.cells import LONGEST_CELL
from directory.core.reading.findings import Finding, FindingKind, shown
from directory.core.reading.records import Record
from directory.core.text import say

ZIP = b"PK\x03\x04"
MOST_UNPACKED = 768 << 20
"""Bytes of all parts together. A million organisations have about 600 MiB; ZIP alone would allow 1,000 times
what was sent. What a part says of its size is also where reading it ends."""
MOST_WORDS = 192 << 20
"""Bytes of the parts that are held in memory as a whole: shared words, styles, the list of sheets."""
MOST_PARTS = 2_000
MOST_ROWS = 1 << 20
MOST_COLUMNS = 256
MOST_BLANK = 5_000
"""Empty rows after which nothing more is expected: a row may say that it is the billionth."""

_BROKEN = (
    BadZipFile, zlib.error, ValueError, TypeError, KeyError, IndexError, AttributeError, SyntaxError,
    EOFError, OSError, NotImplementedError, RuntimeError, ArithmeticError, AssertionError, MemoryError,
)  # fmt: skip
"""What openpyxl, zipfile and expat raise for a workbook that is none (a wrong tag, a wrong number, a cut)."""


def sheet_records(stream: BinaryIO) -> Iterator[Record | Finding]:
    """One record a row, `line` as the spreadsheet numbers it; findings for what is not read."""
    try:
        if fault := _too_large(stream):
            yield fault
            return
        book = _opened(stream)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if len(book.worksheets) > 1:
            text = say("Only the sheet “{sheet}” is read, no other.", sheet=shown(sheets[0].title))
            yield Finding(0, "", FindingKind.IGNORED, "", text)
        yield from _rows(sheets[0])
    except _BROKEN:
        text = say(
            "This workbook cannot be read to its end. Open it, save it again as XLSX or CSV, and retry."
        )
        yield Finding(0, "", FindingKind.REFUSED, "", text)


def _too_large(stream: BinaryIO) -> Finding | None:
    with ZipFile(stream) as archive:
        parts = archive.infolist()
    whole = sum(part.file_size for part in parts)
    words = sum(part.file_size for part in parts if "worksheets/" not in part.filename)
    if whole <= MOST_UNPACKED and words <= MOST_WORDS and len(parts) <= MOST_PARTS:
        return None
    text = say("This workbook is far too large unpacked. Save it as CSV, or in several parts.")
    return Finding(0, "", FindingKind.REFUSED, "", text)


def _opened(stream: BinaryIO) -> Any:
    from openpyxl import load_workbook  # only for workbooks: it is slow to load

    return load_workbook(stream, read_only=True, data_only=True, keep_links=False)


def _rows(sheet: Any) -> Iterator[Record]:
    sheet.reset_dimensions()  # what it says of its own size need not be true
    blank = width = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        blank = 0 if any(value is not None for value in values) else blank + 1
        if number > MOST_ROWS or blank > MOST_BLANK:
            return
        cells = [_cell(value) for value in _trimmed(values)]
        width = max(width, len(cells))
        cells += [""] * (width - len(cells))  # a workbook does not keep empty cells at the end of a row
        yield Record(number, cells, tuple(n for n, cell in enumerate(cells) if len(cell) > LONGEST_CELL))


def _trimmed(values: tuple[object, ...]) -> tuple[object, ...]:
    width = len(values)
    while width and values[width - 1] is None:
        width -= 1
    return values[:width]


def _cell(value: object) -> str:
    """As a person reads it: 12 and not 12.0, nothing for an empty cell."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

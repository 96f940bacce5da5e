"""Reads a messy table of organisations: row by row with flat memory, or whole with duplicates merged.

Nothing here raises for bad input: whatever stands in the bytes, the answer is rows and findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from directory.core.reading.duplicates import merge
from directory.core.reading.findings import Finding, FindingKind, has_contact
from directory.core.reading.headers import Headers, about_people
from directory.core.reading.lines import Lines
from directory.core.reading.records import Record
from directory.core.reading.rows import OrganisationRow, Reading
from directory.core.reading.tables import Table, open_table
from directory.core.reading.values import Values
from directory.core.text import say_many
from directory.vocabulary import Vocabulary

LOOKED_AT = 200
"""Cells of an unknown column that are looked at for contact details."""


def read(data: bytes, words: Vocabulary) -> Reading:
    """The whole table, each organisation once. For files that fit in memory; a row takes about 1 KiB."""
    table = open_table(BytesIO(data))
    rows: list[OrganisationRow] = []
    findings: list[Finding] = []
    for found in _rows(table, words):
        (rows if isinstance(found, OrganisationRow) else findings).append(found)  # type: ignore[arg-type]
    merged = merge(rows, words.regions)
    findings = sorted([*findings, *merged.findings], key=lambda finding: finding.line)
    columns = table.headers.columns if table.headers else ()
    return Reading(merged.rows, tuple(findings), table.encoding.codec, table.delimiter, columns)


def read_rows(stream: BinaryIO, words: Vocabulary) -> Iterator[OrganisationRow | Finding]:
    """Rows and findings in the order of the file, in memory that does not grow with it.

    Does not merge: two rows with one `key` are the same organisation, and the caller's table has to say so.
    `stream` must be seekable.
    """
    return _rows(open_table(stream), words)


def _rows(table: Table, words: Vocabulary) -> Iterator[OrganisationRow | Finding]:
    yield from table.findings
    if table.headers is None:
        return
    reader, strange = Lines(table.headers, Values(words)), Strange(table.headers)
    blank: list[int] = []
    for record in table.records:
        if not any(cell.strip() for cell in record.cells):
            blank = [*blank[:1], record.line]
            continue
        if blank:
            yield _blank(blank)
            blank = []
        strange.look(record)
        row, findings = reader.read(record)
        yield from findings
        if row is not None:
            yield row
    if blank:
        yield _blank(blank)
    yield from strange.findings()


class Strange:
    """Unknown columns: their cells are never taken, only looked at for what seems to be about people."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers
        self._seen: Counter[int] = Counter()
        self._contacts: Counter[int] = Counter()

    def look(self, record: Record) -> None:
        for number in self._headers.strange:
            cell = record.cells[number].strip() if number < len(record.cells) else ""
            if cell and self._seen[number] < LOOKED_AT:
                self._seen[number] += 1
                self._contacts[number] += has_contact(cell[:200])

    def findings(self) -> Iterator[Finding]:
        """One for each unknown column in which at least a third of the cells hold contact details."""
        for number in self._headers.strange:
            if self._contacts[number] * 3 >= max(1, self._seen[number]):
                yield about_people(0, self._headers.columns[number].header, "contact details")


def _blank(lines: list[int]) -> Finding:
    count = lines[-1] - lines[0] + 1
    text = say_many("An empty line.", "{count} empty lines.", count)
    return Finding(lines[0], "", FindingKind.IGNORED, "", text)

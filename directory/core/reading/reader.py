"""Reads a messy table of organisations: row by row with flat memory, or whole with duplicates merged.

Nothing here raises for bad input: whatever stands in the bytes, the answer is rows and findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from directory.core.reading.duplicates import merge
from directory.core.reading.findings import Finding, FindingKind, has_address, has_contact
from directory.core.reading.headers import NOTHING_SAID, Choices, Headers, about_people
from directory.core.reading.lines import Lines
from directory.core.reading.records import Record
from directory.core.reading.rows import OrganisationRow, PersonRow, Reading
from directory.core.reading.tables import Table, open_table
from directory.core.reading.values import Values
from directory.core.text import say_many
from directory.vocabulary import Vocabulary

LOOKED_AT = 200
"""Cells of an unknown column that are looked at for contact details."""


Row = OrganisationRow | PersonRow


def read(data: bytes, words: Vocabulary, chosen: Choices = NOTHING_SAID, *, people: bool = False) -> Reading:
    """The whole table, each organisation once. For files that fit in memory; a row takes about 1 KiB."""
    table = open_table(BytesIO(data), chosen)
    rows: list[OrganisationRow] = []
    persons: list[PersonRow] = []
    findings: list[Finding] = []
    for found in table_rows(table, words, people=people):
        match found:
            case OrganisationRow():
                rows.append(found)
            case PersonRow():
                persons.append(found)
            case Finding():
                findings.append(found)
    merged = merge(rows, words.regions)
    findings = sorted([*findings, *merged.findings], key=lambda finding: finding.line)
    known = table.encoding.codec, table.delimiter, table.columns
    return Reading(merged.rows, tuple(findings), *known, tuple(persons))


def read_rows(stream: BinaryIO, words: Vocabulary) -> Iterator[Row | Finding]:
    """Rows and findings in the order of the file, in memory that does not grow with it.

    Does not merge: two rows with one `key` are the same organisation, and the caller's table has to say so.
    `stream` must be seekable.
    """
    return table_rows(open_table(stream), words)


def table_rows(table: Table, words: Vocabulary, *, people: bool = False) -> Iterator[Row | Finding]:
    """The same of a table whose columns are known."""
    yield from table.findings
    if table.headers is None:
        return
    reader, strange = Lines(table.headers, Values(words), people=people), Strange(table.headers)
    blank: list[int] = []
    for record in table.records:
        if isinstance(record, Finding):
            yield record
            continue
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
        self._addresses: Counter[int] = Counter()

    def look(self, record: Record) -> None:
        for number in self._headers.strange:
            cell = record.cells[number].strip() if number < len(record.cells) else ""
            if cell and self._seen[number] < LOOKED_AT:
                self._seen[number] += 1
                self._contacts[number] += has_contact(cell[:200])
                self._addresses[number] += has_address(cell[:200])

    def findings(self) -> Iterator[Finding]:
        """One for each unknown column in which at least a third of the cells hold contact details or places
        where somebody lives."""
        for number in self._headers.strange:
            header, enough = self._headers.columns[number].header, max(1, self._seen[number])
            if self._contacts[number] * 3 >= enough:
                yield about_people(0, header, "contact details")
            elif self._addresses[number] * 3 >= enough:
                yield about_people(0, header, "home addresses")


def _blank(lines: list[int]) -> Finding:
    count = lines[-1] - lines[0] + 1
    text = say_many("An empty line.", "{count} empty lines.", count)
    return Finding(lines[0], "", FindingKind.IGNORED, "", text)

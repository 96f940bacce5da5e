"""Reading a table of organisations that somebody put together by hand: what it says, and what is unclear.

Pure: bytes and the vocabularies in, values out. Encodings and lines (decoding, records), columns (headers,
tables), cells (cells, values, websites, lines), doubles (duplicates), and the whole of it (reader).
"""

from directory.core.reading.findings import Finding, FindingKind
from directory.core.reading.reader import read, read_rows
from directory.core.reading.rows import Column, OrganisationRow, PersonRow, Reading

__all__ = [
    "Column",
    "Finding",
    "FindingKind",
    "OrganisationRow",
    "PersonRow",
    "Reading",
    "read",
    "read_rows",
]

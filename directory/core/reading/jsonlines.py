"""JSON lines: one object a line. The first ones name the columns; a list is a cell with several values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from directory.core.reading.cells import LONGEST_CELL, clean
from directory.core.reading.decoding import Line
from directory.core.reading.findings import Finding, FindingKind, shown
from directory.core.reading.records import Record
from directory.core.text import say

FIRST_OBJECTS = 500
"""Objects whose keys together name the columns."""
MOST_COLUMNS = 256
LONGEST_OBJECT = 1_000_000
"""Letters. An object of one organisation has about three hundred."""


def json_records(source: Iterator[Line]) -> Iterator[Record | Finding]:
    """A record of the keys, then one for each object; a finding for each line that is no object."""
    parsed = (_object(line) for line in source if line.text.strip())
    first = list(islice(parsed, FIRST_OBJECTS))
    keys = list(dict.fromkeys(key for one in first if isinstance(one, tuple) for key in one[1]))
    keys = keys[:MOST_COLUMNS]
    if keys:
        yield Record(0, keys)
    yield from _in_columns(chain(first, parsed), keys)


def _in_columns(
    parsed: Iterable[tuple[int, dict[str, object]] | Finding], keys: list[str]
) -> Iterator[Record | Finding]:
    known = set(keys)
    for one in parsed:
        if isinstance(one, Finding):
            yield one
            continue
        line, said = one
        for key in [shown(clean(key)[0]) for key in said if key not in known][:1]:
            text = say("The column “{column}” is first named here; it is not read.", column=key)
            yield Finding(line, key, FindingKind.IGNORED, "", text)
        cells = [_cell(said.get(key)) for key in keys]
        long_cells = tuple(number for number, cell in enumerate(cells) if len(cell) > LONGEST_CELL)
        yield Record(line, cells, long_cells)


def _object(line: Line) -> tuple[int, dict[str, object]] | Finding:
    if len(line.text) > LONGEST_OBJECT or line.cut:
        text = say("This line is far too long; it was not taken.")
        return Finding(line.number, "", FindingKind.REFUSED, "", text)
    try:
        said = json.loads(line.text)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict):
        return line.number, said
    text = say("This line is no JSON object. Each line should be like: {example}", example=EXAMPLE)
    return Finding(line.number, "", FindingKind.REFUSED, "", text)


EXAMPLE = '{"name": "…", "country": "…"}'


def _cell(value: object) -> str:
    """A list as its values, parted as in a spreadsheet; what is nested deeper says nothing."""
    if isinstance(value, list):
        return "; ".join(filter(None, (_word(one) for one in value[:MOST_COLUMNS])))
    return _word(value)


def _word(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""

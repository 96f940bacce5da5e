"""From lines to cells: quotes, cells over several lines, quotes that never end, cells far too long."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from directory.core.reading.cells import LONGEST_CELL
from directory.core.reading.decoding import Line

MOST_LINES = 200
"""Lines of one record; a quote open for longer was never meant."""
MOST_LETTERS = 20_000_000
LONG = 100_000
"""Letters of a record beyond which it is cut cell by cell instead of by the csv module."""


@dataclass(frozen=True, slots=True)
class Record:
    """Cells of one row; `line` is where it begins. Faults say what was wrong with it as a whole."""

    line: int
    cells: list[str]
    long_cells: tuple[int, ...] = ()
    repaired: bool = False
    open_quote: bool = False


def records(source: Iterator[Line], delimiter: str) -> Iterator[Record]:
    """One record for each row, blank lines included (no cells)."""
    quotes = _Quotes(delimiter)
    ahead: deque[Line] = deque()
    waiting: list[Line] = []
    letters = 0
    while line := ahead.popleft() if ahead else next(source, None):
        after = quotes.after(line.text, bool(waiting))
        waiting.append(line)
        letters += len(line.text)
        if after is Quote.OPEN and len(waiting) < MOST_LINES and letters < MOST_LETTERS:
            continue
        if after is Quote.CLOSED:
            yield _record(waiting, delimiter)
        else:
            yield _unquoted(waiting[0], delimiter)
            ahead.extendleft(reversed(waiting[1:]))
        waiting, letters = [], 0
    if waiting:
        yield _unquoted(waiting[0], delimiter)
        yield from records(iter(waiting[1:]), delimiter)


class Quote(Enum):
    """How a line leaves the quotes; BROKEN: a cell that began on an earlier line ends in mid-word."""

    CLOSED = 0
    OPEN = 1
    BROKEN = 2


class _Quotes:
    """Does a quoted cell go on after the end of a line? A quote opens one only where a cell begins."""

    def __init__(self, delimiter: str) -> None:
        sep, space = re.escape(delimiter), "" if delimiter == "\t" else " *"
        self._inside = re.compile(r'[^"]*(?:""[^"]*)*')
        self._to_next = re.compile(rf"[^{sep}]*{sep}")
        self._begin = re.compile(rf'{space}"')
        self._word = re.compile(rf'"[^{sep}\s]')

    def after(self, text: str, is_open: bool) -> Quote:
        if not is_open and '"' not in text:
            return Quote.CLOSED
        at = 0
        while True:
            begins = None if is_open else self._begin.match(text, at)
            if begins:
                at, is_open = begins.end(), True
            if is_open:
                from_earlier = at == 0 and begins is None
                at = end.end() if (end := self._inside.match(text, at)) else at
                if at >= len(text):
                    return Quote.OPEN
                if from_earlier and self._word.match(text, at):
                    return Quote.BROKEN
                is_open = False
            following = self._to_next.match(text, at)
            if following is None:
                return Quote.CLOSED
            at = following.end()


def split(text: str, delimiter: str) -> list[str]:
    """Cells of one line; used for the first lines too, when the delimiter is still being looked for."""
    return next(csv.reader([text], delimiter=delimiter, skipinitialspace=delimiter != "\t"), [])


def _record(parts: list[Line], delimiter: str) -> Record:
    text = "\n".join(part.text for part in parts)
    repaired = any(part.repaired for part in parts)
    if not text.strip():
        return Record(parts[0].number, [])
    if len(text) > LONG or any(part.cut for part in parts):
        cells, long_cells = _split_long(text, delimiter)
        return Record(parts[0].number, cells, long_cells, repaired)
    cells = _split_lines([part.text for part in parts], delimiter)
    long_cells = tuple(n for n, cell in enumerate(cells) if len(cell) > LONGEST_CELL)
    return Record(parts[0].number, cells, long_cells, repaired)


def _split_lines(texts: list[str], delimiter: str) -> list[str]:
    if len(texts) == 1:
        return split(texts[0], delimiter)
    ended = [f"{text}\n" for text in texts]
    rows = list(csv.reader(ended, delimiter=delimiter, skipinitialspace=delimiter != "\t"))
    return [cell for row in rows for cell in row]


def _unquoted(line: Line, delimiter: str) -> Record:
    """A quote was opened and not closed: the line is a row of its own, without quotes."""
    plain = Line(line.number, line.text.replace('"', ""), line.repaired, line.cut)
    return replace(_record([plain], delimiter), open_quote=True)


def _split_long(text: str, delimiter: str) -> tuple[list[str], tuple[int, ...]]:
    """Cells, each cut to LONGEST_CELL letters, and which were cut. Linear in the text's length."""
    sep = re.escape(delimiter)
    cell = re.compile(rf'\s*"(?P<quoted>[^"]*(?:""[^"]*)*)"?[^{sep}]*|(?P<plain>[^{sep}]*)')
    cells: list[str] = []
    long_cells: list[int] = []
    at = 0
    while at <= len(text):
        match = cell.match(text, at)
        if match is None:
            break
        found = match["quoted"].replace('""', '"') if match["quoted"] is not None else match["plain"]
        if len(found) > LONGEST_CELL:
            long_cells.append(len(cells))
        cells.append(found[:LONGEST_CELL])
        at = match.end() + 1
    return cells, tuple(long_cells)

"""Which numbers may be shown: none under k, and none from which one under k could be worked out.

What is protected: after everything is published, no hidden number can be narrowed to a range smaller than
`needed` by adding and subtracting what is shown, the other tables of the same release included. Nobody is
shown as zero: nought to nine look alike.
What is not: somebody who knows people personally, a reader who has two releases (they are noise's task and
not done here), and one who knows how this program chooses between equal numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from directory.core.margins import Circulation, Edge
from directory.core.reach import OTHER, TIES, Table

K = 10


class Hidden(Enum):
    """Too few to show, or needed to keep such a number hidden."""

    HIDDEN = "hidden"


HIDDEN = Hidden.HIDDEN
Shown = int | Hidden
Range = tuple[int, int]
"""Least and greatest value that a reader cannot exclude."""


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """What may be published. `row_totals` count people; `people` (by tie) and `total` are shown once, in the
    table whose rows add up, and HIDDEN in the others. Rows too small to be named are in OTHER or left out.
    """

    about: str
    rows: tuple[str, ...]
    cells: tuple[tuple[Shown, ...], ...]
    row_totals: tuple[Shown, ...]
    people: tuple[Shown, ...]
    total: Shown


def needed(value: int, k: int) -> int:
    """Width of the range that a hidden number must keep: k, or half of it where that is more."""
    return max(k, (value + 1) // 2)


def protect_together(release: Sequence[Table], k: int = K) -> tuple[ProtectedTable, ...]:
    """All tables of one release about the same people: what one shows may not undo what another hides."""
    wholes = {table.about: _whole(table, k) for table in release if table.whole}
    people = next(iter(wholes.values()))[1] if wholes else None
    return tuple(wholes[table.about][0] if table.whole else protect(table, k, people) for table in release)


def protect(table: Table, k: int = K, people: Sequence[Range] | None = None) -> ProtectedTable:
    """One table. `people` are the ranges that other tables leave for each tie; without them the reader is
    taken to know those numbers exactly."""
    if sum(table.people) < k:
        return _nothing(table)
    if table.whole:
        return _whole(table, k)[0]
    return _overlapping(table, k, people or [(count, count) for count in table.people])


def _nothing(table: Table) -> ProtectedTable:
    blank = (HIDDEN,) * len(TIES)
    rows = table.rows if table.listed else ()
    return ProtectedTable(table.about, rows, (blank,) * len(rows), (HIDDEN,) * len(rows), blank, HIDDEN)


# ---- rows that add up ------------------------------------------------------------------------------


def _whole(table: Table, k: int) -> tuple[ProtectedTable, list[Range]]:
    """The table, and what a reader can know of the number of people with each tie."""
    if sum(table.people) < k:
        return _nothing(table), [(0, k - 1)] * len(TIES)
    folded = _fold_small(table, k)
    circulation = _circulation(folded)
    _hide(circulation, k)

    def shown(edge: Edge) -> Shown:
        return HIDDEN if edge in circulation.hidden else circulation.values[edge]

    protected = ProtectedTable(
        folded.about,
        folded.rows,
        tuple(tuple(shown((f"row {n}", f"tie {tie}")) for tie in TIES) for n in range(len(folded.rows))),
        tuple(sum(line) for line in folded.cells),
        tuple(shown((f"tie {tie}", "all")) for tie in TIES),
        sum(folded.people),
    )
    return protected, [circulation.range_of((f"tie {tie}", "all")) for tie in TIES]


def _fold_small(table: Table, k: int) -> Table:
    """Rows of fewer than k people go into OTHER, with the smallest of the rest if that is not enough."""
    by_size = sorted(zip(table.rows, table.cells, strict=True), key=lambda pair: (sum(pair[1]), pair[0]))
    small = [pair for pair in by_size if sum(pair[1]) < k]
    rest = by_size[len(small) :]
    while rest and 0 < sum(sum(cells) for _, cells in small) < k:
        small.append(rest.pop(0))
    kept = sorted(rest, key=lambda pair: table.rows.index(pair[0]))
    if any(sum(cells) for _, cells in small):
        kept.append((OTHER, tuple(map(sum, zip(*(cells for _, cells in small), strict=True)))))
    return replace(table, rows=tuple(row for row, _ in kept), cells=tuple(cells for _, cells in kept))


def _circulation(table: Table) -> Circulation:
    """Row totals and the number of all people are always shown: each is at least k."""
    values: dict[Edge, int] = {}
    for number, line in enumerate(table.cells):
        values["all", f"row {number}"] = sum(line)
        values.update({(f"row {number}", f"tie {tie}"): count for tie, count in zip(TIES, line, strict=True)})
    values.update({(f"tie {tie}", "all"): count for tie, count in zip(TIES, table.people, strict=True)})
    fixed = frozenset(edge for edge in values if edge[0] == "all")
    return Circulation(values, fixed=fixed)


def _hide(circulation: Circulation, k: int) -> None:
    """Hides what is under k, then more until every hidden number keeps the range it needs."""
    free = [edge for edge in circulation.values if edge not in circulation.fixed]
    circulation.hidden |= {edge for edge in free if circulation.values[edge] < k}
    while exposed := _exposed(circulation, k):
        more = [edge for edge in exposed if _widen(circulation, edge, k)]
        if not more:
            circulation.hidden |= set(free)  # then only row totals bind, and each is wide enough
            return


def _exposed(circulation: Circulation, k: int) -> list[Edge]:
    """Hidden numbers with too small a range, the smallest first."""
    hidden = sorted(circulation.hidden, key=lambda edge: (circulation.values[edge], edge))
    return [edge for edge in hidden if _missing(circulation, edge, k) > 0]


def _missing(circulation: Circulation, edge: Edge, k: int) -> int:
    enough = needed(circulation.values[edge], k)
    low, high = circulation.range_of(edge, enough)
    return enough - (high - low)


def _widen(circulation: Circulation, edge: Edge, k: int) -> bool:
    """Hides the cheapest cycle through `edge` that gives it room; False when hiding more would not help."""
    missing = _missing(circulation, edge, k)
    while missing > 0:
        cycle = circulation.cheapest_cycle(edge, missing)
        if cycle:
            circulation.hidden |= set(cycle)
            return True
        missing //= 2
    return False


# ---- rows that overlap -----------------------------------------------------------------------------


def _overlapping(table: Table, k: int, people: Sequence[Range]) -> ProtectedTable:
    """A row shows everything, its total only, or nothing; columns have no totals.

    Whoever knows the number of all people also knows how many are *not* in a row, so both have to be large.
    """
    folded = table if table.listed else _fold_overlapping(table, k)
    total = sum(table.people)
    lines: list[tuple[Shown, ...]] = []
    totals: list[Shown] = []
    for line in folded.cells:
        open_total = k <= sum(line) <= total - k and _wide_enough(line, total, k, people)
        open_cells = (
            open_total and _all_large(line, table.people, k) and _says_nothing_new(line, total, people)
        )
        lines.append(tuple(line) if open_cells else (HIDDEN,) * len(TIES))
        totals.append(sum(line) if open_total else HIDDEN)
    return ProtectedTable(
        table.about, folded.rows, tuple(lines), tuple(totals), (HIDDEN,) * len(TIES), HIDDEN
    )


def _all_large(line: Iterable[int], people: Iterable[int], k: int) -> bool:
    return all(k <= count <= everyone - k for count, everyone in zip(line, people, strict=True))


def _says_nothing_new(line: Sequence[int], total: int, people: Sequence[Range]) -> bool:
    """People with a tie are at least those in this row, at most these and everybody outside it: is either
    more than the other tables say already?"""
    outside = total - sum(line)
    return all(
        count <= least and count + outside >= most for count, (least, most) in zip(line, people, strict=True)
    )


def _wide_enough(line: Sequence[int], total: int, k: int, people: Sequence[Range]) -> bool:
    """With only the row's total shown, is every cell's range (Fréchet's bounds) as wide as it needs?"""
    outside = total - sum(line)
    for count, (least, most) in zip(line, people, strict=True):
        if min(most, sum(line)) - max(0, least - outside) < needed(count, k):
            return False
    return True


def _fold_overlapping(table: Table, k: int) -> Table:
    """Rows too small to be named are left out; OTHER says that there may be some, and no more."""
    kept = [(row, line) for row, line in zip(table.rows, table.cells, strict=True) if sum(line) >= k]
    rows, cells = tuple(row for row, _ in kept), tuple(line for _, line in kept)
    return replace(table, rows=(*rows, OTHER), cells=(*cells, (0,) * len(TIES)))

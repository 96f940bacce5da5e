"""No hidden number can be worked out from what is shown: a reader who tries every table that fits fails."""

from collections.abc import Iterator
from itertools import product

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.core.disclosure import HIDDEN, ProtectedTable, needed, protect, protect_together
from directory.core.reach import OTHER, TIES, Fact, Table, Tie, tables
from directory.vocabulary import load

WORDS = load()
SMALL_K = 3


def added(lines):
    """Column by column."""
    return tuple(map(sum, zip(*lines, strict=True)))


# ---- the attacker: knows the program's rules, tries everything -------------------------------------


def fitting_lines(cells, total, most) -> Iterator[tuple[int, ...]]:
    """Every line of three counts that fits what is shown of it."""
    choices = [range(most + 1) if cell is HIDDEN else (cell,) for cell in cells]
    for first, second in product(choices[0], choices[1]):
        thirds = choices[2] if total is HIDDEN else [total - first - second]
        for third in thirds:
            if third >= 0 and (cells[2] is HIDDEN or cells[2] == third):
                yield first, second, third


def fitting_sums(table: ProtectedTable, lines) -> list[set[tuple[int, ...]]]:
    """For each number of lines from the top: every vector of column sums they can have."""
    sums = [{(0,) * len(TIES)}]
    for options in lines:
        sums.append({added([above, line]) for above in sums[-1] for line in options})
    return sums


def columns_that_fit(table: ProtectedTable, lines) -> set[tuple[int, ...]]:
    return {
        sums
        for sums in fitting_sums(table, lines)[-1]
        if all(shown is HIDDEN or shown == value for shown, value in zip(table.people, sums, strict=True))
    }


def ranges_of_whole(table: ProtectedTable, allowed=lambda sums: True):
    """(least, most) of every hidden cell and column total, over all tables that fit."""
    total = table.total
    lines = [
        list(fitting_lines(cells, row, row)) for cells, row in zip(table.cells, table.row_totals, strict=True)
    ]
    ends = {sums for sums in columns_that_fit(table, lines) if sum(sums) == total and allowed(sums)}
    above = fitting_sums(table, lines)
    below = {len(lines): ends}
    found = {("people", j): (min(e[j] for e in ends), max(e[j] for e in ends)) for j in range(3)}
    for number in reversed(range(len(lines))):
        starts, seen = set(), {}
        for end, line in product(below[number + 1], lines[number]):
            start = tuple(a - b for a, b in zip(end, line, strict=True))
            if start in above[number]:
                starts.add(start)
                for j in range(3):
                    seen.setdefault(j, set()).add(line[j])
        below[number] = starts
        found.update({(number, j): (min(values), max(values)) for j, values in seen.items()})
    return found, ends


def row_ranges(table: ProtectedTable, people, total):
    """(least, most) of every cell of a table of overlapping rows, for one guess of the column totals; None if
    the guess does not fit. Everybody stands in some row."""
    options = []
    for cells, shown in zip(table.cells, table.row_totals, strict=True):
        size = range(total + 1) if shown is HIDDEN else (shown,)
        line = []
        for j, cell in enumerate(cells):
            if cell is not HIDDEN:
                line.append((cell, cell))
                if cell > people[j]:
                    return None
                continue
            most = min(people[j], max(size))
            least = max(0, min(size) - (total - people[j]))
            line.append((least, most))
        if shown is not HIDDEN and not sum(a for a, _ in line) <= shown <= sum(b for _, b in line):
            return None
        if shown is not HIDDEN and any(people[j] - b > total - shown for j, (_, b) in enumerate(line)):
            return None
        options.append(line)
    for j in range(3):
        if sum(line[j][1] for line in options) < people[j]:
            return None
        for line in options:
            others = sum(other[j][1] for other in options) - line[j][1]
            line[j] = (max(line[j][0], people[j] - others), line[j][1])
    return options


# ---- facts -----------------------------------------------------------------------------------------

people_of = st.builds(
    Fact,
    tie=st.sampled_from([Tie.HERE, Tie.HERE, Tie.HERE, Tie.NO_TIE, Tie.NO_TIE, Tie.CONTACTED]),
    region=st.sampled_from(["GT", "GT", "HN", "KE", None]),
    issues=st.sampled_from(
        [("land-and-territory",), ("land-and-territory", "torture"), ("trans-rights",), ()]
    ),
    languages=st.sampled_from([("es",), ("es", "quc"), ("ar",)]),
)


@settings(deadline=None, max_examples=examples(12))
@given(st.lists(people_of, min_size=SMALL_K, max_size=45))
def test_no_hidden_number_of_a_release_can_be_narrowed_down(facts):
    truth = tables(facts, WORDS)
    by_region, *overlapping = protect_together(truth, SMALL_K)
    _, guesses = ranges_of_whole(by_region)
    total = sum(truth[0].people)
    fits = {
        people for people in guesses if all(row_ranges(t, people, total) is not None for t in overlapping)
    }
    assert truth[0].people in fits
    ranges, _ = ranges_of_whole(by_region, fits.__contains__)
    for place, (least, most) in ranges.items():
        shown = by_region.people[place[1]] if place[0] == "people" else by_region.cells[place[0]][place[1]]
        if shown is HIDDEN:
            assert most - least >= SMALL_K
    for table in overlapping:
        for number in range(len(table.rows)):
            for j in range(3):
                if table.cells[number][j] is HIDDEN:
                    found = [row_ranges(table, people, total)[number][j] for people in fits]
                    assert max(b for _, b in found) - min(a for a, _ in found) >= SMALL_K


line_of = st.tuples(*[st.integers(0, 14)] * 3)


def whole_table(lines):
    people = added(lines)
    return Table("region", tuple(f"R{n}" for n in range(len(lines))), tuple(lines), people, True, False)


@settings(deadline=None, max_examples=examples(12))
@given(st.lists(line_of, min_size=1, max_size=4))
def test_in_a_table_that_adds_up_every_hidden_number_keeps_half_of_itself_and_k(lines):
    table = whole_table(lines)
    protected = protect(table, SMALL_K)
    if protected.total is HIDDEN:
        assert sum(table.people) < SMALL_K and protected.rows == ()
        return
    ranges, _ = ranges_of_whole(protected)
    truth = folded_truth(table, protected)
    for (row, j), (least, most) in ranges.items():
        value = table.people[j] if row == "people" else truth[row][j]
        shown = protected.people[j] if row == "people" else protected.cells[row][j]
        assert least <= value <= most
        if shown is HIDDEN:
            assert most - least >= needed(value, SMALL_K)
        else:
            assert shown == value >= SMALL_K
    assert all(total >= SMALL_K for total in protected.row_totals)


def folded_truth(table, protected):
    named = dict(zip(table.rows, table.cells, strict=True))
    rest = [named[row] for row in table.rows if row not in protected.rows]
    other = added(rest) if rest else (0, 0, 0)
    return [named.get(row, other) for row in protected.rows]


def test_the_attacker_is_no_straw_man_hiding_only_small_numbers_does_not_hold_her():
    lines = [(12, 1, 9), (6, 8, 9), (9, 4, 5)]
    cells = tuple(tuple(HIDDEN if value < SMALL_K else value for value in line) for line in lines)
    naive = ProtectedTable(
        "region", ("A", "B", "C"), cells, tuple(map(sum, lines)), added(lines), sum(map(sum, lines))
    )
    ranges, _ = ranges_of_whole(naive)
    assert ranges[0, 1] == (1, 1)
    protected = protect(whole_table(lines), SMALL_K)
    assert protected.cells[0][1] is HIDDEN
    least, most = ranges_of_whole(protected)[0][0, 1]
    assert most - least >= SMALL_K


@pytest.mark.parametrize("few", range(10))
def test_nought_to_nine_look_alike(few):
    def picture(count):
        lines = [(60, count, 40), (50, 50, 50), (45, 30, 60)]
        return [[cell is HIDDEN for cell in line] for line in protect(whole_table(lines)).cells]

    assert picture(few) == picture(0)


def test_a_place_with_fewer_than_ten_people_is_not_even_named():
    protected = protect(whole_table([(5, 1, 2), (40, 30, 20), (0, 0, 3), (50, 20, 30)]))
    assert protected.rows == ("R1", "R3", OTHER)
    assert protected.row_totals == (90, 100, 11)


def test_one_small_place_takes_the_next_one_with_it():
    protected = protect(whole_table([(5, 1, 2), (40, 30, 20), (10, 2, 3), (50, 20, 30)]))
    assert protected.rows == ("R1", "R3", OTHER) and protected.row_totals[-1] == 23


def test_a_network_of_nine_people_shows_nothing_at_all():
    facts = [Fact(Tie.HERE, "GT", ("trans-rights",), ("es",))] * 9
    by_region, by_issue, by_language = protect_together(tables(facts, WORDS))
    assert by_region.rows == () and by_language.rows == () and by_region.total is HIDDEN
    assert all(cell is HIDDEN for line in by_issue.cells for cell in line)
    assert by_issue == protect_together(tables([], WORDS))[1], "as if nobody were there"


def test_an_issue_that_all_but_a_few_share_tells_nothing_about_the_few():
    facts = [Fact(Tie.HERE, "GT", ("land-and-territory",), ("es",))] * 60
    facts += [Fact(Tie.NO_TIE, "GT", ("land-and-territory",), ("es",))] * 40
    facts += [Fact(Tie.HERE, "GT", ("trans-rights",), ("es",))] * 3
    _, by_issue, _ = protect_together(tables(facts, WORDS))
    at = by_issue.rows.index("land-and-environment")
    assert by_issue.row_totals[at] is HIDDEN and set(by_issue.cells[at]) == {HIDDEN}


def test_large_tables_still_show_their_numbers():
    lines = [(40 + n, 30 + 2 * n, 50 + n) for n in range(20)]
    protected = protect(whole_table(lines))
    assert [tuple(cells) for cells in protected.cells] == lines
    assert protected.people == added(lines) and HIDDEN not in protected.row_totals


def test_one_small_number_in_a_large_table_hides_few_others():
    lines = [(40 + n, 30 + 2 * n, 50 + n) for n in range(20)]
    lines[7] = (44, 3, 51)
    protected = protect(whole_table(lines))
    hidden = sum(cell is HIDDEN for cells in protected.cells for cell in cells)
    assert 4 <= hidden <= 8, "of sixty"
    assert HIDDEN not in protected.row_totals


def test_a_large_release_shows_most_of_its_rows():
    facts = [
        Fact(tie, region, (issue,), (language,))
        for tie, count in ((Tie.HERE, 3), (Tie.CONTACTED, 2), (Tie.NO_TIE, 4))
        for region in ("GT", "HN", "SV", "NI")
        for issue in ("land-and-territory", "torture", "womens-rights", "trans-rights")
        for language in ("es", "quc", "miq")
        for _ in range(count)
    ]
    release = protect_together(tables(facts, WORDS))
    for table in release:
        shown = [row for row, cells in zip(table.rows, table.cells, strict=True) if HIDDEN not in cells]
        assert len(shown) >= 3
    assert "lgbti-rights" in [
        row for row, cells in zip(release[1].rows, release[1].cells, strict=True) if HIDDEN not in cells
    ]


def test_protecting_is_the_same_every_time():
    facts = [
        Fact(Tie.HERE, region, ("torture",), ("es",)) for region in ["GT"] * 30 + ["HN"] * 7 + ["KE"] * 12
    ]
    assert protect_together(tables(facts, WORDS)) == protect_together(tables(facts[::-1], WORDS))

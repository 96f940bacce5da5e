"""Recovery sheets: any two of three open the records; what is torn, doubled or another's is said plainly."""

from __future__ import annotations

from itertools import permutations

import pytest

from directory.crypto import Cost
from directory.store.guarded import RingKey
from hub.chance import chance
from hub.custody import locked, sheets
from hub.custody.locked import Kind

CHEAP = Cost(1, 8192)
RING = RingKey("a1", chance(32))
THREE = sheets.make(chance)
LOCKED = locked.with_sheets(locked.lock(RING, Kind.SHEETS), RING, THREE, chance)


def read_aloud(text: str) -> str:
    """As somebody types it who writes small letters and o for zero, and no gaps."""
    lines = text.lower().replace("0", "o").replace("1", "l").splitlines()
    return "\n".join(line.replace(" ", "") if line[:2] in ("2:", "3:", "4:") else line for line in lines)


@pytest.mark.parametrize("pair", list(permutations(range(3), 2)))
def test_any_two_sheets_in_any_order_open_the_records(pair: tuple[int, int]) -> None:
    one, other = (sheets.read(THREE[index].text("Red Ayni")) for index in pair)
    assert locked.by_sheets(LOCKED, one, other) == RING


def test_a_sheet_is_read_however_it_is_typed() -> None:
    lines = [line for line in THREE[0].text().splitlines() if line[1:2] == ":"]
    typed = read_aloud("\n".join(lines[1:]))
    heading = f"sheet 1 of 3 set {THREE[0].set.lower()}"
    assert sheets.read(f"{heading}\n{lines[0]}\n{typed}") == THREE[0]


def test_one_sheet_given_twice_opens_nothing() -> None:
    with pytest.raises(sheets.SameSheet, match=r"Sheet 2 was given twice.*Alarms go on.*Fetch another"):
        locked.by_sheets(LOCKED, THREE[1], THREE[1])


@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_a_torn_or_misread_line_is_named(line: int) -> None:
    text = THREE[2].text().splitlines()
    place = next(index for index, each in enumerate(text) if each.startswith(f"{line}:"))
    torn = [*text[:place], *text[place + 1 :]]
    letter = "Z" if text[place][4] != "Z" else "Y"
    misread = [*text[:place], text[place][:4] + letter + text[place][5:], *text[place + 1 :]]
    for sheet in (torn, misread):
        with pytest.raises(sheets.TornSheet, match=f"Line {line} .*alarms go on.*another of the three"):
            sheets.read("\n".join(sheet))


def test_two_lines_that_changed_places_are_told() -> None:
    text = THREE[2].text().replace("\n1:", "\n9:").replace("\n2:", "\n1:").replace("\n9:", "\n2:")
    with pytest.raises(sheets.TornSheet):
        sheets.read(text)


def test_what_is_no_sheet_at_all_is_said() -> None:
    with pytest.raises(sheets.NoHeading, match="no recovery sheet"):
        sheets.read("1: ABCD")


def test_a_sheet_of_another_network_names_the_set_that_is_looked_for() -> None:
    other = sheets.make(chance)
    with pytest.raises(sheets.OtherSheets, match=f"set {other[0].set}.*{LOCKED.sheet_set}.*Alarms go on"):
        locked.by_sheets(LOCKED, other[0], THREE[1])


def test_sheets_that_only_pretend_to_be_of_this_set_open_nothing() -> None:
    forged = [sheets.Sheet(THREE[0].set, number, chance(32)) for number in (1, 2)]
    with pytest.raises(locked.WrongKey):
        locked.by_sheets(LOCKED, *forged)


def test_a_passphrase_opens_and_a_wrong_one_says_what_to_do() -> None:
    held = locked.with_passphrase(
        locked.lock(RING, Kind.PASSPHRASE), RING, "four words of dice", chance, cost=CHEAP
    )
    assert locked.by_passphrase(held, " Four  words of DICE") == RING
    with pytest.raises(locked.WrongPassphrase, match=r"Alarms go on.*recovery sheets"):
        locked.by_passphrase(held, "four words of mice")
    with pytest.raises(locked.NoSuchLock):
        locked.by_sheets(held, THREE[0], THREE[1])


def test_a_short_passphrase_is_not_taken() -> None:
    with pytest.raises(locked.ShortPassphrase, match="14 letters"):
        locked.with_passphrase(locked.lock(RING, Kind.PASSPHRASE), RING, "secret", chance, cost=CHEAP)

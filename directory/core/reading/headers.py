"""Which column is what, which are doubled, missing or strange, and which are about people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from directory.core.reading.findings import Finding, FindingKind, shown
from directory.core.reading.header_words import ABOUT_PEOPLE, NAMES
from directory.core.reading.rows import Column
from directory.core.text import Text, say
from directory.vocabulary.fold import fold

_FIELDS = {fold(name): field for field, names in NAMES.items() for name in names.split(";")}
_PRIVATE = {fold(name): what for what, names in ABOUT_PEOPLE.items() for name in names.split(";")}
ABOUT: dict[str, Text] = {
    "names of people": say("names of people"),
    "identity numbers": say("identity numbers"),
    "telephone numbers": say("telephone numbers"),
    "e-mail addresses": say("e-mail addresses"),
    "home addresses": say("addresses"),
    "dates of birth": say("ages or dates of birth"),
    "what people are": say("who people are"),
    "contact details": say("contact details"),
}
"""What a column may hold of people, as people read it."""
WANTED = ("name", "country", "works_in", "issues", "languages", "offers", "website")
FIELDS = tuple(NAMES)
"""What a column may be read as."""
LEFT_OUT = ""
"""What somebody says of a column that shall not be read."""

Choices = Mapping[str, str]
"""What somebody said of columns: folded header → one of FIELDS, or LEFT_OUT."""
NOTHING_SAID: Choices = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Headers:
    """The columns, where each field is, and which columns nobody has explained yet (by number)."""

    columns: tuple[Column, ...]
    place: dict[str, int]
    strange: tuple[int, ...]


def fields_in(cells: list[str], chosen: Choices = NOTHING_SAID) -> int:
    """How many of our fields these cells name: this is how the header line and the delimiter are found."""
    return len({field for cell in cells if (field := _field(cell, chosen))})


def is_header(cells: list[str], chosen: Choices = NOTHING_SAID) -> bool:
    """Does this line name at least the column of names, or two others?"""
    found = {_field(cell, chosen) for cell in cells} - {None}
    return "name" in found or len(found) > 1


def _field(cell: str, chosen: Choices) -> str | None:
    folded = fold(cell)
    said = chosen.get(folded)
    return (said or None) if said is not None else _FIELDS.get(folded)


def understand_headers(
    cells: list[str], line: int, chosen: Choices = NOTHING_SAID
) -> tuple[Headers, list[Finding]]:
    """Where each field stands, and what there is to say about the columns. What somebody said comes first."""
    findings: list[Finding] = []
    strange: list[int] = []
    columns = [Column(shown(header), None) for header in cells]
    place: dict[str, int] = {}
    said = [number for number, header in enumerate(cells) if fold(header) in chosen]
    for number in (*said, *(number for number in range(len(cells)) if number not in said)):
        header = cells[number]
        field = _field(header, chosen)
        if field in place:
            findings.append(_doubled(line, header, cells[place[field]]))
        elif field is not None:
            place[field] = number
            columns[number] = Column(shown(header), field)
        elif number in said:
            continue
        elif what := _PRIVATE.get(fold(header)):
            columns[number] = Column(shown(header), None, what)
            findings.append(about_people(line, header, what))
        elif header.strip():
            strange.append(number)
            findings.append(_not_ours(line, header))
    findings += [_missing(line, field) for field in WANTED if field not in place]
    return Headers(tuple(columns), place, tuple(sorted(strange))), findings


def about_people(line: int, header: str, what: str) -> Finding:
    """A column that seems to hold something about people: nothing is read in before somebody answered."""
    text = say(
        "The column “{column}” seems to hold {what}. Nothing is read in before you say that it is left out.",
        column=shown(header),
        what=ABOUT[what],
    )
    return Finding(line, shown(header), FindingKind.ASKED, "", text)


def _doubled(line: int, header: str, first: str) -> Finding:
    text = say(
        "The column “{column}” says the same as “{first}”; only “{first}” is read.",
        column=shown(header),
        first=shown(first),
    )
    return Finding(line, shown(header), FindingKind.IGNORED, "", text)


def _not_ours(line: int, header: str) -> Finding:
    text = say("The column “{column}” is none that we know; it is not read.", column=shown(header))
    return Finding(line, shown(header), FindingKind.IGNORED, "", text)


def _missing(line: int, field: str) -> Finding:
    if field == "name":
        text = say("No column holds the name. Call it “name” in the first line.")
        return Finding(line, "", FindingKind.REFUSED, "", text)
    text = say(
        "There is no column “{column}”; every line is read without it.", column=field.replace("_", " ")
    )
    return Finding(line, "", FindingKind.NOT_PLACED, "", text)

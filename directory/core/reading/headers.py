"""Which column is what, which are doubled, missing or strange, and which are about people."""

from __future__ import annotations

from dataclasses import dataclass

from directory.core.reading.findings import Finding, FindingKind, shown
from directory.core.reading.header_words import ABOUT_PEOPLE, NAMES
from directory.core.reading.rows import Column
from directory.core.text import Text, say
from directory.vocabulary.fold import fold

_FIELDS = {fold(name): field for field, names in NAMES.items() for name in names.split(";")}
_PRIVATE = {fold(name): what for what, names in ABOUT_PEOPLE.items() for name in names.split(";")}
_WHAT: dict[str, Text] = {
    "names of people": say("names of people"),
    "identity numbers": say("identity numbers"),
    "telephone numbers": say("telephone numbers"),
    "e-mail addresses": say("e-mail addresses"),
    "home addresses": say("addresses"),
    "dates of birth": say("ages or dates of birth"),
    "what people are": say("who people are"),
    "contact details": say("contact details"),
}
WANTED = ("name", "country", "works_in", "issues", "languages", "offers", "website")


@dataclass(frozen=True, slots=True)
class Headers:
    """The columns, where each field is, and which columns nobody has explained yet (by number)."""

    columns: tuple[Column, ...]
    place: dict[str, int]
    strange: tuple[int, ...]


def fields_in(cells: list[str]) -> int:
    """How many of our fields these cells name: this is how the header line and the delimiter are found."""
    return len({field for cell in cells if (field := _FIELDS.get(fold(cell)))})


def is_header(cells: list[str]) -> bool:
    """Does this line name at least the column of names, or two others?"""
    found = {_FIELDS.get(fold(cell)) for cell in cells} - {None}
    return "name" in found or len(found) > 1


def understand_headers(cells: list[str], line: int) -> tuple[Headers, list[Finding]]:
    """Where each field stands, and what there is to say about the columns."""
    columns, findings, strange = [], [], []
    place: dict[str, int] = {}
    for number, header in enumerate(cells):
        field = _FIELDS.get(fold(header))
        if field in place:
            findings.append(_doubled(line, header, cells[place[field]]))
            field = None
        elif field is not None:
            place[field] = number
        elif what := _PRIVATE.get(fold(header)):
            findings.append(about_people(line, header, what))
        elif header.strip():
            strange.append(number)
            findings.append(_not_ours(line, header))
        columns.append(Column(shown(header), field))
    findings += [_missing(line, field) for field in WANTED if field not in place]
    return Headers(tuple(columns), place, tuple(strange)), findings


def about_people(line: int, header: str, what: str) -> Finding:
    """A column that seems to hold something about people: it is left out and somebody is asked."""
    text = say(
        "The column “{column}” seems to hold {what}. It was left out. People come in by their own yes only; "
        "please take this column out of the file.",
        column=shown(header),
        what=_WHAT[what],
    )
    return Finding(line, shown(header), FindingKind.QUESTIONED, "", text)


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

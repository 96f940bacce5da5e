"""One record to one organisation or person, and a finding for all that was not plainly what it says."""

from __future__ import annotations

from dataclasses import dataclass

from directory.core.handles import fault_of
from directory.core.reading.cells import LONGEST_CELL, clean, is_formula
from directory.core.reading.findings import Finding, FindingKind, has_contact, shown
from directory.core.reading.headers import Headers
from directory.core.reading.records import Record
from directory.core.reading.rows import OrganisationRow, PersonRow
from directory.core.reading.values import Meaning, Values
from directory.core.reading.websites import website
from directory.core.text import Text, say
from directory.vocabulary.fold import fold

LONGEST_NAME = 200
LONGEST_ACRONYM = 60
MOST_TOLD = 20_000
"""Different values of which "was read as" is said once; a table of a million lines has about a thousand."""
LISTS = ("works_in", "issues", "languages", "offers")
_PEOPLE = frozenset(
    fold(word)
    for word in ("person", "individual", "member", "personne", "individu", "persona", "pessoa", "فرد", "شخص")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cleaned cell and its column's header."""

    header: str
    text: str


class Lines:
    """Reads the records of one table, one after the other."""

    def __init__(self, headers: Headers, values: Values, *, people: bool = False) -> None:
        """`people`: lines about persons are read too, and without a column `kind` every line is one."""
        self._headers, self._values, self._people = headers, values, people
        self._told: set[tuple[str, str]] = set()

    def read(self, record: Record) -> tuple[OrganisationRow | PersonRow | None, list[Finding]]:
        """Whom or what the line is about, None when it is refused, and what there is to say about it."""
        findings = _shape(record, len(self._headers.columns))
        place = self._headers.place
        cells = {field: self._cell(record, field, number, findings) for field, number in place.items()}
        person = self._is_person(cells)
        if refusal := _refusal(cells["name"].text, person, taken=self._people):
            findings.append(Finding(record.line, cells["name"].header, FindingKind.REFUSED, "", refusal))
            return None, findings
        name, nothing = cells["name"].text, Cell("", "")
        found = {field: self._list(record.line, field, cells.get(field), findings) for field in LISTS}
        country = self._country(record.line, cells.get("country"), bool(found["works_in"]), findings)
        found["works_in"] = found["works_in"] or self._at_home(record.line, country, findings)
        if person:
            return PersonRow(record.line, name, country, **found), findings
        row = OrganisationRow(
            record.line,
            name,
            _acronym(record.line, cells.get("acronym", nothing), name, findings),
            country,
            found["works_in"],
            found["issues"],
            found["languages"],
            found["offers"],
            _website(record.line, cells.get("website", nothing), findings),
        )
        return row, findings

    def _is_person(self, cells: dict[str, Cell]) -> bool:
        if "kind" in cells and cells["kind"].text:
            return fold(cells["kind"].text) in _PEOPLE
        return self._people

    def _cell(self, record: Record, field: str, number: int, findings: list[Finding]) -> Cell:
        header = self._headers.columns[number].header
        if number >= len(record.cells):
            return Cell(header, "")
        raw = record.cells[number]
        text, hidden = clean(raw.replace("\n", ";") if field in LISTS else raw)

        def told(kind: FindingKind, message: Text) -> None:
            findings.append(Finding(record.line, header, kind, shown(text), message))

        if hidden:
            told(FindingKind.IGNORED, say("Hidden characters (control or direction marks) were taken out."))
        if is_formula(text):
            told(
                FindingKind.QUESTIONED,
                say("This begins like a spreadsheet formula. It was kept as plain text and not run."),
            )
        if number in record.long_cells:
            message = say("This field is too long; only its first {n} letters were read.", n=LONGEST_CELL)
            told(FindingKind.QUESTIONED, message)
        return Cell(header, text[:LONGEST_CELL])

    def _list(self, line: int, field: str, cell: Cell | None, findings: list[Finding]) -> tuple[str, ...]:
        if cell is None:
            return ()
        if not cell.text:
            if field != "works_in":
                text = say("Nothing stands here; nobody will find this entry by it.")
                findings.append(Finding(line, cell.header, FindingKind.NOT_PLACED, "", text))
            return ()
        meaning = self._values.several(field, cell.text)
        self._tell(line, cell.header, meaning, findings)
        return meaning.keys

    def _country(self, line: int, cell: Cell | None, works: bool, findings: list[Finding]) -> str | None:
        if cell is None:
            return None
        if cell.text:
            meaning = self._values.country(cell.text)
            self._tell(line, cell.header, meaning, findings)
            return meaning.keys[0] if meaning.keys else None
        text = say("No country stands here; the entry has none and is found by where it works.")
        if not works:
            text = say(
                "Neither a country nor a place of work stands here; nobody will find this entry by place."
            )
        findings.append(Finding(line, cell.header, FindingKind.NOT_PLACED, "", text))
        return None

    def _at_home(self, line: int, country: str | None, findings: list[Finding]) -> tuple[str, ...]:
        if country is None:
            return ()
        place = self._headers.place.get("works_in")
        header = self._headers.columns[place].header if place is not None else ""
        text = say("No place of work could be read; its own country is taken.")
        if place is not None:
            findings.append(Finding(line, header, FindingKind.UNDERSTOOD, "", text))
        return (country,)

    def _tell(self, line: int, header: str, meaning: Meaning, findings: list[Finding]) -> None:
        """Every note, but "was read as" only where a value is met first."""
        for note in meaning.notes:
            if note.kind is FindingKind.UNDERSTOOD:
                if (header, note.value) in self._told:
                    continue
                if len(self._told) < MOST_TOLD:
                    self._told.add((header, note.value))
            findings.append(Finding(line, header, note.kind, note.value, note.text))


def _shape(record: Record, width: int) -> list[Finding]:
    """What is to be said about the record as a whole."""
    texts = []
    if record.repaired:
        texts.append(say("This line is in another encoding than the rest; please check its accents."))
    if record.open_quote:
        texts.append(say("A quotation mark is opened here and never closed; it was left out."))
    if len(record.cells) < width:
        texts.append(
            say(
                "This line has {n} fields where the first line has {width}.", n=len(record.cells), width=width
            )
        )
    elif any(cell.strip() for cell in record.cells[width:]):
        texts.append(
            say(
                "This line has {n} fields where the first line has {width}; the last ones were left out.",
                n=len(record.cells),
                width=width,
            )
        )
    return [Finding(record.line, "", FindingKind.QUESTIONED, "", text) for text in texts]


def _refusal(name: str, person: bool, *, taken: bool) -> Text | None:
    if not name or not fold(name):
        return say("This line has no name and was not taken.")
    if has_contact(name):
        return say("Instead of a name there is a contact detail; the line was not taken.")
    if person and not taken:
        return say("This line is about a person. People come in by their own yes only; it was not taken.")
    if person:
        return fault_of(name)
    if len(name) > LONGEST_NAME:
        return say("This name is longer than {n} letters; the line was not taken.", n=LONGEST_NAME)
    return None


def _acronym(line: int, cell: Cell, name: str, findings: list[Finding]) -> str | None:
    if not cell.text or fold(cell.text) == fold(name):
        return None
    if len(cell.text) > LONGEST_ACRONYM or has_contact(cell.text):
        text = say("This is no short name and was left out.")
        findings.append(Finding(line, cell.header, FindingKind.QUESTIONED, shown(cell.text), text))
        return None
    if len(cell.text) > len(name):
        text = say("The short name is longer than the name; perhaps they stand the wrong way round.")
        findings.append(Finding(line, cell.header, FindingKind.QUESTIONED, shown(cell.text), text))
    return cell.text


def _website(line: int, cell: Cell, findings: list[Finding]) -> str | None:
    if not cell.text:
        return None
    if (address := website(cell.text)) is None:
        text = say("This is no web address (https://…) and was left out.")
        findings.append(Finding(line, cell.header, FindingKind.NOT_PLACED, shown(cell.text), text))
    return address

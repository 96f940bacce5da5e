"""Listing organisations from public sources: read before (core/reading), written here, whole or not at all.

Only organisations: a person is never made from a list. What an organisation's own spokesperson says is left
alone, and one that asked to be removed does not come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from directory import audit, cards
from directory.core.effects import CardChanged
from directory.core.reading.findings import Finding, FindingKind
from directory.core.reading.rows import OrganisationRow, Reading
from directory.core.rules import may
from directory.core.text import say
from directory.refusals import NotYours
from directory.store import imports as store
from directory.store import members as rows
from directory.store.imports import Listed
from directory.turn import Turn

AT_ONCE = 500
_SAME = ("acronym", "country", "website")
_LISTS = ("works_in", "issues", "languages", "offers")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was, or with `dry_run` would be, written. `taken` is False when refused lines stopped it all."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    findings: tuple[Finding, ...] = ()
    taken: bool = True
    dry_run: bool = False


async def import_organisations(
    turn: Turn, reading: Reading, *, source: str, dry_run: bool = False, partly: bool = False
) -> ImportReport:
    """List these organisations as "from public sources, not a member". The same table twice changes nothing.

    `source` says where the table comes from, for everybody to read. With refused lines nothing is written,
    unless `partly`. Raises NotYours.
    """
    if not may("act:import", turn.viewer):
        raise NotYours
    refused = any(finding.kind is FindingKind.REFUSED for finding in reading.findings)
    if refused and not partly:
        return ImportReport(findings=reading.findings, taken=False, dry_run=dry_run)
    report = ImportReport(findings=reading.findings, dry_run=dry_run)
    waiting = iter(reading.rows)
    while chunk := tuple(islice(waiting, AT_ONCE)):
        report = await _chunk(turn, chunk, source, report)
    if not dry_run and report.added + report.changed:
        await store.note(
            turn.tx,
            turn.ids(),
            source,
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            now=turn.now,
        )
    if not dry_run:
        counts = f"+{report.added} ~{report.changed} ={report.unchanged}"
        await audit.note(turn, "imported", after=f"{source[:80]} {counts}")
    return report


async def _chunk(
    turn: Turn, chunk: Sequence[OrganisationRow], source: str, report: ImportReport
) -> ImportReport:
    known = await store.by_key(turn.tx, [row.key for row in chunk])
    fresh = [row for row in chunk if row.key not in known]
    ours = [row for row in chunk if row.key in known and known[row.key].state != "listed"]
    other = [row for row in chunk if row not in fresh and row not in ours and _differs(row, known[row.key])]
    if not report.dry_run:
        await _write(turn, fresh, {row.key: known[row.key].id for row in other}, other, source)
    return replace(
        report,
        added=report.added + len(fresh),
        changed=report.changed + len(other),
        unchanged=report.unchanged + len(chunk) - len(fresh) - len(other),
        findings=(*report.findings, *(_left_alone(row) for row in ours)),
    )


async def _write(
    turn: Turn,
    fresh: Sequence[OrganisationRow],
    ids: Mapping[str, str],
    other: Sequence[OrganisationRow],
    source: str,
) -> None:
    new = [{**_columns(row, source, turn), "id": turn.ids(), "since": turn.now} for row in fresh]
    await store.add(turn.tx, [{**values, "kind": "organisation", "state": "listed"} for values in new])
    for row in other:
        await rows.change(turn.tx, ids[row.key], _columns(row, source, turn))
    written = [*(str(values["id"]) for values in new), *ids.values()]
    for organisation in written:
        await cards.refresh(turn, organisation)
    if written:
        # One effect is enough to wake whoever sends: every card is marked already.
        await turn.record(CardChanged(written[-1]))


def _columns(row: OrganisationRow, source: str, turn: Turn) -> dict[str, Any]:
    lists = {name: list(getattr(row, name)) for name in _LISTS}
    words = {name: getattr(row, name) for name in _SAME}
    said = {"title": row.name, "source": source, "source_key": row.key, "confirmed_at": turn.now}
    return {**lists, **words, **said}


def _differs(row: OrganisationRow, known: Listed) -> bool:
    words = any(getattr(row, name) != getattr(known, name) for name in _SAME)
    lists = any(list(getattr(row, name)) != getattr(known, name) for name in _LISTS)
    return words or lists or row.name != known.title


def _left_alone(row: OrganisationRow) -> Finding:
    text = say("Left as it is: somebody speaks for it here, or it asked not to be listed.")
    return Finding(row.line, "", FindingKind.IGNORED, row.name[:80], text)

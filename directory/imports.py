"""Importing a table: organisations from public sources are listed, people only noted; whole or not at all.

The rows pass through one by one (core/reading), lie in temporary tables until all of them are judged
together, and are written in steps, in one transaction. What an organisation's own spokesperson says is left
alone, and one that asked to be removed does not come back. A person is never made from a list: see noted.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import msgspec

from directory import audit, noted, vocabularies
from directory.core.cards import Entry, home_body, tags
from directory.core.effects import CardChanged
from directory.core.reading.collecting import Findings
from directory.core.reading.duplicates import lookalikes, names, take
from directory.core.reading.findings import Finding, FindingKind
from directory.core.reading.headers import FIELDS, LEFT_OUT
from directory.core.reading.rows import OrganisationRow, PersonRow
from directory.core.rules import may
from directory.core.text import Text, say
from directory.refusals import BadAnswer, NotYours
from directory.store import imports as store
from directory.store import networks, staging
from directory.store.staging import FRESH, OTHER, OURS, SAME, Staged
from directory.turn import Turn
from directory.vocabulary.fold import fold

AT_ONCE = 2_000
WRITTEN_AT_ONCE = 5_000
MOST_COMPARED = 200_000
"""Lines whose names are put in order to find those that look alike."""
MOST_LEFT_ALONE = 200
LONGEST_HEADER = 120
TOLD_EVERY = 10_000
"""Lines between two words on how far it is."""

Told = Callable[[Text], None]
Card = tuple[str, str, str, list[str]]
"""(id, member, body as JSON, tags)."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was, or with `dry_run` would be, written. `taken` is False when refused lines stopped it all, or a
    column that may be about people waits for an answer. `noted` are people who wait for their own yes;
    `more` findings were only counted."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    noted: int = 0
    findings: tuple[Finding, ...] = ()
    more: int = 0
    refused: int = 0
    taken: bool = True
    dry_run: bool = False


@dataclass(slots=True)
class _Read:
    """How far the reading is."""

    findings: Findings = field(default_factory=Findings)
    lines: int = 0
    people: int = 0


def _unheard(_text: Text) -> None:
    """Nobody listens."""


async def import_table(
    turn: Turn,
    rows: Iterable[OrganisationRow | PersonRow | Finding],
    *,
    source: str,
    dry_run: bool = False,
    partly: bool = False,
    told: Told = _unheard,
) -> ImportReport:
    """List these organisations as "from public sources, not a member", and note these people, whom nobody
    sees before their own yes. The same table twice changes nothing.

    `source` says where the table comes from, for everybody to read. With refused lines nothing is written,
    unless `partly`; while a column is asked about nothing is written at all. Raises NotYours.
    """
    if not may("act:import", turn.viewer):
        raise NotYours
    await staging.begin(turn.tx)
    read = await _stage(turn, rows, source, told)
    taken = not read.findings.waits and (partly or not read.findings.stops)
    told(say("Comparing with what is listed"))
    verdicts = await staging.judge(turn.tx)
    people = await noted.settle(turn, write=taken and not dry_run)
    if taken and not dry_run:
        await _write(turn, source, verdicts.get(FRESH, 0) + verdicts.get(OTHER, 0), told)
        await _note(turn, source, verdicts, people)
    alone = await staging.left_alone(turn.tx, MOST_LEFT_ALONE)
    read.findings.add(_left_alone(*one) for one in alone)
    return ImportReport(
        rows=sum(verdicts.values()) + read.people,
        added=verdicts.get(FRESH, 0),
        changed=verdicts.get(OTHER, 0),
        unchanged=verdicts.get(SAME, 0) + verdicts.get(OURS, 0),
        noted=people,
        findings=read.findings.kept,
        more=read.findings.left,
        refused=read.findings.counts[FindingKind.REFUSED],
        taken=taken,
        dry_run=dry_run,
    )


async def columns_of(turn: Turn, source: str, said: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """What is known of the columns of a source's tables; what is `said` now, (header, field), is kept too.
    The field "" leaves a column out. Raises NotYours, or BadAnswer for a field that there is not."""
    if not may("act:import", turn.viewer):
        raise NotYours
    for _, name in said:
        if name not in (*FIELDS, LEFT_OUT):
            raise BadAnswer(say("There is no field “{field}”.", field=name[:40]), field="columns")
    kept = [(fold(header), header[:LONGEST_HEADER], name) for header, name in said if fold(header)]
    await store.say_columns(turn.tx, turn.guard, source, kept, turn.now)
    return {fold(header): name for header, name in await store.columns(turn.tx, turn.guard, source)}


async def _stage(
    turn: Turn, rows: Iterable[OrganisationRow | PersonRow | Finding], source: str, told: Told
) -> _Read:
    read, waiting = _Read(), iter(rows)
    while chunk := tuple(islice(waiting, AT_ONCE)):
        read.findings.add(one for one in chunk if isinstance(one, Finding))
        await _take(turn, [one for one in chunk if isinstance(one, OrganisationRow)], read)
        people = [one for one in chunk if isinstance(one, PersonRow)]
        await noted.stage(turn, people)
        read.people += len(people)
        before, read.lines = read.lines, read.lines + sum(not isinstance(one, Finding) for one in chunk)
        if read.lines // TOLD_EVERY > before // TOLD_EVERY:
            told(say("{count} lines read", count=read.lines))
            await staging.know(turn.tx)
    read.findings.add(lookalikes(await staging.named(turn.tx, MOST_COMPARED)))
    return read


async def _take(turn: Turn, rows: list[OrganisationRow], read: _Read) -> None:
    """Put lines beside those so far; two about one organisation become one, wherever they stand."""
    if not rows:
        return
    shared = {name for row in rows for name in names(row)}
    earlier, by_name = await staging.sharing(turn.tx, shared)
    known = {name: len(lines) for name, lines in by_name.items()}
    kept = dict(earlier)
    read.findings.add(take(rows, kept, by_name, vocabularies.known().regions))
    fresh = [row for line, row in kept.items() if earlier.get(line) is not row]
    replaced = [row.line for row in fresh if row.line in earlier]
    added = ((name, line) for name, lines in by_name.items() for line in lines[known.get(name, 0) :])
    await staging.keep(turn.tx, [(row, turn.ids(), turn.ids()) for row in fresh], added, replaced)


async def _write(turn: Turn, source: str, count: int, told: Told) -> None:
    linked = [one.id for one in await networks.linked(turn.tx) if "organisation" in one.shares]
    done, found, cards = 0, await staging.to_write(turn.tx, 0, WRITTEN_AT_ONCE), list[Card]()
    while found:
        cards = cards or await _made(turn, found)
        coming = await staging.to_write(turn.tx, found[-1].line, WRITTEN_AT_ONCE)
        had = await _cards_of(turn, coming)
        writing = asyncio.create_task(_write_step(turn, found, cards, source, linked))
        # PostgreSQL writes one step while the cards of the next are made.
        cards = await asyncio.to_thread(lambda found, had: list(_cards(turn.now, found, had)), coming, had)
        await writing
        done, last, found = done + len(found), found[-1].member, coming
        told(say("{done} of {count} written", done=done, count=count))
    if done:
        # One effect is enough to wake whoever sends: every card is marked already.
        await turn.record(CardChanged(last))


async def _cards_of(turn: Turn, found: Sequence[Staged]) -> dict[str, str]:
    return await staging.cards_of(turn.tx, [one.member for one in found if one.verdict == OTHER])


async def _made(turn: Turn, found: Sequence[Staged]) -> list[Card]:
    return list(_cards(turn.now, found, await _cards_of(turn, found)))


async def _write_step(
    turn: Turn, found: Sequence[Staged], cards: Sequence[Card], source: str, linked: Sequence[str]
) -> None:
    await staging.write(turn.tx, found[0].line, found[-1].line, source=source, now=turn.now)
    await staging.write_cards(turn.tx, cards, home=turn.home, now=turn.now)
    fresh = [one.member for one in found if one.verdict == FRESH]
    given = ((turn.ids(), network, member) for network in linked for member in fresh)
    await staging.write_shares(turn.tx, given, [one.member for one in found if one.verdict == OTHER])


def _cards(now: datetime, found: Iterable[Staged], had: Mapping[str, str]) -> Iterator[Card]:
    """What cards.refresh would write, without a statement for each."""
    known = vocabularies.known()
    for one in found:
        row, card = one.row, had.get(one.member, one.card)
        entry = Entry(
            id=one.member,
            kind="organisation",
            state="listed",
            title=row.name,
            acronym=row.acronym,
            country=row.country,
            works_in=row.works_in,
            issues=row.issues,
            languages=row.languages,
            offers=row.offers,
            website=row.website,
            confirmed_at=now,
        )
        if (body := home_body(entry, card, known)) is not None:
            yield card, one.member, msgspec.json.encode(body).decode(), tags(body, known)


async def _note(turn: Turn, source: str, verdicts: dict[str, int], people: int) -> None:
    added, changed = verdicts.get(FRESH, 0), verdicts.get(OTHER, 0)
    same = verdicts.get(SAME, 0) + verdicts.get(OURS, 0)
    if added + changed:
        counts = {"added": added, "changed": changed, "unchanged": same}
        await store.note(turn.tx, turn.ids(), source, **counts, now=turn.now)
    await audit.note(turn, "imported", after=f"{source[:80]} +{added} ~{changed} ={same} people {people}")


def _left_alone(line: int, name: str) -> Finding:
    text = say("Left as it is: somebody speaks for it here, or it asked not to be listed.")
    return Finding(line, "", FindingKind.IGNORED, name[:80], text)

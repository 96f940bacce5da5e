"""Where a table that is being imported lies until all of it is judged: temporary, gone with the transaction.

Nothing of it is written to the log of the database, and memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Column, Integer, MetaData, Row, Table, Text, delete, func, select, text

from directory.core.reading.rows import OrganisationRow
from directory.store.copying import Value, copy_in
from directory.store.database import Tx
from directory.store.shares import DIRTY
from directory.store.tables import cards, shares

FRESH, OTHER, SAME, OURS = "fresh", "other", "same", "ours"
"""New; listed and now saying something else; listed and the same; not ours to change."""

_temporary = MetaData()
_SAID = ("title", "acronym", "country", "works_in", "issues", "languages", "offers", "website")
_LISTS = frozenset({"works_in", "issues", "languages", "offers"})

staged = Table(
    "staged",
    _temporary,
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("member", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("apart", Text, nullable=False),
    *(Column(name, ARRAY(Text) if name in _LISTS else Text) for name in _SAID),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
staged_names = Table(
    "staged_names",
    _temporary,
    Column("name", Text, nullable=False, index=True),
    Column("line", Integer, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
# A table of many home cards on its way into `cards`.
staged_cards = Table(
    "staged_cards",
    _temporary,
    *(Column(name, Text, nullable=False) for name in ("id", "member", "body")),
    Column("tags", ARRAY(Text), nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
judged = Table(
    "judged",
    _temporary,
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("member", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)

_JUDGE = text("""
insert into judged select distinct on (s.key) s.line, coalesce(m.id, s.member), case
  when m.id is null then 'fresh' when m.state <> 'listed' then 'ours'
  when (m.title, m.acronym, m.country, m.works_in, m.issues, m.languages, m.offers, m.website)
    is distinct from (s.title, s.acronym, s.country, s.works_in, s.issues, s.languages, s.offers, s.website)
  then 'other' else 'same' end
from staged s left join members m on m.source_key = s.key order by s.key, s.line
""")
_ADD = text("""
insert into members (id, kind, state, source, source_key, since, confirmed_at,
  title, acronym, country, works_in, issues, languages, offers, website)
select j.member, 'organisation', 'listed', :source, s.key, :now, :now,
  s.title, s.acronym, s.country, s.works_in, s.issues, s.languages, s.offers, s.website
from judged j join staged s using (line)
where j.verdict = 'fresh' and j.line between :first and :last and s.line between :first and :last
""")
_CHANGE = text("""
update members m set source = :source, confirmed_at = :now, title = s.title, acronym = s.acronym,
  country = s.country, works_in = s.works_in, issues = s.issues, languages = s.languages, offers = s.offers,
  website = s.website
from judged j join staged s using (line)
where m.id = j.member and m.state = 'listed' and j.verdict = 'other'
  and j.line between :first and :last and s.line between :first and :last
""")
_CARDS = text(
    "INSERT INTO cards (id, origin, member, kind, body, tags, fresh_at)"
    " SELECT id, :home, member, 'organisation', body::jsonb, tags, :now FROM staged_cards"
    " ON CONFLICT (member) DO UPDATE SET kind = excluded.kind, body = excluded.body, tags = excluded.tags,"
    " fresh_at = excluded.fresh_at, version = cards.version + 1"
    " WHERE cards.body <> excluded.body OR cards.fresh_at <> excluded.fresh_at"
)
"""The same as `put_home` in store/cards.py, for many."""
_MARK_SHARES = text(
    "UPDATE shares SET state = 'dirty', version = version + 1"
    " WHERE member = ANY(:members) AND state IN ('shared', 'withdrawing')"
)
"""What is listed stands on the card as a whole: whatever changed is news to whoever has it."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One organisation as it will be listed. `card` is a fresh id, for an entry that has no card yet."""

    line: int
    member: str
    card: str
    verdict: str
    row: OrganisationRow


async def begin(tx: Tx) -> None:
    """Make the temporary tables, alone: a second import waits until this one is over."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("imports"))))
    await tx.run_sync(_temporary.create_all, checkfirst=False)


async def sharing(tx: Tx, names: Collection[str]) -> tuple[dict[int, OrganisationRow], dict[str, list[int]]]:
    """The lines so far that share a name with new ones: by line, and the lines of each name in order."""
    wanted = select(staged_names.c.name, staged_names.c.line).where(
        staged_names.c.name == func.any(list(names))
    )
    by_name: dict[str, list[int]] = {}
    for name, line in await tx.execute(wanted.order_by(staged_names.c.line)):
        by_name.setdefault(name, []).append(line)
    lines = {line for found in by_name.values() for line in found}
    if not lines:
        return {}, by_name
    found = await tx.execute(select(staged).where(staged.c.line == func.any(list(lines))))
    return {row.line: _row(row) for row in found}, by_name


async def keep(
    tx: Tx,
    rows: Sequence[tuple[OrganisationRow, str, str]],
    names: Iterable[tuple[str, int]],
    replaced: Collection[int] = (),
) -> None:
    """Keep more lines, each with an id for its entry and one for its card. `replaced` are earlier lines that
    one of them stands for now."""
    if replaced:
        await tx.execute(delete(staged).where(staged.c.line == func.any(list(replaced))))
    columns = ["line", "member", "card", "key", "apart", *_SAID]
    await copy_in(tx, staged, columns, (_values(*each) for each in rows))
    await copy_in(tx, staged_names, ["name", "line"], names)


async def know(tx: Tx) -> None:
    """Let the planner see what lies there."""
    await tx.execute(text("ANALYZE staged"))
    await tx.execute(text("ANALYZE staged_names"))


async def named(tx: Tx, most: int) -> list[tuple[int, str, str | None]]:
    """(line, name, country) of lines without any accent or space in alphabetical order, for comparing
    neighbours; at most `most`."""
    plain = func.lower(func.regexp_replace(staged.c.title, r"[^[:alnum:]]", "", "g"))
    wanted = (
        select(staged.c.line, staged.c.title, staged.c.country).order_by(plain, staged.c.line).limit(most)
    )
    return [(row.line, row.title, row.country) for row in await tx.execute(wanted)]


async def judge(tx: Tx) -> dict[str, int]:
    """Compare all of it with what is listed; how many there are of each verdict."""
    await know(tx)
    await tx.execute(_JUDGE)
    await tx.execute(text("ANALYZE judged"))
    found = await tx.execute(select(judged.c.verdict, func.count()).group_by(judged.c.verdict))
    return {row.verdict: row.count_1 for row in found}


async def left_alone(tx: Tx, most: int) -> list[tuple[int, str]]:
    """(line, name) of those that are not ours to change."""
    wanted = select(staged.c.line, staged.c.title).join(judged, judged.c.line == staged.c.line)
    found = await tx.execute(wanted.where(judged.c.verdict == OURS).order_by(staged.c.line).limit(most))
    return [(row.line, row.title) for row in found]


async def to_write(tx: Tx, after: int, most: int) -> list[Staged]:
    """The next ones to be written, in the order of the file."""
    wanted = (
        select(staged, judged.c.member.label("entry"), judged.c.verdict)
        .join(judged, judged.c.line == staged.c.line)
        .where(judged.c.verdict.in_((FRESH, OTHER)), judged.c.line > after, staged.c.line > after)
    )
    found = await tx.execute(wanted.order_by(judged.c.line).limit(most))
    return [Staged(row.line, row.entry, row.card, row.verdict, _row(row)) for row in found]


async def write(tx: Tx, first: int, last: int, *, source: str, now: object) -> None:
    """Write the entries of these lines."""
    values: Mapping[str, object] = {"first": first, "last": last, "source": source, "now": now}
    await tx.execute(_ADD, values)
    await tx.execute(_CHANGE, values)


async def cards_of(tx: Tx, members: Sequence[str]) -> dict[str, str]:
    """The home cards that some of these entries have already."""
    found = await tx.execute(
        select(cards.c.member, cards.c.id).where(cards.c.member == func.any(list(members)))
    )
    return {row.member: row.id for row in found}


async def write_cards(
    tx: Tx, rows: Iterable[tuple[str, str, str, list[str]]], *, home: str, now: object
) -> None:
    """Write or replace many home cards: (id, member, body as JSON, tags)."""
    await copy_in(tx, staged_cards, ["id", "member", "body", "tags"], rows)
    await tx.execute(_CARDS, {"home": home, "now": now})
    await tx.execute(delete(staged_cards))


async def write_shares(tx: Tx, fresh: Iterable[tuple[str, str, str]], changed: Sequence[str]) -> None:
    """Give linked networks the new ones, (card, network, member), and mark those that they have already."""
    await copy_in(tx, shares, ["card", "network", "member", "state"], ((*each, DIRTY) for each in fresh))
    if changed:
        await tx.execute(_MARK_SHARES, {"members": list(changed)})


def _values(row: OrganisationRow, member: str, card: str) -> tuple[Value, ...]:
    lists = (row.works_in, row.issues, row.languages, row.offers)
    return (
        row.line,
        member,
        card,
        row.key,
        row.apart,
        row.name,
        row.acronym,
        row.country,
        *lists,
        row.website,
    )


def _row(row: Row[Any]) -> OrganisationRow:
    return OrganisationRow(
        row.line,
        row.title,
        row.acronym,
        row.country,
        tuple(row.works_in),
        tuple(row.issues),
        tuple(row.languages),
        tuple(row.offers),
        row.website,
        apart=row.apart,
    )

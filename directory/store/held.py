"""Many cards of one linked network at once: three statements for a batch, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Text, bindparam, column, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from directory.core.cards import Body
from directory.store.database import Tx
from directory.store.tables import cards, holdings


@dataclass(frozen=True, slots=True)
class Given:
    """One card as a linked network gave it; `version` is its home's number."""

    id: str
    kind: str
    body: Body
    tags: Sequence[str]
    fresh_at: datetime
    version: int = 0


_GIVEN = (
    func.jsonb_to_recordset(bindparam("given", type_=JSONB))
    .table_valued(
        column("id", Text),
        column("kind", Text),
        column("body", JSONB),
        column("tags", ARRAY(Text)),
        column("fresh_at", DateTime(timezone=True)),
        column("version", BigInteger),
    )
    .render_derived(name="given", with_types=True)
)
_NETWORK = bindparam("network", type_=Text)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_UNTIL = bindparam("until", type_=DateTime(timezone=True))
_KEPT = insert(holdings).from_select(
    ["card", "network", "state", "version", "since"],
    select(_GIVEN.c.id, _NETWORK, literal_column("'held'"), _GIVEN.c.version, _NOW).order_by(_GIVEN.c.id),
)
_NOTE = _KEPT.on_conflict_do_update(
    index_elements=["card"],
    set_={"version": _KEPT.excluded.version, "unsure": False},
    where=holdings.c.network == _NETWORK,
).returning(holdings.c.card, holdings.c.state)
_AGAIN = (
    update(cards)
    .where(cards.c.id == _GIVEN.c.id, cards.c.origin == _NETWORK, cards.c.member.is_(None))
    .values(
        kind=_GIVEN.c.kind,
        body=_GIVEN.c.body,
        tags=_GIVEN.c.tags,
        fresh_at=_GIVEN.c.fresh_at,
        lease_until=_UNTIL,
        version=cards.c.version + 1,
    )
    .returning(cards.c.id)
)
_NEW = (
    insert(cards)
    .from_select(
        ["id", "origin", "kind", "body", "tags", "fresh_at", "lease_until"],
        select(
            _GIVEN.c.id,
            _NETWORK,
            _GIVEN.c.kind,
            _GIVEN.c.body,
            _GIVEN.c.tags,
            _GIVEN.c.fresh_at,
            _UNTIL,
        ).order_by(_GIVEN.c.id),
    )
    .on_conflict_do_nothing()
    .returning(cards.c.id)
)


async def put(tx: Tx, network: str, given: Sequence[Given], until: datetime, now: datetime) -> int:
    """Write or replace these cards, held until `until`; how many. Of one id the last counts.

    Left out is what was withdrawn before, and what is somebody else's. A home that was restored and forgot a
    withdrawal may offer it again: that is noted, so that what it counts can be compared, and nothing else.
    """
    newest = {one.id: one for one in given}
    if not newest:
        return 0
    noted = await tx.execute(_NOTE, {"given": _rows(newest), "network": network, "now": now})
    held = {card for card, state in noted if state == "held"}
    if not held:
        return 0
    values = {"network": network, "until": until}
    mine = {name: one for name, one in newest.items() if name in held}
    replaced = set((await tx.execute(_AGAIN, {"given": _rows(mine), **values})).scalars())
    fresh = {name: one for name, one in mine.items() if name not in replaced}
    if not fresh:
        return len(replaced)
    written = (await tx.execute(_NEW, {"given": _rows(fresh), **values})).scalars().all()
    return len(replaced) + len(written)


def _rows(given: Mapping[str, Given]) -> list[dict[str, object]]:
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "body": one.body,
            "tags": list(one.tags),
            "fresh_at": one.fresh_at.isoformat(),
            "version": one.version,
        }
        for one in given.values()
    ]

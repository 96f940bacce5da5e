"""How far an account has listened, kept sealed: room and event ids say whom a bot talks with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, LargeBinary, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Database
from directory.store.guarded import Guard
from hub.matrix.hearing import Position
from hub.store import hearing
from hub.store.tables import positions

SYNC = hearing.SYNC

_GIVEN = (
    func.unnest(bindparam("scopes", type_=ARRAY(Text)), bindparam("sealed", type_=ARRAY(LargeBinary)))
    .table_valued("scope", "guarded")
    .render_derived("given")
)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_ROWS = insert(positions).from_select(
    ["account", "scope", "guarded", "at"],
    select(bindparam("account", type_=Text), _GIVEN.c.scope, _GIVEN.c.guarded, _NOW),
)
_SAVE = _ROWS.on_conflict_do_update(
    index_elements=["account", "scope"], set_={"guarded": _ROWS.excluded.guarded, "at": _ROWS.excluded.at}
)


@dataclass(frozen=True, slots=True)
class KeptPosition:
    """The position of one account (hub/matrix/hearing.py: Positions)."""

    account: str
    database: Database
    guard: Guard
    clock: Callable[[], datetime]

    async def load(self) -> Position:
        """Where it stopped the last time; the beginning when there was none."""
        statement = select(positions).where(positions.c.account == self.account)
        async with self.database.transaction() as tx:
            rows = (await tx.execute(statement)).all()
        fields = {row.scope: self._open(row.scope, row.guarded) for row in rows}
        since = fields.pop(SYNC, None)
        last = {str(one["room"]): str(one["event"]) for one in fields.values()}
        return Position(str(since["token"]) if since else None, last)

    async def save(self, position: Position) -> None:
        """Everything before this position was handled."""
        rows = {
            self.guard.digest("matrix-room", room).hex(): {"room": room, "event": event}
            for room, event in position.last_events.items()
        }
        if position.next_batch is not None:
            rows[SYNC] = {"token": position.next_batch}
        async with self.database.transaction() as tx:
            before = await hearing.last_heard(tx, self.account)
            now = self.clock()
            scopes = sorted(rows)  # whoever saves beside us takes the rows in the same order
            sealed = [self._seal(scope, rows[scope]) for scope in scopes]
            given = {"account": self.account, "scopes": scopes, "sealed": sealed, "now": now}
            await tx.execute(_SAVE, given)
            await hearing.heard(tx, self.account, before, now)

    def _seal(self, scope: str, fields: dict[str, str]) -> bytes:
        return self.guard.seal_fields("positions", f"{self.account}|{scope}", fields, watch=True)

    def _open(self, scope: str, sealed: bytes) -> dict[str, object]:
        return self.guard.open_fields("positions", f"{self.account}|{scope}", sealed, watch=True)

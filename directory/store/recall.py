"""What a transaction has read and may take as still so: forgotten with the first write to the same table.

Several commands that share one transaction would each read the same few rows again, one statement a row. In
a transaction begun with `recalling` the store functions that look up one row keep and ask here first. A write
to a table forgets what is known of it; a deletion, a locking read or plain SQL forgets everything, because
rows may cascade or may have been waited for. Other transactions are seen as late as this one began.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Insert, Select, Update
from sqlalchemy.engine import Engine
from sqlalchemy.event import listen
from sqlalchemy.ext.asyncio import AsyncConnection

_KEY = "ayni recall"
ALONE = frozenset({"conversations"})
"""Tables of which a locked row says nothing about others: whoever held it asked a person something."""
UNKNOWN: Final[Any] = object()
"""What `recalled` answers for a row nobody has read; None means that there is none."""


@contextmanager
def recalling(tx: AsyncConnection) -> Iterator[None]:
    """From here to the end of the block, rows that were read need not be read again."""
    tx.info[_KEY] = {}
    try:
        yield
    finally:
        tx.info.pop(_KEY, None)


def recalled(tx: AsyncConnection, table: str, key: Hashable) -> Any:
    """What `keep` was given for this row, UNKNOWN otherwise."""
    kept = tx.info.get(_KEY)
    return UNKNOWN if not kept else kept.get(table, {}).get(key, UNKNOWN)


def keep(tx: AsyncConnection, table: str, key: Hashable, value: object) -> None:
    """This was read just now. `value` is never changed by anybody."""
    kept = tx.info.get(_KEY)
    if kept is not None:
        kept.setdefault(table, {})[key] = value


def forgetful(engine: Engine) -> None:
    """Watch what is executed on this engine, so that nothing recalled outlives what it was read from."""
    listen(engine, "before_execute", _forget)


def _forget(connection: Connection, statement: object, *_rest: object) -> None:
    kept = connection.info.get(_KEY)
    if not kept:
        return
    if isinstance(statement, Insert | Update):
        kept.pop(getattr(statement.table, "name", ""), None)
    elif isinstance(statement, Select):
        if statement._for_update_arg is not None:
            locked = {getattr(table, "name", "") for table in statement.get_final_froms()}
            for table in locked if locked <= ALONE else list(kept):
                kept.pop(table, None)
    else:
        kept.clear()

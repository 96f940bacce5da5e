"""Rows of networks: our own and the linked ones, as the directory needs them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update

from directory.store.database import Tx
from directory.store.tables import networks

OPEN = ("active", "suspended")
"""States of a link in which shares are kept up to date; nothing is sent while it is suspended."""


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """`shares` are the kinds of entries that our agreement lets cross to it; `state` is the link's."""

    id: str
    name: str
    home: bool
    state: str
    languages: tuple[str, ...]
    shares: frozenset[str]


_COLUMNS = [networks.c[name] for name in NetworkRow.__dataclass_fields__]


async def load(tx: Tx, network: str) -> NetworkRow | None:
    """One network, or None."""
    row = (await tx.execute(select(*_COLUMNS).where(networks.c.id == network))).one_or_none()
    return None if row is None else _row(*row)


async def linked(tx: Tx, states: Collection[str] = OPEN) -> list[NetworkRow]:
    """Linked networks in these states, by name."""
    wanted = select(*_COLUMNS).where(~networks.c.home, networks.c.state.in_(states))
    return [_row(*row) for row in await tx.execute(wanted.order_by(networks.c.name, networks.c.id))]


async def set_shares(tx: Tx, network: str, kinds: Collection[str]) -> None:
    """Write down which kinds of entries our agreement lets cross."""
    await tx.execute(update(networks).where(networks.c.id == network).values(shares=sorted(kinds)))


def _row(id: str, name: str, home: bool, state: str, languages: list[str], shares: list[str]) -> NetworkRow:
    return NetworkRow(id, name, home, state, tuple(languages), frozenset(shares))

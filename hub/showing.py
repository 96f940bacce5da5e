"""What `ayni network show` says: read from the hub's own database, whether or not the door is open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from directory.core.viewer import Lane, Viewer
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from hub.federation.core.bundle import SignedBot, make_bundle
from hub.federation.identity import home_identity
from hub.node import Node, open_node
from hub.store import checkup
from hub.trouble import NoDatabase

LOOKING = Viewer(Lane.TERMINAL)


async def of_network(data: Path) -> dict[str, Any]:
    """Name, id, domain ("" for an evaluation hub), languages, entries by kind and state.

    Raises NotFounded, NoDatabase.
    """
    async with _looking(data) as (node, turn):
        entries = await checkup.entries_by_kind(turn.tx)
    counts: dict[str, dict[str, int]] = {}
    for (kind, state), count in sorted(entries.items()):
        counts.setdefault(kind, {})[state] = count
    return {
        "name": node.desk.network_name,
        "id": node.home,
        "domain": node.settings.homeserver.domain,
        "languages": list(node.settings.network.languages),
        "entries": counts,
    }


async def card_of(data: Path) -> bytes:
    """This network's card and its bots, signed (hub/federation/core/bundle.py)."""
    async with _looking(data) as (node, turn):
        home = await home_identity(turn.tx, turn.guard)
        bots = [
            SignedBot(network=node.home, name=name, matrix_id=matrix_id, fingerprint=fingerprint)
            for name, matrix_id, fingerprint in await checkup.bots(turn.tx)
        ]
    return make_bundle(home.card(), bots, home.seed)


@asynccontextmanager
async def _looking(data: Path) -> AsyncIterator[tuple[Node, Turn]]:
    try:
        node = await open_node(data, part="terminal")
        try:
            async with node.turn(LOOKING) as turn:
                yield node, turn
        finally:
            await node.close()
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None

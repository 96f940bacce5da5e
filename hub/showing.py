"""What `ayni network show` says: read from the hub's own database, whether or not the door is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from directory.core.viewer import Lane, Viewer
from directory.store.database import DATABASE_GONE
from hub.node import open_node
from hub.store import checkup
from hub.trouble import NoDatabase

LOOKING = Viewer(Lane.TERMINAL)


async def of_network(data: Path) -> dict[str, Any]:
    """Name, id, domain ("" for an evaluation hub), languages, entries by kind and state.

    Raises NotFounded, NoDatabase.
    """
    try:
        node = await open_node(data, part="terminal")
        try:
            async with node.turn(LOOKING) as turn:
                entries = await checkup.entries_by_kind(turn.tx)
        finally:
            await node.close()
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None
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

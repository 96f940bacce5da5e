"""Work for a niced child: `python -m hub.work KIND …`, with the data folder in AYNI_DATA."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path

from directory.store.guarded import HubSealed
from hub import log
from hub.trouble import NoDatabase, Trouble

MOST_MEMORY = 2 << 30
"""Bytes of addresses of the child that reads tables; a million lines need about 150 MiB of them in memory."""


def migrate(data: Path) -> None:
    """Bring the schema up to date."""
    from directory.store.database import DATABASE_GONE
    from hub.data_folder import database_url, settings_of
    from hub.migrations import upgrade

    try:
        upgrade(database_url(data, settings_of(data)))
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None


async def import_table(data: Path, wish: str) -> None:
    """Import organisations from standard input; see hub/importing.py."""
    import msgspec

    from hub.importing import Wish
    from hub.importing_work import work

    await work(data, msgspec.json.decode(wish, type=Wish))


async def import_runs(data: Path) -> None:
    """Import the tables that wait on the page."""
    from hub.importing_work import work_on_runs

    await work_on_runs(data)


async def reach(data: Path) -> None:
    """Make a release of the reach tables."""
    from directory import reaching
    from hub.due import CLOCK
    from hub.node import open_node

    node = await open_node(data, part="work")
    try:
        async with node.turn(CLOCK) as turn:
            await reaching.release(turn)
    finally:
        await node.close()


def bound_memory() -> None:
    """A workbook may unpack to more than this machine has: its reader ends, and alarms go on."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main(arguments: list[str]) -> int:
    """0 when the work was done."""
    data = Path(os.environ["AYNI_DATA"])
    log.configure("work")
    log.name_no_words()
    try:
        match arguments:
            case ["migrate"]:
                migrate(data)
            case ["reach"]:
                asyncio.run(reach(data))
            case ["imports"]:
                bound_memory()
                asyncio.run(import_runs(data))
            case ["import", wish]:
                bound_memory()
                asyncio.run(import_table(data, wish))
            case _:
                sys.stderr.write("unknown work\n")
                return 2
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return trouble.exit_code
    except HubSealed:
        sys.stderr.write("records are closed: tried again later, or after ayni unseal\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

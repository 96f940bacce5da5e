"""What is done at the machine beside the running hub goes into its log too."""

from __future__ import annotations

from pathlib import Path

from hub.cli.frame import err


async def noted(data: Path, act: str) -> bool:
    """Write an act of the technician into the log; says so and is False when the database does not run."""
    from directory import audit
    from directory.store.database import DATABASE_GONE
    from hub.founding import TECHNICIAN
    from hub.node import open_node

    try:
        node = await open_node(data, part="terminal")
    except DATABASE_GONE:
        err.print("It could not be written into the log: the hub does not run.")
        return False
    try:
        async with node.turn(TECHNICIAN) as turn:
            await audit.note(turn, act)
    finally:
        await node.close()
    return True

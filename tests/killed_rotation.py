"""A child of test_custody_change.py: finishes a rotation, and is killed with -9 among people's keys.

python killed_rotation.py FOLDER ARCHIVE-KEY-FILE
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from directory.store.guarded import RingKey
from hub.custody import rotating
from hub.custody.slots import SlotFile
from hub.node import open_node

ordinary = SlotFile._rewrap


def dying(self: SlotFile, start: int, *rest: object) -> int:
    """The second batch is never written."""
    if start > 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return ordinary(self, start, *rest)  # type: ignore[arg-type]


async def main(data: Path, kid: str, key: str) -> None:
    SlotFile._rewrap = dying  # type: ignore[method-assign, assignment]
    ring = RingKey(kid, bytes.fromhex(key))
    node = await open_node(data, part="custody", archive=ring)
    await rotating.finish(node, ring, lambda: 1_795_000_000)


asyncio.run(main(Path(sys.argv[1]), *Path(sys.argv[2]).read_text().split()))
